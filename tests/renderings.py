"""Pages as text, in the manners of the tools that people have."""

import re
from collections.abc import Callable
from unicodedata import east_asian_width

from selectolax.lexbor import LexborHTMLParser, LexborNode

from schemas.page import Page
from spiders.extract.document import Document

_UNSEEN = frozenset({"script", "style", "noscript", "head", "template", "select", "textarea"})
_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td th tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_COLUMNS = 80
_INDENT = "   "


def as_wet(page: Page) -> str:
    """As Common Crawl's WET files: <title> first, a line a block, nothing of pictures."""
    tree = _tree(page)
    title = tree.css_first("title")
    head = title.text(strip=True) if title else ""
    return "\n".join([head, *_lines(tree, cells="\t", picture="")])


def as_cells(page: Page) -> str:
    """As tools that put every cell of a table on a line of its own."""
    return "\n".join(_lines(_tree(page), cells="\n", picture=""))


def as_lynx(page: Page) -> str:
    """As `lynx -dump`: indented, wrapped at 80 columns, marks for pictures, blank lines."""
    lines: list[str] = []
    for line in _lines(_tree(page), cells="  ", picture="[INLINE]"):
        lines += ["", *(_INDENT + part for part in _wrapped(line))]
    return "\n".join(lines)


RENDERINGS: dict[str, Callable[[Page], str]] = {
    "wet": as_wet,
    "cells": as_cells,
    "lynx": as_lynx,
}


def _tree(page: Page) -> LexborHTMLParser:
    return Document.from_page(page).tree


def _lines(tree: LexborHTMLParser, *, cells: str, picture: str) -> list[str]:
    """The lines that a reader sees."""
    parts: list[str] = []
    if tree.body:
        _render(tree.body, parts, cells, picture)
    lines = "".join(parts).split("\n")
    return [line for raw in lines if (line := re.sub(r"[ \xa0]{3,}", "  ", raw).strip())]


def _render(node: LexborNode, parts: list[str], cells: str, picture: str) -> None:
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            parts.append(re.sub(r"[\r\n\t ]+", " ", child.text(deep=False)))
        elif child.tag == "img":
            parts.append(f"\n{picture}\n")
        elif child.tag == "br":
            parts.append("\n")
        elif child.tag not in _UNSEEN:
            around = "\n" if child.tag in _BLOCKS else ""
            if child.tag in {"td", "th"}:
                around = cells
            parts.append(around)
            _render(child, parts, cells, picture)
            parts.append(around)


def _wrapped(line: str) -> list[str]:
    """The line in pieces that fit; East Asian characters take two columns."""
    room = _COLUMNS - len(_INDENT)
    pieces, width = [""], 0
    for character in line:
        width += 1 + (east_asian_width(character) in "WF")
        if width > room:
            pieces.append("")
            width = 1 + (east_asian_width(character) in "WF")
        pieces[-1] += character
    return pieces
