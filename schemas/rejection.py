"""A page whose record did not validate, or that turned out to be no article."""

from schemas.base import Shape
from schemas.dates import Moment
from schemas.outcome import Outcome
from schemas.page import ArchivePlace, Listing


class Rejection(Shape):
    """Why a fetched page is not stored as an article. It waits, with its bytes, for a replay."""

    url: str
    site: str
    column: str | None = None
    outcome: Outcome
    """`rejected` for a record that did not validate; otherwise what the page turned out to be."""
    reason: str
    """A short code, the same for the same cause: `missing_title`, `challenge_page`."""
    errors: tuple[str, ...] = ()
    """Field by field, in plain words."""
    listing: Listing | None = None
    archive: ArchivePlace | None = None
    fetched_at: Moment
    reader: str
    reader_version: str
