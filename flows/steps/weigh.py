"""weigh: what becomes of each reading. Nothing is stored here."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from flows.reading import Reading, Standing, Values
from flows.steps.compare import is_same, values_of
from flows.storage.copies import face_of
from flows.storage.reread import SEEN
from schemas.article import Article
from schemas.rejection import Rejection


class Verdict(StrEnum):
    """What becomes of a reading."""

    NOTHING = "nothing"
    """It says what is stored."""
    CHANGE = "change"
    """The stored record gets it."""
    RESTATE = "restate"
    """The same by other rules: the record gets their names."""
    EARLIER = "earlier"
    """A revision gets it."""
    KEEP = "keep"
    """A revision would get worse, or a later page is of a held record: what is stored stays."""
    HOLD = "hold"
    """The record would get worse: it waits for review."""
    NEW = "new"
    """A record of its own."""
    COPY = "copy"
    """The page of a new record once more: a further address of it."""
    REVISE = "revise"
    """A later page of a stored article: a revision, as in a crawl."""
    RELEASE = "release"
    """The page leaves quarantine."""
    REJECT = "reject"
    """The page goes into quarantine."""
    WAIT = "wait"
    """The page stays in quarantine, with what is said of it now."""


_OF_A_REJECTION = {
    Standing.CURRENT: Verdict.HOLD,
    Standing.EARLIER: Verdict.KEEP,
    Standing.REJECTED: Verdict.WAIT,
    Standing.UNSTORED: Verdict.REJECT,
}
_BECOMES_LATEST = frozenset(
    {
        Verdict.CHANGE,
        Verdict.RESTATE,
        Verdict.NEW,
        Verdict.COPY,
        Verdict.REVISE,
        Verdict.RELEASE,
    }
)


class Weighed(NamedTuple):
    """A reading and what becomes of it."""

    verdict: Verdict
    reading: Reading
    values: Values
    """The columns of an article as they read now; empty for a rejection."""


def weigh(readings: Iterable[Reading]) -> Iterator[Weighed]:
    """What becomes of the readings of one site, in the order of its archive.

    A later page is compared with what the readings before it leave behind.
    """
    latest: dict[str, int] = {}
    held: set[str] = set()
    faces: set[int] = set()
    for reading in readings:
        record = reading.record
        id_ = reading.stored["id"] if reading.stored else record.url
        values = values_of(record) if isinstance(record, Article) else {}
        verdict = _verdict(reading, values, latest.get(id_))
        if verdict is Verdict.HOLD:
            held.add(id_)
        elif verdict is Verdict.REVISE and id_ in held:
            verdict = Verdict.KEEP
        elif verdict is Verdict.NEW and isinstance(record, Article) and (face := face_of(record)):
            verdict = Verdict.COPY if hash(face) in faces else verdict
            faces.add(hash(face))
        if verdict in _BECOMES_LATEST:
            latest[id_] = _digest(values)
        yield Weighed(verdict, reading, values)


def _verdict(reading: Reading, values: Values, latest: int | None) -> Verdict:
    if isinstance(reading.record, Rejection):
        return _OF_A_REJECTION[reading.standing]
    stored = reading.stored
    if reading.standing is Standing.REJECTED:
        return Verdict.RELEASE
    if reading.standing is Standing.EARLIER:
        return Verdict.KEEP if reading.reasons else Verdict.EARLIER
    if reading.standing is Standing.CURRENT and stored:
        if reading.reasons:
            return Verdict.HOLD
        if is_same(stored, values):
            return Verdict.NOTHING
        return Verdict.RESTATE if is_same(stored, values, SEEN) else Verdict.CHANGE
    if latest is None:
        return Verdict.REVISE if stored else Verdict.NEW
    return Verdict.NOTHING if latest == _digest(values) else Verdict.REVISE


def _digest(values: Values) -> int:
    """Tells within one process whether two readings look the same."""
    return hash(repr([values[name] for name in SEEN]))
