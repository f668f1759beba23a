"""Asks for the articles that a site's own site maps and feeds name, as politely as any crawl."""

from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scrapy import Request
from scrapy.http import Response

from schemas.outcome import Outcome
from schemas.page import Listing
from schemas.site import Column
from schemas.source import Skipped
from schemas.visit import Kind, Origin, PageState, Visit
from spiders.answers import conditional, judge, judge_failure, response_headers
from spiders.archive import ORIGIN, ArchiveError
from spiders.district import DistrictSpider
from spiders.families import FAMILIES
from spiders.identity import canonical_url
from spiders.sources.addresses import is_article_address, is_other_page
from spiders.sources.feeds import MOST_BYTES, FeedEntry, read_feed
from spiders.walk import Walk

# Articles between two looks at who waits for the lane: a minute at the usual pace.
_STRETCH: Final = 30
# An index may name the maps of every column and year; one that names more is not a county's.
_MOST_FEEDS: Final = 1000
# Single pages fail; so many in a row mean that the server does.
_FAILURES_TO_STOP: Final = 5
_READABLE: Final = frozenset({Outcome.OK, Outcome.EMPTY, Outcome.NOT_HTML})


@dataclass(slots=True)
class Named:
    """What the site maps and feeds of a site name, and what became of it."""

    entries: list[FeedEntry] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    """Those that were read."""
    skipped: Counter[Skipped] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    """Pages of other hosts."""
    problems: list[str] = field(default_factory=list)


class FeedSpider(DistrictSpider):
    """Reads site maps and feeds, then asks for the articles that they name.

    Args:
        feeds: Addresses of site maps and feeds.
        named: What is known of them already; gathers the rest.
        give_way: Is awaited between two stretches.
        **kwargs: As for `DistrictSpider`, a sink among them.
    """

    def __init__(
        self,
        *args: Any,
        feeds: Sequence[str],
        named: Named,
        give_way: Callable[[], Awaitable[None]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._feeds = deque(feeds)
        self._named = named
        self._give_way = give_way
        self._family = FAMILIES.get(self.site.family, FAMILIES["generic"])
        # A page that no list named is of no column; nothing is complete when these are done.
        column = Column.model_construct(id="", name="", url=self.site.url)
        self._walk = Walk(self.site.id, column, self.window)
        self._failures = 0

    async def start(self) -> AsyncIterator[Request]:
        await self._run()
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request  # what is asked for is awaited; Scrapy has nothing to schedule

    async def _run(self) -> None:
        while self._feeds and len(self._named.feeds) < _MOST_FEEDS:
            await self._read_feed(self._feeds.popleft())
        wanted = self._wanted()
        urls = list(wanted)
        for start in range(0, len(urls), _STRETCH):
            if start:
                await self._give_way()
            stretch = urls[start : start + _STRETCH]
            states = await self.memory.states(self.site.id, stretch)
            for url in stretch:
                state = states.get(url)
                if state and state.outcome.is_settled:
                    self._named.skipped[Skipped.KNOWN] += 1
                elif not await self._ask_article(url, wanted[url], state):
                    return

    async def _read_feed(self, url: str) -> None:
        if url in self._named.feeds:
            return
        self._named.feeds.append(url)
        origin = Origin(site=self.site.id, kind=Kind.LIST)
        request = Request(url, meta={**self._meta(origin), "download_maxsize": MOST_BYTES})
        answer = await self._ask(request)
        if isinstance(answer, Response):
            outcome, reason = judge(self.site, answer, response_headers(answer))
        else:
            outcome, reason = judge_failure(answer)
        if not isinstance(answer, Response) or outcome not in _READABLE:
            self._named.problems.append(f"{url}: {outcome.replace('_', ' ')} {reason}".rstrip())
            return
        try:
            feed = read_feed(answer.body, answer.url)
        except ValueError as error:
            self._named.problems.append(f"{url}: {error}")
            return
        self._named.entries += feed.entries
        self._feeds += feed.further

    def _wanted(self) -> dict[str, FeedEntry]:
        """The articles of the site by their canonical addresses, the newest first."""
        wanted: dict[str, FeedEntry] = {}
        for entry in self._named.entries:
            host = entry.url.split("/", 3)[2].partition(":")[0] if "://" in entry.url else ""
            if host not in self.site.all_hosts:
                self._named.others[host] += 1
                continue
            url = canonical_url(self.site, entry.url)
            if url in wanted:
                continue
            if why_not := self._why_not_wanted(url, entry):
                self._named.skipped[why_not] += 1
            else:
                wanted[url] = entry
        return wanted

    def _why_not_wanted(self, url: str, entry: FeedEntry) -> Skipped | None:
        if is_other_page(self.site, self._family, url):
            return Skipped.OTHER_PAGE
        # Where the system fixes what an article's address looks like, the others are lists.
        if self._family.article_url and not is_article_address(self._family, url):
            return Skipped.OTHER_PAGE
        if entry.published and entry.published.day not in self.window:
            return Skipped.OUTSIDE
        if entry.changed and self.window.is_before(entry.changed.day):
            return Skipped.OUTSIDE
        return None

    async def _ask_article(self, url: str, entry: FeedEntry, state: PageState | None) -> bool:
        """Ask for an article and hand on what became of it; whether to go on."""
        listing = None
        if entry.title:
            listing = Listing(url=entry.url, title=entry.title, published=entry.published)
        origin = Origin(
            site=self.site.id,
            kind=Kind.BESIDE,
            url=url,
            listing=listing,
            earlier=state.archive if state else None,
        )
        headers = conditional(state.validators) if state else None
        answer = await self._ask(Request(entry.url, headers=headers, meta=self._meta(origin)))
        if isinstance(answer, Response):
            visit = self._article_visit(answer, self._walk, url, listing, state, Kind.BESIDE)
        else:
            outcome, reason = judge_failure(answer)
            visit = Visit(
                url=url,
                kind=Kind.BESIDE,
                site=self.site.id,
                column="",
                outcome=outcome,
                reason=reason,
                at=self.clock.now(),
                listing=listing,
            )
        if self.sink:
            await self.sink(visit, None)
        self._failures = self._failures + 1 if visit.outcome is Outcome.FAILED else 0
        if visit.outcome is Outcome.BLOCKED or self._failures == _FAILURES_TO_STOP:
            self._named.problems.append(f"stopped at {url}: {visit.outcome} ({visit.reason})")
            return False
        return True

    async def _ask(self, request: Request) -> Response | Exception:
        """The answer, after retries and redirects, or what came in its place."""
        assert self.crawler.engine  # noqa: S101  (it is running)
        try:
            return await self.crawler.engine.download_async(request)
        except ArchiveError:
            raise  # it ends the crawl, and says nothing of the page
        except Exception as error:  # noqa: BLE001  (each is judged: it is what became of the page)
            return error

    def _meta(self, origin: Origin) -> dict[str, Any]:
        return {"download_slot": self.site.lane, ORIGIN: origin}
