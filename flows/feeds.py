"""Articles that a site's own site maps and feeds name, fetched as a backfill's are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from flows.batch import Fetched
from flows.ingest import Progress
from flows.lanes import SharedLane
from flows.locks import site_lock
from flows.options import RunOptions
from flows.report import Reporter
from flows.steps.clean import clean
from flows.steps.dedupe import dedupe
from flows.steps.fetch import Batcher
from flows.steps.store import store as store_batch
from flows.storage.store import Store
from schemas.report import ColumnReport, RunReport
from schemas.site import Site
from schemas.source import SourceReport, in_words, top_hosts
from spiders.crawl import run_spider
from spiders.feed import FeedSpider, Named
from spiders.registry import get_sites
from spiders.sources import SourceError
from spiders.sources.feeds import Feed, FeedEntry, is_feed, read_feed

_BESIDE = "beside the lists"
_SCHEMES = ("http://", "https://")
# As much of a file as tells whether it is a feed.
_HEAD = 4096


@dataclass(slots=True)
class Feeds:
    """What is known of the site maps and feeds of one site before any is asked for."""

    site: Site
    addresses: list[str] = field(default_factory=list)
    entries: list[FeedEntry] = field(default_factory=list)
    """What saved ones name."""


def is_feed_source(source: str) -> bool:
    """Whether a source is an address, or a saved site map or feed."""
    if source.startswith(_SCHEMES):
        return True
    path = Path(source)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return is_feed(file.read(_HEAD))


def find_feeds(sources: Sequence[str], site_ids: Sequence[str]) -> dict[str, Feeds]:
    """Site maps and feeds by the sites whose pages they name.

    Args:
        sources: Addresses, and files that `is_feed_source` knows.
        site_ids: Only these sites; none: all.

    Raises:
        SourceError: No site claims an address, or a file names no page of a site.
        UnknownSiteError: There is no such site.
    """
    by_host = {host: site for site in get_sites(site_ids) for host in site.all_hosts}
    found: dict[str, Feeds] = {}
    for source in sources:
        if source.startswith(_SCHEMES):
            feed = Feed([], [source])
        else:
            try:
                feed = read_feed(Path(source).read_bytes(), "")
            except ValueError as error:
                raise SourceError(f"{source}: {error}") from error
        named = [*feed.further, *(entry.url for entry in feed.entries)]
        sites = {url: site for url in named if (site := by_host.get(urlsplit(url).hostname or ""))}
        if not sites:
            hosts = in_words(top_hosts(Counter(urlsplit(url).hostname or "?" for url in named)))
            raise SourceError(f"{source}: no site claims its hosts: {hosts or 'it names no page'}")
        for url in feed.further:
            if site := sites.get(url):
                found.setdefault(site.id, Feeds(site)).addresses.append(url)
        for entry in feed.entries:
            if site := sites.get(entry.url):
                found.setdefault(site.id, Feeds(site)).entries.append(entry)
    return found


async def take_feeds(
    feeds: Feeds,
    options: RunOptions,
    *,
    progress: Progress | None = None,
) -> RunReport:
    """Fetch the articles that site maps and feeds name and the store does not have.

    Args:
        feeds: The site maps and feeds of one site.
        options: The window, by the days that they say; where the data lies.
        progress: Is told whenever a batch is stored.

    Raises:
        flows.locks.SiteBusyError: Another run reads the site's feeds.
        flows.storage.errors.StoreError: The database cannot be used.
        spiders.ports.NoContactError: A live crawl without a contact for the user agent.
    """
    started = monotonic()
    site = feeds.site
    beside = ColumnReport(column="", name=_BESIDE)
    reporter = Reporter(site, options.window, options.starts_at, beside)
    named = Named(entries=[*feeds.entries])
    with Store.open(options.database) as store, site_lock(store, f"{site.id}-feeds"):
        lane = SharedLane(store, site, site.politeness.delay_seconds)
        batcher = Batcher(site, options.archive, partial(_save, site, store, reporter, progress))
        spider = type("SiteFeedSpider", (FeedSpider,), {"name": site.id, "site": site})
        try:
            if not options.replay:
                await lane.take()
            await run_spider(
                spider,
                options.crawl_settings,
                feeds=feeds.addresses,
                named=named,
                give_way=_stay if options.replay else lane.give_way,
                since=options.window.since,
                until=options.window.until,
                started_at=options.at,
                memory=store,
                sink=batcher.take,
            )
        finally:
            await batcher.flush()
            lane.release()
        reporter.report.source = SourceReport(
            files=named.feeds,
            pages=len(named.entries),
            skipped=Counter(named.skipped),
            other_hosts=top_hosts(named.others),
            others=named.others.total(),
        )
        reporter.report.problems += named.problems
        took = timedelta(seconds=monotonic() - started)
        report = reporter.finish(took, store.waiting(site.id))
    report.columns = [beside]
    return report


async def _save(
    site: Site, store: Store, reporter: Reporter, progress: Progress | None, batch: Fetched
) -> None:
    deduped = await dedupe(await clean(batch, site))
    reporter.add(deduped, await store_batch(deduped, store))
    if progress:
        progress(reporter.report)


async def _stay() -> None:
    """Give way to nobody: no lane is held."""
