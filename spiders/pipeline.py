"""Hands visits on: to the flows' fetch step, or, in a crawl by itself, to the reader."""

from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from schemas.article import Article
from schemas.outcome import Outcome
from schemas.visit import Visit
from spiders.district import DistrictSpider
from spiders.reader import read


class HandOver:
    """A Scrapy item pipeline: visits go to the spider's sink, or come out as records."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Visit) -> dict[str, Any] | Visit:
        spider = self._crawler.spider
        assert isinstance(spider, DistrictSpider)  # noqa: S101
        checkpoint = spider.walks[item.column].settle(item)
        if spider.sink:
            await spider.sink(item, checkpoint)
            return item
        if item.page is None:
            raise DropItem(f"{item.outcome}: {item.url} {item.reason}", log_level="DEBUG")
        record = read(item.page, spider.site)
        if isinstance(record, Article):
            return record.model_dump(mode="json")
        raise DropItem(f"{Outcome.REJECTED}: {record.url} {record.reason}", log_level="WARNING")
