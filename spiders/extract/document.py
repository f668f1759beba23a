"""A page's bytes, decoded and parsed once."""

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from schemas.page import Page
from spiders.extract.charset import decode


@dataclass(slots=True)
class Document:
    """A decoded and parsed page. Its tree may be taken apart by whoever reads the body last."""

    url: str
    html: str
    tree: LexborHTMLParser
    charset: str = "utf-8"
    charset_evidence: tuple[str, ...] = ()
    charset_suspect: bool = False
    metas: dict[str, str] = field(default_factory=dict)
    """Meta tags by lower-cased name or property: the first content that is not empty."""

    @classmethod
    def from_page(cls, page: Page) -> "Document":
        """Decode and parse a fetched page."""
        return cls.from_bytes(page.url, page.body, page.headers.get("content-type", ""))

    @classmethod
    def from_bytes(cls, url: str, body: bytes, content_type: str = "") -> "Document":
        """Decode and parse bytes that stand for the page at `url`."""
        decoded = decode(body, content_type)
        tree = LexborHTMLParser(decoded.text)
        return cls(
            url=url,
            html=decoded.text,
            tree=tree,
            charset=decoded.encoding,
            charset_evidence=decoded.evidence,
            charset_suspect=decoded.suspect,
            metas=_metas(tree),
        )


def _metas(tree: LexborHTMLParser) -> dict[str, str]:
    """Meta tags wherever they stand: templates put some below the head."""
    metas: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("property")
        content = (attributes.get("content") or "").strip()
        if name and content:
            metas.setdefault(name.strip().lower(), content)
    return metas
