"""Where a walk stands on a list that changes under it: its mark, what overlaps it, where to look.

A list grows at its head, so rows move to later pages: they are met twice. Rows that are deleted
let others move to earlier pages, and an archive of static pages that is numbered from its end is
renumbered now and then: rows may be jumped over. What a page says proves nothing; what it shows
beside what was seen does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from schemas.dates import Window
from schemas.ledger import Entry, Hint
from schemas.page import Listing
from spiders.walk import OVERLAP, RISES_OF_A_LIST_IN_ORDER

# Lists show ten to thirty rows a page; some put their whole archive on one, of which the end does.
_ROWS_OF_A_MARK: Final = 100
# The first is right unless the list has moved since, and then the second mostly is.
_PLACES_TO_BEGIN: Final = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A list page as the walk sees it."""

    url: str
    rows: dict[str, Listing]
    """By canonical address, in the order of the page."""
    next_url: str | None
    total_rows: int | None
    total_pages: int | None

    @property
    def totals(self) -> tuple[int | None, int | None]:
        """Rows and pages that the list claims to have."""
        return self.total_rows, self.total_pages

    @property
    def middle_day(self) -> date | None:
        """The middle one of its days, whatever single rows say that are sticky or late."""
        return _middle_day([*self.rows.values()])

    @property
    def urls(self) -> tuple[str, ...]:
        """Its canonical addresses, as an entry keeps them."""
        return tuple(self.rows)[-_ROWS_OF_A_MARK:]


def is_in_order(entry: Entry) -> bool:
    """Whether the days of the list fall from page to page, as far as it was walked."""
    return entry.rises <= RISES_OF_A_LIST_IN_ORDER


def meets(entry: Entry, shown: Shown) -> bool:
    """Whether a page shows rows of the page that was passed last: nothing lies between them."""
    return any(url in shown.rows for url in entry.mark)


def is_newer(entry: Entry, shown: Shown) -> bool:
    """Whether a page certainly begins above the mark, by its days."""
    middle = shown.middle_day
    return bool(is_in_order(entry) and middle and entry.mark_day and middle > entry.mark_day)


def is_reached(entry: Entry, shown: Shown, *, is_news: bool) -> bool:
    """Whether a walk that began above the mark has come down to it.

    Where no days compare, a row that nobody has met before tells: above the mark all are known.
    """
    middle = shown.middle_day
    is_older = is_in_order(entry) and middle and entry.mark_day and middle < entry.mark_day
    return bool(meets(entry, shown) or is_older or (is_news and not is_newer(entry, shown)))


def may_have_slipped(shown: Shown, following: Shown) -> bool:
    """Whether rows may lie between a page and the one that its next link led to.

    A list that changed between the two and yet shows no row again has not just grown at its head.
    Where the second page says nothing of the totals, it may have changed.
    """
    totals = zip(shown.totals, following.totals, strict=True)
    changed = any(before and before != now for before, now in totals)
    return changed and not any(url in shown.rows for url in following.rows)


def leads_back(entry: Entry, shown: Shown) -> bool:
    """Whether a server answers a page past the last one with the first."""
    return entry.pages > 1 and not meets(entry, shown) and reaches_head(entry, shown)


def reaches_head(entry: Entry, shown: Shown) -> bool:
    """Whether a page shows rows of the first page as it was: all above them is new.

    Its lower half tells. Sticky rows stand in the upper one, whatever is new.
    """
    return any(url in shown.rows for url in _lower_half(entry.head))


def is_below_head(entry: Entry, shown: Shown, *, is_news: bool) -> bool:
    """Whether all that is new on top of the list stands on this page or above it.

    Where the first page's rows are there no more, days tell, or, without days, a page of rows that
    are all known.
    """
    if reaches_head(entry, shown):
        return True
    middle = shown.middle_day
    if middle is None or entry.head_day is None:
        return not is_news
    return middle < entry.head_day


def rows_above_head(entry: Entry, shown: Shown) -> int:
    """How many rows of a page have appeared above what the first page was."""
    known = _lower_half(entry.head)
    if not known:
        return 0
    urls = [*shown.rows]
    first = next((n for n, url in enumerate(urls) if url in known), len(urls))
    return sum(url not in entry.head for url in urls[:first])


def fresh_rows(entry: Entry, shown: Shown) -> dict[str, Listing]:
    """The rows of a page that stand below the mark, where the page meets or follows it."""
    urls = [*shown.rows]
    first = next((n for n, url in enumerate(urls) if url in entry.mark), 0)
    return {url: shown.rows[url] for url in urls[first:] if url not in entry.mark}


def passed(entry: Entry, shown: Shown) -> Entry:
    """The entry with its mark on the last row of a page that is done."""
    entry = entry.model_copy(
        update={
            "declared": shown.total_rows or entry.declared,
            "declared_pages": shown.total_pages or entry.declared_pages,
        }
    )
    fresh = fresh_rows(entry, shown)
    if not fresh:
        return entry
    middle = _middle_day([*fresh.values()])
    rose = middle is not None and entry.mark_day is not None and middle > entry.mark_day
    hint = Hint(page=entry.pages, rows=entry.rows, url=shown.url, day=middle)
    return entry.model_copy(
        update={
            "pages": entry.pages + 1,
            "rows": entry.rows + len(fresh),
            "rises": entry.rises + rose,
            "mark_day": middle or entry.mark_day,
            "mark": shown.urls,
            "hints": _thinned((hint, *entry.hints)),
        }
    )


def begins_above(window: Window, day: date | None) -> bool:
    """Whether a page whose middle day this is stands right above a window, late rows and all."""
    return bool(day and window.until and day >= window.until + OVERLAP)


def nearest_above(window: Window, hints: Sequence[Hint]) -> list[Hint]:
    """The hints right above a window: the last one first, and some in case the list has moved."""
    above = [hint for hint in hints if begins_above(window, hint.day)]
    return sorted(above, key=lambda hint: hint.day or date.max)[:_PLACES_TO_BEGIN]


def is_past(window: Window, shown: Shown) -> bool:
    """Whether a page lies below the window: most of its rows are older, and none is inside."""
    days = [row.day for row in shown.rows.values() if row.day]
    older = sum(window.is_before(day) for day in days)
    return older * 2 > len(shown.rows) and not any(day in window for day in days)


def _lower_half(urls: tuple[str, ...]) -> tuple[str, ...]:
    return urls[len(urls) // 2 :]


def _middle_day(rows: list[Listing]) -> date | None:
    days = sorted(row.day for row in rows if row.day)
    return days[len(days) // 2] if days else None


def _thinned(hints: tuple[Hint, ...]) -> tuple[Hint, ...]:
    """The newest, and some before it, ever further apart: few, however long the list.

    A page stays for twice as many pages as the largest power of two that divides its number.
    """
    newest = hints[0].page
    before = [h for h in hints[1:] if h.page < newest and newest - h.page <= 2 * (h.page & -h.page)]
    return (hints[0], *before)
