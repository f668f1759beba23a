"""What is left of a backfill, by its ledger alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from flows.outlook import gap, in_all, outlook
from schemas.ledger import End, Entry, Figures, State

NOTHING_OWED = Figures(found=0, owed=0)


def entry(**so_far: object) -> Entry:
    """Ten days of a list are walked, 200 rows on ten pages; the window begins ten days further."""
    fields = {
        "site": "xuxi",
        "column": "yw",
        "since": date(2020, 1, 1),
        "until": date(2020, 2, 1),
        "asked_at": datetime(2026, 3, 2, tzinfo=UTC),
        "state": State.WALKING,
        "pages": 10,
        "rows": 200,
        "head_day": date(2020, 1, 21),
        "mark_day": date(2020, 1, 11),
    }
    return Entry.model_validate({**fields, **so_far})


def test_by_days_as_much_is_left_as_was_walked() -> None:
    left = outlook(entry(), NOTHING_OWED)
    # Ten pages of 20 rows, and the head once more.
    assert (left.rows_left, left.pages, left.articles, left.share) == (200, 11, 200, 0.5)
    assert left.time(2.0) == timedelta(seconds=2 * 211)


def test_no_more_is_left_than_the_list_declares() -> None:
    assert outlook(entry(declared=250), NOTHING_OWED).articles == 50


def test_rows_above_the_window_are_passed_and_not_asked_for() -> None:
    # The mark is ten days above the window's five.
    left = outlook(entry(since=date(2019, 12, 27), until=date(2020, 1, 1)), NOTHING_OWED)
    assert left.rows_left == 300
    assert left.articles == 100


def test_a_list_without_days_is_known_by_what_it_declares() -> None:
    undated = {"head_day": None, "mark_day": None}
    assert outlook(entry(**undated, declared=1000), NOTHING_OWED).rows_left == 800
    assert outlook(entry(**undated, declared_pages=50), NOTHING_OWED).rows_left == 800
    assert outlook(entry(**undated), NOTHING_OWED).requests is None


@pytest.mark.parametrize(("state", "pages"), [(State.WALKING, 1), (State.DONE, 0)])
def test_where_the_walk_has_ended_only_the_head_and_what_is_owed_is_left(
    state: State, pages: int
) -> None:
    left = outlook(entry(end=End.WINDOW, state=state), Figures(found=200, owed=3))
    assert (left.pages, left.articles, left.owed, left.share) == (pages, 0, 3, 1.0)
    assert left.requests == pages + 3


def test_several_columns_are_summed_and_one_unknown_makes_all_unknown() -> None:
    known = outlook(entry(), NOTHING_OWED)
    unknown = outlook(entry(head_day=None, mark_day=None), Figures(found=0, owed=1))
    assert in_all([known, known]).requests == 2 * 211
    total = in_all([known, unknown])
    assert (total.requests, total.share, total.rows, total.owed) == (None, None, 400, 1)


def test_the_gap_is_what_the_list_declares_and_did_not_show() -> None:
    stubs = entry(end=End.STUBS, declared=2232, end_reason="page 11: empty")
    assert gap(stubs) == "declares 2,232 rows, 200 could be reached: page 11: empty"
    assert gap(entry(end=End.WINDOW, declared=2232)) is None
    assert gap(entry(declared=2232)) is None
    assert gap(entry(end=End.LIST, declared=200)) is None
