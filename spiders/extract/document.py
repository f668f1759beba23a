"""A page's bytes, decoded and parsed once."""

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from schemas.page import Page


@dataclass(slots=True)
class Document:
    """A decoded and parsed page. Its tree may be taken apart by whoever reads the body last."""

    url: str
    html: str
    tree: LexborHTMLParser

    @classmethod
    def from_page(cls, page: Page) -> "Document":
        raise NotImplementedError
