"""A body's markup as a flat run of blocks: paragraphs, headings, list items, tables, pictures.

nh3 sanitises first, so what is read here is well-formed and harmless; and because every block is
made of nh3's own tokens, so is what is joined from them again. One pass over the tokens, no
recursion: nesting costs nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

import nh3

from spiders.extract.links import absolute
from spiders.extract.text import without_invisible

_INLINE = frozenset({"a", "b", "strong", "i", "em", "u", "s", "del", "sub", "sup"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_FRAMES = frozenset({"ul", "ol", "blockquote"})
_TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
# Blocks that mean nothing beyond "a new paragraph"; custom elements are unwrapped by nh3.
_PLAIN = frozenset(
    "p div section article center main header footer aside dl dt dd address fieldset figure "
    "figcaption details summary form pre li nav hgroup legend".split()
)
_IMAGE_SOURCES = ("orisrc", "data-original", "data-src", "data-echo", "data-lazy-src", "_src", "src")
_CLEANER = nh3.Cleaner(
    tags=_INLINE | _HEADINGS | _FRAMES | _TABLE | _PLAIN | {"br", "img"},
    attributes={
        "*": {"style", "align"},
        "a": {"href"},
        "img": {"alt", *_IMAGE_SOURCES},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    clean_content_tags=set(
        "script style noscript template iframe object embed select button textarea svg canvas "
        "audio video head title ruby-rt".split()
    ),
    filter_style_properties={"text-align"},
    link_rel=None,
    url_schemes={"http", "https"},
)
# nh3 writes attribute values in double quotes; a bare > may stand inside one.
_TOKENS = re.compile(r"(<(?:[^<>\"]|\"[^\"]*\")*+>)")
_NAME = re.compile(r"</?([a-z][a-z0-9]*)")
_ATTRIBUTE = re.compile(r"([\w-]+)=\"([^\"]*)\"")
_STYLE = re.compile(r" (?:style|align)=\"[^\"]*\"")
_CENTRED = re.compile(r"text-align:\s*center|align=\"center\"", re.IGNORECASE)
# Captions in old pages are pushed to the middle with spaces; a first-line indent takes two to
# eight of them.
_PUSHED_TO_THE_MIDDLE = re.compile(r"(?:&nbsp;|[ \u00a0]){9,}|\u3000{5,}")
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
    """Its text, lines parted by line feeds, cells of a table by tabs."""
    centred: bool = False
    pictures: list[Picture] = field(default_factory=list)
    links: int = 0
    """Characters of its text that stand in links."""


def sanitised(html: str) -> str:
    """The markup with nothing left but what a body may hold."""
    return _CLEANER.clean(without_invisible(html))


def read_blocks(html: str, base: str) -> list[Block]:
    """The blocks of raw markup, in order; links and pictures made absolute against `base`."""
    tokens = _TOKENS.split(sanitised(html))
    return list(_Splitter(tokens, base).blocks())


class _Splitter:
    """Cuts tokens (text at even places, tags at odd ones) into blocks."""

    def __init__(self, tokens: list[str], base: str) -> None:
        self.tokens = tokens
        self.base = base
        self.tables = _data_tables(tokens)
        self.stack: list[tuple[str, bool]] = []
        self.inline: list[tuple[str, str]] = []
        self.parts: list[str] = []
        self.pictures: list[Picture] = []

    def blocks(self) -> Iterator[Block]:
        tokens = self.tokens
        position = 0
        while position < len(tokens):
            token = tokens[position]
            if position % 2 == 0:
                if token:
                    if "\n" in token and self.stack and self.stack[-1][0] == "pre":
                        lines = token.split("\n")
                        for line in lines[:-1]:
                            self.parts.append(line)
                            yield from self.flush()
                        token = lines[-1]
                    self.parts.append(token)
                position += 1
                continue
            match = _NAME.match(token)
            name = match[1] if match else ""
            closing = token[1] == "/"
            if name in _INLINE:
                self.inline_tag(name, token, closing=closing)
            elif name == "br":
                yield from self.flush()
            elif name == "img":
                self.image(token)
            elif name == "table" and position in self.tables:
                yield from self.flush()
                end = self.tables[position]
                yield self.table(tokens[position : end + 1])
                position = end
            elif name in _FRAMES:
                yield from self.flush()
                yield Block("close" if closing else "open", f"<{'/' * closing}{name}>", "")
            elif name:
                yield from self.flush()
                if closing:
                    self.leave(name)
                else:
                    self.stack.append((name, bool(_CENTRED.search(token))))
            position += 1
        yield from self.flush()

    def leave(self, name: str) -> None:
        """Close the innermost open block of that name and whatever is open inside it."""
        if self.stack and self.stack[-1][0] == name:
            self.stack.pop()

    def inline_tag(self, name: str, token: str, *, closing: bool) -> None:
        if closing:
            if self.inline and self.inline[-1][0] == name:
                self.inline.pop()
                self.parts.append(token)
            return
        if name == "a":
            href = _attributes(token).get("href")
            url = absolute(self.base, href) if href else None
            token = f'<a href="{_quoted(url)}">' if url else "<a>"
        elif len(token) > len(name) + 2:
            token = f"<{name}>"
        self.inline.append((name, token))
        self.parts.append(token)

    def image(self, token: str) -> None:
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

    def flush(self) -> Iterator[Block]:
        """End the paragraph that is being gathered."""
        if not self.parts:
            return
        raw = "".join(self.parts)
        text = plain(raw)
        if text or self.pictures:
            kind, centred = self.kind()
            html = raw.strip() + "".join(f"</{name}>" for name, _ in reversed(self.inline))
            yield Block(
                kind,
                f"<{kind}>{html.replace('<a>', '')}</{kind}>" if "<a>" not in html else
                f"<{kind}>{_without_empty_anchors(html)}</{kind}>",
                text,
                centred or bool(_PUSHED_TO_THE_MIDDLE.match(_without_tags(raw))),
                self.pictures,
                _link_characters(html) if "<a " in html else 0,
            )
            self.pictures = []
        self.parts = [token for _, token in self.inline]

    def kind(self) -> tuple[str, bool]:
        """The kind of the block here, and whether it is centred."""
        kind = "p"
        centred = bool(self.stack and self.stack[-1][1])
        # Deep nests are walls of empty wrappers; what a paragraph is shows in the innermost few.
        for name, is_centred in reversed(self.stack[-8:]):
            centred = centred or is_centred or name == "center"
            if name in _HEADINGS or name in {"li", "figcaption"}:
                return name, centred
        return kind, centred

    def table(self, tokens: list[str]) -> Block:
        """A whole data table as one block; `tokens` begins and ends with its tags."""
        html: list[str] = []
        rows: list[list[str]] = []
        cell: list[str] | None = None
        pictures: list[Picture] = []
        for place, token in enumerate(tokens):
            if place % 2 == 1:
                html.append(token)
                if cell is not None:
                    cell.append(token)
                continue
            match = _NAME.match(token)
            name = match[1] if match else ""
            if name == "img":
                self.parts = []
                self.image(token)
                html.extend(self.parts)
                continue
            if name == "a" and token[1] != "/":
                href = _attributes(token).get("href")
                url = absolute(self.base, href) if href else None
                html.append(f'<a href="{_quoted(url)}">' if url else "<a>")
                continue
            html.append(_STYLE.sub("", token) if "=" in token else token)
            if name == "tr" and token[1] != "/":
                rows.append([])
            elif name in {"td", "th"} and token[1] != "/":
                cell = []
            elif name in {"td", "th"} and cell is not None:
                if not rows:
                    rows.append([])
                rows[-1].append(plain("".join(cell)))
                cell = None
            elif cell is not None and name not in _INLINE:
                cell.append(" ")
        pictures, self.pictures = self.pictures, []
        self.parts = [token for _, token in self.inline]
        lines = ("\t".join(row).strip() for row in rows)
        markup = "".join(html)
        return Block(
            "table",
            markup,
            "\n".join(line for line in lines if line),
            pictures=pictures,
            links=_link_characters(markup) if "<a " in markup else 0,
        )


def plain(html: str) -> str:
    """The text of sanitised markup on one line."""
    text = _without_tags(html)
    if "&" in text:
        text = unescape(text)
    return " ".join(text.split())


def _without_tags(html: str) -> str:
    return _TOKENS.sub("", html) if "<" in html else html


def _without_empty_anchors(html: str) -> str:
    """The markup less the anchors that lead nowhere; their text stays."""
    kept: list[str] = []
    drop_next_close = False
    for token in _TOKENS.split(html):
        if token == "<a>":
            drop_next_close = True
        elif token == "</a>" and drop_next_close:
            drop_next_close = False
        else:
            kept.append(token)
    return "".join(kept)


def _link_characters(html: str) -> int:
    """How many characters of the text stand in links."""
    count = 0
    inside = False
    for token in _TOKENS.split(html):
        if token.startswith("<a"):
            inside = True
        elif token == "</a>":
            inside = False
        elif inside and not token.startswith("<"):
            count += len(token.strip())
    return count


def _attributes(token: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(token)}


def _quoted(value: str) -> str:
    return (
        value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    )


def _data_tables(tokens: list[str]) -> dict[int, int]:
    """Where each outermost table of data begins and ends; tables that only frame are left out."""
    if "<table" not in "".join(tokens[1::2]):
        return {}
    tables: dict[int, int] = {}
    open_tables: list[_OpenTable] = []
    for place, token in enumerate(tokens):
        if place % 2 == 0:
            if open_tables and token:
                open_tables[-1].text(len(token.strip()))
            continue
        if token.startswith("<table"):
            open_tables.append(_OpenTable(place))
        elif not open_tables:
            continue
        elif token.startswith(("<td", "<th>", "<th ")):
            open_tables[-1].cell()
        elif token.startswith(("<p", "<br", "<div")):
            open_tables[-1].paragraph()
        elif token == "</table>":
            table = open_tables.pop()
            if not table.frames:
                tables[table.begin] = place
            if open_tables:
                # What stands in an inner table stands in the outer one's cell.
                open_tables[-1].text(table.characters)
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

    def paragraph(self) -> None:
        self.cell_paragraphs += 1

    def text(self, length: int) -> None:
        self.characters += length
        self.cell_characters += length
        if self.cell_characters > _FRAME_CELL and self.cell_paragraphs >= _FRAME_CELL_PARAGRAPHS:
            self.has_frame_cell = True

    @property
    def frames(self) -> bool:
        """Whether the table only lays the page out."""
        return self.cells <= 1 or self.has_frame_cell
