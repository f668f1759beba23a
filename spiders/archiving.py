"""Writes every response to the archive before anyone reads it."""

from pathlib import Path
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from spiders.archive import FETCHED_AT, ORIGIN, PLACE, ArchiveWriter
from spiders.district import DistrictSpider


class ArchiveMiddleware:
    """Archives all that comes back: pages, errors, redirects, robots.txt."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._writer: ArchiveWriter | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.closed, signals.spider_closed)
        return middleware

    def process_response(self, request: Request, response: Response) -> Response:
        spider = self._crawler.spider
        assert isinstance(spider, DistrictSpider)  # noqa: S101
        if self._writer is None:
            root = Path(self._crawler.settings["ARCHIVE"])
            self._writer = ArchiveWriter(root, spider.site.id, spider.clock.started_at)
            spider.archive = self._writer
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]
        at = spider.clock.now()
        request.meta[FETCHED_AT] = at
        request.meta[PLACE] = self._writer.write(
            response.url,
            response.status,
            headers,
            response.body,
            at,
            request.meta.get(ORIGIN),
        )
        return response

    def closed(self) -> None:
        if self._writer:
            self._writer.close()
