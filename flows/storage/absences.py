"""Articles that are missing: suspected at first, gone once another day says so, back again."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, select

from flows.batch import Turn
from flows.storage.copies import alive
from flows.storage.identity import Identified, owners
from flows.storage.rows import Row
from flows.storage.tables import absences
from schemas.dates import SHANGHAI
from schemas.history import Fate, Sign
from schemas.outcome import Outcome
from schemas.visit import Kind, Visit

# What says of an article whether it is there. The others (a failure, a block, a page that the
# reader refused) say nothing of it.
_TELLING: Final = frozenset(
    {
        Outcome.OK,
        Outcome.UNCHANGED,
        Outcome.KNOWN,
        Outcome.GONE,
        Outcome.MOVED,
        Outcome.UNLISTED,
    }
)
_NOT_FOUND: Final = frozenset({404, 410})
_REDIRECTS: Final = range(300, 400)

Key = tuple[str, datetime]
"""Of a row of `absences`."""


def note(connection: Connection, found: Identified) -> tuple[list[Row], list[Turn]]:
    """The rows of `absences` that a batch changes, and what became of which article.

    The articles of the batch are stored already.
    """
    batch = found.batch
    refused = {rejection.url for rejection in batch.rejections}
    visits = [
        visit
        for visit in batch.visits
        if visit.kind is not Kind.LIST
        and visit.outcome in _TELLING
        and (visit.url in found.elsewhere or not refused & {visit.url, visit.address})
    ]
    turns = [Turn(Fate.MOVED, v.column, v.url, f"to {v.address}") for v in found.moved]
    turns += [Turn(Fate.COPIED, v.column, v.url) for v in found.copied]
    if not visits:
        return [], turns
    ids = owners(connection, batch.site, {visit.url for visit in visits})
    lasting = _lasting(connection, set(ids.values()))
    answering = alive(connection, set(ids.values()))
    changed: dict[Key, Row] = {}
    noticed: list[tuple[Fate, Visit, Key]] = []
    for visit in visits:
        if (id_ := ids.get(visit.url)) is None:
            continue
        before = lasting.get(id_)
        if before and visit.at.replace(microsecond=0) < before[f"{_last(before)}_at"]:
            continue  # an archived page, read late
        sign = _sign(visit, found.elsewhere)
        if sign not in {None, Sign.UNLISTED} and answering.get(id_, set()) - {visit.url}:
            continue  # one of several addresses: the article is there as long as any of them is
        row, fate = _seen(before, visit) if sign is None else _missed(id_, before, visit, sign)
        if row is None or row == before:
            continue
        if row["back_at"]:
            del lasting[id_]
        else:
            lasting[id_] = row
        key = (id_, row["suspected_at"])
        changed[key] = row
        if fate:
            noticed.append((fate, visit, key))
    turns += [Turn(f, v.column, v.url, _in_words(f, changed[key])) for f, v, key in noticed]
    return list(changed.values()), turns


def _seen(row: Row | None, visit: Visit) -> tuple[Row | None, Fate | None]:
    """What a visit that speaks for an article makes of its absence.

    An article that its list dropped is back when a list names it; one whose page was missing,
    when the page answers.
    """
    if row is None:
        return None, None
    if row[f"{_last(row)}_sign"] == Sign.UNLISTED:
        is_back = visit.kind is Kind.ARTICLE
    else:
        is_back = visit.outcome is not Outcome.KNOWN
    if not is_back:
        return row, None
    return row | {"back_at": visit.at}, Fate.BACK if row["confirmed_at"] else None


def _missed(article_id: str, row: Row | None, visit: Visit, sign: Sign) -> tuple[Row, Fate | None]:
    """What a visit that speaks against an article makes of its absence; it may begin one."""
    if row is None:
        begun = {"article_id": article_id, "back_at": None, **_sighting("confirmed")}
        return begun | _sighting("suspected", visit, sign), Fate.SUSPECTED
    last = _last(row)
    if last == "suspected" and _day(visit.at) > _day(row["suspected_at"]):
        return row | _sighting("confirmed", visit, sign), Fate.GONE
    if row[f"{last}_sign"] == Sign.UNLISTED and _day(visit.at) == _day(row[f"{last}_at"]):
        # On one day its own page says more than a list's silence, whichever was asked first.
        return row | _sighting(last, visit, sign) | {f"{last}_at": row[f"{last}_at"]}, None
    return row, None


def _lasting(connection: Connection, ids: Iterable[str]) -> dict[str, Row]:
    query = select(absences).where(
        absences.c.article_id.in_(list(ids)), absences.c.back_at.is_(None)
    )
    return {row["article_id"]: dict(row) for row in connection.execute(query).mappings()}


def _sign(visit: Visit, elsewhere: frozenset[str]) -> Sign | None:
    """What a visit says against an article; none where it says that it is there."""
    if visit.outcome is Outcome.UNLISTED:
        return Sign.UNLISTED
    if visit.outcome is Outcome.MOVED or visit.url in elsewhere:
        return Sign.ELSEWHERE
    if visit.outcome is not Outcome.GONE:
        return None
    if visit.status in _REDIRECTS:
        return Sign.FRONT_PAGE
    return Sign.NOT_FOUND if visit.status in _NOT_FOUND else Sign.SOFT_404


def _last(row: Row) -> str:
    """Which sighting was the last: `suspected` or `confirmed`."""
    return "confirmed" if row["confirmed_at"] else "suspected"


def _sighting(which: str, visit: Visit | None = None, sign: Sign | None = None) -> Row:
    """The columns of a sighting, or of one that is still to come."""
    return {
        f"{which}_at": visit.at.replace(microsecond=0) if visit else None,
        f"{which}_sign": sign,
        f"{which}_reason": _reason(visit, sign) if visit and sign else None,
    }


def _in_words(fate: Fate, row: Row) -> str:
    if fate is Fate.BACK:
        return ""
    reason: str = row[f"{_last(row)}_reason"]
    return f"{reason}; missed since {_day(row['suspected_at'])}" if fate is Fate.GONE else reason


def _reason(visit: Visit, sign: Sign) -> str:
    """The sign in a few plain words."""
    match sign:
        case Sign.NOT_FOUND:
            return f"HTTP {visit.status}"
        case Sign.SOFT_404:
            return "the page itself says so"
        case Sign.FRONT_PAGE:
            return "redirects to the front page"
        case Sign.ELSEWHERE:
            return f"redirects to {visit.address}" if visit.address else visit.reason
        case Sign.UNLISTED:
            return "its list names it no more"


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
