"""Tables of a body: those that hold data stay tables, those that lay out the page do not."""

from collections.abc import Sequence
from dataclasses import dataclass

from spiders.extract.markup import (
    CELLS,
    FRAMES,
    HEADINGS,
    INLINE,
    TABLE,
    InlineWriter,
    Tag,
    plain,
    spans,
)

# What a cell may hold; other boxes leave a space.
_IN_TABLES = TABLE | FRAMES | HEADINGS | {"p", "li", "br"}
_PARAGRAPHS = frozenset({"p", "pre", "br", "div"})
# A cell longer than this with paragraphs of its own is a page's frame, not a table's datum.
_FRAME_CELL = 400
_FRAME_CELL_PARAGRAPHS = 3


class TableWriter(InlineWriter):
    """Writes a table of data."""

    def __init__(self, base: str, links: int) -> None:
        super().__init__(base, links)
        self.rows: list[list[str]] = [[]]
        self.cell: list[str] | None = None
        """The text of the open cell, as markup."""

    @property
    def text(self) -> str:
        """Rows on a line each, cells parted by tabs."""
        lines = ("\t".join(row).strip() for row in self.rows)
        return "\n".join(line for line in lines if line)

    def write(self, tags: Sequence[Tag], texts: Sequence[str]) -> None:
        """Write the table that begins with the first tag and ends with the last."""
        for tag, text in zip(tags, texts, strict=True):
            if tag.name in INLINE or tag.name == "img":
                self.inline_tag(tag)
            else:
                self.boundary(tag)
            self.parts.append(text)
            if self.cell is not None:
                self.cell.append(text)

    def boundary(self, tag: Tag) -> None:
        name = tag.name
        if name not in _IN_TABLES:
            self.parts.append(" ")
        elif tag.is_closing:
            self.parts.append(f"</{name}>")
        else:
            self.parts.append(f"<{name}{spans(tag)}>" if name in CELLS else f"<{name}>")
        if name == "tr" and not tag.is_closing:
            self.rows.append([])
        elif name in CELLS and not tag.is_closing:
            self.cell = []
        elif name in CELLS and self.cell is not None:
            self.rows[-1].append(plain("".join(self.cell)))
            self.cell = None
        elif self.cell is not None:
            self.cell.append(" ")


def data_tables(tags: Sequence[Tag], texts: Sequence[str]) -> dict[int, int]:
    """Where each outermost table of data begins and ends; tables that only frame are left out."""
    tables: dict[int, int] = {}
    opened: list[_OpenTable] = []
    for place, (tag, text) in enumerate(zip(tags, texts, strict=True)):
        name = tag.name
        if name == "table" and not tag.is_closing:
            opened.append(_OpenTable(place))
        elif not opened:
            continue
        elif name == "table":
            table = opened.pop()
            if not table.frames:
                tables[table.begin] = place
            # What stands in an inner table stands in the outer one's cell.
            for outer in opened[-1:]:
                outer.text(table.characters)
                outer.cell_paragraphs += table.cells
        elif not tag.is_closing:
            opened[-1].holds(name)
        if opened:
            opened[-1].text(len(text.strip()))
    return tables


@dataclass(slots=True)
class _OpenTable:
    begin: int
    cells: int = 0
    characters: int = 0
    cell_characters: int = 0
    cell_paragraphs: int = 0
    has_frame_cell: bool = False

    def holds(self, name: str) -> None:
        if name in CELLS:
            self.cells += 1
            self.cell_characters = 0
            self.cell_paragraphs = 0
        elif name in _PARAGRAPHS:
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
