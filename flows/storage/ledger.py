"""The ledger of backfills as rows, and what the other tables know of its windows."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import CTE, ColumnElement, Connection, RowMapping, and_, func, literal, or_, select

from flows.storage import rows
from flows.storage.tables import appearances, ledger, page_states
from flows.storage.types import Instant
from flows.storage.upsert import upsert
from schemas.dates import SHANGHAI, Published, Window
from schemas.ledger import Entry, Figures, Hint
from schemas.outcome import Outcome
from schemas.page import Listing
from schemas.visit import Due

_UNSETTLED: Final = [outcome for outcome in Outcome if not outcome.is_settled]


def begin(
    connection: Connection, site: str, columns: Sequence[str], window: Window, at: datetime
) -> list[Entry]:
    """The entries of these columns over a window with both ends; those asked anew are waiting."""
    assert window.since and window.until  # noqa: S101, PT018  (the caller has seen to it)
    asked = [
        Entry(site=site, column=column, since=window.since, until=window.until, asked_at=at)
        for column in columns
    ]
    upsert(
        connection,
        ledger,
        [rows.ledger_row(entry) for entry in asked],
        keep=frozenset(ledger.c.keys()),
    )
    query = select(ledger).where(
        ledger.c.site == site,
        ledger.c.column_id.in_(columns),
        ledger.c.since == window.since,
        ledger.c.until == window.until,
    )
    found = {
        row["column_id"]: rows.ledger_entry(row) for row in connection.execute(query).mappings()
    }
    return [found[column] for column in columns]


def with_figures(connection: Connection, site: str | None) -> list[tuple[Entry, Figures]]:
    """Every entry and its figures: by site and column, the newest window first."""
    query = select(ledger).order_by(
        ledger.c.site, ledger.c.column_id, ledger.c.since.desc(), ledger.c.until.desc()
    )
    if site:
        query = query.where(ledger.c.site == site)
    found = [rows.ledger_entry(row) for row in connection.execute(query).mappings()]
    return [(entry, figures(connection, entry)) for entry in found]


def neighbours(connection: Connection, entry: Entry, most_rises: int) -> list[Hint]:
    """The hints of other windows over an entry's column, of walks that met so few rises."""
    query = select(ledger).where(
        ledger.c.site == entry.site,
        ledger.c.column_id == entry.column,
        or_(ledger.c.since != entry.since, ledger.c.until != entry.until),
        ledger.c.rises <= most_rises,
    )
    found = connection.execute(query).mappings()
    return [hint for row in found for hint in rows.ledger_entry(row).hints]


def figures(connection: Connection, entry: Entry) -> Figures:
    """What the tables know of an entry's window."""
    of_column = select(func.count()).where(
        appearances.c.site == entry.site, appearances.c.column_id == entry.column
    )
    dated = connection.scalar(of_column.where(_is_within(entry)))
    undated = connection.scalar(of_column.where(appearances.c.published_at.is_(None)))
    unsettled = _unsettled(entry)
    owed = connection.scalar(
        select(func.count())
        .select_from(unsettled)
        .join(appearances, appearances.c.url == unsettled.c.url)
        .where(_is_named(entry))
    )
    return Figures(found=(dated or 0) + (undated or 0), owed=owed or 0)


def owed(connection: Connection, entry: Entry) -> list[Due]:
    """The articles of an entry's window whose page failed, the newest first."""
    unsettled = _unsettled(entry)
    query = (
        select(
            unsettled,
            appearances.c.link,
            appearances.c.title,
            appearances.c.published_at,
            appearances.c.published_precision,
        )
        .select_from(unsettled)
        .join(appearances, appearances.c.url == unsettled.c.url)
        .where(_is_named(entry))
        .order_by(appearances.c.published_at.desc().nulls_last(), appearances.c.url)
    )
    return [_due(entry.column, row) for row in connection.execute(query).mappings()]


def appeared(connection: Connection, site: str, column: str, urls: Sequence[str]) -> set[str]:
    """Those of the addresses that the column's list is known to have named."""
    query = select(appearances.c.url).where(
        appearances.c.site == site,
        appearances.c.column_id == column,
        appearances.c.url.in_(urls),
    )
    return set(connection.scalars(query))


def _is_within(entry: Entry) -> ColumnElement[bool]:
    return and_(
        appearances.c.published_at >= literal(_midnight(entry.since), Instant()),
        appearances.c.published_at < literal(_midnight(entry.until), Instant()),
    )


def _is_named(entry: Entry) -> ColumnElement[bool]:
    """Whether the column's list names an article with a day in the window, or without one."""
    return and_(
        appearances.c.site == entry.site,
        appearances.c.column_id == entry.column,
        or_(_is_within(entry), appearances.c.published_at.is_(None)),
    )


def _unsettled(entry: Entry) -> CTE:
    """The pages of a site that failed. Few: the search begins there, told so by the prefix."""
    query = select(page_states).where(
        page_states.c.site == entry.site, page_states.c.outcome.in_(_UNSETTLED)
    )
    return query.cte("unsettled").prefix_with("MATERIALIZED")


def _due(column: str, row: RowMapping) -> Due:
    moment = row["published_at"]
    published = Published(at=moment, precision=row["published_precision"]) if moment else None
    link = row["link"] or row["url"]
    return Due(
        state=rows.page_state(row),
        column=column,
        listing=Listing(url=link, title=row["title"] or "", published=published),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
