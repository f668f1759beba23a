"""What a batch changes, inside its one transaction."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, RowMapping, bindparam, delete, func, select, update

from flows.batch import Deduped, Stored
from flows.storage import absences, clustering, postings, rows
from flows.storage.identity import Identified, identify
from flows.storage.rows import Row
from flows.storage.sameness import is_revised, is_superseded
from flows.storage.tables import absences as absences_table
from flows.storage.tables import (
    addresses,
    appearances,
    articles,
    checkpoints,
    columns,
    ledger,
    page_states,
    rejections,
    revisions,
)
from flows.storage.upsert import upsert
from schemas.outcome import Outcome
from schemas.page import Listing
from schemas.visit import Kind, Visit

# A new version of the rules writes its row even where a reader sees the same as before.
_RULES: Final = ("reader", "reader_version", "content_hash", "sketch")
# The one has its state, or gets it from the column that asked for it; the other is not wanted.
_UNVISITED: Final = frozenset({Outcome.KNOWN, Outcome.OUTSIDE})
_FIRST_SEEN: Final = frozenset({"first_seen"})
# What other articles decide on.
_CLUSTER: Final = frozenset({"cluster", "repeats"})
_DERIVED: Final = _CLUSTER | {"sketch"}


def save(connection: Connection, batch: Deduped) -> Stored:
    """Write all of a batch. The caller's transaction makes it all or nothing."""
    arrived = {sketched.article.url for sketched in batch.articles}
    found = identify(connection, batch)
    batch = found.batch
    stored = _save_articles(connection, batch)
    _save_appearances(connection, batch)
    _save_rejections(connection, batch, arrived)
    _save_page_states(connection, found)
    upsert(connection, addresses, list(found.addresses), keep=_FIRST_SEEN)
    missing, turns = absences.note(connection, found)
    upsert(connection, absences_table, missing)
    upsert(connection, checkpoints, [rows.checkpoint_row(c) for c in batch.checkpoints])
    upsert(connection, ledger, [rows.ledger_row(entry) for entry in batch.ledger])
    return replace(stored, turns=tuple(turns))


def _save_articles(connection: Connection, batch: Deduped) -> Stored:
    """Insert what is new, keep a revision of what a reader sees changed, leave the rest alone."""
    if not batch.articles:
        return Stored(new={}, changed={}, repeats={})
    incoming = {
        a.article.id: {
            **rows.article_row(a.article),
            "sketch": postings.number(a.sketch),
            "cluster": a.article.id,
            "repeats": None,
        }
        for a in batch.articles
    }
    query = select(articles).where(articles.c.id.in_(list(incoming)))
    known = {row["id"]: row for row in connection.execute(query).mappings()}
    new = incoming.keys() - known.keys()
    # What another run has stored meanwhile may be newer than what this one has read from a file.
    known = {i: row for i, row in known.items() if not is_superseded(row, incoming[i])}
    changed = {i for i, row in known.items() if is_revised(row, incoming[i])}
    reread = {i for i, row in known.items() if _differ(row, incoming[i], _RULES)}

    written = [row for i, row in incoming.items() if i in new | changed | reread]
    _keep_revisions(connection, [known[i] for i in sorted(changed)], incoming)
    upsert(connection, articles, written, keep=_FIRST_SEEN | _CLUSTER)
    replaced = [known[i] for i in sorted(changed | reread)]
    arrived = {a.article.id: a.sketch for a in batch.articles if a.article.id in new}
    regrouped = clustering.differing(replaced, incoming)
    arrived |= {a.article.id: a.sketch for a in batch.articles if a.article.id in regrouped}
    clustering.settle(connection, arrived, [known[i] for i in sorted(regrouped)])
    whose = clustering.originals(connection, new)
    column = {a.article.id: a.article.column or "" for a in batch.articles}
    return Stored(
        new=Counter(column[i] for i in new),
        changed=Counter(column[i] for i in changed),
        repeats=Counter(column[i] for i in whose),
        originals=Counter(whose.values()),
    )


def _differ(stored: RowMapping, incoming: Row, names: Iterable[str]) -> bool:
    return any(stored[name] != incoming[name] for name in names)


def _keep_revisions(
    connection: Connection, replaced: list[RowMapping], incoming: dict[str, Row]
) -> None:
    if not replaced:
        return
    ids = [row["id"] for row in replaced]
    query = (
        select(revisions.c.article_id, func.max(revisions.c.number).label("number"))
        .where(revisions.c.article_id.in_(ids))
        .group_by(revisions.c.article_id)
    )
    last = {row.article_id: row.number for row in connection.execute(query)}
    kept = [
        {
            "article_id": row["id"],
            "number": last.get(row["id"], 0) + 1,
            "record": to_jsonable_python({k: v for k, v in row.items() if k not in _DERIVED}),
            "content_hash": row["content_hash"],
            "fetched_at": row["fetched_at"],
            "replaced_at": incoming[row["id"]]["fetched_at"],
        }
        for row in replaced
    ]
    connection.execute(revisions.insert(), kept)


def _save_appearances(connection: Connection, batch: Deduped) -> None:
    """Keep what the lists say, by address: of articles that are stored, and of those to come."""
    listed: dict[tuple[str, str], Listing | None] = {}
    names: dict[str, str] = {}
    for sketched in batch.articles:
        article = sketched.article
        if article.column:
            listed[article.url, article.column] = None
            if article.column_name:
                names[article.column] = article.column_name
    for rejected in batch.rejections:
        if rejected.column:
            listed[rejected.url, rejected.column] = rejected.listing
    for visit in batch.visits:
        if visit.kind is Kind.ARTICLE and visit.outcome is not Outcome.OUTSIDE:
            listed[visit.url, visit.column] = visit.listing

    every = [
        rows.appearance_row(batch.site, url, column, listing)
        for (url, column), listing in listed.items()
    ]
    upsert(connection, appearances, [row for row in every if row["link"] is not None])
    bare = [row for row in every if row["link"] is None]
    upsert(connection, appearances, bare, keep=frozenset(appearances.c.keys()))
    named = [{"site": batch.site, "id": column, "name": name} for column, name in names.items()]
    upsert(connection, columns, named)


def _save_rejections(connection: Connection, batch: Deduped, succeeded: set[str]) -> None:
    """Quarantine what did not validate, and release what does by now."""
    if succeeded:
        connection.execute(
            delete(rejections).where(
                rejections.c.site == batch.site, rejections.c.url.in_(list(succeeded))
            )
        )
    kept = [rows.rejection_row(r) for r in batch.rejections if r.url not in succeeded]
    upsert(connection, rejections, kept, keep=_FIRST_SEEN)


def _save_page_states(connection: Connection, found: Identified) -> None:
    """Remember the last visit to each article's page; a page unchanged stays what it was.

    Of the lists the checkpoint knows enough. How many of their pages a run walks depends on what
    was stored before it, and the rows here must not.
    """
    batch = found.batch
    rejected = {r.url: r for r in batch.rejections}
    visited: dict[str, Row] = {}
    unchanged: dict[str, Row] = {}
    for visit in batch.visits:
        said_by_a_list = visit.kind is Kind.AGAIN and not visit.requested
        if visit.kind is Kind.LIST or visit.outcome in _UNVISITED or said_by_a_list:
            continue
        url = visit.address or visit.url
        row = rows.page_state_row(batch.site, visit, rejected.get(url)) | {"url": url}
        states = unchanged if visit.outcome is Outcome.UNCHANGED else visited
        states[url] = row
        if url != visit.url:
            is_itself = visit.url not in found.elsewhere
            states[visit.url] = _moved_from(visit, row, is_itself=is_itself)
    upsert(connection, page_states, list(visited.values()), keep=_FIRST_SEEN)
    if unchanged:
        # A server may renew its validators and vouch for the same page.
        connection.execute(
            update(page_states)
            .where(
                page_states.c.site == bindparam("at_site"), page_states.c.url == bindparam("at_url")
            )
            .values(
                last_seen=bindparam("seen"),
                etag=func.coalesce(bindparam("new_etag"), page_states.c.etag),
                last_modified=func.coalesce(
                    bindparam("new_last_modified"), page_states.c.last_modified
                ),
            ),
            [
                {
                    "at_site": row["site"],
                    "at_url": row["url"],
                    "seen": row["last_seen"],
                    "new_etag": row["etag"],
                    "new_last_modified": row["last_modified"],
                }
                for row in unchanged.values()
            ],
        )


def _moved_from(visit: Visit, row: Row, *, is_itself: bool) -> Row:
    """The state of an address that redirects.

    Validators are those of the target. Its hash stands here too, unless the target is not the
    article: then every look is news.
    """
    return row | {
        "url": visit.url,
        "outcome": Outcome.MOVED,
        "reason": f"redirects to {visit.address}",
        "etag": None,
        "last_modified": None,
        "body_hash": visit.body_hash if is_itself else None,
    }
