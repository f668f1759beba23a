"""Walks one column over a window in the past, from the mark of the last run on.

One request after the other, each awaited: a list page, then its articles. Nothing is remembered
that the store knows, so memory does not grow with the list.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from scrapy import Request

from schemas.ledger import End, State
from schemas.page import Listing
from schemas.site import Site
from schemas.visit import Visit
from spiders import mark
from spiders.asking import AskingSpider, StopWalkError, in_words
from spiders.crawl import run_spider
from spiders.mark import Shown
from spiders.ports import Keeper, Memory

# Rows of a list page between two looks at who waits for the lane: a usual page, and a minute.
_ROWS_A_STRETCH: Final = 30
# Late rows and a sticky page may look as if the list were past the window; two pages in a row do
# not.
_PAGES_PAST_TO_STOP: Final = 2
# A page may be without rows or repeat the last one; where the next is too, the list has ended.
_BARREN_PAGES_TO_STOP: Final = 2
# Ctrl-C is to end within five seconds, storing included.
_STOP_GRACE_SECONDS: Final = 3.0


_Totals = tuple[int | None, int | None]


class BackfillSpider(AskingSpider):
    """Walks one column of one site.

    Args:
        keeper: Keeps the entry of the ledger.
        max_pages: List pages to pass in this run; none: as many as there are.
        **kwargs: As for `AskingSpider`.
    """

    def __init__(
        self, *args: Any, keeper: Keeper, max_pages: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, keeper=keeper, **kwargs)
        self._max_pages = max_pages
        self._lists: set[str] = set()
        """Addresses of the list pages that led on since the walk found its place."""
        self._doubts: set[tuple[str, _Totals, _Totals]] = set()
        """What spoke for rows jumped over since the mark last moved: what has led to a second look
        is believed then."""
        self._found: Shown | None = None
        """The page at which the walk found its place again."""

    async def start(self) -> AsyncIterator[Request]:
        await self._run()
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request  # what is asked for is awaited; Scrapy has nothing to schedule

    async def _run(self) -> None:
        self.note(state=State.WALKING, reason="")
        try:
            if self.keeper.entry.end is None:
                await self._descend()
            await self._ask_owed()
            await self._read_head_again()
        except StopWalkError as stop:
            self.note(state=State.STOPPED, reason=str(stop))
        else:
            self.note(state=State.DONE)
        await self.keeper.settle()

    async def _descend(self) -> None:
        """Walk down the list until it ends, or the window does."""
        shown, is_above = await self._find_place()
        pages = barren = past = 0
        while True:
            is_news = await self._take(shown)
            entry = self.keeper.entry
            is_above = is_above and not mark.is_reached(entry, shown, is_news=is_news)
            if not is_above:
                is_fresh = bool(mark.fresh_rows(entry, shown))
                self.keeper.entry = entry = mark.passed(entry, shown)
                pages += is_fresh
                if is_fresh:
                    barren = 0
                    self._doubts.clear()
                elif shown is not self._found:
                    barren += 1
                past = past + 1 if mark.is_past(entry.window, shown) else 0
            await self.keeper.settle()

            if past >= _PAGES_PAST_TO_STOP and mark.is_in_order(entry):
                self.note(end=End.WINDOW)
                return
            if barren == _BARREN_PAGES_TO_STOP:
                self.note(end=End.STUBS, end_reason=f"{shown.url} shows no further rows")
                return
            if pages == self._max_pages and shown.next_url:
                raise StopWalkError(f"--max-pages {pages}")
            if (following := await self._follow(shown, is_above=is_above)) is None:
                return
            shown, is_above = following

    async def _find_place(self) -> tuple[Shown, bool]:
        """The page to go on from; and whether it lies above the mark, so its rows are done.

        The pages passed last are asked first; where one shows only what lies below the mark, one
        further up; in the end the list's first.
        """
        entry = self.keeper.entry
        if not entry.pages and (begin := await self._begin_below_the_head()):
            return self._at(begin), False
        for hint in entry.hints:
            if hint.url == self._walk.column.url:
                break
            shown = await self.ask_list(hint.url)
            if isinstance(shown, Visit):
                continue
            is_above = mark.is_newer(entry, shown) or await self._was_named(shown)
            if is_above or mark.meets(entry, shown):
                return self._at(shown), is_above
        first = await self._ask_head()
        if not entry.pages:
            self.note(head=first.urls, head_day=first.middle_day)
        return self._at(first), bool(entry.mark)

    async def _begin_below_the_head(self) -> Shown | None:
        """A page right above the window, where the walk of another window tells of one.

        What lies above it is not walked down again. Sticky rows are on the head, read in the end.
        """
        window = self.keeper.entry.window
        for hint in mark.nearest_above(window, await self.keeper.neighbours()):
            shown = await self.ask_list(hint.url)
            if isinstance(shown, Shown) and mark.begins_above(window, shown.middle_day):
                self.note(pages=hint.page, rows=hint.rows, skipped=hint.rows)
                return shown
        return None

    def _at(self, shown: Shown) -> Shown:
        """Begin anew at a page."""
        self._found = shown
        self._lists = {shown.url}
        return shown

    async def _was_named(self, shown: Shown) -> bool:
        """Whether a page of a list without days shows rows that the column is known to have.

        Without days a walk takes every row that it meets, so all that stands above is done.
        """
        if self.keeper.entry.mark_day or shown.middle_day:
            return False
        return bool(await self.keeper.appeared([*shown.rows]))

    async def _follow(self, shown: Shown, *, is_above: bool) -> tuple[Shown, bool] | None:
        """The page after one that is done; none where the list ends, and the entry says why."""
        url = shown.next_url
        if url is None or url in self._lists:
            self.note(end=End.LIST)
            return None
        self._lists.add(url)
        following = await self.ask_list(url)
        if isinstance(following, Visit):
            # Lists get shorter, and have fewer pages then: what does the last one show now?
            again = await self.ask_list(shown.url)
            if isinstance(again, Shown) and again.next_url != url:
                return again, is_above
            self.note(end=End.STUBS, end_reason=f"{url}: {in_words(following)}")
            return None
        if not is_above and mark.leads_back(self.keeper.entry, following):
            self.note(end=End.STUBS, end_reason=f"{url} shows the first page again")
            return None
        doubt = (url, shown.totals, following.totals)
        if doubt not in self._doubts and mark.may_have_slipped(shown, following):
            self._doubts.add(doubt)
            return await self._find_place()
        return following, is_above

    async def _ask_owed(self) -> None:
        """Ask once more for what failed."""
        owed = {due.state.url: due.listing for due in await self.keeper.owed()}
        for some in _stretches(owed):
            states = await self.memory.states(self.site.id, [*some])
            for url, row in some.items():
                if not states[url].outcome.is_settled:
                    await self.ask_article(url, row, states[url], is_owed=True)
            await self.keeper.settle()

    async def _read_head_again(self) -> None:
        """Take the rows that have appeared on top since the head was read last."""
        entry = self.keeper.entry
        first = shown = await self._ask_head()
        asked = {first.url}
        above = 0
        while True:
            above += mark.rows_above_head(entry, shown)
            is_news = await self._take(shown, has_asked_owed=True)
            await self.keeper.settle()
            url = shown.next_url
            if mark.is_below_head(entry, shown, is_news=is_news) or url is None or url in asked:
                break
            asked.add(url)
            following = await self.ask_list(url)
            if isinstance(following, Visit):
                break
            shown = following
        self.note(
            rows=entry.rows + above,
            head=first.urls,
            head_day=first.middle_day,
            declared=first.total_rows or entry.declared,
            declared_pages=first.total_pages or entry.declared_pages,
        )

    async def _take(self, shown: Shown, *, has_asked_owed: bool = False) -> bool:
        """Take the rows of a list page; whether one of them is met for the first time."""
        passed = self.keeper.entry.mark
        todo = {url: row for url, row in shown.rows.items() if url not in passed}
        is_news = False
        for number, some in enumerate(_stretches(todo)):
            if number:
                await self.keeper.settle()
            states = await self.memory.states(self.site.id, [*some])
            for url, row in some.items():
                state = states.get(url)
                if why_not := self._why_not(self._walk, url, row, state):
                    await self.keeper.take(self._row_visit(self._walk, url, row, *why_not))
                    continue
                if state and has_asked_owed:
                    continue
                is_news = is_news or state is None
                await self.ask_article(url, row, state, list_url=shown.url)
        return is_news

    async def _ask_head(self) -> Shown:
        shown = await self.ask_list(self._walk.column.url)
        if isinstance(shown, Visit):
            raise StopWalkError(f"list {shown.url}: {in_words(shown)}")
        return shown


def _stretches(rows: Mapping[str, Listing]) -> Iterator[dict[str, Listing]]:
    """The rows, as many at a time as the lane is held for."""
    urls = [*rows]
    for start in range(0, len(urls), _ROWS_A_STRETCH):
        yield {url: rows[url] for url in urls[start : start + _ROWS_A_STRETCH]}


async def crawl_backfill(
    site: Site,
    *,
    keeper: Keeper,
    memory: Memory,
    max_pages: int | None = None,
    started_at: datetime | None = None,
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Walk the column of the keeper's entry, as far as this run gets.

    Args:
        site: The site.
        keeper: Keeps the entry; when this returns, its state says what became of the walk.
        memory: What earlier runs left behind.
        max_pages: List pages to pass; none: as many as there are.
        started_at: The moment at which the crawl takes place; none: when it starts.
        settings: Scrapy settings above the project's own.

    Raises: As `spiders.crawl.run_spider`.
    """
    name = f"{site.id.title().replace('_', '')}BackfillSpider"
    spider = type(name, (BackfillSpider,), {"name": site.id, "site": site})
    await run_spider(
        spider,
        settings or {},
        stop_grace=_STOP_GRACE_SECONDS,
        keeper=keeper,
        memory=memory,
        max_pages=max_pages,
        started_at=started_at,
    )
