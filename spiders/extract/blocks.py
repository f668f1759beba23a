"""A body's markup as a flat run of blocks: paragraphs, headings, list items, tables, pictures.

nh3 sanitises first, so what is read here is well-formed and harmless; and because every block is
made of nh3's own tokens, so is what is joined from them again. One pass over the tokens, no
recursion: nesting costs nothing.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import NamedTuple

import nh3

from spiders.extract.links import absolute
from spiders.extract.text import without_invisible

_INLINE = frozenset({"a", "b", "strong", "i", "em", "u", "s", "del", "sub", "sup"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KINDS = _HEADINGS | {"li", "figcaption"}
_FRAMES = frozenset({"ul", "ol", "blockquote"})
_TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
# What a cell may hold; other boxes leave a space.
_IN_TABLES = _TABLE | _FRAMES | _HEADINGS | {"p", "li", "br"}
# Blocks that mean nothing beyond "a new paragraph"; custom elements are unwrapped by nh3.
_PLAIN_NAMES = (
    "p div section article center main header footer aside dl dt dd address fieldset figure "
    "figcaption details summary form pre li nav hgroup legend"
)
_PLAIN = frozenset(_PLAIN_NAMES.split())
# What is dropped with all it holds.
_UNREAD = (
    "script style noscript template iframe object embed select button textarea svg canvas audio "
    "video head title"
)
_IMAGE_SOURCES = (
    "orisrc",
    "data-original",
    "data-src",
    "data-echo",
    "data-lazy-src",
    "_src",
    "src",
)
_CLEANER = nh3.Cleaner(
    tags=_INLINE | _HEADINGS | _FRAMES | _TABLE | _PLAIN | {"br", "img"},
    attributes={
        "*": {"align"},
        "a": {"href"},
        "img": {"alt", *_IMAGE_SOURCES},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    clean_content_tags=set(_UNREAD.split()),
    link_rel=None,
    url_schemes={"http", "https"},
)
# nh3 writes attribute values in double quotes; a bare > may stand inside one.
TOKENS = re.compile(r"(<[^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*>)")
# The tags at which a paragraph may end; between two of them stands text with inline markup.
_BOUNDARY = re.compile(
    r"(</?(?:"
    + "|".join(sorted(_HEADINGS | _FRAMES | _TABLE | _PLAIN | {"br"}, key=len, reverse=True))
    + r")(?: [^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*)?>)"
)
_ATTRIBUTE = re.compile(r"([\w-]+)=\"([^\"]*)\"")
_TABLE_ENDS = "</table>"
_ALIGN = re.compile(r" align=\"[^\"]*\"")
_CENTRED = re.compile(r"align=\"center\"", re.IGNORECASE)
# Captions in old pages are pushed to the middle with spaces; a first-line indent takes two to
# eight of them.
_PUSHED_TO_THE_MIDDLE = re.compile(r"\s*(?:(?:&nbsp; ){6}|(?:&nbsp;){10}|\u3000{5})")
# No text needs so many; a page that has them is a flood.
_MANY_ENTITIES = 30_000
_PLAIN_FORMS = (("&nbsp;", " "), ("&amp;", "＆"), ("&lt;", "＜"), ("&gt;", "＞"))
# No article has so many links and pictures; the text of further ones stays.
_MOST_LINKS = 5_000
# A cell longer than this with paragraphs of its own is a page's frame, not a table's datum.
_FRAME_CELL = 400
_FRAME_CELL_PARAGRAPHS = 3
_PLACEHOLDER = re.compile(
    r"(?:^|/)(?:blank|grey|gray|loading|lazy\w*|placeholder|spacer|transparent|pixel|1x1|s)"
    r"\.(?:gif|png|jpg|svg)|^data:",
    re.IGNORECASE,
)
# Pictures that are furniture: file-type icons of editors' upload dialogs, share buttons, spacers.
_FURNITURE = re.compile(
    r"/(?:icon|icons|fileTypeImages|filetypes?|emotion|smil\w+)/|icon_(?:pdf|doc|xls|ppt|txt|rar|zip|jpg)"
    r"|\.(?:swf|css|js)(?:$|\?)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Picture:
    """An image of the body; its caption is found later."""

    url: str
    caption: str | None = None


@dataclass(slots=True)
class Block:
    """One piece of the body."""

    kind: str
    """`p`, `h1` … `h6`, `li`, `figcaption`, `table`; `open` and `close` of a list or quotation."""
    html: str
    text: str
    """Its text on one line; a table's rows on a line each, cells parted by tabs."""
    centred: bool = False
    pictures: tuple[Picture, ...] = ()
    linked: int = 0
    """Characters of its text that stand in links."""


def read_blocks(html: str, base: str) -> list[Block]:
    """The blocks of raw markup, in order; links and pictures made absolute against `base`."""
    # nh3 takes time that grows with the square of the entities in one text.
    if html.count("&") > _MANY_ENTITIES:
        for entity, character in _PLAIN_FORMS:
            html = html.replace(entity, character)
    clean = without_invisible(_CLEANER.clean(html))
    return _Splitter(_BOUNDARY.split(clean), base, has_table="<table" in clean).split()


class _Splitter:
    """Cuts sanitised markup into blocks.

    `pieces` are inline markup at even places and block tags at odd ones.
    """

    def __init__(self, pieces: list[str], base: str, *, has_table: bool) -> None:
        self.has_table = has_table
        self.links = 0
        self.pieces = pieces
        self.base = base
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        """The paragraph that is being gathered."""
        self.inline: list[tuple[str, str]] = []
        """Open inline elements: name and tag. They are closed and opened again around blocks."""
        self.around: list[_Around] = [_Around("", "p", False)]
        """Open blocks, the outermost first."""
        self.pictures: list[Picture] = []

    def split(self) -> list[Block]:
        tables = _data_tables(self.pieces) if self.has_table else {}
        until = -1
        for place, piece in enumerate(self.pieces):
            if place <= until or not piece:
                continue
            if place % 2 == 0:
                if "<" in piece:
                    self.inline_markup(piece)
                elif not piece.isspace():
                    self.text(piece)
                continue
            if self.parts:
                self.flush()
            if place in tables:
                until = tables[place]
                self.table(self.pieces[place : until + 1])
            elif piece != "<br>":
                self.block_tag(piece)
        if self.parts:
            self.flush()
        return self.blocks

    def text(self, piece: str) -> None:
        if self.around[-1].name == "pre" and "\n" in piece:
            *lines, piece = piece.split("\n")
            for line in lines:
                self.parts.append(line)
                self.flush()
        self.parts.append(piece)

    def inline_markup(self, piece: str) -> None:
        for place, token in enumerate(TOKENS.split(piece)):
            if place % 2 == 0:
                if token:
                    self.text(token)
                continue
            name, closing, _ = _tag(token)
            if name == "img":
                self.image(token)
            else:
                self.inline_tag(name, token, closing=closing)

    def inline_tag(self, name: str, token: str, *, closing: bool) -> None:
        if closing:
            if self.inline and self.inline[-1][0] == name:
                _, tag = self.inline.pop()
                self.parts.append(token if tag else "")
            return
        tag = f"<{name}>"
        if name == "a":
            self.links += 1
            href = _attributes(token).get("href") if self.links <= _MOST_LINKS else None
            url = absolute(self.base, href) if href else None
            tag = f'<a href="{_quoted(url)}">' if url else ""
        self.inline.append((name, tag))
        self.parts.append(tag)

    def absolute_markup(self, piece: str) -> str:
        """Inline markup with its links and pictures made absolute."""
        if "<" not in piece:
            return piece
        self.inline_markup(piece)
        markup = "".join(self.parts)
        self.parts = []
        return markup

    def block_tag(self, token: str) -> None:
        name, closing, _ = _tag(token)
        if name in _FRAMES:
            self.blocks.append(
                Block("close" if closing else "open", f"<{'/' * closing}{name}>", "")
            )
        around = self.around
        if not closing:
            around.append(_opened(token, around[-1]))
        elif around[-1].name == name:
            around.pop()

    def image(self, token: str) -> None:
        self.links += 1
        if self.links > _MOST_LINKS:
            return
        attributes = _attributes(token)
        for source in _IMAGE_SOURCES:
            value = attributes.get(source)
            if not value or _PLACEHOLDER.search(value):
                continue
            url = absolute(self.base, value)
            if url and not _FURNITURE.search(url):
                self.pictures.append(Picture(url))
                alt = attributes.get("alt", "").strip(' \\"')
                self.parts.append(f'<img src="{_quoted(url)}" alt="{_quoted(alt)}">')
                return

    def flush(self) -> None:
        """End the paragraph that is being gathered."""
        raw = "".join(self.parts).strip()
        text = plain(raw)
        if text or self.pictures:
            _, kind, centred = self.around[-1]
            if self.inline:
                raw += "".join(f"</{name}>" for name, tag in reversed(self.inline) if tag)
            centred = centred or _PUSHED_TO_THE_MIDDLE.match(self.parts[0]) is not None
            linked = _linked(raw) if "<a " in raw else 0
            html = f"<{kind}>{raw}</{kind}>"
            self.blocks.append(Block(kind, html, text, centred, tuple(self.pictures), linked))
            self.pictures.clear()
        self.parts = [tag for _, tag in self.inline] if self.inline else []

    def table(self, pieces: list[str]) -> None:
        """A whole data table as one block; `pieces` begins and ends with its tags."""
        self.parts = []
        inline, self.inline = self.inline, []
        html: list[str] = []
        rows: list[list[str]] = [[]]
        cell: list[str] | None = None
        for place, piece in enumerate(pieces):
            if place % 2 == 1:
                html.append(self.absolute_markup(piece))
                if cell is not None:
                    cell.append(html[-1])
                continue
            name, closing, _ = _tag(piece)
            html.append(_ALIGN.sub("", piece) if name in _IN_TABLES else " ")
            if name == "tr" and not closing:
                rows.append([])
            elif name in {"td", "th"} and not closing:
                cell = []
            elif name in {"td", "th"} and cell is not None:
                rows[-1].append(plain("".join(cell)))
                cell = None
            elif cell is not None:
                cell.append(" ")
        self.inline = inline
        markup = "".join(html)
        lines = ("\t".join(row).strip() for row in rows)
        text = "\n".join(line for line in lines if line)
        linked = _linked(markup) if "<a " in markup else 0
        if text or self.pictures:
            self.blocks.append(Block("table", markup, text, False, tuple(self.pictures), linked))
        self.pictures.clear()
        self.parts = [tag for _, tag in self.inline]


class _Around(NamedTuple):
    """An open block."""

    name: str
    kind: str
    """The kind of a paragraph in it: that of the nearest heading, list item or caption."""
    centred: bool


@lru_cache(maxsize=512)
def _opened(token: str, around: _Around) -> _Around:
    """The block that a tag opens inside another."""
    name, _, centres = _tag(token)
    kind = name if name in _KINDS else around.kind
    return _Around(name, kind, centres or around.centred)


@lru_cache(maxsize=512)
def _tag(token: str) -> tuple[str, bool, bool]:
    """A tag's name, whether it closes, whether it centres. A page repeats few different tags."""
    closing = token[1] == "/"
    name = token[1 + closing : -1].partition(" ")[0]
    return name, closing, name == "center" or _CENTRED.search(token) is not None


def plain(html: str) -> str:
    """The text of sanitised markup on one line."""
    text = TOKENS.sub("", html) if "<" in html else html
    if "&" in text:
        text = unescape(text)
    return " ".join(text.split())


def _linked(html: str) -> int:
    """How many characters of the text stand in links."""
    count = 0
    for piece in html.split("<a ")[1:]:
        count += len(plain("<a " + piece.partition("</a>")[0]))
    return count


def _attributes(token: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(token)}


def _quoted(value: str) -> str:
    return (
        value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    )


def _data_tables(tokens: list[str]) -> dict[int, int]:
    """Where each outermost table of data begins and ends; tables that only frame are left out."""
    tables: dict[int, int] = {}
    opened: list[_OpenTable] = []
    for place, token in enumerate(tokens):
        if token.startswith("<table"):
            opened.append(_OpenTable(place))
        elif not opened:
            continue
        elif place % 2 == 0:
            opened[-1].text(len(token.strip()))
        elif token.startswith(("<td", "<th>", "<th ")):
            opened[-1].cell()
        elif token.startswith(("<p", "<br", "<div")):
            opened[-1].cell_paragraphs += 1
        elif token == _TABLE_ENDS:
            table = opened.pop()
            if not table.frames:
                tables[table.begin] = place
            # What stands in an inner table stands in the outer one's cell.
            for outer in opened[-1:]:
                outer.text(table.characters)
                outer.cell_paragraphs += table.cells
    return tables


@dataclass(slots=True)
class _OpenTable:
    begin: int
    cells: int = 0
    characters: int = 0
    cell_characters: int = 0
    cell_paragraphs: int = 0
    has_frame_cell: bool = False

    def cell(self) -> None:
        self.cells += 1
        self.cell_characters = 0
        self.cell_paragraphs = 0

    def text(self, length: int) -> None:
        self.characters += length
        self.cell_characters += length
        if self.cell_characters > _FRAME_CELL and self.cell_paragraphs >= _FRAME_CELL_PARAGRAPHS:
            self.has_frame_cell = True

    @property
    def frames(self) -> bool:
        """Whether the table only lays the page out."""
        return self.cells <= 1 or self.has_frame_cell
