"""A body as a flat run of blocks: paragraphs, headings, list items, tables, pictures."""

import re
from dataclasses import dataclass

from spiders.extract.markup import (
    BLOCKS,
    FRAMES,
    HEADINGS,
    InlineWriter,
    Picture,
    Tag,
    linked,
    plain,
    read_tags,
)
from spiders.extract.tables import TableWriter, data_tables

_KINDS = HEADINGS | {"li", "figcaption"}
# Captions in old pages are pushed to the middle with spaces; a first-line indent takes two to
# eight of them.
_PUSHED_TO_THE_MIDDLE = re.compile(r"\s*(?:(?:&nbsp; ){6}|(?:&nbsp;){10}|\u3000{5})")
# The longest preformatted texts seen have some hundreds; what is beyond stays in one paragraph.
_MOST_LINES = 20_000


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
    """The blocks of serialised markup, in order; links and pictures absolute against `base`."""
    writer = _BlockWriter(base, may_have_captions="<img " in html)
    writer.write(*read_tags(html))
    return writer.blocks


class _BlockWriter(InlineWriter):
    """Cuts markup into blocks."""

    def __init__(self, base: str, *, may_have_captions: bool) -> None:
        super().__init__(base)
        self.may_have_captions = may_have_captions
        self.blocks: list[Block] = []
        self.around: list[tuple[str, str, bool]] = [("", "p", False)]
        """Open blocks, the outermost first: name, what a paragraph in it is, whether centred."""

    def write(self, tags: list[Tag], texts: list[str]) -> None:
        tables = data_tables(tags, texts)
        end = -1
        for place, (tag, text) in enumerate(zip(tags, texts, strict=True)):
            if place < end:
                continue
            name = tag.name
            if name in BLOCKS:
                if self.parts:
                    self.flush()
                if place in tables:
                    end = tables[place]
                    self.table(tags[place : end + 1], [*texts[place:end], ""])
                    continue
                if place != end:
                    self.block_tag(tag)
            elif name == "br":
                self.flush()
            elif name:
                self.inline_tag(tag)
            # Between two blocks stands a line feed, mostly.
            if text and (self.parts or text != "\n"):
                self.text(text)
        self.flush()

    def block_tag(self, tag: Tag) -> None:
        name = tag.name
        around, kind, is_centred = self.around[-1]
        if name in FRAMES:
            slash = "/" * tag.is_closing
            self.blocks.append(Block("close" if slash else "open", f"<{slash}{name}>", ""))
        if not tag.is_closing:
            kind = name if name in _KINDS else kind
            self.around.append((name, kind, tag.centres or is_centred))
        elif around == name:
            self.around.pop()

    def text(self, text: str) -> None:
        if "\n" in text and self.around[-1][0] == "pre":
            *lines, text = text.split("\n", _MOST_LINES)
            for line in lines:
                self.parts.append(line)
                self.flush()
        self.parts.append(text)

    def flush(self) -> None:
        """End the paragraph that is being gathered."""
        if not self.parts:
            return
        whole = "".join(self.parts)
        # What stands between two paragraphs, mostly.
        text = "" if whole.isspace() else plain(whole)
        if text or self.pictures:
            html = whole.strip()
            _, kind, centred = self.around[-1]
            if self.inline:
                html += "".join(f"</{name}>" for name, tag in reversed(self.inline) if tag)
            if self.may_have_captions and not centred:
                centred = _PUSHED_TO_THE_MIDDLE.match(whole) is not None
            count = linked(html) if "<a " in html else 0
            html = f"<{kind}>{html}</{kind}>"
            self.blocks.append(Block(kind, html, text, centred, tuple(self.pictures), count))
            self.pictures.clear()
        self.parts = [tag for _, tag in self.inline] if self.inline else []

    def table(self, tags: list[Tag], texts: list[str]) -> None:
        """A whole table of data as one block."""
        writer = TableWriter(self.base, self.links)
        writer.write(tags, texts)
        self.links = writer.links
        html, text = "".join(writer.parts), writer.text
        if text or writer.pictures:
            count = linked(html) if "<a " in html else 0
            self.blocks.append(Block("table", html, text, False, tuple(writer.pictures), count))
