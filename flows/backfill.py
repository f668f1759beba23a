"""backfill: what is missing of a window in the past, column by column, from the ledger's mark on.

Each column over each window is locked by itself, and the lane is shared: several windows of a site
may be walked at once, and beside the daily run. It moves no checkpoint.
"""

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import timedelta
from time import monotonic

import anyio

from flows.attachments import attach
from flows.keeper import StoreKeeper, Watch
from flows.lanes import SharedLane
from flows.locks import SiteBusyError, site_lock
from flows.options import RunOptions
from flows.report import Reporter
from flows.storage.store import Store
from schemas.ledger import Entry, entry_key
from schemas.report import RunReport
from schemas.site import Site
from spiders.backfill import crawl_backfill
from spiders.replay import check_replay


class BackfillError(ValueError):
    """A backfill that cannot be made as it was asked for; the message says what can."""


WalkColumn = Callable[[Site, Entry, RunOptions, Store, Reporter, Watch | None], Awaitable[None]]


async def walk_column(
    site: Site,
    entry: Entry,
    options: RunOptions,
    store: Store,
    reporter: Reporter,
    watch: Watch | None,
) -> None:
    """Walk one column as far as this run gets; the ledger and the report say how far that is."""
    lane = SharedLane(store, site, pause(site, options))
    keeper = StoreKeeper(
        entry, site, options, store, reporter, None if options.replay else lane, watch
    )
    reason = "interrupted"
    try:
        if not options.replay:
            await lane.take()
        await crawl_backfill(
            site,
            keeper=keeper,
            memory=store,
            max_pages=options.max_pages,
            started_at=options.at,
            settings=_settings(site, options),
        )
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise
    finally:
        try:
            with anyio.CancelScope(shield=True):
                await keeper.close(reason)
        finally:
            lane.release()


async def backfill(
    site: Site,
    options: RunOptions,
    *,
    walk: WalkColumn = walk_column,
    watch: Watch | None = None,
) -> RunReport:
    """Fetch what is missing of a window in the past, and go on where the last run was stopped.

    Args:
        site: The site.
        options: Its window has both ends; `columns`, `max_pages` and `rate` are heeded.
        walk: Walks one column. A scheduler passes the same function in its own wrapping.
        watch: Is told whenever something is stored.

    Raises:
        BackfillError: The window is open at an end, the site has no such column, or the rate is
            more than its file allows.
        flows.locks.SiteBusyError: Another run walks one of the columns over the same window.
        flows.storage.errors.StoreError: The database cannot be used.
        spiders.ports.NoContactError: A live crawl without a contact for the user agent.
        FileNotFoundError: The replay is not there.
    """
    site, window = as_asked(site, options), options.window
    if options.replay:
        check_replay(options.replay, site.id)
    with Store.open(options.database) as store, ExitStack() as held:
        for column in site.columns:
            held.enter_context(site_lock(store, entry_key(site.id, column.id, window)))
        started = monotonic()
        reporter = Reporter(site, window, options.starts_at)
        ids = [column.id for column in site.columns]
        for entry in await store.begin(site.id, ids, window, options.starts_at):
            if not reporter.is_blocked:
                await walk(site, entry, options, store, reporter, watch)
        if site.attachments.fetch and not reporter.is_shut_out:
            await _attach(site, options, store, reporter.report)
        took = timedelta(seconds=monotonic() - started)
        return reporter.finish(took, store.waiting(site.id))


async def _attach(site: Site, options: RunOptions, store: Store, report: RunReport) -> None:
    """Fetch what is owed of the site's files; where another run is at it, leave it to that."""
    try:
        with site_lock(store, site.id):
            report.attachments = await attach(site, options, store)
    except SiteBusyError:
        return


def as_asked(site: Site, options: RunOptions) -> Site:
    """The site with only those columns that are asked for.

    Raises:
        BackfillError: As `backfill`.
    """
    if options.window.since is None or options.window.until is None:
        raise BackfillError("a backfill needs both --since and --until (the first day not wanted)")
    pause(site, options)
    try:
        columns = tuple(site.column(column) for column in options.columns)
    except KeyError as error:
        raise BackfillError(error.args[0]) from error
    return site.model_copy(update={"columns": columns or site.columns})


def pause(site: Site, options: RunOptions) -> float:
    """Seconds between two requests: the site's own, or more.

    Raises:
        BackfillError: It would be less.
    """
    least = site.politeness.delay_seconds
    if options.rate is None:
        return least
    if options.rate <= 0 or options.rate * least > 1:
        raise BackfillError(
            f"{site.id} is asked once in {least:g} seconds at most: expected a rate above 0 and up "
            f"to {1 / least:g} requests a second, got {options.rate:g}"
        )
    return 1 / options.rate


def _settings(site: Site, options: RunOptions) -> dict[str, object]:
    """What Scrapy is told."""
    pace = {"DOWNLOAD_DELAY": pause(site, options)} if options.rate else {}
    return {**options.crawl_settings, **pace}
