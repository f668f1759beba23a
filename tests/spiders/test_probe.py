"""Where a probe looks next on a list, to find the ends of a window."""

from datetime import date, timedelta

from schemas.dates import Window
from spiders.probe import MOST_LOOKS, Look, next_look

HEAD = date(2020, 12, 31)
WINDOW = Window(since=date(2016, 1, 1), until=date(2018, 1, 1))


def look(page: int, pages: int, *, days_a_page: int = 10) -> Look:
    """A list of 20 rows a page, so many days a page."""
    day = HEAD - timedelta(days=(page - 1) * days_a_page)
    return Look(page, 20, day, day, pages * 20, pages, has_next=page < pages)


def looked_at(pages: int, window: Window) -> list[int]:
    """The pages that are looked at, in their order."""
    looks = [look(1, pages)]
    while page := next_look(looks, window):
        looks.append(look(page, pages))
    return [one.page for one in looks]


def test_the_last_page_is_looked_at_first() -> None:
    assert next_look([look(1, 300)], WINDOW) == 300


def test_both_ends_are_found_within_a_handful_of_looks() -> None:
    pages = looked_at(300, WINDOW)
    assert len(pages) <= 8
    # 2016-01-01 is 1,826 days below the head, 2018-01-01 1,095: pages 183 and 110, by ten days.
    assert min(abs(page - 183) for page in pages) <= 3
    assert min(abs(page - 110) for page in pages) <= 3


def test_a_list_that_ends_within_the_window_is_looked_at_to_its_last_page() -> None:
    # 100 pages reach back to 2018-04-15: nothing of them is as old as 2018-01-01.
    assert looked_at(100, WINDOW) == [1, 100]


def test_a_list_of_one_page_needs_no_second_look() -> None:
    assert looked_at(1, WINDOW) == [1]


def test_a_list_that_does_not_say_how_many_pages_it_has_is_left_alone() -> None:
    assert next_look([Look(1, 20, HEAD, HEAD, has_next=True)], WINDOW) is None


def test_where_a_page_did_not_come_the_server_is_left_alone() -> None:
    assert next_look([look(1, 300), Look(300, has_failed=True)], WINDOW) is None


def test_the_last_page_before_the_stubs_is_found_by_halves() -> None:
    shown, looks = 220, [look(1, 300)]
    whole = Window(since=date(2000, 1, 1), until=date(2021, 1, 1))
    while page := next_look(looks, whole):
        looks.append(look(page, 300) if page <= shown else Look(page))
    assert len(looks) <= MOST_LOOKS
    newest_stub = min(one.page for one in looks if not one.rows)
    last_with_rows = max(one.page for one in looks if one.rows)
    assert last_with_rows <= shown < newest_stub <= last_with_rows + 3


def test_undated_rows_end_the_search() -> None:
    looks = [Look(1, 20, None, None, 6000, 300, has_next=True)]
    assert next_look(looks, WINDOW) is None
