"""The way from one list page to the next older one, as pagers written in HTML show it."""

import re
from dataclasses import dataclass
from urllib.parse import urldefrag

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.extract.links import absolute
from spiders.extract.rows import squeeze, texts

_ARROWS = " []<>«»‹›＜＞→←{}()【】"
_NEXT = re.compile(r"(?:(?:下|后|後)一?[页頁]|next(?: page)?)", re.IGNORECASE)
_BUTTON = re.compile(
    r"(?:[首尾末上下前后後]|最[后後前]|[上下前后後第]一)[页頁]|next(?: page)?", re.IGNORECASE
)
_ARROW_NEXT = re.compile(r"[>›»＞]{1,2}")
_LONGEST_BUTTON = 12
# No list counts in eleven figures; Python refuses to read numbers of thousands of them.
_SENSELESS = 11
# Pagers that are numbers and arrows alone tell themselves by their name.
_NAMED_PAGERS = "[class*=pag], [class*=Pag], [id*=pag], [id*=Pag], [class*=pg]"
_BARE_NUMBERS = re.compile(r"[\d.…·|/\-<>«»‹›＜＞]{2,40}")
# How far above a button the pager's totals stand: link, list item, list, and two wrappers.
_PAGER_DEPTH = 5
# A pager's whole text. What is longer is the page around it.
_LONGEST_PAGER = 800
_SCRIPTED_ADDRESS = re.compile(
    r"""['"]([^'"\s()]+\.(?:s?html?|jhtml|jsp|aspx?|php)(?:\?[^'"\s]*)?)['"]"""
)
_CURRENT = re.compile(
    r"(?:^|[\s_-])(?:cur|current|currentpage|active|on|now|thisclass|hover|selected|sel)(?:$|[\s_-])"
)
# 「共 9 页」 counts, 「第 1 页」 numbers.
_COUNT_BEFORE = re.compile(r"(?:共有?|每页|总[页数计]?数?|/)\s*[:：]?$")
_NUMBER = r"(\d{1,9})"
_TOTAL_ROWS = re.compile(
    rf"共有? ?(?:\d+ ?[页頁] ?)?{_NUMBER} ?(?:条|條|篇|则|个?记录)"
    rf"|(?:总数|总条数|记录数) ?[:：]? ?{_NUMBER}"
)
_TOTAL_PAGES = re.compile(
    rf"共有? ?{_NUMBER} ?[页頁]|总[页頁]数 ?[:：]? ?{_NUMBER}"
    rf"|共 ?\d+ ?条 ?(?:分为? ?)?{_NUMBER} ?[页頁]"
)
_PAGE_OF = re.compile(r"(?<![\d/.-])(\d{1,5}) ?/ ?(?:共 ?)?(\d{1,5})(?![\d/.-])")


@dataclass(frozen=True, slots=True)
class Pager:
    """What a pager says; the next page is the next older one."""

    next_url: str | None = None
    total_pages: int | None = None
    total_rows: int | None = None


def as_count(text: str) -> int | None:
    """A number of pages or rows; none for what is no such number, or a senseless one."""
    return int(text) if text.isdecimal() and len(text) < _SENSELESS else None


def pager_buttons(tree: LexborHTMLParser) -> list[LexborNode]:
    """The elements whose whole text is a pager's word: 首页 aside, which every menu has too."""
    buttons = []
    for text in texts(tree.root) if tree.root else ():
        label = text.text_content or ""
        if len(label) > _LONGEST_BUTTON + 20 or text.parent is None:
            continue
        label = squeeze(text).strip(_ARROWS)
        if len(label) <= _LONGEST_BUTTON and label != "首页" and _BUTTON.fullmatch(label):
            buttons.append(text.parent)
    return buttons


def read_pager(tree: LexborHTMLParser, base: str) -> Pager:
    """The next page and the totals of a pager that is written in HTML."""
    buttons = pager_buttons(tree)
    scope, total_pages, total_rows = _totals(buttons)
    next_url = (
        _next_button(buttons, base)
        or _relation(tree, base)
        or _next_number(scope or _bare_pager(tree), base)
    )
    if next_url and urldefrag(next_url).url == urldefrag(base).url:
        next_url = None
    return Pager(next_url, total_pages, total_rows)


def _next_button(buttons: list[LexborNode], base: str) -> str | None:
    for button in buttons:
        if _NEXT.fullmatch(squeeze(button).strip(_ARROWS)):
            link = _closest_link(button)
            if link is not None and (url := link_address(link, base)):
                return url
    return None


def _relation(tree: LexborHTMLParser, base: str) -> str | None:
    """A `rel=next`, or a next button that shows an arrow or a picture."""
    for link in tree.css("[rel=next][href], a.next, a.nextpage, .next > a, a[title='下一页']"):
        if link.text().strip() and not _ARROW_NEXT.fullmatch(link.text().strip()):
            continue
        if url := link_address(link, base):
            return url
    for button in tree.css("input[onclick][value]"):
        if _NEXT.fullmatch((button.attributes.get("value") or "").strip(_ARROWS)):
            return link_address(button, base)
    return None


def _bare_pager(tree: LexborHTMLParser) -> LexborNode | None:
    """A pager of numbers and arrows, without a word."""
    for node in tree.css(_NAMED_PAGERS):
        if _BARE_NUMBERS.fullmatch(squeeze(node).replace(" ", "")):
            return node
    return None


def _next_number(scope: LexborNode | None, base: str) -> str | None:
    """The link with the number after the current page's."""
    if scope is None:
        return None
    numbers: dict[int, str] = {}
    current: int | None = None
    pieces = list(texts(scope))
    labels = ["", *(squeeze(piece) for piece in pieces), ""]
    for piece, before, label, after in zip(pieces, labels, labels[1:], labels[2:], strict=False):
        number = as_count(label)
        if number is None or piece.parent is None:
            continue
        link = _closest_link(piece.parent)
        url = link_address(link, base) if link is not None else None
        if url and not _CURRENT.search(_classes(piece.parent, link)):
            numbers.setdefault(number, url)
        elif current is None and not _COUNT_BEFORE.search(before) and after[:1] != "条":
            current = number
    return numbers.get(current + 1) if current else None


def _classes(node: LexborNode, link: LexborNode | None) -> str:
    nodes = [node, link, link.parent if link is not None else None]
    return " ".join(n.attributes.get("class") or "" for n in nodes if n is not None)


def _closest_link(node: LexborNode) -> LexborNode | None:
    """The link that the node is, or stands in, or that stands in it."""
    parent: LexborNode | None = node
    for _ in range(3):
        if parent is None:
            break
        if parent.tag == "a" or "onclick" in parent.attributes:
            return parent
        parent = parent.parent
    return None


def link_address(link: LexborNode, base: str) -> str | None:
    """Where a pager's link leads, written in its href or in the script it calls."""
    href = link.attributes.get("href")
    if url := absolute(base, href):
        return url
    for script in (href, link.attributes.get("onclick")):
        if script and (match := _SCRIPTED_ADDRESS.search(script)):
            return absolute(base, match[1])
    return None


def _totals(
    buttons: list[LexborNode],
) -> tuple[LexborNode | None, int | None, int | None]:
    """The element that holds the pager, and its totals of pages and of rows."""
    scope: LexborNode | None = None
    for button in buttons:
        node: LexborNode | None = button
        for _ in range(_PAGER_DEPTH):
            node = node.parent if node is not None else None
            if node is None or node.tag in {"body", "html"}:
                break
            line = squeeze(node)
            if len(line) > _LONGEST_PAGER:
                break
            scope = node
            pages, rows = totals(line)
            if pages or rows:
                return node, pages, rows
        if scope is not None:
            break
    return scope, None, None


def totals(line: str) -> tuple[int | None, int | None]:
    """Pages and rows in a pager's text: 「共230条 1/16」, 「共 9 页 85 条」."""
    pages = _TOTAL_PAGES.search(line)
    rows = _TOTAL_ROWS.search(line)
    of = _PAGE_OF.search(line)
    total_pages = int(next(filter(None, pages.groups()))) if pages else int(of[2]) if of else None
    return total_pages, int(next(filter(None, rows.groups()))) if rows else None
