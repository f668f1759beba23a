"""What the store knows of articles over time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from flows.storage import read, rows
from flows.storage.sameness import version_hash
from flows.storage.tables import absences, addresses, articles, revisions
from schemas.history import Absence, Address, History, Sighting, Version


def history(connection: Connection, article_id: str) -> History | None:
    current = read.article(connection, article_id)
    if current is None:
        return None
    row = connection.execute(select(articles).where(articles.c.id == article_id)).mappings().one()
    earlier = connection.execute(
        select(revisions).where(revisions.c.article_id == article_id).order_by(revisions.c.number)
    ).mappings()
    named = {"column": current.column, "column_name": current.column_name}
    versions = [_version(revision, named) for revision in earlier]
    last = Version(number=len(versions) + 1, article=current, hash=version_hash(row))
    missing = select(absences).where(absences.c.article_id == article_id)
    further = select(addresses.c.url, addresses.c.first_seen).where(
        addresses.c.article_id == article_id
    )
    return History(
        versions=(*versions, last),
        absences=tuple(
            _absence(row)
            for row in connection.execute(missing.order_by(absences.c.suspected_at)).mappings()
        ),
        addresses=tuple(
            Address(url=row.url, first_seen=row.first_seen)
            for row in connection.execute(further.order_by(addresses.c.first_seen, addresses.c.url))
        ),
    )


def lasting(connection: Connection, article_ids: Sequence[str]) -> dict[str, Absence]:
    """The absence that lasts of each of the articles that is missing."""
    query = select(absences).where(
        absences.c.article_id.in_(article_ids), absences.c.back_at.is_(None)
    )
    return {row["article_id"]: _absence(row) for row in connection.execute(query).mappings()}


def _version(revision: RowMapping, named: Mapping[str, str | None]) -> Version:
    """An earlier row of `articles`, whose moments and days JSON keeps as text."""
    record: dict[str, Any] = dict(revision["record"])
    for name in ("published_at", "fetched_at"):
        record[name] = record[name] and datetime.fromisoformat(record[name])
    record["written_on"] = record["written_on"] and date.fromisoformat(record["written_on"])
    return Version(
        number=revision["number"],
        article=rows.article({**record, **named}),
        replaced_at=revision["replaced_at"],
        hash=version_hash(record),
    )


def _absence(row: RowMapping) -> Absence:
    confirmed = None
    if row["confirmed_at"]:
        confirmed = Sighting(
            at=row["confirmed_at"], sign=row["confirmed_sign"], reason=row["confirmed_reason"]
        )
    return Absence(
        suspected=Sighting(
            at=row["suspected_at"], sign=row["suspected_sign"], reason=row["suspected_reason"]
        ),
        confirmed=confirmed,
        back_at=row["back_at"],
    )
