"""attach: the files that a site's stored articles offer, fetched, stored, and read for their text.

It follows a run's crawl, so that today's articles have theirs today. Each file is a transaction
of its own, and reading asks the store what is unread: a crash costs one file, the next run goes on.
"""

from contextlib import AsyncExitStack
from functools import partial

from anyio import to_thread

from flows.lanes import lane
from flows.locks import site_lock
from flows.options import RunOptions
from flows.report import NAMED_ONE_BY_ONE
from flows.storage.store import Store
from schemas.file import AttachmentReport, FileVisit
from schemas.outcome import Outcome
from schemas.site import Site
from spiders.archive import read_record, sync
from spiders.attachments.reading import Extracted, extract
from spiders.attachments.recall import recall
from spiders.attachments.spider import crawl_attachments

_ALARMING = frozenset({Outcome.BLOCKED, Outcome.DISALLOWED, Outcome.FAILED, Outcome.TOO_LARGE})


async def attach(site: Site, options: RunOptions, store: Store) -> AttachmentReport:
    """Fetch what is owed of a site's files, within its budget, and read what is unread.

    Raises: As `flows.ingest.ingest`.
    """
    report = AttachmentReport()
    limit = site.attachments.per_run
    if owed := await store.owed_files(site, options.starts_at, limit):
        async with AsyncExitStack() as held:
            if not options.replay:
                await held.enter_async_context(lane(store, site))
            await crawl_attachments(
                site,
                owed,
                sink=partial(_take, options, store, report),
                started_at=options.at,
                settings=options.crawl_settings,
            )
    await _read(site, options, store, report, limit)
    return report


async def restore(site: Site, options: RunOptions) -> AttachmentReport:
    """Take every file of a site from the archive again, with no request; for an empty database.

    Raises:
        flows.locks.SiteBusyError: A run of this site is under way.
        flows.storage.errors.StoreError: The database cannot be used.
    """
    report = AttachmentReport()
    with Store.open(options.database) as store, site_lock(store, site.id):
        for visit in recall(site, options.archive):
            _count(report, visit, is_new=await store.save_file(visit))
        await _read(site, options, store, report, None)
    return report


async def _read(
    site: Site, options: RunOptions, store: Store, report: AttachmentReport, limit: int | None
) -> None:
    """Read the files whose text nobody has looked for."""
    for file in await store.unread_files(site.id, limit):
        try:
            _, _, body = await to_thread.run_sync(read_record, options.archive, file.archive)
        except (OSError, ValueError) as error:
            report.problems.append(f"file {file.sha256}: {error}; restore the archive from a copy")
            continue
        found: Extracted = await extract(file.kind, body)
        await store.set_text(file.sha256, found.text, found.no_text)
        report.texts += found.text is not None
        if found.no_text:
            report.without_text[found.no_text] += 1


async def _take(
    options: RunOptions, store: Store, report: AttachmentReport, visit: FileVisit
) -> None:
    """Store one visit, once its bytes are on the disk."""
    if visit.archive:
        await to_thread.run_sync(sync, options.archive, frozenset({visit.archive.file}))
    _count(report, visit, is_new=await store.save_file(visit))
    if visit.outcome in _ALARMING and len(report.problems) < NAMED_ONE_BY_ONE:
        what = visit.outcome.replace("_", " ")
        report.problems.append(f"file {visit.url}: {what} ({visit.reason})")


def _count(report: AttachmentReport, visit: FileVisit, *, is_new: bool) -> None:
    report.outcomes[visit.outcome] += 1
    if is_new:
        report.new += 1
        report.bytes += visit.size or 0
