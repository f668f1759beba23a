"""An archive of many pages made from the fixtures: real markup of every family, varied text."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from schemas.dates import SHANGHAI
from schemas.page import Listing
from schemas.site import Site
from schemas.visit import Kind, Origin
from spiders.archive import ArchiveWriter
from spiders.extract.charset import decode
from tests.fixture_sites import (
    Expected,
    load_expected,
    load_fixture_site,
    load_responses,
    site_names,
)

STARTED_AT = datetime(2026, 1, 5, 9, 30, tzinfo=SHANGHAI)
# What a county's page has around its text and a fixture has not: styles, scripts, navigation.
_RULES = 480
_RULE_BYTES = 22
_LINKS = 160
_LINK_BYTES = 54
_SENTENCE = re.compile(r"[^。]{8,80}。")
# An article's number; shorter ones count pages, longer groups before it are dates and columns.
_NUMBER = re.compile(r"\d{3,}(?!.*\d{3})")
_BODY_TAG = re.compile(r"<body[^>]*>", re.IGNORECASE)
_BODY_TAG_BYTES = re.compile(_BODY_TAG.pattern.encode(), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    sites: tuple[Site, ...]
    pages: int
    page_bytes: int
    """All bodies together."""
    archive_bytes: int


def write_archive(root: Path, pages: int) -> Written:
    """Write so many article pages, spread over the fixture sites, as crawls would have.

    The same number gives the same bytes.
    """
    names = [name for name in site_names() if _articles(name)]
    sentences = [s for name in names for e in _articles(name) for s in _sentences(e)]
    size = 0
    for number, name in enumerate(names):
        count = pages // len(names) + (number < pages % len(names))
        writer = ArchiveWriter(root, name, STARTED_AT)
        for url, body, content_type, expected in islice(_variants(name, sentences), count):
            size += len(body)
            listing = Listing(url=url, title=expected.listing["title"] if expected.listing else "")
            origin = Origin(
                site=name, kind=Kind.ARTICLE, column=expected.column, url=url, listing=listing
            )
            at = STARTED_AT + timedelta(seconds=size % 86_400)
            writer.write(url, 200, [("Content-Type", content_type)], body, at, origin)
        writer.close()
    on_disk = sum(file.stat().st_size for file in root.rglob("*.warc.gz"))
    return Written(tuple(load_fixture_site(name) for name in names), pages, size, on_disk)


def varied_pages(count: int) -> Iterator[tuple[str, bytes, str]]:
    """So many article pages of the fixture sites by turns: url, body, content type."""
    names = [name for name in site_names() if _articles(name)]
    sentences = [s for name in names for e in _articles(name) for s in _sentences(e)]
    sites = cycle([_variants(name, sentences) for name in names])
    for variants in islice(sites, count):
        url, body, content_type, _ = next(variants)
        yield url, body, content_type


def _articles(name: str) -> list[Expected]:
    return [e for e in load_expected(name) if e.article and e.article.get("body_text")]


def _sentences(expected: Expected) -> list[str]:
    assert expected.article is not None
    return _SENTENCE.findall(expected.article["body_text"])


def _variants(name: str, sentences: list[str]) -> Iterator[tuple[str, bytes, str, Expected]]:
    """Pages of one site without end: url, body, content type and what they were made from.

    No two have a sentence in common; texts made of one stock of sentences are all alike, and who
    looks for near copies would find one in each pair.
    """
    chance = random.Random(name)  # noqa: S311  (the same pages every time)
    for number, expected in enumerate(cycle(_articles(name))):
        response = load_responses(name)[expected.url]
        content_type = response.headers.get("Content-Type", "text/html")
        decoded = decode(response.body, content_type)
        assert expected.article is not None
        # The longest line that stands in one piece in the markup is where the text is put.
        lines = sorted(expected.article["body_text"].splitlines(), key=len, reverse=True)
        line = next((one for one in lines if one in decoded.text), None)
        if line is None:
            continue
        picked = chance.sample(sentences, k=min(len(sentences), chance.randint(5, 40)))
        text = "".join("".join(chance.sample(each[:-1], len(each) - 1)) + "。" for each in picked)
        html = decoded.text.replace(line, f"第{number}期。{text}", 1)
        html = _BODY_TAG.sub(lambda tag: tag[0] + _around(chance), html, count=1)
        url = _NUMBER.sub(str(10_000_000 + number), expected.url)
        yield url, html.encode(decoded.encoding, "xmlcharrefreplace"), content_type, expected


def grown(html: bytes, by: int) -> bytes:
    """A page with about so many bytes more of what larger pages have more of around their text."""
    chance = random.Random(len(html))  # noqa: S311  (the same page every time)
    # The rules stand in a style and in a script.
    rules = max(0, by - _LINKS * _LINK_BYTES) // (2 * _RULE_BYTES)
    more = _around(chance, rules).encode("ascii", "xmlcharrefreplace")
    body = _BODY_TAG_BYTES.search(html)
    place = body.end() if body else 0
    return html[:place] + more + html[place:]


def _around(chance: random.Random, rules: int = _RULES) -> str:
    styles = "".join(
        f".c{chance.randint(1, 9999)}{{margin:0 {chance.randint(1, 99)}px}}\n" for _ in range(rules)
    )
    links = "".join(
        f'<li><a href="/lm/{chance.randint(1, 9999)}.htm">栏目{n}</a></li>' for n in range(_LINKS)
    )
    return f"<style>{styles}</style><script>var a='{styles}';</script><div><ul>{links}</ul></div>"
