"""The one spider class for all sites: column → list pages → articles."""

import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from schemas.dates import SHANGHAI, Window
from schemas.outcome import Outcome
from schemas.page import Listing
from schemas.site import Site
from schemas.visit import Due, Kind, Origin, PageState, Visit
from spiders.answers import (
    conditional,
    judge,
    judge_failure,
    page_of,
    response_headers,
    validators,
)
from spiders.archive import FETCHED_AT, ORIGIN, PLACE, ArchiveError
from spiders.clock import CrawlClock
from spiders.families.base import Family
from spiders.identity import canonical_url
from spiders.lists import read_list
from spiders.looking_again import is_due
from spiders.ports import Memory, NoContactError, NoMemory, Sink
from spiders.settings import CONTACT, replay_settings, site_settings
from spiders.unlisted import unlisted
from spiders.walk import Walk

_ANSWERED = frozenset({Outcome.OK, Outcome.UNCHANGED})
# What an article's address never ends in.
_FILES = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".zip", ".rar", ".mp4", ".ofd")
# A list page's articles come before its next page, so that what waits stays one page's worth.
_ARTICLE_PRIORITY = 10


class DistrictSpider(Spider):
    """Walks the columns of one site and yields a `Visit` for all that it meets.

    Args:
        since: The first publish day wanted (`YYYY-MM-DD` or a date); none: from where the last
            run ended.
        until: The first publish day not wanted any more.
        first_since: Without `since`, where a column begins that was never taken.
        started_at: The moment at which the crawl takes place; none: when it starts.
        columns: The ids of the columns to walk, separated by commas; none: all.
        memory: What earlier runs left behind.
        sink: Where visits go. None: they become items, and pages are read on the spot.
    """

    site: ClassVar[Site]

    def __init__(
        self,
        name: str | None = None,
        *,
        since: str | date | None = None,
        until: str | date | None = None,
        first_since: date | None = None,
        started_at: datetime | None = None,
        columns: str = "",
        memory: Memory | None = None,
        sink: Sink | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self.window = Window.model_validate({"since": since, "until": until})
        self.memory = memory or NoMemory()
        self.sink = sink
        self.allowed_domains = [*self.site.all_hosts]
        self._started_at = started_at
        self._asked: set[str] = set()
        self._due: Sequence[Due] = ()
        self._has_looked_again = False
        wanted = [self.site.column(i) for i in columns.split(",") if i] or self.site.columns
        self.walks = {
            column.id: Walk(self.site.id, column, self.window, first_since=first_since)
            for column in wanted
        }

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.setdict(site_settings(cls.site), priority="spider")
        if settings.get("REPLAY"):
            settings.setdict(replay_settings(), priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        if not (CONTACT or crawler.settings.get("REPLAY")):
            raise NoContactError
        return super().from_crawler(crawler, *args, **kwargs)

    @cached_property
    def clock(self) -> CrawlClock:
        """The crawl's clock; it starts when it is first asked, once the crawl is open."""
        return CrawlClock(self._started_at) if self._started_at else CrawlClock.of(self.crawler)

    async def start(self) -> AsyncIterator[Request]:
        for walk in self.walks.values():
            checkpoint = await self.memory.checkpoint(self.site.id, walk.column.id)
            walk.start(checkpoint, self.clock.now().astimezone(SHANGHAI).date())
        if self.window.until is None:
            limit = self.site.politeness.look_again_per_run
            self._due = await self.memory.due(self.site.id, self.clock.now(), limit)
        for due in self._due:
            if due.unlisted and due.listing.day and due.column in self.walks:
                self.walks[due.column].doubt(due.listing.day)
        for walk in self.walks.values():
            walk.owe(walk.column.url)
            yield self._list_request(walk, walk.column.url)

    async def parse_list(self, response: Response, walk: Walk) -> AsyncIterator[Visit | Request]:
        """Read one list page: a visit for it, and a visit or a request for each of its rows.

        After the last page of the last list, what is due is looked at again.
        """
        async for found in self._read_rows(response, walk):
            yield found
        async for found in self._look_again():
            yield found

    async def _read_rows(self, response: Response, walk: Walk) -> AsyncIterator[Visit | Request]:
        headers = response_headers(response)
        outcome, reason = self._judge_list(response, headers, walk)
        if outcome is not Outcome.OK:
            if outcome is Outcome.GONE and walk.has_rows:
                reason = f"the list ends here, before the end it claims ({reason})"
            walk.end(reached=outcome is Outcome.UNCHANGED or walk.has_rows)
            yield self._visit(response, walk, Kind.LIST, outcome, reason)
            if outcome is Outcome.BLOCKED:
                raise CloseSpider("blocked")
            return

        page, doubt = read_list(self.site, response.url, headers, response.body)
        if not page.listings and not page.next_url:
            walk.end(reached=walk.has_rows)
            yield self._visit(response, walk, Kind.LIST, *walk.without_rows())
            return

        rows = self._rows(page.listings)
        rows = {url: row for url, row in rows.items() if walk.is_first_time(url)}
        states = await self.memory.states(self.site.id, [*rows])
        news = 0
        for url, row in rows.items():
            state = states.get(url)
            settled = state is not None and state.outcome.is_settled
            if why_not := self._why_not(walk, url, row, state):
                news += not settled and why_not[0] is not Outcome.OUTSIDE
                yield self._row_visit(walk, url, row, *why_not)
                continue
            news += not settled
            walk.owe(url)
            self._asked.add(url)
            yield self._article_request(walk, url, row, state, list_url=response.url)

        more = walk.goes_on(page.listings, news)
        if more and page.next_url and walk.is_first_time(page.next_url):
            walk.owe(page.next_url)
            yield self._list_request(walk, page.next_url)
        else:
            walk.end(reached=True)
        visit = self._visit(response, walk, Kind.LIST, Outcome.OK, doubt)
        yield visit.model_copy(update={"declared": page.total_rows})

    async def _look_again(self) -> AsyncIterator[Visit | Request]:
        """Once every list has shown what it has: what they dropped, and what is due."""
        if self._has_looked_again or not all(walk.has_ended for walk in self.walks.values()):
            return
        self._has_looked_again = True
        if self.window.until is None:
            async for walk, url, outcome, reason in unlisted(self.site.id, self.walks, self.memory):
                yield self._row_visit(walk, url, None, outcome, reason, Kind.AGAIN)
        for due in self._due:
            if due.column in self.walks and due.state.url not in self._asked:
                self._asked.add(due.state.url)
                yield self._article_request(
                    self.walks[due.column], due.state.url, due.listing, due.state, kind=Kind.AGAIN
                )

    def parse_article(
        self,
        response: Response,
        walk: Walk,
        url: str,
        listing: Listing,
        state: PageState | None,
        kind: Kind,
    ) -> Iterator[Visit]:
        """Make the visit of an article's page; a block ends the crawl."""
        visit = self._article_visit(response, walk, url, listing, state, kind)
        yield visit
        if visit.outcome is Outcome.BLOCKED:
            raise CloseSpider("blocked")

    def _article_visit(
        self,
        response: Response,
        walk: Walk,
        url: str,
        listing: Listing | None,
        state: PageState | None,
        kind: Kind,
    ) -> Visit:
        """What became of an article's page; its bytes go along where they are news."""
        headers = response_headers(response)
        visit = self._visit(response, walk, kind, *judge(self.site, response, headers))
        outcome, reason = visit.outcome, visit.reason
        address = canonical_url(self.site, response.url)
        is_news = address != url and (state is None or state.outcome is not Outcome.MOVED)
        if outcome is Outcome.OK and state and state.body_hash == visit.body_hash and not is_news:
            outcome, reason = Outcome.UNCHANGED, "the same bytes as last time"
        page = None
        if outcome is Outcome.OK:
            page = page_of(response, headers, self.site, column=walk.column.id, listing=listing)
        led = address if address != url and outcome in _ANSWERED else None
        return visit.model_copy(
            update={
                "url": url,
                "address": led,
                "outcome": outcome,
                "reason": reason,
                "listing": listing,
                "page": page,
            }
        )

    async def failed(self, failure: Failure) -> AsyncIterator[Visit | Request]:
        """Make the visit of a request that got no answer."""
        if isinstance(failure.value, ArchiveError):
            return  # it ends the crawl, and says nothing of the page
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        walk: Walk = request.cb_kwargs["walk"]
        is_list = request.callback == self.parse_list
        if is_list:
            walk.end(reached=False)
        outcome, reason = judge_failure(failure.value)
        yield Visit(
            url=request.cb_kwargs.get("url", request.url),
            kind=request.cb_kwargs.get("kind", Kind.LIST),
            site=self.site.id,
            column=walk.column.id,
            outcome=outcome,
            reason=reason,
            at=self.clock.now(),
            listing=request.cb_kwargs.get("listing"),
        )
        async for found in self._look_again():
            yield found

    def _list_request(self, walk: Walk, url: str) -> Request:
        known = walk.vouched_for.list_validators if walk.vouched_for else None
        is_first = url == walk.column.url
        origin = Origin(
            site=self.site.id,
            kind=Kind.LIST,
            column=walk.column.id,
            earlier=walk.checkpoint.list_archive if walk.checkpoint and is_first else None,
        )
        return Request(
            url,
            self.parse_list,
            errback=self.failed,
            cb_kwargs={"walk": walk},
            headers=conditional(known) if known and is_first else None,
            meta={"download_slot": self.site.lane, ORIGIN: origin},
        )

    def _article_request(
        self,
        walk: Walk,
        url: str,
        listing: Listing,
        state: PageState | None,
        *,
        kind: Kind = Kind.ARTICLE,
        list_url: str | None = None,
    ) -> Request:
        origin = Origin(
            site=self.site.id,
            kind=Kind.ARTICLE,
            column=walk.column.id,
            url=url,
            list_url=list_url,
            listing=listing,
            earlier=state.archive if state else None,
        )
        return Request(
            listing.url,
            self.parse_article,
            errback=self.failed,
            cb_kwargs={
                "walk": walk,
                "url": url,
                "listing": listing,
                "state": state,
                "kind": kind,
            },
            headers=conditional(state.validators) if state else None,
            meta={"download_slot": self.site.lane, ORIGIN: origin},
            priority=_ARTICLE_PRIORITY if kind is Kind.ARTICLE else 0,
        )

    def _judge_list(
        self, response: Response, headers: dict[str, str], walk: Walk
    ) -> tuple[Outcome, str]:
        """As `judge`; a first page with the bytes of last time is unchanged."""
        outcome, reason = judge(self.site, response, headers)
        if outcome is Outcome.EMPTY:
            # A shell that a script fills, or a short answer of an interface: the family can tell.
            outcome, reason = Outcome.OK, ""
        if response.request is None or response.request.url != walk.column.url:
            return outcome, reason
        if outcome is Outcome.OK:
            walk.list_hash = hashlib.sha256(response.body).hexdigest()
            walk.list_archive = response.meta[PLACE]
            walk.list_validators = validators(response)
            if walk.vouched_for and walk.vouched_for.list_hash == walk.list_hash:
                return Outcome.UNCHANGED, "the same bytes as last time"
        return outcome, reason

    def _why_not(
        self, walk: Walk, url: str, listing: Listing, state: PageState | None
    ) -> tuple[Outcome, str] | None:
        """Why a row needs no request, or none where it needs one."""
        is_missing = state is not None and state.missing
        if listing.day and listing.day not in walk.window and not is_missing:
            return Outcome.OUTSIDE, f"dated {listing.day}"
        target = urlsplit(url)
        if target.hostname not in self.site.all_hosts:
            return Outcome.EXTERNAL, f"leads to {target.hostname}"
        if target.path.lower().endswith(_FILES):
            return Outcome.NOT_HTML, "leads straight to a file"
        if Family.never_request.search(url):
            return Outcome.NOT_HTML, "leads to a counter"
        if url in self._asked:
            return Outcome.KNOWN, "listed in another column too"
        if state and state.outcome.is_settled and not self._is_due(state):
            return Outcome.KNOWN, ""
        return None

    def _is_due(self, state: PageState) -> bool:
        """Whether a settled page that a list names is to be asked for again."""
        return is_due(state, self.clock.now())

    def _rows(self, listings: Sequence[Listing]) -> dict[str, Listing]:
        """The rows of a list page by canonical address, the first of each, in their order."""
        rows: dict[str, Listing] = {}
        for row in listings:
            rows.setdefault(canonical_url(self.site, row.url), row)
        return rows

    def _visit(
        self, response: Response, walk: Walk, kind: Kind, outcome: Outcome, reason: str = ""
    ) -> Visit:
        request = response.request
        return Visit(
            url=request.url if request else response.url,
            kind=kind,
            site=self.site.id,
            column=walk.column.id,
            outcome=outcome,
            reason=reason,
            at=response.meta[FETCHED_AT],
            status=response.status,
            validators=validators(response),
            body_hash=hashlib.sha256(response.body).hexdigest() if response.body else None,
            archive=response.meta[PLACE],
        )

    def _row_visit(
        self,
        walk: Walk,
        url: str,
        listing: Listing | None,
        outcome: Outcome,
        reason: str,
        kind: Kind = Kind.ARTICLE,
    ) -> Visit:
        """The visit of an article that was not asked for."""
        return Visit(
            url=url,
            kind=kind,
            site=self.site.id,
            column=walk.column.id,
            outcome=outcome,
            reason=reason,
            at=self.clock.now(),
            requested=False,
            listing=listing,
        )
