"""What a page of a changing list proves beside the mark: overlap, order, gaps, hints."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from schemas.dates import Published, Window
from schemas.ledger import Entry
from schemas.page import Listing
from spiders import mark
from spiders.mark import Shown

SINCE, UNTIL = date(2024, 1, 1), date(2025, 1, 1)
NEW = Entry(
    site="site",
    column="yw",
    since=SINCE,
    until=UNTIL,
    asked_at=datetime(2026, 1, 1, tzinfo=UTC),
)


def shown(
    *numbers: int,
    url: str = "http://site.example/yw.htm",
    rows: int | None = None,
    pages: int | None = None,
    dated: bool = True,
) -> Shown:
    """A page with these articles, each published on the day of its number in 2024."""
    return Shown(
        url=url,
        rows={
            f"a{n}": Listing(
                url=f"http://site.example/{n}.htm",
                published=Published.on(date(2023, 12, 31) + timedelta(days=n)) if dated else None,
            )
            for n in numbers
        },
        next_url=None,
        total_rows=rows,
        total_pages=pages,
    )


def walked(*pages: Shown) -> Entry:
    entry = NEW
    for page in pages:
        entry = mark.passed(entry, page)
    return entry


def test_the_mark_is_the_last_row_of_the_page_passed_last() -> None:
    entry = walked(shown(9, 8, 7), shown(6, 5, 4))
    assert entry.mark == ("a6", "a5", "a4")
    assert entry.mark_day == date(2024, 1, 5)
    assert (entry.pages, entry.rows, entry.rises) == (2, 6, 0)


def test_rows_that_moved_to_the_next_page_are_counted_once() -> None:
    entry = walked(shown(9, 8, 7), shown(8, 7, 6), shown(5, 4, 3))
    assert (entry.pages, entry.rows) == (3, 7)


def test_a_page_above_the_mark_moves_nothing_up() -> None:
    entry = walked(shown(9, 8, 7), shown(6, 5, 4))
    assert mark.passed(entry, shown(8, 7, 6)) == entry
    assert [*mark.fresh_rows(entry, shown(8, 7, 6, 5, 4, 3))] == ["a3"]


@pytest.mark.parametrize(
    ("page", "meets", "is_newer", "is_reached"),
    [
        (shown(6, 5, 4), True, False, True),
        (shown(4, 3, 2), True, False, True),
        (shown(9, 8, 7), False, True, False),
        (shown(3, 2, 1), False, False, True),
        (shown(3, 2, 1, dated=False), False, False, False),
    ],
)
def test_where_a_page_lies(page: Shown, meets: bool, is_newer: bool, is_reached: bool) -> None:
    entry = walked(shown(12, 11, 10), shown(6, 5, 4))
    assert mark.meets(entry, page) is meets
    assert mark.is_newer(entry, page) is is_newer
    assert mark.is_reached(entry, page, is_news=False) is is_reached


def test_in_a_list_without_order_days_say_nothing() -> None:
    entry = walked(shown(3, 2), shown(9, 8), shown(5, 4), shown(7, 6))
    assert entry.rises == 2
    assert not mark.is_newer(entry, shown(30, 29))
    assert not mark.is_reached(entry, shown(1), is_news=False)
    assert mark.is_reached(entry, shown(1), is_news=True)


@pytest.mark.parametrize(
    ("following", "may_have_slipped"),
    [
        (shown(6, 5, 4, rows=30, pages=10), False),
        (shown(5, 4, 3, rows=29, pages=10), True),
        (shown(7, 6, 5, rows=31, pages=11), False),
        (shown(4, 3, 2, rows=31, pages=11), True),
        (shown(6, 5, 4), True),
    ],
    ids=["unchanged", "shorter", "grown", "renumbered", "says nothing"],
)
def test_a_gap_is_possible(following: Shown, may_have_slipped: bool) -> None:
    assert mark.may_have_slipped(shown(9, 8, 7, rows=30, pages=10), following) is may_have_slipped


def test_totals_that_are_never_told_raise_no_doubt() -> None:
    assert not mark.may_have_slipped(shown(9, 8, 7), shown(6, 5, 4))


def test_the_lower_half_of_the_first_page_tells_what_is_new_above() -> None:
    sticky_on_top = shown(1, 2, 30, 29)
    entry = NEW.model_copy(
        update={"head": sticky_on_top.urls, "head_day": sticky_on_top.middle_day}
    )
    first, second = shown(1, 2, 34, 33), shown(32, 31, 30, 29)
    assert not mark.is_below_head(entry, first, is_news=True)
    assert mark.is_below_head(entry, second, is_news=True)
    assert mark.rows_above_head(entry, first) == 2
    assert mark.rows_above_head(entry, second) == 2


def test_hints_are_few_and_reach_far_back() -> None:
    entry = NEW
    for number in range(1000):
        url = f"http://site.example/yw/{number}.htm"
        entry = mark.passed(entry, shown(5000 - number, url=url))
    distances = [999 - hint.page for hint in entry.hints]
    assert distances[:3] == [0, 1, 2]
    assert len(distances) <= 20
    assert distances[-1] >= 400
    assert all(later <= 3 * earlier + 1 for earlier, later in pairwise(distances))


@pytest.mark.parametrize(
    ("page", "is_past"),
    [
        (shown(-5, -6, -7), True),
        (shown(5, 4, -7), False),
        (shown(400, 399, -7), False),
        (shown(400, -6, -7), True),
        (shown(-5, dated=False), False),
    ],
)
def test_a_page_below_the_window(page: Shown, is_past: bool) -> None:
    assert mark.is_past(Window(since=SINCE, until=UNTIL), page) is is_past
