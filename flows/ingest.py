"""ingest: fetch → clean → dedupe → store for one site, four stages at once, joined by streams."""

from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic
from typing import Any

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from flows.attachments import attach
from flows.batch import Cleaned, Deduped, Fetched
from flows.lanes import lane
from flows.locks import site_lock
from flows.options import RunOptions
from flows.report import Reporter
from flows.steps.clean import clean
from flows.steps.dedupe import dedupe
from flows.steps.fetch import fetch
from flows.steps.store import store as store_batch
from flows.storage.store import Store
from schemas.dates import SHANGHAI
from schemas.report import RunReport
from schemas.site import Site

# A site's first ingest takes the last month; older news is what a backfill is for.
FIRST_INGEST = timedelta(days=30)
# One batch waits between two stages while the next is made: more would only be memory.
_WAITING_BATCHES = 1

Progress = Callable[[RunReport], None]
"""Called with the report so far whenever a batch is stored."""


async def fetch_stage(
    site: Site, options: RunOptions, store: Store, out: MemoryObjectSendStream[Fetched]
) -> None:
    """fetch, as the first stage of a run."""
    async with out:
        await fetch(site, options, store, out.send)


async def clean_stage(
    site: Site,
    source: MemoryObjectReceiveStream[Fetched],
    out: MemoryObjectSendStream[Cleaned],
) -> None:
    """clean, batch by batch."""
    async with source, out:
        async for batch in source:
            await out.send(await clean(batch, site))


async def dedupe_stage(
    source: MemoryObjectReceiveStream[Cleaned],
    out: MemoryObjectSendStream[Deduped],
) -> None:
    """dedupe, batch by batch."""
    async with source, out:
        async for batch in source:
            await out.send(await dedupe(batch))


async def store_stage(
    store: Store,
    source: MemoryObjectReceiveStream[Deduped],
    reporter: Reporter,
    progress: Progress | None,
) -> None:
    """store, one transaction a batch, and the report with it."""
    async with source:
        async for batch in source:
            reporter.add(batch, await store_batch(batch, store))
            if progress:
                progress(reporter.report)


@dataclass(frozen=True, slots=True)
class Stages:
    """The four stages of a run. A scheduler passes the same functions in its own wrapping."""

    fetch: Callable[..., Coroutine[Any, Any, None]] = fetch_stage
    clean: Callable[..., Coroutine[Any, Any, None]] = clean_stage
    dedupe: Callable[..., Coroutine[Any, Any, None]] = dedupe_stage
    store: Callable[..., Coroutine[Any, Any, None]] = store_stage


async def ingest(
    site: Site,
    options: RunOptions,
    *,
    stages: Stages = Stages(),
    progress: Progress | None = None,
) -> RunReport:
    """Bring a site's records up to date.

    Without a `since`, a column goes on from its checkpoint, or starts a month ago.

    Raises:
        flows.locks.SiteBusyError: Another run of this site is under way, through whichever door.
        flows.storage.errors.StoreError: The database cannot be used.
        spiders.ports.NoContactError: A live crawl without a contact for the user agent.
    """
    first_since = (options.starts_at.astimezone(SHANGHAI) - FIRST_INGEST).date()
    return await _run(site, replace(options, first_since=first_since), stages, progress)


async def _run(
    site: Site, options: RunOptions, stages: Stages, progress: Progress | None
) -> RunReport:
    store = Store.open(options.database)
    try:
        with site_lock(store, site.id):
            started = monotonic()
            reporter = Reporter(site, options.window, options.starts_at)
            async with AsyncExitStack() as held:
                if not options.replay:
                    # Until all is stored: who has the lane next asks the store what is missing.
                    await held.enter_async_context(lane(store, site))
                await _join(site, options, store, stages, reporter, progress)
            if site.attachments.fetch and not reporter.is_shut_out:
                reporter.report.attachments = await attach(site, options, store)
            took = timedelta(seconds=monotonic() - started)
            return reporter.finish(took, store.waiting(site.id))
    finally:
        store.close()


async def _join(
    site: Site,
    options: RunOptions,
    store: Store,
    stages: Stages,
    reporter: Reporter,
    progress: Progress | None,
) -> None:
    """Run the four stages at once; what was fetched before a failure is stored before it is raised.

    A stage that fails takes the others down, so its error comes out alone.
    """
    fetched, to_clean = anyio.create_memory_object_stream[Fetched](_WAITING_BATCHES)
    cleaned, to_dedupe = anyio.create_memory_object_stream[Cleaned](_WAITING_BATCHES)
    deduped, to_store = anyio.create_memory_object_stream[Deduped](_WAITING_BATCHES)
    failure: Exception | None = None
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(stages.clean, site, to_clean, cleaned)
            group.start_soon(stages.dedupe, to_dedupe, deduped)
            group.start_soon(stages.store, store, to_store, reporter, progress)
            try:
                await stages.fetch(site, options, store, fetched)
            except Exception as error:  # noqa: BLE001  (raised again once the rest is stored)
                failure = error
            finally:
                await fetched.aclose()
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from errors
    if failure:
        raise failure
