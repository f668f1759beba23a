"""Which article an address belongs to: its own, or one it was moved to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, RowMapping, select, union_all

from flows.batch import Deduped
from flows.storage.rows import Row
from flows.storage.tables import addresses, articles
from schemas.cluster import Clustered
from schemas.dates import SHANGHAI
from schemas.visit import Visit
from spiders.extract.fingerprint import folded

owned: Final = union_all(
    select(articles.c.site, articles.c.url, articles.c.id.label("article_id")),
    select(addresses.c.site, addresses.c.url, addresses.c.article_id),
).subquery("owned")
"""Every address of every article."""


@dataclass(frozen=True, slots=True)
class Identified:
    """A batch in which every article stands under the id and address it was first known by."""

    batch: Deduped
    addresses: tuple[Row, ...] = ()
    """Rows of `addresses` that are new."""
    moved: tuple[Visit, ...] = ()
    """Visits that found a stored article at another address for the first time."""
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
    met before anything was stored makes the address that redirects one.
    """
    redirects = [v for v in batch.visits if v.page and v.address and v.address != v.url]
    incoming = {clustered.article.url: clustered for clustered in batch.articles}
    known = owners(connection, batch.site, {*incoming, *(v.url for v in redirects)})
    if not redirects and not any(known[url] != incoming[url].article.id for url in known):
        return Identified(batch)

    stored = _stored(connection, known.values())
    new: dict[str, Row] = {}
    moved: list[Visit] = []
    elsewhere: set[str] = set()
    for visit in redirects:
        target = visit.address or ""
        arrived = incoming.get(target)
        owner = known.get(visit.url)
        if owner is None and arrived:
            own = known.get(target, arrived.article.id)
            new[visit.url] = _address(batch.site, visit.url, own, visit)
        elif owner and known.get(target) != owner:
            if arrived is None or not _same(stored[owner], arrived):
                elsewhere.add(visit.url)
            elif target not in known:
                known[target] = owner
                new[target] = _address(batch.site, target, owner, visit)
                moved.append(visit)

    kept: dict[str, Clustered] = {}
    for url, clustered in incoming.items():
        owner = known.get(url, clustered.article.id)
        kept[owner] = _renamed(clustered, stored[owner]) if owner in stored else clustered
    return Identified(
        replace(batch, articles=tuple(kept.values())),
        tuple(new.values()),
        tuple(moved),
        frozenset(elsewhere),
    )


def _stored(connection: Connection, ids: Iterable[str]) -> dict[str, RowMapping]:
    names = ("id", "url", "title", "published_at", "content_hash")
    query = select(*(articles.c[name] for name in names)).where(articles.c.id.in_(set(ids)))
    return {row["id"]: row for row in connection.execute(query).mappings()}


def _same(stored: RowMapping, arrived: Clustered) -> bool:
    """Whether two records are of one article: the same text, or the same title and publish day.

    A text too short to cluster by is too short to know an article by.
    """
    article = arrived.article
    if stored["content_hash"] == article.content_hash and arrived.cluster != article.id:
        return True
    if not stored["published_at"] or not article.published_at:
        return False
    days = {
        moment.astimezone(SHANGHAI).date()
        for moment in (stored["published_at"], article.published_at)
    }
    return len(days) == 1 and folded(stored["title"]) == folded(article.title)


def _renamed(clustered: Clustered, stored: RowMapping) -> Clustered:
    """An article under the id and address it is known by."""
    article = clustered.article
    if article.id == stored["id"]:
        return clustered
    identity = {"id": stored["id"], "url": stored["url"]}
    alone = clustered.cluster == article.id
    return clustered.model_copy(
        update={
            "article": article.model_copy(update=identity),
            "cluster": stored["id"] if alone else clustered.cluster,
        }
    )


def _address(site: str, url: str, article_id: str, visit: Visit) -> Row:
    return {"site": site, "url": url, "article_id": article_id, "first_seen": visit.at}
