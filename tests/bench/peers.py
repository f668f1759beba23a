"""The readers side by side: each takes a page and gives a `Reading`.

A peer is used as its own documentation begins, with Chinese set where it has a setting, and is
credited generously: a name that it finds counts as source and as author alike, and one that takes
no bytes gets its text decoded.
"""

# ruff: noqa: PLC0415  (a peer is imported when it is made: those that are missing stay out)

import dataclasses
import importlib.metadata
from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar

from selectolax.lexbor import LexborHTMLParser, LexborNode

from schemas.dates import iso
from tests.bench.gold import GoldPage
from tests.bench.scoring import Reading

_FILE_LINKS = (
    ", ".join(
        f'a[href*=".{ending}" i]'
        for ending in ("pdf", "ofd", "doc", "xls", "ppt", "wps", "et", "zip", "rar", "7z", "txt")
    )
    + ', a[href*="download" i], a[href*="downfile" i]'
)


class Reader(ABC):
    """One way to read a page; making it imports its library."""

    id: ClassVar[str]
    distribution: ClassVar[str]
    """The package that it comes in, for the version."""
    fields: ClassVar[frozenset[str]] = frozenset()
    """What it offers of a `Reading`; the rest is not held against it."""

    @abstractmethod
    def read(self, page: GoldPage) -> Reading:
        """Read one page."""

    def try_to_read(self, page: GoldPage) -> Reading:
        """Read one page; an exception is a page without a record."""
        try:
            return self.read(page)
        except Exception as error:  # noqa: BLE001  (whatever a reader raises is its result)
            return Reading(refused=f"{type(error).__name__}: {error}")

    @property
    def label(self) -> str:
        """Name and version."""
        return f"{self.id} {importlib.metadata.version(self.distribution)}"


class Ours(Reader):
    id = "district-news"
    distribution = "district-news"
    fields = frozenset(field.name for field in dataclasses.fields(Reading))

    def __init__(self) -> None:
        from schemas.rejection import Rejection
        from spiders.reader import read_saved

        self._read_saved = read_saved
        self._rejection = Rejection
        self._now = datetime.now(UTC)

    def read(self, page: GoldPage) -> Reading:
        record = self._read_saved(
            page.html, url=page.gold.get("url"), site=None, fetched_at=self._now
        )
        if isinstance(record, self._rejection):
            return Reading(refused=f"{record.outcome}: {record.reason} {'; '.join(record.errors)}")
        return Reading(
            title=record.title,
            published=iso(record.published_at, record.published_precision)
            if record.published_at and record.published_precision
            else None,
            source=record.source,
            author=record.author,
            editor=record.editor,
            index_number=record.index_number,
            publisher=record.issuing_agency,
            doc_number=record.document_number,
            body=record.body_text,
            images=tuple(image.url for image in record.images),
            attachments=tuple(file.url for file in record.attachments),
        )


class Gne(Reader):
    id = "GNE"
    distribution = "gne"
    fields = frozenset({"title", "published", "source", "author", "body", "images"})

    def __init__(self) -> None:
        from gne import GeneralNewsExtractor

        self._extractor = GeneralNewsExtractor()

    def read(self, page: GoldPage) -> Reading:
        found = self._extractor.extract(page.text)
        return Reading(
            title=found["title"],
            published=found["publish_time"],
            source=found["author"],
            author=found["author"],
            body=found["content"],
            images=tuple(found["images"]),
        )


class Trafilatura(Reader):
    id = "trafilatura"
    distribution = "trafilatura"
    fields = frozenset({"title", "published", "source", "author", "body"})

    def __init__(self) -> None:
        from trafilatura import bare_extraction

        self._extract = bare_extraction

    def read(self, page: GoldPage) -> Reading:
        found = self._extract(page.html, url=page.url, with_metadata=True)
        if found is None:
            return Reading(refused="nothing found")
        return Reading(
            title=found.title,
            published=found.date,
            source=found.sitename,
            author=found.author,
            body=found.text or "",
        )


class Newspaper(Reader):
    id = "newspaper4k"
    distribution = "newspaper4k"
    fields = frozenset({"title", "published", "source", "author", "body", "images"})

    def __init__(self) -> None:
        import jieba
        from newspaper import Article

        jieba.initialize()
        self._article = Article

    def read(self, page: GoldPage) -> Reading:
        article = self._article(page.url, language="zh", fetch_images=False)
        article.download(input_html=page.text)
        article.parse()
        return Reading(
            title=article.title,
            published=str(article.publish_date or ""),
            source=article.meta_site_name or " ".join(article.authors),
            author=" ".join(article.authors),
            body=article.text,
            images=tuple(article.images),
        )


class Readability(Reader):
    id = "readability-lxml"
    distribution = "readability-lxml"
    fields = frozenset({"title", "body", "images", "attachments"})

    def __init__(self) -> None:
        from readability import Document

        self._document = Document

    def read(self, page: GoldPage) -> Reading:
        document = self._document(page.text)
        return _from_html(title=document.short_title(), html=document.summary())


class MagicHtml(Reader):
    id = "magic-html"
    distribution = "magic-html"
    fields = frozenset({"title", "body", "images", "attachments"})

    def __init__(self) -> None:
        from magic_html import GeneralExtractor

        self._extractor = GeneralExtractor()

    def read(self, page: GoldPage) -> Reading:
        found = self._extractor.extract(page.text, base_url=page.url)
        return _from_html(title=found["title"], html=found["html"])


class Resiliparse(Reader):
    id = "resiliparse"
    distribution = "resiliparse"
    fields = frozenset({"title", "body"})

    def __init__(self) -> None:
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.encoding import detect_encoding
        from resiliparse.parse.html import HTMLTree

        self._detect = detect_encoding
        self._parse = HTMLTree.parse_from_bytes
        self._extract = extract_plain_text

    def read(self, page: GoldPage) -> Reading:
        tree = self._parse(page.html, self._detect(page.html))
        body = self._extract(
            tree, main_content=True, alt_texts=False, form_fields=False, list_bullets=False
        )
        return Reading(title=tree.title, body=body)


class Htmldate(Reader):
    id = "htmldate"
    distribution = "htmldate"
    fields = frozenset({"published"})

    def __init__(self) -> None:
        from htmldate import find_date

        self._find_date = find_date

    def read(self, page: GoldPage) -> Reading:
        return Reading(published=self._find_date(page.html, original_date=True))


class LxmlFloor(Reader):
    id = "parse only: lxml"
    distribution = "lxml"

    def __init__(self) -> None:
        from lxml.html import document_fromstring

        self._parse = document_fromstring

    def read(self, page: GoldPage) -> Reading:
        self._parse(page.html)
        return Reading()


class LexborFloor(Reader):
    id = "parse only: lexbor"
    distribution = "selectolax"

    def read(self, page: GoldPage) -> Reading:
        LexborHTMLParser(page.html)
        return Reading()


class ResiliparseFloor(Reader):
    id = "parse only: resiliparse"
    distribution = "resiliparse"

    def __init__(self) -> None:
        from resiliparse.parse.html import HTMLTree

        self._parse = HTMLTree.parse_from_bytes

    def read(self, page: GoldPage) -> Reading:
        self._parse(page.html)
        return Reading()


PEERS: tuple[type[Reader], ...] = (
    Gne,
    Trafilatura,
    Newspaper,
    Readability,
    MagicHtml,
    Resiliparse,
    Htmldate,
)
FLOORS: tuple[type[Reader], ...] = (LxmlFloor, LexborFloor, ResiliparseFloor)


def make(kinds: Iterable[type[Reader]]) -> tuple[list[Reader], dict[str, str]]:
    """The readers that are installed, and why each of the others is not there."""
    readers, missing = [], {}
    for kind in kinds:
        try:
            readers.append(kind())
        except ImportError as error:
            missing[kind.id] = str(error)
    return readers, missing


def _from_html(title: str | None, html: str) -> Reading:
    """The reading of a peer that gives its body as markup."""
    tree = LexborHTMLParser(html)
    images = tuple(node.attributes.get("src") or "" for node in tree.css("img"))
    files = tuple(node.attributes.get("href") or "" for node in tree.css(_FILE_LINKS))
    return Reading(title=title, body=_body(tree.body), images=images, attachments=files)


def _body(node: LexborNode | None) -> str:
    return node.text(separator="") if node else ""
