"""What is asked of the clusters, and what a person changes in them."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, exists, func, or_, select, update

from flows.similarity.document import Document
from flows.similarity.document import sketches as sketches_of
from flows.storage import clustering, postings, rows
from flows.storage.precedence import COLUMNS, precedence
from flows.storage.read import midnight
from flows.storage.tables import apart, articles, common_keys, excerpts, frames, sketches
from flows.storage.tables import postings as postings_table
from flows.storage.texts import Texts
from flows.storage.upsert import upsert
from schemas.article import Article
from schemas.cluster import Split
from schemas.dates import Window

_A_QUERY: Final = 500
"""Articles whose texts are read at once."""


def sizes(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """How many articles stand in each of these clusters."""
    query = select(articles.c.cluster, func.count()).where(articles.c.cluster.in_(list(ids)))
    return {row[0]: row[1] for row in connection.execute(query.group_by(articles.c.cluster))}


def find(
    connection: Connection,
    *,
    site: str | None,
    window: Window | None,
    origin: str | None,
    newest: bool,
    limit: int,
) -> list[tuple[str, int, int]]:
    """Clusters of more than one article, the largest or the newest first: id, size, sites.

    Args:
        connection: The database.
        site: Only those with an article of this site.
        window: Of the first article's publish day.
        origin: Only those whose first article is of this site (its id, or a part of its name) or
            has this in its 来源.
        newest: By the first article's publish time, not by size.
        limit: How many at the most.
    """
    first, member = articles.alias("first"), articles.alias("member")
    size = func.count().label("size")
    by_time = first.c.published_at.desc().nulls_last()
    query = (
        select(articles.c.cluster, size, func.count(articles.c.site.distinct()))
        .join(first, first.c.id == articles.c.cluster)
        .group_by(articles.c.cluster, first.c.published_at)
        .having(func.count() > 1)
        .order_by(*((by_time, size.desc()) if newest else (size.desc(), by_time)))
        .order_by(articles.c.cluster)
        .limit(limit)
    )
    if site:
        query = query.where(
            exists().where(member.c.cluster == articles.c.cluster, member.c.site == site)
        )
    if window and window.since:
        query = query.where(first.c.published_at >= midnight(window.since))
    if window and window.until:
        query = query.where(first.c.published_at < midnight(window.until))
    if origin:
        query = query.where(
            or_(
                first.c.site == origin,
                first.c.site_name.contains(origin, autoescape=True),
                first.c.source.contains(origin, autoescape=True),
            )
        )
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def members(connection: Connection, cluster: str, limit: int) -> list[Article]:
    """The articles of a cluster, the first one first, at most so many."""
    query = select(*(articles.c[n] for n in COLUMNS)).where(articles.c.cluster == cluster)
    ids = [r["id"] for r in sorted(connection.execute(query).mappings(), key=precedence)][:limit]
    found = connection.execute(select(articles).where(articles.c.id.in_(ids))).mappings()
    by_id = {row["id"]: rows.article({**row, "column": None, "column_name": None}) for row in found}
    return [by_id[id_] for id_ in ids]


def ids(connection: Connection, cluster: str) -> list[str]:
    """The ids of all articles of a cluster."""
    return list(connection.scalars(select(articles.c.id).where(articles.c.cluster == cluster)))


def clustered(connection: Connection) -> tuple[int, int]:
    """How many clusters there are of more than one article, and how many others are in them."""
    query = select(func.count(articles.c.repeats.distinct()), func.count(articles.c.repeats))
    row = connection.execute(query).one()
    return row[0], row[1]


def cluster_of(connection: Connection, article_id: str) -> str | None:
    """The id of the cluster that an article stands in."""
    return connection.scalar(select(articles.c.cluster).where(articles.c.id == article_id))


def quotes(connection: Connection, cluster: str, limit: int) -> list[tuple[str, str, bool]]:
    """Articles of a cluster, each with one outside that shares a passage with it.

    And whether the one outside is the digest of the two. Of several articles with one text the
    first by id stands for all, of several that are one story the one with most of the passage.
    """
    ours = set(connection.scalars(select(articles.c.sketch).where(articles.c.cluster == cluster)))
    found = [
        row
        for row in connection.execute(select(excerpts).where(_quoting(ours))).mappings()
        if not _is_void(connection, row["stands_on"])
    ]
    texts = {text for row in found for text in (row["one"], row["other"])}
    carried = select(articles.c.sketch, func.min(articles.c.id), func.min(articles.c.cluster))
    carriers = {
        row[0]: (row[1], row[2])
        for row in connection.execute(
            carried.where(articles.c.sketch.in_(texts)).group_by(articles.c.sketch)
        )
    }
    pairs: dict[str, tuple[str, str, bool]] = {}
    for row in sorted(found, key=lambda row: -row["strength"]):
        inside, outside, lean = row["one"], row["other"], row["lean"]
        if inside not in ours:
            inside, outside, lean = outside, inside, -lean
        article, its_cluster = carriers[outside]
        if its_cluster != cluster:
            pairs.setdefault(its_cluster, (carriers[inside][0], article, lean > 0))
    return list(pairs.values())[:limit]


def splits(connection: Connection, ids: Iterable[str]) -> list[Split]:
    """What a person has told apart from any of these articles."""
    of = list(ids)
    query = select(apart).where(or_(apart.c.one.in_(of), apart.c.other.in_(of)))
    found = connection.execute(query.order_by(apart.c.at, apart.c.one, apart.c.other)).mappings()
    return [Split.model_validate(dict(row)) for row in found]


def split(connection: Connection, told: Sequence[Split]) -> None:
    """Tell articles apart, whatever their texts say."""
    upsert(connection, apart, [one.model_dump() for one in told])
    _regroup(connection, {id_ for one in told for id_ in (one.one, one.other)})


def unsplit(connection: Connection, told: Sequence[Split]) -> None:
    """Let texts decide again on articles that were told apart."""
    for one in told:
        this = (apart.c.one == one.one) & (apart.c.other == one.other)
        connection.execute(delete(apart).where(this))
    _regroup(connection, {id_ for one in told for id_ in (one.one, one.other)})


def clear(connection: Connection) -> None:
    """Forget every text and link; what people told apart stays."""
    for table in (postings_table, excerpts, frames, common_keys, sketches):
        connection.execute(delete(table))


def compare_again(connection: Connection, after: str) -> tuple[str | None, int]:
    """Compare the next articles by id; return the last of them, none at the end, and how many."""
    query = select(articles).where(articles.c.id > after).order_by(articles.c.id).limit(_A_QUERY)
    names = ("id", "title", "body_text", "sketch", "cluster", "repeats")
    found = connection.execute(query.with_only_columns(*(articles.c[n] for n in names))).all()
    if not found:
        return None, 0
    texts = sketches_of(Document(row.id, row.title, row.body_text) for row in found)
    arrived = {row.id: text for row, text in zip(found, texts, strict=True)}
    for row in found:
        own = {"sketch": postings.number(arrived[row.id]), "cluster": row.id, "repeats": None}
        if own != {name: getattr(row, name) for name in own}:
            connection.execute(update(articles).where(articles.c.id == row.id).values(**own))
    clustering.settle(connection, arrived, [])
    return found[-1].id, len(found)


def uncompared(connection: Connection) -> bool:
    """Whether there are articles from before texts were compared."""
    query = select(articles.c.id).where(articles.c.sketch.is_(None)).limit(1)
    return connection.scalar(query) is not None


def _regroup(connection: Connection, ids: set[str]) -> None:
    query = select(articles.c.sketch).where(
        articles.c.id.in_(ids), articles.c.sketch.is_not(None), articles.c.sketch != postings.ALONE
    )
    clustering.regroup(Texts(connection), {id_ for id_ in connection.scalars(query) if id_})


def _quoting(texts: Iterable[int | None]) -> ColumnElement[bool]:
    of = list(texts)
    return or_(excerpts.c.one.in_(of), excerpts.c.other.in_(of))


def _is_void(connection: Connection, keys: Sequence[int]) -> bool:
    """Whether all that a link stands on is common."""
    lists = postings.listed(connection, keys)
    return clustering.common_among(Texts(connection), lists) == lists.keys()
