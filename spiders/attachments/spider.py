"""Asks for the files that stored articles offer, and tells what each is."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from schemas.file import FileVisit
from schemas.outcome import Outcome
from schemas.site import Site
from schemas.visit import Kind, Origin
from spiders.answers import judge_failure
from spiders.archive import FETCHED_AT, ORIGIN, PLACE, ArchiveError
from spiders.attachments.answer import visit_of
from spiders.crawl import run_spider
from spiders.district import DistrictSpider

FileSink = Callable[[FileVisit], Awaitable[None]]
"""Takes each visit as it is made."""


class AttachmentSpider(DistrictSpider):
    """Fetches files of one site, by the same rules as its pages.

    Args:
        urls: The addresses to ask for, in this order, on the site's own hosts.
        file_sink: Takes what became of each.
        **kwargs: As for `DistrictSpider`.
    """

    def __init__(self, *args: Any, urls: Sequence[str], file_sink: FileSink, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._urls = iter(urls)
        self._file_sink = file_sink

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("DOWNLOAD_MAXSIZE", cls.site.attachments.max_bytes, priority="spider")

    async def start(self) -> AsyncIterator[Request]:
        for request in self._next():
            yield request

    async def parse_file(self, response: Response, url: str) -> AsyncIterator[Request]:
        """Tell what came, a file or what came in its place, and ask for the next."""
        meta = response.meta
        visit = visit_of(self.site, url, response, meta[FETCHED_AT], meta[PLACE])
        await self._file_sink(visit)
        if visit.outcome is Outcome.BLOCKED:
            raise CloseSpider("blocked")
        for request in self._next():
            yield request

    async def failed_file(self, failure: Failure) -> AsyncIterator[Request]:
        """Tell of a request that got no answer, and ask for the next."""
        if isinstance(failure.value, ArchiveError):
            return  # it ends the crawl, and says nothing of the file
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        outcome, reason = judge_failure(failure.value)
        await self._file_sink(
            FileVisit(
                site=self.site.id,
                url=request.cb_kwargs["url"],
                outcome=outcome,
                reason=reason,
                at=self.clock.now(),
            )
        )
        for following in self._next():
            yield following

    def _next(self) -> Iterator[Request]:
        """The next file's request, where there is one: asked for once the last one is stored."""
        for url in islice(self._urls, 1):
            origin = Origin(site=self.site.id, kind=Kind.FILE, url=url)
            yield Request(
                url,
                self.parse_file,
                errback=self.failed_file,
                cb_kwargs={"url": url},
                meta={"download_slot": self.site.lane, ORIGIN: origin},
            )


async def crawl_attachments(
    site: Site,
    urls: Sequence[str],
    *,
    sink: FileSink,
    started_at: datetime | None = None,
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Ask for files of a site, one after the other.

    Args:
        site: The site.
        urls: The addresses, on the site's own hosts.
        sink: Takes what became of each.
        started_at: The moment at which the crawl takes place; none: when it starts.
        settings: Scrapy settings above the project's own.

    Raises: As `spiders.crawl.run_spider`.
    """
    name = f"{site.id.title().replace('_', '')}AttachmentSpider"
    spider = type(name, (AttachmentSpider,), {"name": site.id, "site": site})
    await run_spider(spider, settings or {}, urls=urls, file_sink=sink, started_at=started_at)
