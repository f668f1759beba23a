"""The one clock of a crawl: when Scrapy says it started, plus the steady time since."""

from datetime import UTC, datetime, timedelta
from time import monotonic

from scrapy.crawler import Crawler


class CrawlClock:
    """Tells the time of a crawl; it never runs backwards."""

    def __init__(self, started_at: datetime) -> None:
        self.started_at = started_at
        self._zero = monotonic()

    @classmethod
    def of(cls, crawler: Crawler) -> "CrawlClock":
        """The clock of a crawl that is open."""
        assert crawler.stats  # noqa: S101  (there since the crawl was opened)
        started_at: datetime = crawler.stats.get_value("start_time")
        return cls(started_at.replace(tzinfo=started_at.tzinfo or UTC))

    def now(self) -> datetime:
        return self.started_at + timedelta(seconds=monotonic() - self._zero)
