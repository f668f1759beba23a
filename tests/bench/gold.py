"""A folder of saved pages and what a careful person read on each: `gold.jsonl`."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser
from w3lib.encoding import html_to_unicode

# What no reader sees: white space, zero-width characters, the soft hyphen.
_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_NEVER_SHOWN = "script, style, noscript, template, title"
# The stretch of the page whose length is closest to the gold's count is its body, if it is within
# 1 %: a word that is hidden may or may not have been counted, a wrong place is further off.
_LENGTH_TOLERANCE = 0.01


def unspaced(text: str) -> str:
    """The text without white space and zero-width characters: what the gold counts."""
    return _UNSEEN.sub("", text)


def squashed(text: str) -> str:
    """The one form in which texts are compared: NFKC, then unspaced."""
    return unspaced(unicodedata.normalize("NFKC", text))


@dataclass(frozen=True)
class GoldPage:
    """One saved page with its line of the gold.

    A key that the gold leaves out is not scored; one that is null must not be read.
    """

    name: str
    html: bytes
    gold: Mapping[str, Any]

    @property
    def is_article(self) -> bool:
        return bool(self.gold["kind"] == "detail")

    @property
    def host(self) -> str:
        """Who published the page; the gold may add a remark behind it."""
        return str(self.gold["site"]).split()[0]

    @property
    def url(self) -> str:
        """The page's address, or its site's where the gold has none: peers want one."""
        return str(self.gold.get("url") or f"http://{self.host}/")

    @property
    def is_government(self) -> bool:
        """A government's page, or one of a university (they run the same systems)."""
        return self.host.endswith((".gov.cn", ".edu.cn")) or self.host == "gov.cn"

    @cached_property
    def text(self) -> str:
        """The page decoded with least loss: as UTF-8, as a browser would, or as GB 18030.

        Saved pages have often been turned into UTF-8 and still declare what they came in, and some
        sites declare UTF-8 and send GBK.
        """
        readings = (
            self.html.decode("utf-8-sig", "replace"),
            html_to_unicode(None, self.html)[1],
            self.html.decode("gb18030", "replace"),
        )
        return min(readings, key=lambda text: text.count("\ufffd"))

    @cached_property
    def body(self) -> str | None:
        """The whole body, squashed: the gold's own or, by its two ends, the page's."""
        if whole := self.gold.get("body"):
            return squashed(whole)
        if {"body_starts", "body_ends", "body_chars_no_space"} <= self.gold.keys():
            return self._between_the_ends()
        return None

    def _between_the_ends(self) -> str | None:
        tree = LexborHTMLParser(self.text)
        for node in tree.css(_NEVER_SHOWN):
            node.decompose()
        text = unspaced(tree.body.text() if tree.body else "")
        length: int = self.gold["body_chars_no_space"]
        starts = _positions(text, unspaced(self.gold["body_starts"]))
        ends = [
            at + len(unspaced(self.gold["body_ends"]))
            for at in _positions(text, unspaced(self.gold["body_ends"]))
        ]
        stretches = [text[start:end] for start in starts for end in ends if start < end]
        closest = min(stretches, key=lambda stretch: abs(len(stretch) - length), default="")
        if not closest or abs(len(closest) - length) > _LENGTH_TOLERANCE * length:
            return None
        return squashed(closest)


def _positions(text: str, part: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(part), text)]


def load(folder: Path) -> list[GoldPage]:
    """Every page that the folder's `gold.jsonl` names, in its order.

    Raises:
        FileNotFoundError: The folder has no gold, or the gold names a page that is not there.
    """
    lines = (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    golds = [json.loads(line) for line in lines if line.strip()]
    return [
        GoldPage(name=gold["file"], html=(folder / gold["file"]).read_bytes(), gold=gold)
        for gold in golds
    ]
