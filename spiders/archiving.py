"""Writes every response to the archive before anyone reads it."""

import asyncio
from pathlib import Path
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from spiders.archive import FETCHED_AT, ORIGIN, PLACE, ArchiveError, ArchiveWriter
from spiders.district import DistrictSpider


class ArchiveMiddleware:
    """Archives all that comes back: pages, errors, redirects, robots.txt."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._writer: ArchiveWriter | None = None
        self._stopping: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.closed, signals.spider_closed)
        return middleware

    def process_response(self, request: Request, response: Response) -> Response:
        """Archive the response; without an archive there is no crawl.

        Raises:
            ArchiveError: It cannot be written. The crawl is stopping and will raise it too.
        """
        spider = self._crawler.spider
        assert isinstance(spider, DistrictSpider)  # noqa: S101
        if self._writer is None:
            root = Path(self._crawler.settings["ARCHIVE"])
            self._writer = ArchiveWriter(root, spider.site.id, spider.clock.started_at)
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]
        at = spider.clock.now()
        origin = request.meta.get(ORIGIN)
        request.meta[FETCHED_AT] = at
        try:
            request.meta[PLACE] = self._writer.write(
                response.url, response.status, headers, response.body, at, origin
            )
        except ArchiveError as error:
            self._stop(error)
            raise
        return response

    def closed(self) -> None:
        if self._writer:
            self._writer.close()

    def _stop(self, error: ArchiveError) -> None:
        if self._stopping is None:
            failure = Failure(error)  # type: ignore[no-untyped-call]  # Twisted has no types
            self._crawler.signals.send_catch_log(signals.spider_error, failure=failure)
            self._stopping = asyncio.ensure_future(self._crawler.stop_async())
