"""Runs a site's crawl on the running event loop: several a process, and none needs a reactor."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import anyio
from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.utils.project import get_project_settings
from twisted.python.failure import Failure

from schemas.dates import Window
from schemas.site import Site
from spiders.loader import spider_class
from spiders.ports import Memory, Sink

# A cancelled crawl lets the requests under way end; with one a lane that is one answer's time.
_STOP_GRACE_SECONDS = 30.0

# Says at each start that it is experimental; the choice was made with that known.
logging.getLogger("scrapy.core.downloader.handlers._base_streaming").setLevel(logging.ERROR)


async def crawl(
    site: Site,
    window: Window,
    *,
    memory: Memory,
    sink: Sink,
    first_since: date | None = None,
    started_at: datetime | None = None,
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Crawl one site.

    Args:
        site: The site, with its columns and its politeness.
        window: The publish days wanted; without a `since`, from where the last run ended.
        memory: What earlier runs left behind.
        sink: Takes the visits.
        first_since: Where a column begins that was never taken; none: at its first article.
        started_at: The moment at which the crawl takes place; none: when it starts.
        settings: Scrapy settings above the project's own, such as REPLAY.

    Raises: As `run_spider`.
    """
    await run_spider(
        spider_class(site),
        settings or {},
        since=window.since,
        until=window.until,
        first_since=first_since,
        started_at=started_at,
        memory=memory,
        sink=sink,
    )


async def run_spider(
    spider: type[Spider],
    settings: Mapping[str, Any],
    *,
    stop_grace: float = _STOP_GRACE_SECONDS,
    **arguments: object,
) -> None:
    """Run a spider with these arguments to its end.

    Cancelling the calling task stops the crawl: no new request, and what is under way is handed
    on first, as far as `stop_grace` seconds allow.

    Raises:
        Exception: What a callback or a pipeline raised, after the crawl has ended.
    """
    project = get_project_settings()
    project.setmodule("spiders.settings", priority="project")
    project.setdict(settings, priority="cmdline")
    runner = AsyncCrawlerRunner(project)
    crawler = runner.create_crawler(spider)
    failures = _Failures()
    crawler.signals.connect(failures.note, signals.spider_error)
    crawler.signals.connect(failures.note, signals.item_error)
    task = runner.crawl(crawler, **arguments)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        with anyio.CancelScope(shield=True):
            stopping = asyncio.ensure_future(crawler.stop_async())
            await asyncio.wait({task}, timeout=stop_grace)
            for leftover in (stopping, task):
                leftover.cancel()
        raise
    failures.raise_first()


class _Failures:
    """What went wrong in our own code during a crawl, which Scrapy would only log."""

    def __init__(self) -> None:
        self._errors: list[BaseException] = []

    def note(self, failure: Failure) -> None:
        self._errors.append(failure.value or RuntimeError("a callback failed"))

    def raise_first(self) -> None:
        if self._errors:
            raise self._errors[0]
