"""What every CMS family knows: its list pages, the way to older ones, and its article pages."""

from dataclasses import dataclass
from typing import ClassVar

from schemas.page import Listing
from spiders.extract.document import Document


@dataclass(frozen=True, slots=True)
class ListPage:
    """What one list page says."""

    listings: tuple[Listing, ...]
    """Its rows in the order of the page; urls absolute, duplicates left out."""
    next_url: str | None = None
    """The next older page of the same list; none on the last."""
    total_pages: int | None = None
    total_rows: int | None = None
    """Rows that the list claims to have."""


class Family:
    """The rules of one CMS family.

    A subclass overrides what differs; the base reads what any page may carry: the national meta
    tags, labelled lines and tables, the densest text.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    version: ClassVar[str] = "1"
    """Goes up when the same bytes would give another record."""

    def read_list(self, document: Document) -> ListPage:
        """Read one list page."""
        raise NotImplementedError

    def canonical_url(self, url: str) -> str:
        """One form for every address of the same article: dynamic twins, mobile twins, fragments."""
        raise NotImplementedError
