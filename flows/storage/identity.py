"""Which article an address belongs to: its own, or one it was moved to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from flows.batch import Deduped, Sketched
from flows.storage import copies
from flows.storage.copies import FACTS, owned
from flows.storage.rows import Row
from flows.storage.tables import articles
from schemas.article import Article
from schemas.cluster import has_enough_text
from schemas.dates import SHANGHAI
from schemas.visit import Visit
from spiders.extract.fingerprint import folded


@dataclass(frozen=True, slots=True)
class Identified:
    """A batch in which every article stands under the id and address it was first known by."""

    batch: Deduped
    addresses: tuple[Row, ...] = ()
    """Rows of `addresses` that are new."""
    moved: tuple[Visit, ...] = ()
    """Visits that found a stored article at another address for the first time."""
    copied: tuple[Visit, ...] = ()
    """Visits that found the page of an article once more, at an address that is new."""
    elsewhere: frozenset[str] = frozenset()
    """Stored articles' addresses that lead to something else."""


def owners(connection: Connection, site: str, urls: Iterable[str]) -> dict[str, str]:
    """The id of the stored article at each canonical address that has one."""
    query = select(owned.c.url, owned.c.article_id).where(
        owned.c.site == site, owned.c.url.in_(list(urls))
    )
    return {row.url: row.article_id for row in connection.execute(query)}


def identify(connection: Connection, batch: Deduped) -> Identified:
    """Find which stored articles those of a batch are.

    A redirect to the same article makes its target a further address of that article; a redirect
    met before anything was stored makes the address that redirects one. So does a copy of its page.
    """
    redirects = [v for v in batch.visits if v.page and v.address and v.address != v.url]
    incoming = {sketched.article.url: sketched for sketched in batch.articles}
    known = owners(connection, batch.site, {*incoming, *(v.url for v in redirects)})
    fresh = [sketched.article for url, sketched in incoming.items() if url not in known]
    copied = copies.find(connection, batch.site, fresh)
    if (
        not redirects
        and not copied
        and not any(known[url] != incoming[url].article.id for url in known)
    ):
        return Identified(batch)

    stored = _stored(connection, known.values())
    found = _follow(batch, redirects, known, copied, stored)
    at = {url: sketched.article.fetched_at for url, sketched in incoming.items()}
    new = {url: own for url, own in copied.items() if url not in known}
    silent = {*new} | copies.silent(connection, batch.site, [*known], batch.visits)
    kept: dict[str, Sketched] = {}
    for url, sketched in incoming.items():
        if url in silent:
            continue
        owner = known.get(url, sketched.article.id)
        kept[owner] = _renamed(sketched, stored[owner]) if owner in stored else sketched
    return replace(
        found,
        batch=replace(batch, articles=tuple(kept.values())),
        addresses=(
            *found.addresses,
            *(_address(batch.site, url, own, at[url]) for url, own in new.items()),
        ),
        copied=tuple(v for v in batch.visits if v.page and (v.address or v.url) in new),
    )


def _follow(
    batch: Deduped,
    redirects: Iterable[Visit],
    known: dict[str, str],
    copied: Mapping[str, str],
    stored: Mapping[str, RowMapping],
) -> Identified:
    """What redirects make of the addresses; where an article has moved to is `known` from here."""
    incoming = {sketched.article.url: sketched.article for sketched in batch.articles}
    new: dict[str, Row] = {}
    moved: list[Visit] = []
    elsewhere: set[str] = set()
    for visit in redirects:
        target = visit.address or ""
        arrived = incoming.get(target)
        owner = known.get(visit.url)
        if owner is None and arrived:
            own = known.get(target) or copied.get(target, arrived.id)
            new[visit.url] = _address(batch.site, visit.url, own, visit.at)
        elif owner and known.get(target) != owner:
            if arrived is None or not _same(stored[owner], arrived):
                elsewhere.add(visit.url)
            elif target not in known:
                known[target] = owner
                new[target] = _address(batch.site, target, owner, visit.at)
                moved.append(visit)
    return Identified(batch, tuple(new.values()), tuple(moved), elsewhere=frozenset(elsewhere))


def _stored(connection: Connection, ids: Iterable[str]) -> dict[str, RowMapping]:
    query = select(*(articles.c[name] for name in FACTS)).where(articles.c.id.in_(set(ids)))
    return {row["id"]: row for row in connection.execute(query).mappings()}


def _same(stored: RowMapping, article: Article) -> bool:
    """Whether two records are of one article: the same text, or the same title and publish day.

    A text too short to be compared is too short to know an article by.
    """
    if stored["content_hash"] == article.content_hash and has_enough_text(article.body_text):
        return True
    if not stored["published_at"] or not article.published_at:
        return False
    days = {
        moment.astimezone(SHANGHAI).date()
        for moment in (stored["published_at"], article.published_at)
    }
    return len(days) == 1 and folded(stored["title"]) == folded(article.title)


def _renamed(sketched: Sketched, stored: RowMapping) -> Sketched:
    """An article under the id and address it is known by."""
    if sketched.article.id == stored["id"]:
        return sketched
    identity = {"id": stored["id"], "url": stored["url"]}
    return replace(sketched, article=sketched.article.model_copy(update=identity))


def _address(site: str, url: str, article_id: str, at: datetime) -> Row:
    return {"site": site, "url": url, "article_id": article_id, "first_seen": at}
