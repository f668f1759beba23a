"""One archived page read again, beside what the store holds of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from schemas.article import Article
from schemas.page import Listing
from schemas.rejection import Rejection
from schemas.visit import Visit

Values = Mapping[str, Any]
"""Columns of `articles` by their names."""


class Standing(StrEnum):
    """What the store holds of an archived page."""

    CURRENT = "current"
    """The stored record was read from it."""
    EARLIER = "earlier"
    """A revision was read from it."""
    REJECTED = "rejected"
    """It waits in quarantine."""
    UNSTORED = "unstored"
    """Nothing, and nothing newer of its address."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What today's readers make of one page that the store knows otherwise or not at all."""

    standing: Standing
    record: Article | Rejection
    stored: Values | None = None
    """The article as it is stored; of an earlier version, that version."""
    number: int | None = None
    """Of an earlier version: which revision it is."""
    visit: Visit | None = None
    """The visit that fetched the page, where the store does not know of a later one."""
    reasons: tuple[str, ...] = ()
    """Why a stored record would get worse."""
    is_held: bool = False
    """Whether the stored record waits for review already."""

    @property
    def site(self) -> str:
        return self.record.site


class ListRow(NamedTuple):
    """What an archived list page said of an address."""

    url: str
    """Canonical."""
    column: str
    listing: Listing
