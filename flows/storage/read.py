"""What is asked of the store."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Join, Select, Table, and_, exists, func, select

from flows.storage import rows
from flows.storage.copies import owned
from flows.storage.due import missing
from flows.storage.tables import (
    absences,
    appearances,
    articles,
    checkpoints,
    columns,
    metadata,
    page_states,
    rejections,
    revisions,
)
from schemas.article import Article
from schemas.dates import SHANGHAI, Window
from schemas.rejection import Rejection
from schemas.visit import Checkpoint, PageState

# Below the number of parameters that either database takes in one statement (32,766 on SQLite).
_ADDRESSES_A_QUERY = 10_000


def states(connection: Connection, site: str, urls: Sequence[str]) -> dict[str, PageState]:
    found: dict[str, PageState] = {}
    for start in range(0, len(urls), _ADDRESSES_A_QUERY):
        query = select(page_states).where(
            page_states.c.site == site,
            page_states.c.url.in_(urls[start : start + _ADDRESSES_A_QUERY]),
        )
        for row in connection.execute(query).mappings():
            found[row["url"]] = rows.page_state(row)
    for url in missing(connection, site, found):
        found[url] = found[url].model_copy(update={"missing": True})
    return found


def checkpoint(connection: Connection, site: str, column: str) -> Checkpoint | None:
    query = select(checkpoints).where(checkpoints.c.site == site, checkpoints.c.column_id == column)
    row = connection.execute(query).mappings().one_or_none()
    return rows.checkpoint(row) if row else None


def newest(
    connection: Connection,
    *,
    site: str | None,
    window: Window | None,
    column: str | None,
    is_gone: bool,
    folded: bool,
    limit: int | None,
    offset: int,
) -> list[Article]:
    """Newest first, the undated last; a window leaves out the undated."""
    query = _articles().order_by(articles.c.published_at.desc().nulls_last(), articles.c.url)
    if site:
        query = query.where(articles.c.site == site)
    if window and window.since:
        query = query.where(articles.c.published_at >= midnight(window.since))
    if window and window.until:
        query = query.where(articles.c.published_at < midnight(window.until))
    if folded:
        query = query.where(articles.c.repeats.is_(None))
    if is_gone:
        query = query.where(
            exists().where(
                absences.c.article_id == articles.c.id,
                absences.c.confirmed_at.is_not(None),
                absences.c.back_at.is_(None),
            )
        )
    if column:
        listed = (
            select(owned.c.article_id)
            .join(
                appearances,
                and_(appearances.c.site == owned.c.site, appearances.c.url == owned.c.url),
            )
            .where(appearances.c.column_id == column)
        )
        query = query.where(articles.c.id.in_(listed))
    found = connection.execute(query.limit(limit).offset(offset)).mappings()
    return [rows.article(row) for row in found]


def article(connection: Connection, article_id: str) -> Article | None:
    query = _articles().where(articles.c.id == article_id)
    row = connection.execute(query).mappings().one_or_none()
    return rows.article(row) if row else None


def earlier(connection: Connection, article_id: str) -> list[dict[str, Any]]:
    """The rows that an article had before, oldest first."""
    query = (
        select(revisions.c.record)
        .where(revisions.c.article_id == article_id)
        .order_by(revisions.c.number)
    )
    return list(connection.scalars(query))


def rejected(
    connection: Connection, *, site: str | None, reason: str | None, url: str | None = None
) -> list[Rejection]:
    """By site, the latest first."""
    query = (
        select(
            rejections,
            appearances.c.column_id.label("column"),
            appearances.c.link,
            appearances.c.title.label("listed_title"),
            appearances.c.published_at.label("listed_at"),
            appearances.c.published_precision.label("listed_precision"),
        )
        .select_from(_with_first_appearance(rejections))
        .order_by(rejections.c.site, rejections.c.last_seen.desc(), rejections.c.url)
    )
    if site:
        query = query.where(rejections.c.site == site)
    if reason:
        query = query.where(rejections.c.reason == reason)
    if url:
        query = query.where(rejections.c.url == url)
    return [rows.rejection(row) for row in connection.execute(query).mappings()]


def waiting(connection: Connection, site: str) -> Counter[str]:
    """How many of a site's pages are in quarantine, by reason."""
    query = select(rejections.c.reason, func.count()).where(rejections.c.site == site)
    found = connection.execute(query.group_by(rejections.c.reason).order_by(rejections.c.reason))
    return Counter({row[0]: row[1] for row in found})


def counts(connection: Connection) -> dict[str, int]:
    """Rows of each table."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in metadata.sorted_tables
    }


def _articles() -> Select[Any]:
    return select(
        articles, appearances.c.column_id.label("column"), columns.c.name.label("column_name")
    ).select_from(
        _with_first_appearance(articles).outerjoin(
            columns,
            and_(columns.c.site == appearances.c.site, columns.c.id == appearances.c.column_id),
        )
    )


def _with_first_appearance(table: Table) -> Join:
    """Beside each row its first column by id, and what that column's list said.

    An article in several columns is shown in the same one whichever was read first.
    """
    every = appearances.alias()
    first = (
        select(func.min(every.c.column_id))
        .where(every.c.site == table.c.site, every.c.url == table.c.url)
        .scalar_subquery()
    )
    return table.outerjoin(
        appearances,
        and_(
            appearances.c.site == table.c.site,
            appearances.c.url == table.c.url,
            appearances.c.column_id == first,
        ),
    )


def midnight(day: date) -> datetime:
    """The first moment of a day in Asia/Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)
