"""One fetched response, where its bytes are kept, and what its list row said of it."""

from datetime import date
from typing import Self

from pydantic import Field

from schemas.base import Shape
from schemas.dates import Moment, Published


class ArchivePlace(Shape):
    """Where a response lies: a WARC file, relative to the archive, and a byte offset."""

    file: str
    offset: int

    def __str__(self) -> str:
        return f"{self.file}@{self.offset}"

    @classmethod
    def parse(cls, place: str) -> Self:
        """The inverse of `str(place)`."""
        file, _, offset = place.rpartition("@")
        return cls(file=file, offset=int(offset))


class Listing(Shape):
    """What a list row said of an article before it was opened.

    `url` is absolute, and as the list gave it: `Family.canonical_url` makes it comparable.
    """

    url: str
    title: str = ""
    published: Published | None = None

    @property
    def day(self) -> date | None:
        return self.published.day if self.published else None


class Validators(Shape):
    """What lets a server answer "unchanged" (RFC 9110 §8.8)."""

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


class Page(Shape):
    """One fetched response with its bytes (transfer and content encodings already undone)."""

    url: str
    """Where the bytes came from, after redirects."""
    status: int
    headers: dict[str, str] = Field(default_factory=dict)
    """Header names in lower case."""
    body: bytes
    fetched_at: Moment
    site: str
    column: str | None = None
    """The id of the column whose list named this page."""
    listing: Listing | None = None
    archive: ArchivePlace | None = None
    """None where a page was read from a file and never fetched."""

    @property
    def validators(self) -> Validators:
        return Validators(
            etag=self.headers.get("etag"), last_modified=self.headers.get("last-modified")
        )
