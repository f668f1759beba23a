"""Pages from files take the way of fetched ones: archived, read, compared, stored in batches."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from time import monotonic

from anyio import to_thread

from flows.ingest import Progress
from flows.locks import site_lock
from flows.options import RunOptions
from flows.report import Reporter
from flows.steps.dedupe import dedupe
from flows.steps.store import store as store_batch
from flows.steps.take import Taken, Taking, batches, take
from flows.storage.store import Store
from schemas.report import ColumnReport, RunReport
from schemas.source import SourceReport, in_words, top_hosts
from spiders.archive import ArchiveWriter, sync
from spiders.registry import get_site, load_sites
from spiders.sources import SourceError, Survey, open_sources
from spiders.sources.survey import OfSite

_SAVED = "saved pages"


def survey_sources(
    paths: Sequence[Path],
    urls: Path | None,
    site_ids: Sequence[str],
    options: RunOptions,
    told: Callable[[str], None] | None = None,
) -> Survey:
    """What some files and folders hold of the sites that are known.

    Args:
        paths: The files and folders.
        urls: A table that says which page each saved file is.
        site_ids: Only these sites; none: all.
        options: The window.
        told: Is told which file is being looked through.

    Raises:
        SourceError: A source cannot be used, or none holds a page of a known site.
        UnknownSiteError: There is no such site.
    """
    for site_id in site_ids:
        get_site(site_id)
    survey = Survey(load_sites().values(), site_ids, options.window)
    for source in open_sources(paths, urls):
        if told:
            told(source.name)
        source.survey(survey)
    survey.resolve()
    if not any(of.pages for of in survey.sites.values()):
        raise SourceError(_why_nothing(survey, ", ".join(map(str, paths)), ", ".join(site_ids)))
    return survey


def _why_nothing(survey: Survey, files: str, sites: str) -> str:
    """Why there is no page to take, and what to do."""
    said = [f"no page of {sites or 'any site that is known'} in {files}"]
    if survey.other_hosts:
        said.append(
            f"pages of other hosts: {in_words(top_hosts(survey.other_hosts))} (a site's file names "
            f"its hosts, `district-news sites list` shows the sites)"
        )
    return "; ".join([*said, *survey.problems])


async def take_site(
    of: OfSite,
    survey: Survey,
    store: Store,
    options: RunOptions,
    *,
    progress: Progress | None = None,
) -> RunReport:
    """Store what the sources hold of one site and the store does not; no checkpoint moves.

    Args:
        of: What the sources hold of the site.
        survey: What they hold besides.
        store: The store; several sites may share it.
        options: The window, and where the data lies.
        progress: Is told whenever a batch has been looked at.

    Raises:
        flows.locks.SiteBusyError: A run of this site is under way.
        flows.storage.errors.StoreError: The database cannot be used.
        spiders.archive.ArchiveError: The archive cannot be written.
    """
    started = monotonic()
    site = of.site
    saved = ColumnReport(column="", name=_SAVED)
    saved.outcomes = of.outcomes
    reporter = Reporter(site, options.window, options.starts_at, saved)
    report = reporter.report
    report.source = SourceReport(
        files=sorted(of.files),
        pages=of.pages,
        other_hosts=top_hosts(survey.other_hosts),
        others=survey.other_hosts.total(),
    )
    report.source.skipped = of.skipped
    report.problems += survey.problems
    with site_lock(store, site.id):
        archive = ArchiveWriter(options.archive, site.id, options.starts_at)
        taking = Taking(of, options.window, archive, report.problems)
        try:
            waiting = batches(taking)
            while batch := await to_thread.run_sync(next, waiting, None):
                await _store(batch, taking, store, options, reporter)
                if progress:
                    progress(report)
        finally:
            archive.close()
        took = timedelta(seconds=monotonic() - started)
        report = reporter.finish(took, store.waiting(site.id))
    # Only of our own archive is known which column named a page.
    report.columns = [c for c in report.columns if c is saved or c.listed]
    return report


async def _store(
    batch: Sequence[Taken], taking: Taking, store: Store, options: RunOptions, reporter: Reporter
) -> None:
    """Take one batch, and store what is news in one transaction."""
    urls = [taken.url for taken in batch]
    known = await to_thread.run_sync(store.known_pages, taking.of.site.id, urls, ())
    cleaned = await to_thread.run_sync(take, batch, known, taking)
    places = [a.archive for a in cleaned.articles] + [r.archive for r in cleaned.rejections]
    files = frozenset(place.file for place in places if place)
    if not files:
        return
    await to_thread.run_sync(sync, options.archive, files)
    deduped = await dedupe(cleaned)
    reporter.add(deduped, await store_batch(deduped, store))
