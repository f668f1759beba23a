"""What became of an article since it was first stored: versions, absences, addresses."""

from enum import StrEnum

from schemas.article import Article
from schemas.base import Shape
from schemas.dates import Moment


class Fate(StrEnum):
    """What one visit changed for an article that is stored."""

    SUSPECTED = "suspected"
    """Missing for the first time; a look on another day decides."""
    GONE = "gone"
    """Missing on a second day."""
    BACK = "back"
    """There again."""
    MOVED = "moved"
    """At another address of its site, and still itself."""
    COPIED = "copied"
    """At one more address of its site, beside those it has."""


IN_WORDS = {
    Fate.SUSPECTED: "suspected gone",
    Fate.GONE: "confirmed gone",
    Fate.BACK: "back again",
    Fate.MOVED: "moved on the site",
    Fate.COPIED: "at a further address",
}
"""As reports say it; an answer that a page is gone is counted apart from what becomes of it."""


class Sign(StrEnum):
    """What says that an article is missing."""

    NOT_FOUND = "not_found"
    """404 or 410."""
    SOFT_404 = "soft_404"
    """The same said under status 200."""
    FRONT_PAGE = "front_page"
    """Its address redirects to the site's front page."""
    ELSEWHERE = "elsewhere"
    """Its address redirects to another article, or away from the site."""
    UNLISTED = "unlisted"
    """The list that named it shows its days and names it no more; its page may still answer."""


class Sighting(Shape):
    """One time that an article was missed."""

    at: Moment
    sign: Sign
    reason: str
    """In a few plain words."""


class Absence(Shape):
    """A time in which an article was missing: suspected at first, gone once another day says so."""

    suspected: Sighting
    confirmed: Sighting | None = None
    """The second sighting, on another day of Asia/Shanghai."""
    back_at: Moment | None = None

    @property
    def is_open(self) -> bool:
        return self.back_at is None

    @property
    def is_gone(self) -> bool:
        """Whether it is gone now, beyond suspicion."""
        return self.is_open and self.confirmed is not None

    @property
    def last(self) -> Sighting:
        return self.confirmed or self.suspected


class Address(Shape):
    """A further address of an article, whose own is the one it was first known by."""

    url: str
    first_seen: Moment


class Version(Shape):
    """What an article said from one moment on."""

    number: int
    """From 1, oldest first."""
    article: Article
    replaced_at: Moment | None = None
    """When the page that said otherwise was fetched; none for what it says now."""
    hash: str
    """SHA-256, hex, of all that a reader sees, normalised: title, body, attachments, fields."""


class History(Shape):
    """All that is known of one article over time."""

    versions: tuple[Version, ...]
    """Oldest first; the last is the record as it is stored."""
    absences: tuple[Absence, ...] = ()
    """Oldest first."""
    addresses: tuple[Address, ...] = ()
    """Oldest first, without the article's own."""

    @property
    def article(self) -> Article:
        """The record as it is stored."""
        return self.versions[-1].article

    @property
    def absence(self) -> Absence | None:
        """The absence that lasts, where one does."""
        return next((absence for absence in self.absences if absence.is_open), None)
