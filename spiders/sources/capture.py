"""One page as a source holds it, and what every source can do."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from schemas.page import Listing

if TYPE_CHECKING:
    from spiders.sources.survey import Survey


@dataclass(frozen=True, slots=True)
class Capture:
    """A page read from a source, its encodings undone."""

    url: str
    at: datetime
    """When it was fetched or saved."""
    status: int
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    column: str | None = None
    """The column whose list named it, where the source knows."""
    listing: Listing | None = None
    is_listed: bool = False
    """Whether the source says that it is an article; otherwise its address has to."""


class Found(NamedTuple):
    """Where a source holds a page of a known site."""

    at: datetime
    source: "Source"
    place: tuple[int, int]
    """What the source finds it by."""
    url: str | None = None
    """Where it is another than the source gives at that place: that of a revisit."""


class Source(Protocol):
    """A file, or a folder of them, that holds pages."""

    @property
    def name(self) -> str:
        """What the report calls it."""

    def survey(self, survey: "Survey") -> None:
        """Tell the survey of every page."""

    def read(self, found: Found) -> Capture:
        """The page at a place that the survey found.

        Raises:
            OSError: The file cannot be read.
            ValueError: There is no whole page.
        """
