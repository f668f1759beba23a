"""What every CMS family knows: its list pages, the way to older ones, and its article pages."""

import re
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from schemas.page import Listing
from spiders.extract.article import read_article
from spiders.extract.document import Document
from spiders.extract.draft import Draft
from spiders.extract.external import redirect_target
from spiders.extract.links import base_url
from spiders.extract.lists import find_rows
from spiders.extract.pager import Pager, read_pager
from spiders.extract.rows import read_rows
from spiders.extract.scripted import read_scripted_pager

_DEFAULT_PORTS = {"http": 80, "https": 443}
# A servlet's session id, written into the path for browsers without cookies.
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
# Most addresses: nothing in them has two forms, and finding that out otherwise takes ten times as
# long.
_CANONICAL = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/(?!\.)[\w.-]*)+", re.ASCII)


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

    article_url: ClassVar[re.Pattern[str] | None] = None
    """What the addresses of articles look like, where the family fixes it."""
    row_selectors: ClassVar[tuple[str, ...]] = ()
    """Where the family's own templates put the rows; tried in order, before any likeness."""
    never_request: ClassVar[re.Pattern[str]] = re.compile(
        # Each request to one of these makes the server count a visit that nobody made.
        r"dynclicks\.jsp|/system/resource/code/(?:news/click/|datainput\.jsp)|/_dwr/"
        r"|/plus/count\.php|api\.php\?op=count|/e/public/(?:ViewClick|onclick)|/_visitcount"
        r"|/module/visitcount/"
    )

    title_selector: ClassVar[str] = ""
    """The family's place for an article's title, where its templates fix one."""
    body_selectors: ClassVar[tuple[str, ...]] = ()
    """The family's containers of an article's body; the first that holds something wins."""
    body_debris: ClassVar[str] = ""
    """What the family's templates put inside the body's container and is not body."""
    url_tells_day: ClassVar[bool] = True
    """Whether a day in an address is that of publishing."""
    editors_write_keywords: ClassVar[bool] = True
    """Whether the keywords meta tag is an editor's, not a machine's."""

    def read_article(self, document: Document) -> Draft:
        """Read one article page: what the page itself says, field by field."""
        return read_article(document, self)

    def external_target(self, document: Document) -> str | None:
        """Where a shell without a text of its own sends its visitors, as far as the page says."""
        return redirect_target(document)

    def read_list(self, document: Document) -> ListPage:
        """Read one list page."""
        pager = self.read_pager(document)
        return ListPage(
            self.read_rows(document), pager.next_url, pager.total_pages, pager.total_rows
        )

    def read_rows(self, document: Document) -> tuple[Listing, ...]:
        """The rows of a list page."""
        base = base_url(document)
        for selector in self.row_selectors:
            if listings := read_rows(document.tree.css(selector), base):
                return listings
        return find_rows(document.tree, base, self.article_url)

    def read_pager(self, document: Document) -> Pager:
        """The way to the next older page of a list."""
        base = base_url(document)
        return read_scripted_pager(document.html, base) or read_pager(document.tree, base)

    def canonical_url(self, url: str) -> str:
        """One form for every address of the same article: fragments, dynamic and mobile twins."""
        if _CANONICAL.fullmatch(url):
            return url
        parts = urlsplit(canonicalize_url(_SESSION.sub("", url)))
        host = (parts.hostname or "").rstrip(".")
        if parts.port and parts.port != _DEFAULT_PORTS.get(parts.scheme):
            host = f"{host}:{parts.port}"
        return urlunsplit(parts._replace(netloc=host))
