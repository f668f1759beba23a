"""A sanitised body as Markdown."""

import re
from html import unescape

from spiders.extract.markup import TAGS

_NAME = re.compile(r"</?([a-z][a-z0-9]*)")
_ATTRIBUTE = re.compile(r"([\w-]+)=\"([^\"]*)\"")
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_HEADING = re.compile(r"h[1-6]")


def to_markdown(body_html: str) -> str:
    """The sanitised `body_html` of an article as Markdown: a blank line between two blocks."""
    writer = _Writer()
    for place, token in enumerate(TAGS.split(body_html)):
        if place % 2 == 0:
            writer.line.append(_SPECIAL.sub(r"\\\1", unescape(token)))
        elif match := _NAME.match(token):
            writer.tag(match[1], token, closing=token[1] == "/")
    writer.end_block("")
    return "\n\n".join(writer.blocks)


class _Writer:
    """Blocks written so far, and the line, lists and table that are open."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.line: list[str] = []
        self.lists: list[int | None] = []
        """For each open list the number of its last item; none for one with bullets."""
        self.rows: list[list[str]] | None = None
        self.href = ""
        self.quotes = 0

    def tag(self, name: str, token: str, *, closing: bool) -> None:
        if name in _MARKS:
            self.line.append(_MARKS[name])
        elif name in {"a", "img"}:
            self.link(name, token, closing=closing)
        elif name in {"ul", "ol"}:
            self.list(name, closing=closing)
        elif name == "blockquote":
            self.quotes += -1 if closing else 1
        elif name in {"table", "tr", "td", "th"}:
            self.cell(name, closing=closing)
        elif name == "figcaption" and not closing:
            self.end_block("")
        elif closing and self.rows is None:
            self.end_block(name)

    def link(self, name: str, token: str, *, closing: bool) -> None:
        attributes = {key: unescape(value) for key, value in _ATTRIBUTE.findall(token)}
        if name == "img":
            self.line.append(f"![{attributes.get('alt', '')}]({attributes.get('src', '')})")
        elif closing:
            self.line.append(f"]({self.href})")
        else:
            self.href = attributes.get("href", "")
            self.line.append("[")

    def list(self, name: str, *, closing: bool) -> None:
        if not closing:
            self.lists.append(0 if name == "ol" else None)
        elif self.lists:
            self.lists.pop()

    def cell(self, name: str, *, closing: bool) -> None:
        if name == "table":
            if closing and self.rows:
                self.blocks.append(_table(self.rows))
            self.rows = None if closing else []
        elif self.rows is not None and name == "tr":
            if not closing:
                self.rows.append([])
        elif self.rows and closing:
            self.rows[-1].append(" ".join("".join(self.line).split()))
        self.line = []

    def end_block(self, name: str) -> None:
        text = "".join(self.line).strip()
        self.line = []
        if not text:
            return
        mark = ""
        if name == "li":
            mark = "  " * (len(self.lists) - 1) + self.item_mark()
        elif _HEADING.fullmatch(name):
            mark = "#" * int(name[1]) + " "
        self.blocks.append("> " * self.quotes + mark + text)

    def item_mark(self) -> str:
        if not self.lists or self.lists[-1] is None:
            return "- "
        self.lists[-1] += 1
        return f"{self.lists[-1]}. "


def _table(rows: list[list[str]]) -> str:
    """Rows as a table whose first row is its head."""
    rows = [row for row in rows if any(row)]
    width = max(map(len, rows), default=0)
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines)
