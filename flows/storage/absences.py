"""Articles that are missing: suspected at first, gone once another day says so, back again."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, select

from flows.batch import Turn
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
    if not visits:
        return [], turns
    ids = owners(connection, batch.site, {visit.url for visit in visits})
    lasting = _lasting(connection, set(ids.values()))
    changed: dict[tuple[str, datetime], Row] = {}
    for visit in visits:
        if (id_ := ids.get(visit.url)) is None:
            continue
        row = lasting.get(id_)
        sign = _sign(visit, found.elsewhere)
        if sign is None:
            if row is None or not _ends(row, visit):
                continue
            row = {**lasting.pop(id_), "back_at": visit.at}
            if row["confirmed_at"]:
                turns.append(Turn(Fate.BACK, visit.column, visit.url))
        elif row is None:
            row = lasting[id_] = _suspicion(id_, visit, sign)
            turns.append(Turn(Fate.SUSPECTED, visit.column, visit.url, row["suspected_reason"]))
        elif row["confirmed_at"] is None and _day(visit.at) > _day(row["suspected_at"]):
            row = lasting[id_] = row | _confirmation(visit, sign)
            reason = f"{row['confirmed_reason']}; missed since {_day(row['suspected_at'])}"
            turns.append(Turn(Fate.GONE, visit.column, visit.url, reason))
        else:
            continue
        changed[id_, row["suspected_at"]] = row
    return list(changed.values()), turns


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


def _ends(row: Row, visit: Visit) -> bool:
    """Whether a visit that speaks for an article ends its absence.

    An article that its list dropped is back when a list names it; one whose page was missing,
    when the page answers.
    """
    unlisted = (row["confirmed_sign"] or row["suspected_sign"]) == Sign.UNLISTED
    if unlisted:
        return visit.kind is Kind.ARTICLE
    return visit.outcome is not Outcome.KNOWN


def _suspicion(article_id: str, visit: Visit, sign: Sign) -> Row:
    return {
        "article_id": article_id,
        "suspected_at": visit.at.replace(microsecond=0),
        "suspected_sign": sign,
        "suspected_reason": _reason(visit, sign),
        "confirmed_at": None,
        "confirmed_sign": None,
        "confirmed_reason": None,
        "back_at": None,
    }


def _confirmation(visit: Visit, sign: Sign) -> Row:
    return {
        "confirmed_at": visit.at,
        "confirmed_sign": sign,
        "confirmed_reason": _reason(visit, sign),
    }


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
