"""Site maps (sitemaps.org) and feeds (RSS, Atom): one more place where a site names its pages."""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urljoin

import lxml.etree
from scrapy.utils.sitemap import Sitemap

from schemas.dates import SHANGHAI, Precision, Published
from spiders.extract.dates import stated_date
from spiders.extract.text import one_line

# The protocol's own limit for one file, unpacked.
MOST_BYTES = 52_428_800
_GZIP = b"\x1f\x8b"
_ITEMS = frozenset({"item", "entry"})
_DATES = ("pubDate", "date", "published", "updated")
# What the root of such a file is called; it stands within its first kilobyte.
_ROOTS = (b"<urlset", b"<sitemapindex", b"<rss", b"<feed", b"<rdf:RDF")
_WITHIN = 2048


class FeedEntry(NamedTuple):
    """One page that a site map or a feed names."""

    url: str
    title: str = ""
    published: Published | None = None
    """What a feed says; a site map does not know."""
    changed: Published | None = None
    """A site map's `lastmod`: the page was published then or before."""


class Feed(NamedTuple):
    """What a file names."""

    entries: list[FeedEntry]
    further: list[str]
    """Site maps that an index names."""


def is_feed(data: bytes) -> bool:
    """Whether bytes are those of a site map or a feed, packed or not."""
    return any(root in _unpacked(data, _WITHIN)[:_WITHIN] for root in _ROOTS)


def read_feed(data: bytes, base: str) -> Feed:
    """What a site map or a feed names.

    Args:
        data: The file's bytes, packed with gzip or not.
        base: Its address; those in it may be relative to that.

    Raises:
        ValueError: It is none.
    """
    xml = _unpacked(data, MOST_BYTES).lstrip()
    if not is_feed(xml):
        raise ValueError("neither a site map nor a feed")
    if b"<urlset" in xml[:_WITHIN] or b"<sitemapindex" in xml[:_WITHIN]:
        sitemap = Sitemap(xml)
        named = [(urljoin(base, entry["loc"]), entry.get("lastmod", "")) for entry in sitemap]
        if sitemap.type == "sitemapindex":
            return Feed([], [url for url, _ in named])
        return Feed([FeedEntry(url, changed=_moment(at)) for url, at in named], [])
    return Feed(list(_items(xml, base)), [])


def _items(xml: bytes, base: str) -> Iterator[FeedEntry]:
    """The items of RSS in any of its versions, or of Atom."""
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    root = lxml.etree.fromstring(xml, parser)
    for item in root.iter():
        if _name(item) not in _ITEMS:
            continue
        url = ""
        said: dict[str, str] = {}
        for child in item:
            name, text = _name(child), one_line("".join(map(str, child.itertext())))
            said.setdefault(name, text)
            if name == "link" and child.get("rel", "alternate") == "alternate":
                url = url or child.get("href") or text
        if url := url or said.get("guid", ""):
            at = next((found for name in _DATES if (found := _moment(said.get(name, "")))), None)
            yield FeedEntry(urljoin(base, url), said.get("title", ""), at)


def _name(element: lxml.etree._Element) -> str:
    """An element's name without its namespace; nothing for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _moment(text: str) -> Published | None:
    """A date as RFC 822 (RSS) or ISO 8601 (Atom, site maps) writes it, or as people do."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        with suppress(ValueError):
            at = read(text)
            if at.tzinfo:
                return Published(at=at.astimezone(SHANGHAI), precision=Precision.SECOND)
    # Without its offset a site's clock is Shanghai's.
    return stated_date(text)


def _unpacked(data: bytes, most: int) -> bytes:
    """The bytes, unpacked where they are packed, as far as they matter."""
    if not data.startswith(_GZIP):
        return data
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, most)
    except zlib.error:
        return b""
