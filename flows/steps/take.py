"""take: pages of a source through the reader; what the store does not have goes to the archive."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from flows.batch import Cleaned
from flows.steps.compare import is_same
from flows.steps.reread import OF_A_REJECTION, visit_of
from flows.storage.reread import Known
from flows.storage.rows import article_row, rejection_row
from flows.storage.sameness import is_revised
from schemas.article import Article
from schemas.dates import SHANGHAI, Window
from schemas.page import ArchivePlace, Page
from schemas.rejection import Rejection
from schemas.source import Skipped
from schemas.visit import Kind, Origin, Visit
from spiders.archive import ArchiveWriter
from spiders.families.text import TEXT, is_plain_text
from spiders.identity import canonical_url
from spiders.not_a_page import recognise
from spiders.reader import read
from spiders.sources import Capture
from spiders.sources.addresses import is_article_address
from spiders.sources.survey import OfSite

# Memory stays flat and a transaction short. They come faster than a crawl's, so more share one.
BATCH_PAGES = 64


@dataclass(frozen=True, slots=True)
class Taken:
    """A page of a source and its canonical address."""

    url: str
    capture: Capture
    source: str


@dataclass(slots=True)
class Taking:
    """What is the same for all pages of one site."""

    of: OfSite
    window: Window
    archive: ArchiveWriter
    problems: list[str] = field(default_factory=list)


def batches(taking: Taking) -> Iterator[list[Taken]]:
    """The pages of a site in the order of their dates; no batch has two of one address.

    What cannot be read is counted.
    """
    of = taking.of
    columns = {column.id for column in of.site.columns}
    batch: dict[str, Taken] = {}
    for found in of.in_order():
        try:
            capture = found.source.read(found)
        except ValueError:
            of.skipped[Skipped.DAMAGED] += 1
            continue
        except OSError as error:
            of.skipped[Skipped.DAMAGED] += 1
            taking.problems.append(f"{found.source.name}: {error}")
            continue
        url = canonical_url(of.site, capture.url)
        if capture.column not in columns:
            capture = replace(capture, column=None, listing=None)
        # Two versions of one page are two transactions: the second is compared with the first.
        if url in batch or len(batch) == BATCH_PAGES:
            yield [*batch.values()]
            batch.clear()
        batch[url] = Taken(url, capture, found.source.name)
    if batch:
        yield [*batch.values()]


def take(batch: Sequence[Taken], known: Known, taking: Taking) -> Cleaned:
    """Read the pages of a batch, archive those that are news, and count the others.

    Raises:
        ArchiveError: The archive cannot be written.
    """
    visits: list[Visit] = []
    articles: list[Article] = []
    rejections: list[Rejection] = []
    for taken in batch:
        record = _read(taken, known, taking)
        if record is None:
            continue
        place = _archive(taken, taking)
        record = record.model_copy(update={"archive": place})
        if isinstance(record, Article):
            articles.append(record)
        else:
            rejections.append(record)
        at = taken.capture.at
        seen = known.last_seen.get(taken.url)
        if seen is None or seen <= at:
            page = _page(taken, taking).model_copy(update={"archive": place})
            visit = visit_of(page, taking.of.site, taken.url, at)
            visits.append(visit.model_copy(update={"requested": False}))
    return Cleaned(
        site=taking.of.site.id,
        visits=tuple(visits),
        articles=tuple(articles),
        rejections=tuple(rejections),
    )


def _read(taken: Taken, known: Known, taking: Taking) -> Article | Rejection | None:
    """The record of a page that is news; none, and counted, where it is none."""
    of, capture = taking.of, taken.capture
    if why_not := _is_known(taken, known):
        of.skipped[why_not] += 1
        return None
    if found := recognise(capture.status, capture.headers, capture.body):
        # A crawl makes no rejection of a challenge or a page that is gone.
        of.outcomes[found.outcome] += 1
        return None
    record = read(_page(taken, taking), of.site)
    why_not = (
        _why_not_article(record, taken, known, taking)
        if isinstance(record, Article)
        else _why_not_rejection(record, taken, known, taking)
    )
    if why_not:
        of.skipped[why_not] += 1
        return None
    return record


def _is_known(taken: Taken, known: Known) -> Skipped | None:
    """Why a page needs no reading: something as new is stored of its address."""
    capture = taken.capture
    at = capture.at.replace(microsecond=0)  # as the store keeps it
    stored = known.articles.get(taken.url)
    is_poorer = is_plain_text(capture.headers, capture.body)
    if taken.url in known.silent:
        return Skipped.KNOWN
    if stored and is_poorer:
        return Skipped.KNOWN
    if stored and stored["reader"] == TEXT.id:
        return None
    if stored:
        # It may have been seen unchanged since.
        last = max(stored["fetched_at"], known.last_seen.get(taken.url, stored["fetched_at"]))
        if at < last:
            return Skipped.OLDER
        return Skipped.KNOWN if at == last else None
    waiting = known.rejections.get(taken.url)
    return Skipped.KNOWN if waiting and at <= waiting["last_seen"] else None


def _why_not_article(
    article: Article, taken: Taken, known: Known, taking: Taking
) -> Skipped | None:
    moment = article.published_at
    if moment is None and not _is_sure(taken, taking):
        return Skipped.NO_ARTICLE
    if moment and moment.astimezone(SHANGHAI).date() not in taking.window:
        return Skipped.OUTSIDE
    stored = known.articles.get(taken.url)
    # Of a text the page itself says more, though it may say nothing else.
    if stored and stored["reader"] != TEXT.id and not is_revised(stored, article_row(article)):
        return Skipped.KNOWN
    return None


def _why_not_rejection(
    rejection: Rejection, taken: Taken, known: Known, taking: Taking
) -> Skipped | None:
    if taken.url in known.articles or not _is_sure(taken, taking):
        return Skipped.NO_ARTICLE
    waiting = known.rejections.get(taken.url)
    if waiting and is_same(waiting, rejection_row(rejection), OF_A_REJECTION):
        return Skipped.KNOWN
    return None


def _is_sure(taken: Taken, taking: Taking) -> bool:
    """Whether the page is an article's, whatever is on it."""
    return taken.capture.is_listed or is_article_address(taking.of.family, taken.url)


def _page(taken: Taken, taking: Taking) -> Page:
    capture = taken.capture
    return Page(
        url=capture.url,
        status=capture.status,
        headers=capture.headers,
        body=capture.body,
        fetched_at=capture.at,
        site=taking.of.site.id,
        column=capture.column,
        listing=capture.listing,
    )


def _archive(taken: Taken, taking: Taking) -> ArchivePlace:
    capture = taken.capture
    origin = Origin(
        site=taking.of.site.id,
        kind=Kind.ARTICLE if capture.column else Kind.BESIDE,
        column=capture.column,
        url=taken.url,
        listing=capture.listing,
        source=taken.source,
    )
    headers = [*capture.headers.items()]
    return taking.archive.write(
        capture.url, capture.status, headers, capture.body, capture.at, origin
    )
