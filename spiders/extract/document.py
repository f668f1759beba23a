"""A page's bytes, decoded and parsed once."""

from codecs import BOM_UTF8
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from schemas.page import Page
from spiders.extract.bounds import without_depths, without_embedded
from spiders.extract.charset import decode

# What is worth looking for below the head, in the spellings that occur.
_BELOW_HEAD = ("ArticleTitle", "PubDate", "articletitle", "pubdate")
# Pages with everything that search engines, social networks and the standard ask for have fifty.
_MOST_METAS = 300


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
        body = without_embedded(body)
        decoded = decode(body, content_type)
        html = without_depths(decoded.text)
        # Lexbor takes UTF-8: bytes that are UTF-8 already need not go through text.
        as_it_is = decoded.encoding == "utf-8" and html is decoded.text and "\ufffd" not in html
        tree = LexborHTMLParser(body.removeprefix(BOM_UTF8) if as_it_is else html)
        return cls(
            url=url,
            html=html,
            tree=tree,
            charset=decoded.encoding,
            charset_evidence=decoded.evidence,
            charset_suspect=decoded.suspect,
            metas=_metas(tree, html),
        )


def _metas(tree: LexborHTMLParser, html: str) -> dict[str, str]:
    """Meta tags wherever they stand: some templates put theirs below the head."""
    metas = _named(tree.head) if tree.head else {}
    if "articletitle" in metas and "pubdate" in metas:
        return metas
    below_head = _named(tree.body) if tree.body else {}
    if not below_head:
        return metas
    below = max(html.find("<body"), html.find("<BODY"), 0)
    if any(html.find(name, below) >= 0 for name in _BELOW_HEAD):
        return {**below_head, **metas}
    return metas


def _named(node: LexborNode) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in node.css("meta[content]")[:_MOST_METAS]:
        attributes = meta.attrs
        name = attributes.get("name") or attributes.get("property")
        content = (attributes.get("content") or "").strip()
        if name and content:
            metas.setdefault(name.strip().lower(), content)
    return metas
