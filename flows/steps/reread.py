"""reread: the pages of some archive files through today's readers, beside what is stored.

Runs in a process of its own, on this machine or another. What differs goes to a file on the disk,
so that memory does not grow with the archive.
"""

import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from flows.reading import Reading, Standing, Values
from flows.steps.compare import is_same, values_of, worse
from flows.storage.reread import Known, Place
from flows.storage.rows import rejection_row
from flows.storage.sameness import is_revised
from flows.storage.store import Store
from schemas.article import Article
from schemas.dates import SHANGHAI, Window
from schemas.outcome import Outcome
from schemas.page import Page
from schemas.rejection import Rejection
from schemas.site import Site
from schemas.visit import Kind, Visit
from spiders.archive import iterate_pages
from spiders.identity import canonical_url
from spiders.not_a_page import recognise
from spiders.reader import read

# Enough that a query's cost is shared, few enough that their bytes (mostly under 200 KB a page)
# are no matter.
_PAGES_A_QUERY = 64
_OK = 200
OF_A_REJECTION = ("outcome", "reason", "errors", "reader", "reader_version")


@dataclass(frozen=True, slots=True)
class Job:
    """Some files of one site, oldest first, to be read in one go."""

    site: Site
    files: tuple[str, ...]
    """Relative to the archive."""
    size: int
    """Bytes."""
    archive: Path
    database: str
    window: Window
    """Of the days on which the pages were fetched."""
    spool: Path
    """Where the readings go that differ from what is stored."""


@dataclass(slots=True)
class Done:
    """What became of a job's pages that need no change."""

    pages: int = 0
    same: int = 0
    superseded: int = 0
    waiting: Counter[str] = field(default_factory=Counter)
    """Pages in quarantine that read as before, by reason."""
    problems: list[str] = field(default_factory=list)


def reread(job: Job) -> Done:
    """Read a job's files again and write what differs to its spool.

    Raises:
        StoreError: The database cannot be used.
        OSError: The spool cannot be written.
    """
    done = Done()
    with Store.open(job.database) as store, job.spool.open("wb") as spool:
        for file in job.files:
            try:
                for pages in _batches(job, file):
                    for reading in compare(pages, job.site, store, done):
                        pickle.dump(reading, spool)
            except (OSError, ValueError) as error:
                done.problems.append(f"{file}: {error}; the rest of it was not read")
    return done


def readings(spool: Path) -> Iterator[Reading]:
    """The readings that a job wrote."""
    with spool.open("rb") as file, suppress(EOFError):
        while True:
            yield pickle.load(file)  # noqa: S301  (our own file of this very run)


def compare(pages: Sequence[Page], site: Site, store: Store, done: Done) -> Iterator[Reading]:
    """Read pages of one file again; yield what the store has otherwise, count the rest."""
    places = [_place(page) for page in pages]
    urls = [canonical_url(site, page.url) for page in pages]
    known = store.known_pages(site.id, urls, places)
    for page, url, place in zip(pages, urls, places, strict=True):
        if reading := _compare(page, site, url, place, known, done):
            yield reading


def _compare(
    page: Page, site: Site, url: str, place: Place, known: Known, done: Done
) -> Reading | None:
    """The reading of one page where the store has it otherwise; counted where it has it so."""
    done.pages += 1
    stored = known.places.get(place) or known.revisions.get(place)
    if stored:
        reading = _read_again(page, site, stored, is_held=stored["id"] in known.held)
    elif _is_in_quarantine(url, place, known):
        reading = _read_rejected(page, site, url, known)
        if reading is None:
            done.waiting[known.rejections[url]["reason"]] += 1
            return None
    elif url in known.silent:
        done.same += 1
        return None
    elif _is_superseded(page, url, known):
        done.superseded += 1
        return None
    elif recognise(page.status, page.headers, page.body):
        done.pages -= 1  # a crawl makes no rejection of a challenge or a page that is gone
        return None
    else:
        reading = _read_unstored(page, site, url, known)
    done.same += reading is None
    return reading


def _read_again(page: Page, site: Site, stored: Values, *, is_held: bool) -> Reading | None:
    """The reading of a page that a stored article was read from; none where it is the same."""
    number = stored.get("number")
    record = read(page, site)
    if isinstance(record, Article):
        # An article keeps the identity that it was first stored under.
        record = record.model_copy(update={"id": stored["id"], "url": stored["url"]})
        if is_same(stored, values_of(record)) and not (is_held and number is None):
            return None
    return Reading(
        standing=Standing.EARLIER if number else Standing.CURRENT,
        record=record,
        stored=stored,
        number=number,
        reasons=worse(stored, record),
        is_held=is_held and number is None,
    )


def _read_rejected(page: Page, site: Site, url: str, known: Known) -> Reading | None:
    """The reading of a page in quarantine; none where it is rejected as before."""
    record = read(page, site)
    if isinstance(record, Rejection) and is_same(
        known.rejections[url], rejection_row(record), OF_A_REJECTION
    ):
        return None
    # The page may have been seen unchanged since.
    at = max(page.fetched_at, known.last_seen.get(url, page.fetched_at))
    return Reading(Standing.REJECTED, record, visit=visit_of(page, site, url, at))


def _read_unstored(page: Page, site: Site, url: str, known: Known) -> Reading | None:
    """The reading of a page that nothing is stored of; none where it says what is stored."""
    record = read(page, site)
    later = known.last_seen.get(url)
    is_last = later is None or later <= page.fetched_at
    visit = visit_of(page, site, url, page.fetched_at) if is_last else None
    if isinstance(record, Rejection):
        return Reading(Standing.UNSTORED, record, visit=visit)
    stored = known.articles.get(url)
    file, offset = _place(page)
    lies = {"archive_file": file, "archive_offset": offset}
    if stored and not is_revised(stored, {**values_of(record), **lies}):
        return None
    return Reading(Standing.UNSTORED, record, stored=stored, visit=visit)


def _is_in_quarantine(url: str, place: Place, known: Known) -> bool:
    row = known.rejections.get(url)
    return row is not None and place == (row["archive_file"], row["archive_offset"])


def _is_superseded(page: Page, url: str, known: Known) -> bool:
    """Whether something as new or newer is stored of the page's address."""
    stored = known.articles.get(url)
    waiting = known.rejections.get(url)
    moments = (stored and stored["fetched_at"], waiting and waiting["last_seen"])
    fetched_at = page.fetched_at.replace(microsecond=0)  # as the store keeps it
    return any(moment and fetched_at <= moment for moment in moments)


def visit_of(page: Page, site: Site, url: str, at: datetime) -> Visit:
    """The visit that fetched the page, as the crawl or the source made it."""
    asked = canonical_url(site, page.listing.url) if page.listing else url
    return Visit(
        url=asked,
        address=url if url != asked else None,
        kind=Kind.ARTICLE if page.column else Kind.BESIDE,
        site=page.site,
        column=page.column or "",
        outcome=Outcome.OK,
        at=at,
        status=page.status,
        listing=page.listing,
        # Only of a redirect more than its presence counts, and of that not the bytes.
        page=page.model_copy(update={"body": b""}),
        validators=page.validators,
        body_hash=sha256(page.body).hexdigest() if page.body else None,
        archive=page.archive,
    )


def _batches(job: Job, file: str) -> Iterator[list[Page]]:
    """The article pages of a file that were answered and lie in the window."""
    batch: list[Page] = []
    for page in iterate_pages(job.archive, file):
        if page.status != _OK or page.fetched_at.astimezone(SHANGHAI).date() not in job.window:
            continue
        batch.append(page)
        if len(batch) == _PAGES_A_QUERY:
            yield batch
            batch = []
    if batch:
        yield batch


def _place(page: Page) -> Place:
    assert page.archive  # noqa: S101  (it comes from there)
    return page.archive.file, page.archive.offset
