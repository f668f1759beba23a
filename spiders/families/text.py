"""No CMS: the plain text of a page, as WET files and other renderings have it."""

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser

from schemas.page import Page
from spiders.extract.charset import decode
from spiders.extract.document import Document
from spiders.extract.draft import Draft
from spiders.extract.plain import PICTURE, plain_markup
from spiders.families.base import Family

_TYPE = "text/plain"
# Some servers call their pages plain text.
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|meta|title|div|table|p)[\s>]", re.IGNORECASE)
_WITHIN = 4096
_PICTURE = re.compile(rf'<img src="{re.escape(PICTURE)}\d+" alt="">')


class PlainText(Family):
    """Any site's article page as text: without links, pictures, files and meta tags."""

    id = "text"
    name = "Plain text of any page"
    title_selector = "h1"
    body_selectors = ("article",)
    # It depends on the site's system, and that the text does not show.
    url_tells_day = False

    def document_of(self, page: Page) -> Document:
        """The page's text as a document."""
        decoded = decode(page.body)
        html = plain_markup(decoded.text, page.listing.title if page.listing else "")
        return Document(
            url=page.url,
            html=html,
            tree=LexborHTMLParser(html),
            charset=decoded.encoding,
            charset_evidence=decoded.evidence,
            charset_suspect=decoded.suspect,
        )

    def read_article(self, document: Document) -> Draft:
        draft = super().read_article(document)
        draft.fields.pop("images", None)
        draft.replace("body_html", _PICTURE.sub("", draft.get("body_html") or ""), "text")
        return draft


TEXT = PlainText()


def is_plain_text(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a response is the plain text of a page.

    Args:
        headers: Names in lower case.
        body: The bytes.
    """
    is_called_so = headers.get("content-type", "").lower().startswith(_TYPE)
    return is_called_so and _MARKUP.search(body, 0, _WITHIN) is None
