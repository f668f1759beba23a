"""reparse: every archived page through today's readers, first a report, then the changes.

Three passes. The archive's files are read in parallel, and what differs from the store is written
to the disk. From there a report is made of what would change. Then one writer stores it. So
memory does not grow with the archive, and nothing changes before the report is there.
"""

import asyncio
import multiprocessing
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, groupby, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from anyio import to_thread

from flows.locks import SiteBusyError, site_lock
from flows.options import RunOptions
from flows.steps.relist import list_rows, relist
from flows.steps.reread import Done, Job, readings, reread
from flows.steps.settle import settle
from flows.steps.tally import Tally
from flows.steps.weigh import Verdict, Weighed, weigh
from flows.storage.store import Store
from schemas.reparse import ReparseReport
from schemas.site import Site
from spiders.archive import archive_files

# Some seconds of work: a process's start and a query's first plan do not count beside it, and no
# core waits long for the last one. A file that is larger is a job of its own.
_JOB_BYTES = 32_000_000

# Rows of lists a transaction.
_ROWS = 1000

Work = Callable[[Job], Done]
Finished = Callable[[Job, Done], None]
"""Called with each job that is done."""
Workers = Callable[[Work, Sequence[Job], Finished], Awaitable[None]]
"""Does the work on every job, in any order, at the same time, wherever there are cores."""
Told = Callable[[int, int, int], None]
"""Called with the bytes of the archive that are read, those there are, and the pages so far."""


async def reparse(
    sites: Sequence[Site],
    options: RunOptions,
    *,
    dry_run: bool = False,
    workers: Workers | None = None,
    told: Told | None = None,
    report_first: Callable[[ReparseReport], None] | None = None,
) -> ReparseReport:
    """Read the archive of some sites again, and store what reads differently.

    Args:
        sites: The sites.
        options: The window, of the days on which pages were fetched, and where the data lies.
        dry_run: Report what would change, and change nothing.
        workers: Where the pages are read; without it, on all cores of this machine.
        told: Is told how far the reading has come.
        report_first: Is given the report before anything changes.

    Raises:
        StoreError: The database cannot be used.
        OSError: The archive or the disk cannot.
    """
    options.data.mkdir(parents=True, exist_ok=True)
    with (
        Store.open(options.database) as store,
        TemporaryDirectory(prefix="reparse-", dir=options.data) as spools,
    ):
        run = workers or on_all_cores
        tally = Tally(options.window, datetime.now(UTC))
        jobs = make_jobs(sites, options, Path(spools))

        size, size_read = sum(job.size for job in jobs), 0

        def count(job: Job, done: Done) -> None:
            nonlocal size_read
            tally.add_done(done)
            size_read += job.size
            if told:
                told(size_read, size, tally.report.pages)

        await run(reread, jobs, count)
        rebuilt: set[str] = set()
        for site, weighed in _by_site(jobs):
            for one in weighed:
                tally.add(one)
                if one.verdict is Verdict.NEW:
                    rebuilt.add(site.id)
        report = tally.finish()
        if report_first:
            report_first(report)
        if not dry_run:
            lists = [_for_lists(job) for job in jobs if job.site.id in rebuilt]
            await run(relist, lists, _quietly)
            await _store(jobs, lists, store, report)
        report.finished_at = datetime.now(UTC)
        return report


def make_jobs(sites: Sequence[Site], options: RunOptions, spools: Path) -> list[Job]:
    """The archive of the sites in parts that can be read at the same time, oldest first."""
    jobs: list[Job] = []
    for site in sites:
        parts: list[tuple[list[str], int]] = []
        for file in archive_files(options.archive, site.id):
            size = (options.archive / file).stat().st_size
            if not parts or parts[-1][1] + size > _JOB_BYTES:
                parts.append(([], 0))
            files, so_far = parts[-1]
            parts[-1] = ([*files, file], so_far + size)
        for files, size in parts:
            spool = spools / f"{len(jobs)}.pickle"
            jobs.append(
                Job(
                    site=site,
                    files=tuple(files),
                    size=size,
                    archive=options.archive,
                    database=options.database,
                    window=options.window,
                    spool=spool,
                )
            )
    return jobs


async def on_all_cores(work: Work, jobs: Sequence[Job], finished: Finished) -> None:
    """Do the jobs in as many processes as this one may use cores.

    They are spawned: the database's connections and the threads of the event loop, and of Prefect
    where it runs us, do not survive a fork.
    """
    cores = min(len(os.sched_getaffinity(0)), len(jobs))
    if cores <= 1:
        for job in jobs:
            finished(job, await to_thread.run_sync(work, job))
        return
    spawn = multiprocessing.get_context("spawn")
    largest_first = sorted(jobs, key=lambda job: -job.size)
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(cores, mp_context=spawn) as pool:
        futures = [loop.run_in_executor(pool, work, job) for job in largest_first]
        try:
            async with asyncio.TaskGroup() as group:
                for job, future in zip(largest_first, futures, strict=True):
                    group.create_task(_tell(future, job, finished))
        except ExceptionGroup as errors:
            if isinstance(errors.exceptions[0], BrokenProcessPool):
                raise OSError(
                    "a process that read the archive was killed, by hand or for want of memory; "
                    "nothing was changed, run reparse again"
                ) from errors
            raise errors.exceptions[0] from errors
        finally:
            pool.shutdown(cancel_futures=True)


async def _tell(future: Awaitable[Done], job: Job, finished: Finished) -> None:
    finished(job, await future)


def _quietly(_job: Job, _done: Done) -> None:
    """Tell nobody: the report is there."""


def _for_lists(job: Job) -> Job:
    return replace(job, spool=job.spool.with_suffix(".lists"))


def _by_site(jobs: Sequence[Job]) -> Iterator[tuple[Site, Iterator[Weighed]]]:
    """What becomes of the readings that the jobs wrote, in the order of each site's archive."""
    for _, of_site in groupby(jobs, key=lambda job: job.site.id):
        parts = list(of_site)
        yield parts[0].site, weigh(chain.from_iterable(readings(job.spool) for job in parts))


async def _store(
    jobs: Sequence[Job], lists: Sequence[Job], store: Store, report: ReparseReport
) -> None:
    report.stored = True
    for site, weighed in _by_site(jobs):
        try:
            with site_lock(store, site.id):
                await settle(weighed, site.id, store, report.started_at)
                rows = chain.from_iterable(
                    list_rows(job.spool) for job in lists if job.site.id == site.id
                )
                while some := list(islice(rows, _ROWS)):
                    await store.list_again(site.id, some)
        except SiteBusyError as busy:
            report.problems.append(f"{busy}, and reparse {site.id} again: nothing of it is stored")
