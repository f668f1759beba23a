"""A handful of looks at a list, to tell how much of it lies in a window; never at an article."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from schemas.dates import Window
from schemas.outcome import Outcome
from schemas.site import Column, Site
from schemas.visit import Kind, Origin
from spiders.answers import judge, response_headers
from spiders.archive import ORIGIN, ArchiveError
from spiders.crawl import run_spider
from spiders.district import DistrictSpider
from spiders.extract.jump import page_address
from spiders.families.base import ListPage
from spiders.lists import read_list

# Two ends, each within a few looks: dates fall almost evenly along a list.
MOST_LOOKS = 10
# The page before the first one, where the first one's rows have an address of their own.
SHELL = 0
# Between two looks so close, in pages of the whole list, an end is where it is thought to be.
_CLOSE_ENOUGH = 0.01


@dataclass(frozen=True, slots=True)
class Look:
    """What one page of a list showed."""

    page: int
    """From 1 on; or `SHELL`."""
    rows: int = 0
    day: date | None = None
    """The middle one of its days."""
    newest: date | None = None
    total_rows: int | None = None
    total_pages: int | None = None
    has_next: bool = False
    """Whether it leads on to an older page."""
    has_failed: bool = False
    """Whether there was no answer; of one that holds no rows, `rows` is 0 too."""


LookSink = Callable[[str, Look], Awaitable[None]]
"""Takes each look as it is made, with its column's id."""


def look_at(page: int, shown: ListPage, *, has_failed: bool = False) -> Look:
    """What a list's page shows. Sticky rows and misprints do not move the middle day."""
    days = sorted(listing.day for listing in shown.listings if listing.day)
    return Look(
        page,
        rows=len(shown.listings),
        day=days[len(days) // 2] if days else None,
        newest=days[-1] if days else None,
        total_rows=shown.total_rows,
        total_pages=shown.total_pages,
        has_next=shown.next_url is not None,
        has_failed=has_failed,
    )


def next_look(looks: Sequence[Look], window: Window) -> int | None:
    """The page to look at next, to find where the window's ends lie; none where it is known."""
    pages = max((look.total_pages or 0 for look in looks), default=0)
    if len(looks) >= MOST_LOOKS or pages <= 1 or any(look.has_failed for look in looks):
        return None
    close = max(1, round(pages * _CLOSE_ENOUGH))
    for target in filter(None, (window.since, window.until)):
        newer = max((k for k in looks if k.day and k.day >= target), key=_page, default=None)
        older = min((k for k in looks if not k.day or k.day < target), key=_page, default=None)
        if newer is None:
            continue  # the list begins below the target
        if older is None:
            if newer.page < pages:
                return pages
            continue
        if older.page - newer.page <= close:
            continue
        return _between(newer, older, target)
    return None


def _between(newer: Look, older: Look, target: date) -> int:
    """Where the target lies between two pages, were as much published every day."""
    pages = older.page - newer.page
    step = pages // 2
    if newer.day and older.day and newer.day > older.day:
        step = round(pages * (newer.day - target) / (newer.day - older.day))
    return newer.page + min(max(step, 1), pages - 1)


def _page(look: Look) -> int:
    return look.page


class ProbeSpider(DistrictSpider):
    """Looks at the lists of one site.

    Args:
        look_sink: Takes each look.
        **kwargs: As for `DistrictSpider`; `columns` names those to look at.
    """

    def __init__(self, *args: Any, look_sink: LookSink, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._look_sink = look_sink
        self._looks: dict[str, list[Look]] = {column: [] for column in self.walks}
        self._second: dict[str, str] = {}

    async def start(self) -> AsyncIterator[Request]:
        for walk in self.walks.values():
            yield self._request(walk.column, walk.column.url, 1)

    async def parse_look(
        self, response: Response, column: Column, page: int
    ) -> AsyncIterator[Request]:
        """Note what a page shows, and look where that leads."""
        headers = response_headers(response)
        outcome, _ = judge(self.site, response, headers)
        if outcome is Outcome.BLOCKED:
            await self._look_sink(column.id, Look(page, has_failed=True))
            raise CloseSpider("blocked")
        shown = ListPage(())
        if outcome in {Outcome.OK, Outcome.EMPTY}:
            shown, _ = read_list(self.site, response.url, headers, response.body)
        asked = response.request.url if response.request else response.url
        if asked == column.url and not shown.listings and shown.next_url:
            # A script asks for the first rows; this page has none.
            await self._look_sink(column.id, Look(SHELL, has_next=True))
            yield self._request(column, shown.next_url, 1)
            return
        if page == 1 and shown.next_url:
            self._second[column.id] = shown.next_url
        look = look_at(page, shown, has_failed=outcome is Outcome.FAILED)
        async for request in self._note(column, look):
            yield request

    async def failed_look(self, failure: Failure) -> AsyncIterator[Request]:
        """Note a page that did not come."""
        if isinstance(failure.value, ArchiveError):
            return  # it ends the crawl, and says nothing of the page
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        look = Look(request.cb_kwargs["page"], has_failed=True)
        async for following in self._note(request.cb_kwargs["column"], look):
            yield following

    async def _note(self, column: Column, look: Look) -> AsyncIterator[Request]:
        looks = self._looks[column.id]
        looks.append(look)
        await self._look_sink(column.id, look)
        page = next_look(looks, self.window)
        pages = max((one.total_pages or 0 for one in looks), default=0)
        second = self._second.get(column.id)
        address = page_address(second, pages, page) if second and page else None
        if page and address and page not in {one.page for one in looks}:
            yield self._request(column, address, page)

    def _request(self, column: Column, url: str, page: int) -> Request:
        origin = Origin(site=self.site.id, kind=Kind.LIST, column=column.id)
        return Request(
            url,
            self.parse_look,
            errback=self.failed_look,
            cb_kwargs={"column": column, "page": page},
            meta={"download_slot": self.site.lane, ORIGIN: origin},
        )


async def probe(
    site: Site,
    window: Window,
    columns: Sequence[str],
    *,
    sink: LookSink,
    started_at: datetime | None = None,
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Look at the lists of some columns, a handful of pages each.

    Args:
        site: The site.
        window: The window whose ends are looked for.
        columns: Ids of columns.
        sink: Takes each look.
        started_at: The moment at which it takes place; none: when it starts.
        settings: Scrapy settings above the project's own.

    Raises: As `spiders.crawl.run_spider`.
    """
    name = f"{site.id.title().replace('_', '')}ProbeSpider"
    spider = type(name, (ProbeSpider,), {"name": site.id, "site": site})
    await run_spider(
        spider,
        settings or {},
        since=window.since,
        until=window.until,
        columns=",".join(columns),
        look_sink=sink,
        started_at=started_at,
    )
