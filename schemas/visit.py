"""What happened at one address, and what is remembered of it between runs."""

from datetime import date
from enum import StrEnum

from pydantic import ConfigDict

from schemas.base import Shape
from schemas.dates import Moment
from schemas.outcome import Outcome
from schemas.page import ArchivePlace, Listing, Page, Validators


class Kind(StrEnum):
    """What a request was for."""

    LIST = "list"
    ARTICLE = "article"
    AGAIN = "again"
    """An article that is stored, looked at again without its list having named it."""
    BESIDE = "beside"
    """An article's page that came beside the lists: from a file, a site map, a feed."""
    FILE = "file"
    """A file that an article offers."""


class Origin(Shape):
    """What an archived response was asked for; with it the records can be rebuilt."""

    # An archive is read by later versions, and by earlier ones.
    model_config = ConfigDict(extra="ignore", frozen=True)

    site: str
    run: str = ""
    kind: Kind | None = None
    """None: for something else than a list, an article or a file, such as robots.txt."""
    column: str | None = None
    url: str | None = None
    """An article's canonical address, as its list row had it; a file's, as its article has it."""
    list_url: str | None = None
    """The page of the list that the row stood on."""
    listing: Listing | None = None
    source: str | None = None
    """The file that it was taken from, where it was not fetched."""
    earlier: ArchivePlace | None = None
    """Where the last full response to the same address lies, as far as anyone knows."""


class Visit(Shape):
    """What became of one request, or of one list row that needed none."""

    url: str
    """Canonical."""
    address: str | None = None
    """Canonical, where a redirect led to another address of the site."""
    kind: Kind
    site: str
    column: str
    outcome: Outcome
    reason: str = ""
    """A few plain words where the outcome alone does not say it."""
    at: Moment
    requested: bool = True
    status: int | None = None
    listing: Listing | None = None
    declared: int | None = None
    """Rows that a list claims to have."""
    page: Page | None = None
    """The response to be read; only an article's, and only where it is news."""
    validators: Validators = Validators()
    body_hash: str | None = None
    """SHA-256 of the response's body, hex."""
    archive: ArchivePlace | None = None
    """Where the response lies in full; none where none came."""


class PageState(Shape):
    """What the store remembers of an address: the last visit to it."""

    url: str
    outcome: Outcome
    reason: str = ""
    status: int | None = None
    validators: Validators = Validators()
    body_hash: str | None = None
    first_seen: Moment
    last_seen: Moment
    archive: ArchivePlace | None = None
    """Where the last full response lies."""
    missing: bool = False
    """Whether it is the address of an article that is suspected gone, or gone."""


class Due(Shape):
    """A stored article that is to be looked at again."""

    state: PageState
    column: str
    listing: Listing
    """What its list row said; its url is the address to ask."""
    unlisted: bool = False
    """Whether its list's silence made it suspect: the list is to be looked at again as well."""


class Listed(Shape):
    """A stored article that the lists of some columns have named."""

    url: str
    """Its own address, canonical."""
    addresses: frozenset[str]
    """All that it has, canonical."""
    columns: frozenset[str]


class Checkpoint(Shape):
    """How far a column has been taken. Moves only in the transaction that stores its last batch.

    While the list's first page is unchanged and `since` reaches back far enough, there is nothing
    to do in the column.
    """

    site: str
    column: str
    since: date | None
    """The column is complete from this day on; null: from its first article."""
    newest: date | None
    """The newest list row taken."""
    list_validators: Validators = Validators()
    list_hash: str | None = None
    """SHA-256 of the list's first page, hex."""
    list_archive: ArchivePlace | None = None
    """Where that page lies in full."""
    at: Moment
