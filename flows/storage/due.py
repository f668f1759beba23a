"""What a crawl asks of the stored articles: which to look at again, which its lists have named."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    RowMapping,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from flows.storage import rows
from flows.storage.copies import owned
from flows.storage.tables import absences, addresses, appearances, articles, page_states
from flows.storage.types import Instant
from schemas.dates import SHANGHAI, Published
from schemas.history import Sign
from schemas.outcome import Outcome
from schemas.page import Listing
from schemas.visit import Due, Listed
from spiders.looking_again import LOOK_AGAIN_AFTER, SUSPECT_FOR

_IN_SHANGHAI = "%Y-%m-%dT%H:%M:%S+08:00"


def due(connection: Connection, site: str, now: datetime, limit: int) -> list[Due]:
    """At most `limit` articles to be looked at again: the suspect first, then the newest."""
    lasts = and_(absences.c.article_id == articles.c.id, absences.c.back_at.is_(None))
    # What an article was moved from is answered for by what it was moved to.
    left = and_(
        page_states.c.outcome == Outcome.MOVED,
        exists().where(addresses.c.article_id == articles.c.id),
        absences.c.suspected_sign.is_distinct_from(Sign.ELSEWHERE),
    )
    midnight = datetime.combine(now.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    is_suspect = and_(absences.c.suspected_at.is_not(None), absences.c.confirmed_at.is_(None))
    query = (
        select(page_states, articles.c.id.label("article_id"), absences.c.suspected_at)
        .add_columns(
            and_(is_suspect, absences.c.suspected_sign == Sign.UNLISTED).label("unlisted"),
        )
        .select_from(page_states)
        .join(owned, and_(owned.c.site == page_states.c.site, owned.c.url == page_states.c.url))
        .join(articles, articles.c.id == owned.c.article_id)
        .outerjoin(absences, lasts)
        .where(
            page_states.c.site == site,
            ~left,
            case(
                (
                    is_suspect,
                    and_(
                        page_states.c.last_seen < literal(midnight, Instant()),
                        absences.c.suspected_at < literal(midnight, Instant()),
                        absences.c.suspected_at >= literal(now - SUSPECT_FOR, Instant()),
                    ),
                ),
                (
                    absences.c.confirmed_at.is_not(None),
                    _of_age(connection, absences.c.suspected_at, now),
                ),
                else_=_of_age(connection, page_states.c.first_seen, now),
            ),
        )
        .order_by(
            is_suspect.desc(),
            articles.c.published_at.desc().nulls_last(),
            page_states.c.url,
        )
        .limit(limit)
    )
    found = list(connection.execute(query).mappings())
    named = _first_appearances(connection, {row["article_id"] for row in found})
    return [_due(row, named[row["article_id"]]) for row in found if row["article_id"] in named]


def listed(connection: Connection, site: str, column: str, after: date) -> list[Listed]:
    """The articles, not gone, that the column's list has named with a day after `after`."""
    after_day = datetime.combine(after + timedelta(days=1), time(), SHANGHAI)
    gone = exists().where(
        absences.c.article_id == owned.c.article_id,
        absences.c.back_at.is_(None),
        absences.c.confirmed_at.is_not(None),
    )
    named = (
        select(owned.c.article_id)
        .join(
            appearances,
            and_(appearances.c.site == owned.c.site, appearances.c.url == owned.c.url),
        )
        .where(
            appearances.c.site == site,
            appearances.c.column_id == column,
            appearances.c.published_at >= literal(after_day, Instant()),
            ~gone,
        )
    )
    query = (
        select(articles.c.url.label("own"), owned.c.url, appearances.c.column_id)
        .select_from(owned)
        .join(articles, articles.c.id == owned.c.article_id)
        .outerjoin(
            appearances,
            and_(appearances.c.site == owned.c.site, appearances.c.url == owned.c.url),
        )
        .where(owned.c.article_id.in_(named))
        .order_by(articles.c.url)
    )
    urls: dict[str, set[str]] = {}
    columns: dict[str, set[str]] = {}
    for row in connection.execute(query):
        urls.setdefault(row.own, set()).add(row.url)
        columns.setdefault(row.own, set()).update({row.column_id} - {None})
    return [
        Listed(url=own, addresses=frozenset(urls[own]), columns=frozenset(columns[own]))
        for own in urls
    ]


def missing(connection: Connection, site: str, urls: Iterable[str]) -> set[str]:
    """Those of the addresses whose article is missing."""
    query = select(owned.c.url).where(
        owned.c.site == site,
        owned.c.url.in_(list(urls)),
        exists().where(absences.c.article_id == owned.c.article_id, absences.c.back_at.is_(None)),
    )
    return set(connection.scalars(query))


def _of_age(
    connection: Connection, since: ColumnElement[Any], now: datetime
) -> ColumnElement[bool]:
    """Whether an age of the plan has come since the last look."""
    return or_(
        *(
            and_(
                since <= literal(now - age, Instant()),
                page_states.c.last_seen < _later(connection, since, age),
            )
            for age in LOOK_AGAIN_AFTER
        )
    )


def _later(
    connection: Connection, moment: ColumnElement[Any], age: timedelta
) -> ColumnElement[Any]:
    """A column's moment and `age`, in the form in which the database has moments."""
    if connection.dialect.name == "sqlite":
        seconds = f"{int(age.total_seconds()):+d} seconds"
        return func.strftime(_IN_SHANGHAI, moment, "+8 hours", seconds)
    return cast(moment, DateTime(timezone=True)) + age


def _first_appearances(connection: Connection, ids: Iterable[str]) -> dict[str, RowMapping]:
    """The list row of each article that tells most: a dated one, then the first column's."""
    query = (
        select(owned.c.article_id, appearances)
        .join(
            appearances,
            and_(appearances.c.site == owned.c.site, appearances.c.url == owned.c.url),
        )
        .where(owned.c.article_id.in_(list(ids)))
        .order_by(
            appearances.c.published_at.is_(None),
            appearances.c.link.is_(None),
            appearances.c.column_id,
            appearances.c.url,
        )
    )
    found: dict[str, RowMapping] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["article_id"], row)
    return found


def _due(row: RowMapping, named: RowMapping) -> Due:
    """The address itself is asked, as its list gave it where a list did."""
    moment = named["published_at"]
    published = Published(at=moment, precision=named["published_precision"]) if moment else None
    is_own = named["url"] == row["url"]
    link = named["link"] if is_own and named["link"] else row["url"]
    return Due(
        state=rows.page_state(row).model_copy(update={"missing": row["suspected_at"] is not None}),
        column=named["column_id"],
        listing=Listing(url=link, title=named["title"] or "", published=published),
        unlisted=row["unlisted"],
    )
