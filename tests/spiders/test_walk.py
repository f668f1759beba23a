"""When a walk goes on, when it stops, and what it then vouches for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from schemas.dates import Published, Window
from schemas.outcome import Outcome
from schemas.page import Listing, Validators
from schemas.site import Column
from schemas.visit import Checkpoint, Kind, PageState, Visit
from spiders.looking_again import is_due
from spiders.walk import Walk

NOW = datetime(2024, 7, 20, 6, 30, tzinfo=UTC)
COLUMN = Column(id="yw", name="要闻", url="http://site.example/yw.htm")


def walk(since: date | None = None, until: date | None = None, **kwargs) -> Walk:
    return Walk(site="site", column=COLUMN, window=Window(since=since, until=until), **kwargs)


def checkpoint(since: date | None, newest: date) -> Checkpoint:
    return Checkpoint(site="site", column="yw", since=since, newest=newest, at=NOW, list_hash="a")


def rows(*days: str | None) -> tuple[Listing, ...]:
    return tuple(
        Listing(
            url=f"http://site.example/{number}.htm",
            published=Published.on(date.fromisoformat(day)) if day else None,
        )
        for number, day in enumerate(days)
    )


def visit(url: str, outcome: Outcome = Outcome.OK, kind: Kind = Kind.ARTICLE, **kwargs) -> Visit:
    return Visit(url=url, kind=kind, site="site", column="yw", outcome=outcome, at=NOW, **kwargs)


def test_news_leads_on() -> None:
    assert walk(since=date(2024, 7, 1)).goes_on(rows("2024-05-02", "2024-05-01"), news=1)


def test_a_page_without_news_past_the_window_ends_the_walk() -> None:
    assert not walk(since=date(2024, 7, 1)).goes_on(rows("2024-07-02", "2024-06-30"), news=0)


def test_a_page_without_news_inside_the_window_leads_on() -> None:
    assert walk(since=date(2024, 6, 1)).goes_on(rows("2024-07-02", "2024-06-30"), news=0)


def test_a_sticky_old_row_on_top_does_not_end_a_backfill() -> None:
    a_backfill = walk(since=date(2023, 1, 1), until=date(2024, 1, 1))
    assert a_backfill.goes_on(rows("2016-03-05", "2024-07-02", "2024-07-01"), news=0)


def test_rows_without_dates_end_a_covered_walk_on_the_second_page_without_news() -> None:
    known = checkpoint(date(2024, 1, 1), date(2024, 7, 19))
    a_walk = walk(since=date(2024, 7, 1), checkpoint=known)
    assert a_walk.goes_on(rows(None, None), news=0)
    assert not a_walk.goes_on(rows(None, None), news=0)


def test_rows_without_dates_do_not_end_a_walk_that_nothing_vouches_for() -> None:
    a_walk = walk(since=date(2024, 7, 1))
    assert all(a_walk.goes_on(rows(None, None), news=0) for _ in range(5))


def test_a_covering_checkpoint_moves_the_edge_to_a_week_before_its_newest_row() -> None:
    a_walk = walk(
        since=date(2024, 1, 1), checkpoint=checkpoint(date(2023, 1, 1), date(2024, 7, 19))
    )
    assert a_walk.edge == date(2024, 7, 12)
    assert not a_walk.goes_on(rows("2024-07-19", "2024-07-11"), news=0)


def test_a_checkpoint_that_reaches_less_far_back_covers_nothing() -> None:
    a_walk = walk(
        since=date(2022, 1, 1), checkpoint=checkpoint(date(2023, 1, 1), date(2024, 7, 19))
    )
    assert not a_walk.covered
    assert a_walk.edge == date(2022, 1, 1)


def test_the_checkpoint_comes_with_the_last_visit_owed() -> None:
    a_walk = walk(since=date(2024, 7, 1))
    a_walk.list_hash, a_walk.list_validators = "f" * 64, Validators(etag='"1"')
    a_walk.owe(COLUMN.url)
    a_walk.owe("a")
    a_walk.owe("b")
    a_walk.goes_on(rows("2024-07-19", "2024-07-18"), news=2)
    a_walk.end(reached=True)
    assert a_walk.settle(visit(COLUMN.url, kind=Kind.LIST)) is None
    assert a_walk.settle(visit("b", Outcome.GONE)) is None
    made = a_walk.settle(visit("a"))
    assert made == Checkpoint(
        site="site",
        column="yw",
        since=date(2024, 7, 1),
        newest=date(2024, 7, 19),
        list_validators=Validators(etag='"1"'),
        list_hash="f" * 64,
        at=NOW,
    )


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.BLOCKED, Outcome.DRIFTED])
def test_an_unsettled_visit_leaves_the_checkpoint_where_it_was(outcome: Outcome) -> None:
    a_walk = walk(since=date(2024, 7, 1))
    a_walk.owe("a")
    a_walk.end(reached=True)
    assert a_walk.settle(visit("a", outcome)) is None


def test_a_walk_that_was_broken_off_makes_no_checkpoint() -> None:
    a_walk = walk(since=date(2024, 7, 1))
    a_walk.owe("a")
    a_walk.end(reached=False)
    assert a_walk.settle(visit("a")) is None


def test_a_backfill_makes_no_checkpoint() -> None:
    a_walk = walk(since=date(2023, 1, 1), until=date(2024, 1, 1))
    a_walk.owe("a")
    a_walk.end(reached=True)
    assert a_walk.settle(visit("a")) is None


def test_a_checkpoint_keeps_how_far_back_the_column_is_complete() -> None:
    a_walk = walk(
        since=date(2024, 7, 1), checkpoint=checkpoint(date(2020, 1, 1), date(2024, 7, 10))
    )
    a_walk.owe("a")
    a_walk.goes_on(rows("2024-07-19"), news=1)
    a_walk.end(reached=True)
    made = a_walk.settle(visit("a"))
    assert made is not None
    assert (made.since, made.newest) == (date(2020, 1, 1), date(2024, 7, 19))


def test_an_open_window_goes_on_a_week_before_the_newest_row_known() -> None:
    a_walk = walk(first_since=date(2024, 6, 20))
    a_walk.start(checkpoint(date(2024, 1, 1), date(2024, 5, 3)), today=date(2024, 7, 20))
    assert a_walk.window == Window(since=date(2024, 4, 26))


def test_an_open_window_begins_at_the_given_day_in_a_new_column() -> None:
    a_walk = walk(first_since=date(2024, 6, 20))
    a_walk.start(None, today=date(2024, 7, 20))
    assert a_walk.window == Window(since=date(2024, 6, 20))


def test_a_window_that_leaves_a_gap_starts_the_checkpoint_anew() -> None:
    known = checkpoint(date(2020, 1, 1), date(2024, 5, 3))
    a_walk = walk(since=date(2024, 7, 1), checkpoint=known)
    a_walk.owe("a")
    a_walk.goes_on(rows("2024-07-19"), news=1)
    a_walk.end(reached=True)
    made = a_walk.settle(visit("a"))
    assert made is not None
    assert (made.since, made.newest) == (date(2024, 7, 1), date(2024, 7, 19))


def test_a_misprinted_day_in_the_future_moves_nothing() -> None:
    a_walk = walk()
    a_walk.start(None, today=date(2024, 7, 20))
    a_walk.goes_on(rows("2204-07-19", "2024-07-19"), news=2)
    assert a_walk.newest == date(2024, 7, 19)


def test_an_unchanged_list_renews_its_checkpoint() -> None:
    known = checkpoint(date(2020, 1, 1), date(2024, 7, 10))
    a_walk = walk(since=date(2024, 7, 1), checkpoint=known)
    a_walk.owe(COLUMN.url)
    a_walk.end(reached=True)
    later = NOW + timedelta(days=1)
    unchanged = visit(COLUMN.url, Outcome.UNCHANGED, Kind.LIST).model_copy(update={"at": later})
    assert a_walk.settle(unchanged) == known.model_copy(update={"at": later})


def test_a_list_without_rows_is_empty_at_first_and_drifted_later() -> None:
    assert walk().without_rows()[0] is Outcome.EMPTY
    known = checkpoint(None, date(2024, 7, 19))
    assert walk(checkpoint=known).without_rows()[0] is Outcome.DRIFTED


def test_a_stub_behind_pages_with_rows_is_the_end_of_the_list() -> None:
    a_walk = walk(checkpoint=checkpoint(None, date(2024, 7, 19)))
    a_walk.goes_on(rows("2024-07-19"), news=1)
    outcome, reason = a_walk.without_rows()
    assert outcome is Outcome.EMPTY
    assert outcome.is_settled
    assert "before the end it claims" in reason


@pytest.mark.parametrize(
    ("last_seen", "now", "due"),
    [
        (0, 0.5, False),
        (0, 1, True),
        (1, 6, False),
        (1, 7, True),
        (8, 20, False),
        (8, 31, True),
        (31, 400, False),
    ],
)
def test_a_page_is_looked_at_again_after_a_day_a_week_a_month(
    last_seen: float, now: float, due: bool
) -> None:
    state = PageState(
        url="http://site.example/1.htm",
        outcome=Outcome.OK,
        first_seen=NOW,
        last_seen=NOW + timedelta(days=last_seen),
    )
    assert is_due(state, NOW + timedelta(days=now)) is due


def test_a_walk_has_shown_all_after_the_last_day_it_met() -> None:
    a_walk = walk()
    a_walk.goes_on(rows("2024-07-19", "2024-07-18", "2024-07-18"), news=3)
    a_walk.goes_on(rows("2024-07-18", "2024-07-16"), news=2)
    assert a_walk.shown_after is None
    a_walk.end(reached=True)
    assert a_walk.shown_after == date(2024, 7, 16)


def test_sticky_rows_on_top_do_not_matter() -> None:
    a_walk = walk()
    a_walk.goes_on(rows("2023-01-05", "2022-03-01", "2024-07-19", "2024-07-18"), news=4)
    a_walk.end(reached=True)
    assert a_walk.shown_after == date(2024, 7, 18)


def test_a_list_in_another_order_has_shown_nothing_for_certain() -> None:
    a_walk = walk()
    a_walk.goes_on(rows("2024-07-01", "2024-07-19", "2024-06-18", "2024-07-18"), news=4)
    a_walk.end(reached=True)
    assert a_walk.shown_after is None


def test_a_walk_that_was_cut_short_has_shown_nothing_for_certain() -> None:
    a_walk = walk()
    a_walk.goes_on(rows("2024-07-19", "2024-07-18"), news=2)
    a_walk.end(reached=False)
    assert a_walk.shown_after is None


def test_a_doubted_list_is_walked_down_to_the_day_in_doubt() -> None:
    a_walk = walk(
        since=date(2024, 7, 12), checkpoint=checkpoint(date(2023, 1, 1), date(2024, 7, 19))
    )
    assert a_walk.vouched_for is not None
    a_walk.doubt(date(2024, 6, 20))
    assert a_walk.vouched_for is None
    assert a_walk.goes_on(rows("2024-07-19", "2024-06-25"), news=0)
    assert not a_walk.goes_on(rows("2024-06-24", "2024-06-19"), news=0)


def test_a_look_at_an_article_by_itself_makes_no_checkpoint() -> None:
    a_walk = walk()
    a_walk.end(reached=True)
    assert a_walk.settle(visit("http://site.example/1.htm", kind=Kind.AGAIN)) is None


def test_a_missing_article_that_a_list_names_is_asked_for_once_a_day() -> None:
    state = PageState(
        url="http://site.example/1.htm",
        outcome=Outcome.GONE,
        first_seen=NOW - timedelta(days=90),
        last_seen=NOW,
        missing=True,
    )
    assert not is_due(state, NOW + timedelta(hours=1))
    assert is_due(state, NOW + timedelta(days=1))
