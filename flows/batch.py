"""What the steps hand on: some dozens of pages at a time, so memory does not grow with the site."""

from dataclasses import dataclass, field

from flows.similarity import Sketch
from schemas.article import Article
from schemas.history import Fate
from schemas.ledger import Entry
from schemas.rejection import Rejection
from schemas.visit import Checkpoint, Visit


@dataclass(frozen=True, slots=True)
class Fetched:
    """fetch → clean. Visits in the order they were made.

    A checkpoint closes its column; an entry of the ledger vouches for what lies above its mark.
    """

    site: str
    visits: tuple[Visit, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    ledger: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """clean → dedupe. Every page of the visits is either an article or a rejection here."""

    site: str
    visits: tuple[Visit, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    ledger: tuple[Entry, ...] = ()
    articles: tuple[Article, ...] = ()
    rejections: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class Sketched:
    """An article, and its text in the form in which texts are compared."""

    article: Article
    sketch: Sketch


@dataclass(frozen=True, slots=True)
class Deduped:
    """dedupe → store."""

    site: str
    visits: tuple[Visit, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    ledger: tuple[Entry, ...] = ()
    articles: tuple[Sketched, ...] = ()
    rejections: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of one stored article."""

    fate: Fate
    column: str
    url: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """What one transaction changed, by column id."""

    new: dict[str, int]
    changed: dict[str, int]
    repeats: dict[str, int]
    originals: dict[str, int] = field(default_factory=dict)
    """By name: whose texts the new articles repeat."""
    turns: tuple[Turn, ...] = ()
    """In the order in which they were noticed."""
