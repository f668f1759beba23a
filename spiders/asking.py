"""Asks for one page of a column at a time, and awaits it: its visit is taken, its rows are read."""

from typing import Any, Final

from scrapy import Request
from scrapy.http import Response

from schemas.outcome import Outcome
from schemas.page import Listing
from schemas.visit import Kind, PageState, Visit
from spiders.answers import judge_failure, response_headers
from spiders.archive import ArchiveError
from spiders.district import DistrictSpider
from spiders.lists import read_list
from spiders.mark import Shown
from spiders.ports import Keeper

# Single pages fail, and whole years of them where a site was moved; after so many in a row the
# list is asked whether the server still answers.
_FAILURES_TO_DOUBT: Final = 5
# A list that answers so is asked again by the next run; any other answer is where it ends.
_NO_ANSWER: Final = frozenset(
    {Outcome.FAILED, Outcome.BLOCKED, Outcome.DISALLOWED, Outcome.TOO_LARGE}
)


class StopWalkError(Exception):
    """The walk stops here for now; the message says why."""


class AskingSpider(DistrictSpider):
    """Asks for the pages of one column of one site.

    Args:
        keeper: Keeps the entry of the ledger.
        **kwargs: As for `DistrictSpider`, the window and `columns` being the entry's own.
    """

    def __init__(self, *args: Any, keeper: Keeper, **kwargs: Any) -> None:
        entry = keeper.entry
        super().__init__(
            *args, since=entry.since, until=entry.until, columns=entry.column, **kwargs
        )
        self.keeper = keeper
        self._walk = self.walks[entry.column]
        self._failures = 0

    async def ask_list(self, url: str) -> Shown | Visit:
        """A list page as it is shown, or the visit that brought none.

        Raises:
            StopWalkError: There was no answer.
        """
        answer = await self._ask(self._list_request(self._walk, url), "list_requests")
        shown: Shown | None = None
        if isinstance(answer, Response):
            shown, visit = self._read_list(answer)
        else:
            visit = self._failed_visit(url, Kind.LIST, answer)
        await self.keeper.take(visit)
        if visit.outcome in _NO_ANSWER:
            raise StopWalkError(f"list {url}: {in_words(visit)}")
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

    async def ask_article(
        self,
        url: str,
        row: Listing,
        state: PageState | None,
        *,
        list_url: str | None = None,
        is_owed: bool = False,
    ) -> None:
        """Ask for an article and hand on what became of it.

        Retries wait for minutes. What they did not help once, and what stands among pages that
        all fail, is asked for once.

        Raises:
            StopWalkError: The site blocks us, or answers nothing any more.
        """
        request = self._article_request(self._walk, url, row, state, list_url=list_url)
        if is_owed or self._failures >= _FAILURES_TO_DOUBT:
            request.meta["max_retry_times"] = 0
        answer = await self._ask(request, "article_requests")
        if isinstance(answer, Response):
            visit = self._article_visit(answer, self._walk, url, row, state, Kind.ARTICLE)
        else:
            visit = self._failed_visit(url, Kind.ARTICLE, answer, row)
        await self.keeper.take(visit)
        if visit.outcome is Outcome.BLOCKED:
            raise StopWalkError(f"article {url}: {in_words(visit)}")
        self._failures = self._failures + 1 if visit.outcome is Outcome.FAILED else 0
        if self._failures and self._failures % _FAILURES_TO_DOUBT == 0:
            # These pages, or the server? Where the list does not answer either, the walk stops.
            await self.ask_list(self._walk.column.url)

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
            self.note(**{count: getattr(self.keeper.entry, count) + sent})

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

    def note(self, **changes: object) -> None:
        """Write into the entry; it is stored when the walk settles."""
        changes["moved_at"] = self.clock.now()
        self.keeper.entry = self.keeper.entry.model_copy(update=changes)


def in_words(visit: Visit) -> str:
    """Its outcome, and why."""
    what = visit.outcome.replace("_", " ")
    return f"{what} ({visit.reason})" if visit.reason else what
