"""quarantine: rejected pages read again from the archive, with no request."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby

from anyio import to_thread

from flows.locks import site_lock
from flows.options import RunOptions
from flows.reading import Reading
from flows.steps.reread import Done, compare
from flows.steps.settle import settle
from flows.steps.tally import Tally
from flows.steps.weigh import weigh
from flows.storage.store import Store
from schemas.dates import Window
from schemas.page import ArchivePlace, Page
from schemas.rejection import Rejection
from schemas.reparse import ReparseReport
from schemas.site import Site
from spiders.archive import read_page
from spiders.registry import UnknownSiteError, get_site


async def replay(
    options: RunOptions,
    *,
    site: str | None = None,
    reason: str | None = None,
    told: Callable[[int, int], None] | None = None,
) -> ReparseReport:
    """Read pages in quarantine again; store what passes now, renew the reasons of what does not.

    Args:
        options: Where the data lies.
        site: Only those of this site.
        reason: Only those rejected for this.
        told: Is told how many pages of how many have been read.

    Raises:
        StoreError: The database cannot be used.
        UnknownSiteError: There is no such site.
        flows.locks.SiteBusyError: A run of one of the sites is under way.
    """
    if site:
        get_site(site)
    tally = Tally(Window(), datetime.now(UTC))
    with Store.open(options.database) as store:
        waiting = store.rejections(site=site, reason=reason)
        waiting.sort(key=lambda one: (one.site, str(one.archive)))
        so_far = 0
        for (site_id, _), group in groupby(waiting, lambda one: (one.site, _file(one))):
            some = list(group)
            try:
                known_site = get_site(site_id)
            except UnknownSiteError as error:
                tally.report.problems.append(f"{len(some)} pages wait: {error}")
                continue
            with site_lock(store, site_id):
                await _replay(some, known_site, options, store, tally)
            so_far += len(some)
            if told:
                told(so_far, len(waiting))
    report = tally.finish()
    report.stored = True
    report.finished_at = datetime.now(UTC)
    return report


async def _replay(
    rejected: list[Rejection], site: Site, options: RunOptions, store: Store, tally: Tally
) -> None:
    """Replay pages of one site that lie in one file of the archive."""
    done = Done()
    pages = await to_thread.run_sync(_pages, rejected, options, done)
    if pages:
        readings = await to_thread.run_sync(_readings, pages, site, store, done)
        weighed = list(weigh(readings))
        for one in weighed:
            tally.add(one)
        await settle(weighed, site.id, store, tally.report.started_at)
    tally.add_done(done)


def _readings(pages: list[Page], site: Site, store: Store, done: Done) -> list[Reading]:
    return list(compare(pages, site, store, done))


def _pages(rejected: list[Rejection], options: RunOptions, done: Done) -> list[Page]:
    pages: list[Page] = []
    for one in rejected:
        try:
            pages.append(read_page(options.archive, _place(one)))
        except (OSError, ValueError) as error:
            done.problems.append(f"{one.url} waits, and its page cannot be read: {error}")
    return pages


def _place(rejected: Rejection) -> ArchivePlace:
    if rejected.archive is None:
        raise ValueError("it was never archived")
    return rejected.archive


def _file(rejected: Rejection) -> str:
    return rejected.archive.file if rejected.archive else ""
