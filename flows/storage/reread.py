"""What reading the archive again asks of the store, and what it changes there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from pydantic_core import to_jsonable_python
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    delete,
    func,
    select,
    update,
)

from flows.batch import Deduped
from flows.reading import ListRow
from flows.similarity import Document, sketches
from flows.storage import clustering, copies, identity, postings, write
from flows.storage.rows import Row, appearance_row, rejection_row
from flows.storage.tables import (
    addresses,
    appearances,
    articles,
    held,
    page_states,
    rejections,
    rereadings,
    revisions,
)
from flows.storage.upsert import upsert
from schemas.page import ArchivePlace
from schemas.rejection import Rejection
from schemas.reparse import Held

Place = tuple[str, int]
"""A file of the archive and an offset in it."""

# Where the page lies and what other articles decide on: no reading says it.
_NOT_READ: Final = {
    "archive_file",
    "archive_offset",
    "first_seen",
    "fetched_at",
    "sketch",
    "cluster",
    "repeats",
}
READ: Final = tuple(name for name in articles.c.keys() if name not in _NOT_READ)  # noqa: SIM118
"""The columns of `articles` that a reading of a page fills."""
_TEXT: Final = ("title", "body_text")
"""Those by which texts are compared."""
_RULES: Final = {"provenance", "reader", "reader_version", "content_hash"}
SEEN: Final = tuple(name for name in READ if name not in _RULES)
"""Those that a reader of the article sees: not by which rules it was read, or what follows."""
# The identity stays. To name it in an update would cost a look at every row that refers to it.
_WRITTEN: Final = tuple(name for name in READ if name not in {"id", "site", "url"})


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of some archived pages of one site."""

    articles: dict[str, Row]
    """By address, also by one that it was moved to."""
    places: dict[Place, Row]
    """Articles by the page that each was read from."""
    revisions: dict[Place, Row]
    """`article_id`, `number` and the columns that were read, by page."""
    rejections: dict[str, Row]
    """By address."""
    last_seen: dict[str, datetime]
    """When an address was last visited."""
    held: frozenset[str]
    """Ids of the articles that wait for review."""
    silent: frozenset[str]
    """Further addresses whose pages do not speak for their articles."""


@dataclass(frozen=True, slots=True)
class Reread:
    """A stored article, or its revision of that number, with what its page reads now."""

    id: str
    number: int | None
    place: Place
    before: Row
    after: Row


@dataclass(frozen=True, slots=True)
class Changes:
    """What one transaction changes, of one site. No address stands in it twice."""

    unstored: Deduped
    """Pages of which nothing was stored, or that leave quarantine: stored as a crawl does."""
    reread: Sequence[Reread] = ()
    rejected_again: Sequence[Rejection] = ()
    held: Sequence[Held] = ()
    freed: Sequence[str] = ()
    """Ids of articles that need no review any more."""


def known(connection: Connection, site: str, urls: Sequence[str], pages: Sequence[Place]) -> Known:
    """What the store holds of pages of one file that have these canonical addresses today."""
    owners = identity.owners(connection, site, urls)
    rows = _articles(connection, articles.c.id.in_(set(owners.values())))
    if pages and len(owners) < len(urls):
        # The rules for addresses may have been others when the page was stored.
        file, offsets = pages[0][0], [offset for _, offset in pages]
        here = (articles.c.archive_file == file) & articles.c.archive_offset.in_(offsets)
        rows |= _articles(connection, here)
    ids = list(rows)
    kept = connection.execute(select(revisions).where(revisions.c.article_id.in_(ids)))
    waiting = select(rejections).where(rejections.c.site == site, rejections.c.url.in_(urls))
    visited = select(page_states.c.url, page_states.c.last_seen).where(
        page_states.c.site == site, page_states.c.url.in_(urls)
    )
    return Known(
        articles={url: rows[id_] for url, id_ in owners.items()},
        places={(row["archive_file"], row["archive_offset"]): row for row in rows.values()},
        revisions={
            (row["record"]["archive_file"], row["record"]["archive_offset"]): _revision(row)
            for row in kept.mappings()
        },
        rejections={row["url"]: dict(row) for row in connection.execute(waiting).mappings()},
        last_seen={row.url: row.last_seen for row in connection.execute(visited)},
        held=frozenset(
            connection.scalars(select(held.c.article_id).where(held.c.article_id.in_(ids)))
        ),
        silent=frozenset(copies.silent(connection, site, urls)),
    )


def _articles(connection: Connection, which: ColumnElement[bool]) -> dict[str, Row]:
    found = connection.execute(select(articles).where(which)).mappings()
    return {row["id"]: dict(row) for row in found}


def save(connection: Connection, changes: Changes, at: datetime) -> None:
    """Write all of the changes. The caller's transaction makes it all or nothing."""
    write.save(connection, changes.unstored)
    reread(connection, changes.reread, at)
    reject_again(connection, changes.rejected_again)
    hold(connection, changes.held)
    free(connection, changes.freed)


def reread(connection: Connection, changes: Sequence[Reread], at: datetime) -> None:
    """Bring stored records to what their pages read now, and keep what they were.

    A record that was read from another page in the meantime is left alone.
    """
    query = select(articles.c.id, articles.c.archive_file, articles.c.archive_offset).where(
        articles.c.id.in_([change.id for change in changes])
    )
    places = {row[0]: (row[1], row[2]) for row in connection.execute(query)}
    current = [c for c in changes if c.number is None and places.get(c.id) == c.place]
    earlier = [c for c in changes if c.number is not None]
    _keep_before(connection, [*current, *earlier], at)
    if current:
        connection.execute(
            update(articles)
            .where(articles.c.id == bindparam("of"))
            .values({name: bindparam(f"new_{name}") for name in _WRITTEN}),
            [{"of": c.id, **{f"new_{name}": c.after[name] for name in _WRITTEN}} for c in current],
        )
        _regroup(connection, current)
    for change in earlier:
        _replace_revision(connection, change)
    free(connection, [c.id for c in current])


def _regroup(connection: Connection, changes: Sequence[Reread]) -> None:
    told = [c for c in changes if any(c.before[name] != c.after[name] for name in _TEXT)]
    documents = [Document(c.id, c.after["title"], c.after["body_text"]) for c in told]
    texts = {c.id: text for c, text in zip(told, sketches(documents), strict=True)}
    for id_, text in texts.items():
        of_it = update(articles).where(articles.c.id == id_)
        connection.execute(of_it.values(sketch=postings.number(text)))
    after = {
        c.id: c.after
        | {"sketch": postings.number(texts[c.id]) if c.id in texts else c.before["sketch"]}
        for c in changes
    }
    differing = clustering.differing([c.before for c in changes], after)
    arrived = {id_: text for id_, text in texts.items() if id_ in differing}
    clustering.settle(connection, arrived, [c.before for c in changes if c.id in differing])


def hold(connection: Connection, found: Iterable[Held]) -> None:
    """Put articles that would get worse on the list for review; they stay as they are."""
    rows = [
        {
            "article_id": one.id,
            "reasons": list(one.reasons),
            "reader": one.reader,
            "reader_version": one.reader_version,
            "held_at": one.held_at,
        }
        for one in found
    ]
    upsert(connection, held, rows, keep=frozenset({"held_at"}))


def free(connection: Connection, ids: Sequence[str]) -> None:
    """Take articles off the list for review."""
    if ids:
        connection.execute(delete(held).where(held.c.article_id.in_(ids)))


def reject_again(connection: Connection, found: Sequence[Rejection]) -> None:
    """Renew the reasons of pages in quarantine; since when they wait stays."""
    keep = frozenset({"first_seen", "last_seen"})
    upsert(connection, rejections, [rejection_row(one) for one in found], keep=keep)


def list_again(connection: Connection, site: str, listed: Sequence[ListRow]) -> None:
    """Store what lists said of pages that are stored; the last of each column counts."""
    urls = {row.url for row in listed}
    stored = {
        url
        for table in (articles, addresses, rejections)
        for url in connection.scalars(
            select(table.c.url).where(table.c.site == site, table.c.url.in_(urls))
        )
    }
    last = {(row.url, row.column): row for row in listed if row.url in stored}
    rows = [appearance_row(site, row.url, row.column, row.listing) for row in last.values()]
    upsert(connection, appearances, rows)


def withdraw(connection: Connection, article_id: str, why: Rejection, at: datetime) -> None:
    """Turn an article into a page in quarantine; all that was stored of it goes to `rereadings`."""
    row = connection.execute(select(articles).where(articles.c.id == article_id)).mappings().one()
    kept = connection.execute(
        select(revisions).where(revisions.c.article_id == article_id).order_by(revisions.c.number)
    ).mappings()
    versions: list[Row] = [one["record"] for one in kept]
    versions.append(_jsonable({name: row[name] for name in articles.c.keys()}))  # noqa: SIM118
    _insert_rereadings(connection, [(article_id, version, version) for version in versions], at)
    free(connection, [article_id])
    connection.execute(
        update(articles).where(articles.c.repeats == article_id).values(repeats=None)
    )
    connection.execute(delete(revisions).where(revisions.c.article_id == article_id))
    connection.execute(delete(articles).where(articles.c.id == article_id))
    clustering.settle(connection, {}, [row])
    upsert(connection, rejections, [rejection_row(why)])
    connection.execute(
        update(page_states)
        .where(page_states.c.site == why.site, page_states.c.url == row["url"])
        .values(outcome=why.outcome, reason=why.reason)
    )


def for_review(
    connection: Connection, article_id: str | None = None
) -> list[tuple[Held, ArchivePlace]]:
    """The articles held for review, the longest first, each with the page it was read from."""
    shown = ("site", "url", "title", "archive_file", "archive_offset")
    query = (
        select(held, *(articles.c[name] for name in shown))
        .join_from(held, articles)
        .order_by(held.c.held_at, held.c.article_id)
    )
    if article_id:
        query = query.where(held.c.article_id == article_id)
    return [
        (
            Held(
                id=row["article_id"],
                site=row["site"],
                url=row["url"],
                title=row["title"],
                reasons=row["reasons"],
                reader=row["reader"],
                reader_version=row["reader_version"],
                held_at=row["held_at"],
            ),
            ArchivePlace(file=row["archive_file"], offset=row["archive_offset"]),
        )
        for row in connection.execute(query).mappings()
    ]


def _keep_before(connection: Connection, changes: Sequence[Reread], at: datetime) -> None:
    """Keep what a reader of the articles would miss; by which rules they were read is no loss."""
    kept: list[tuple[str, Row, Row]] = []
    for change in changes:
        before = {n: change.before[n] for n in SEEN if change.before[n] != change.after[n]}
        if before:
            file, offset = change.place
            origin = {**change.before, "archive_file": file, "archive_offset": offset}
            kept.append((change.id, _jsonable(before), origin))
    _insert_rereadings(connection, kept, at)


def _insert_rereadings(
    connection: Connection, kept: Sequence[tuple[str, Row, Row]], at: datetime
) -> None:
    """Insert what articles were: by id, the columns to keep, and a row with place and rules."""
    if not kept:
        return
    query = select(rereadings.c.article_id, func.max(rereadings.c.number)).group_by(
        rereadings.c.article_id
    )
    last: dict[str, int] = {
        row[0]: row[1]
        for row in connection.execute(
            query.where(rereadings.c.article_id.in_([id_ for id_, _, _ in kept]))
        )
    }
    rows: list[Row] = []
    for id_, before, origin in kept:
        last[id_] = last.get(id_, 0) + 1
        rows.append(
            {
                "article_id": id_,
                "number": last[id_],
                "before": before,
                "archive_file": origin["archive_file"],
                "archive_offset": origin["archive_offset"],
                "reader": origin["reader"],
                "reader_version": origin["reader_version"],
                "reread_at": at,
            }
        )
    connection.execute(rereadings.insert(), rows)


def _replace_revision(connection: Connection, change: Reread) -> None:
    this = (revisions.c.article_id == change.id) & (revisions.c.number == change.number)
    record: dict[str, Any] = connection.scalar(select(revisions.c.record).where(this)) or {}
    connection.execute(
        update(revisions)
        .where(this)
        .values(
            record={**record, **_jsonable(change.after)}, content_hash=change.after["content_hash"]
        )
    )


def _revision(row: RowMapping) -> Row:
    """A revision's columns as `articles` has them."""
    record = row["record"]
    moment, day = record["published_at"], record["written_on"]
    return {
        **record,
        "number": row["number"],
        "published_at": moment and datetime.fromisoformat(moment),
        "written_on": day and date.fromisoformat(day),
    }


def _jsonable(values: Row) -> Row:
    row: Row = to_jsonable_python(values)
    return row
