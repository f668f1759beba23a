"""Walks one column over a window in the past, from the mark of the last run on.

One request after the other, each awaited: a list page, then its articles. Nothing is remembered
that the store knows, so memory does not grow with the list.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Final

from scrapy import Request
from scrapy.http import Response

from schemas.ledger import End, State
from schemas.outcome import Outcome
from schemas.page import Listing
from schemas.site import Site
from schemas.visit import Kind, PageState, Visit
from spiders import mark
from spiders.answers import judge_failure, response_headers
from spiders.archive import ArchiveError
from spiders.crawl import run_spider
from spiders.district import DistrictSpider
from spiders.lists import read_list
from spiders.mark import Shown
from spiders.ports import Keeper, Memory

# Rows of a list page between two looks at who waits for the lane: a usual page, and a minute.
_ROWS_A_STRETCH: Final = 30
# Late rows and a sticky page may look as if the list were past the window; two pages in a row do
# not.
_PAGES_PAST_TO_STOP: Final = 2
# A page may be without rows or repeat the last one; where the next is too, the list has ended.
_BARREN_PAGES_TO_STOP: Final = 2
# Single pages fail; so many in a row mean that the server does, and each took minutes of retries.
_FAILURES_TO_STOP: Final = 5
# Ctrl-C is to end within five seconds, storing included.
_STOP_GRACE_SECONDS: Final = 3.0

# A list that answers so is asked again by the next run; any other answer is where it ends.
_NO_ANSWER: Final = frozenset(
    {Outcome.FAILED, Outcome.BLOCKED, Outcome.DISALLOWED, Outcome.TOO_LARGE}
)


_Totals = tuple[int | None, int | None]


class _StopError(Exception):
    """The walk stops here for now; the message says why."""


class BackfillSpider(DistrictSpider):
    """Walks one column of one site.

    Args:
        keeper: Keeps the entry of the ledger.
        max_pages: List pages to pass in this run; none: as many as there are.
        **kwargs: As for `DistrictSpider`, `columns` being the entry's own.
    """

    def __init__(
        self, *args: Any, keeper: Keeper, max_pages: int | None = None, **kwargs: Any
    ) -> None:
        entry = keeper.entry
        super().__init__(
            *args, since=entry.since, until=entry.until, columns=entry.column, **kwargs
        )
        self.keeper = keeper
        self._max_pages = max_pages
        self._walk = self.walks[entry.column]
        self._lists: set[str] = set()
        """Addresses of the list pages that led on since the walk found its place."""
        self._doubts: set[tuple[str, _Totals, _Totals]] = set()
        """What spoke for rows jumped over since the mark last moved: what has led to a second look
        is believed then."""
        self._found: Shown | None = None
        """The page at which the walk found its place again."""
        self._failures = 0

    async def start(self) -> AsyncIterator[Request]:
        await self._run()
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request  # what is asked for is awaited; Scrapy has nothing to schedule

    async def _run(self) -> None:
        self._note(state=State.WALKING, reason="")
        try:
            if self.keeper.entry.end is None:
                await self._descend()
            await self._ask_owed()
            await self._read_head_again()
        except _StopError as stop:
            self._note(state=State.STOPPED, reason=str(stop))
        else:
            self._note(state=State.DONE)
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
                self._note(end=End.WINDOW)
                return
            if barren == _BARREN_PAGES_TO_STOP:
                self._note(end=End.STUBS, end_reason=f"{shown.url} shows no further rows")
                return
            if pages == self._max_pages and shown.next_url:
                raise _StopError(f"--max-pages {pages}")
            if (following := await self._follow(shown, is_above=is_above)) is None:
                return
            shown, is_above = following

    async def _find_place(self) -> tuple[Shown, bool]:
        """The page to go on from; and whether it lies above the mark, so its rows are done.

        The pages passed last are asked first; where one shows only what lies below the mark, one
        further up; in the end the list's first.
        """
        entry = self.keeper.entry
        for hint in entry.hints:
            if hint.url == self._walk.column.url:
                break
            shown = await self._ask_list(hint.url)
            if isinstance(shown, Visit):
                continue
            is_above = mark.is_newer(entry, shown) or await self._was_named(shown)
            if is_above or mark.meets(entry, shown):
                return self._at(shown), is_above
        first = await self._ask_head()
        if not entry.pages:
            self._note(head=first.urls, head_day=first.middle_day)
        return self._at(first), bool(entry.mark)

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
            self._note(end=End.LIST)
            return None
        self._lists.add(url)
        following = await self._ask_list(url)
        if isinstance(following, Visit):
            # Lists get shorter, and have fewer pages then: what does the last one show now?
            again = await self._ask_list(shown.url)
            if isinstance(again, Shown) and again.next_url != url:
                return again, is_above
            self._note(end=End.STUBS, end_reason=f"{url}: {_in_words(following)}")
            return None
        if not is_above and mark.leads_back(self.keeper.entry, following):
            self._note(end=End.STUBS, end_reason=f"{url} shows the first page again")
            return None
        doubt = (url, shown.totals, following.totals)
        if doubt not in self._doubts and mark.may_have_slipped(shown, following):
            self._doubts.add(doubt)
            return await self._find_place()
        return following, is_above

    async def _ask_owed(self) -> None:
        """Ask once more for what failed."""
        for number, due in enumerate(await self.keeper.owed()):
            if number and number % _ROWS_A_STRETCH == 0:
                await self.keeper.settle()
            await self._ask_article(due.state.url, due.listing, due.state)

    async def _read_head_again(self) -> None:
        """Take the rows that have appeared on top since the head was read last."""
        entry = self.keeper.entry
        first = shown = await self._ask_head()
        asked = {first.url}
        while True:
            self._note(rows=self.keeper.entry.rows + mark.rows_above_head(entry, shown))
            is_news = await self._take(shown)
            await self.keeper.settle()
            url = shown.next_url
            if mark.is_below_head(entry, shown, is_news=is_news) or url is None or url in asked:
                break
            asked.add(url)
            following = await self._ask_list(url)
            if isinstance(following, Visit):
                break
            shown = following
        self._note(
            head=first.urls,
            head_day=first.middle_day,
            declared=first.total_rows or entry.declared,
            declared_pages=first.total_pages or entry.declared_pages,
        )

    async def _take(self, shown: Shown) -> bool:
        """Take the rows of a list page; whether one of them is met for the first time."""
        todo = [(url, row) for url, row in shown.rows.items() if url not in self.keeper.entry.mark]
        is_news = False
        for start in range(0, len(todo), _ROWS_A_STRETCH):
            if start:
                await self.keeper.settle()
            rows = dict(todo[start : start + _ROWS_A_STRETCH])
            states = await self.memory.states(self.site.id, [*rows])
            for url, row in rows.items():
                state = states.get(url)
                if why_not := self._why_not(self._walk, url, row, state):
                    await self.keeper.take(self._row_visit(self._walk, url, row, *why_not))
                    continue
                is_news = is_news or state is None
                await self._ask_article(url, row, state, list_url=shown.url)
        return is_news

    async def _ask_head(self) -> Shown:
        shown = await self._ask_list(self._walk.column.url)
        if isinstance(shown, Visit):
            raise _StopError(f"list {shown.url}: {_in_words(shown)}")
        return shown

    async def _ask_list(self, url: str) -> Shown | Visit:
        """A list page as it is shown; or the visit that brought none.

        Raises:
            _StopError: There was no answer.
        """
        answer = await self._ask(self._list_request(self._walk, url), "list_requests")
        shown: Shown | None = None
        if isinstance(answer, Response):
            shown, visit = self._read_list(answer)
        else:
            visit = self._failed_visit(url, Kind.LIST, answer)
        await self.keeper.take(visit)
        if visit.outcome in _NO_ANSWER:
            raise _StopError(f"list {url}: {_in_words(visit)}")
        return shown or visit

    def _read_list(self, response: Response) -> tuple[Shown | None, Visit]:
        headers = response_headers(response)
        outcome, reason = self._judge_list(response, headers, self._walk)
        visit = self._visit(response, self._walk, Kind.LIST, outcome, reason)
        if outcome is not Outcome.OK:
            return None, visit
        page, doubt = read_list(self.site, response.url, headers, response.body)
        if not page.listings and not page.next_url:
            reason = "a list page without rows"
            return None, visit.model_copy(update={"outcome": Outcome.EMPTY, "reason": reason})
        shown = Shown(
            # Where a redirect led, the next run is led again.
            url=visit.url,
            rows=self._rows(page.listings),
            next_url=page.next_url,
            total_rows=page.total_rows,
            total_pages=page.total_pages,
        )
        return shown, visit.model_copy(update={"reason": doubt, "declared": page.total_rows})

    async def _ask_article(
        self, url: str, row: Listing, state: PageState | None, *, list_url: str | None = None
    ) -> None:
        """Ask for an article and hand on what became of it.

        Raises:
            _StopError: The site blocks us, or answers nothing any more.
        """
        request = self._article_request(self._walk, url, row, state, list_url=list_url)
        answer = await self._ask(request, "article_requests")
        if isinstance(answer, Response):
            visit = self._article_visit(answer, self._walk, url, row, state, Kind.ARTICLE)
        else:
            visit = self._failed_visit(url, Kind.ARTICLE, answer, row)
        await self.keeper.take(visit)
        self._failures = self._failures + 1 if visit.outcome is Outcome.FAILED else 0
        if visit.outcome is Outcome.BLOCKED or self._failures == _FAILURES_TO_STOP:
            raise _StopError(f"article {url}: {_in_words(visit)}")

    async def _ask(self, request: Request, count: str) -> Response | Exception:
        """The answer, after retries and redirects, or what came in its place."""
        assert self.crawler.engine and self.crawler.stats  # noqa: S101, PT018  (it is running)
        before = self.crawler.stats.get_value("downloader/request_count", 0)
        try:
            return await self.crawler.engine.download_async(request)
        except ArchiveError:
            raise  # it ends the crawl, and says nothing of the page
        except Exception as error:  # noqa: BLE001  (each is judged: it is what became of the page)
            return error
        finally:
            sent = self.crawler.stats.get_value("downloader/request_count", 0) - before
            self._note(**{count: getattr(self.keeper.entry, count) + sent})

    def _failed_visit(
        self, url: str, kind: Kind, error: Exception, row: Listing | None = None
    ) -> Visit:
        outcome, reason = judge_failure(error)
        return Visit(
            url=url,
            kind=kind,
            site=self.site.id,
            column=self._walk.column.id,
            outcome=outcome,
            reason=reason,
            at=self.clock.now(),
            listing=row,
        )

    def _is_due(self, _state: PageState) -> bool:
        """Never: to look again at what is stored is the daily ingest's."""
        return False

    def _note(self, **changes: object) -> None:
        """Write into the entry; it is stored when the walk settles."""
        changes["moved_at"] = self.clock.now()
        self.keeper.entry = self.keeper.entry.model_copy(update=changes)


def _in_words(visit: Visit) -> str:
    what = visit.outcome.replace("_", " ")
    return f"{what} ({visit.reason})" if visit.reason else what


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
