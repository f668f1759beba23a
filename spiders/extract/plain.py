"""A page's plain text, put back into markup: head, title, the lines under it, body, foot.

Renderers agree on little: some keep <title> as the first line, some wrap at 80 columns, some leave
a mark where a picture stood. The order of the page is what they all keep. So the lines are sorted
into the parts of an article page, and what any page's text says is read by what reads pages.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import east_asian_width

from spiders.extract.blocks import Block
from spiders.extract.byline import is_credit, read_byline
from spiders.extract.labels import BREAK, is_label
from spiders.extract.lines import is_furniture, is_page_end
from spiders.extract.text import one_line, squeezed

# Where a picture was: `\` is what an editor leaves as its alt text, the others are renderers'.
_MARK = re.compile(
    r"\\|\ufffc|!?\[(?:图片?|图像|照片|image|img|inline|link)?\d{0,3}\](?:\([^()]*\))?"
    r"|!?\[[^\[\]]*\.(?:jpe?g|png|gif|bmp|webp)\](?:\([^()]*\))?|!\[[^\[\]]*\]\([^()]*\)",
    re.IGNORECASE,
)
PICTURE = "http://picture.invalid/"
"""Stands for a picture of which the text holds no address."""

# A cell of a table ends where a renderer leaves a gap.
_GAP = re.compile(r"\t|[ \xa0\u3000]{2,}")
_CRUMB = re.compile(r"位置\s*[:：]|[>＞»›].*[>＞»›]|^(?:首页|主页)\s*[>＞»›]")
# A renderer that wraps does so within this many columns; the narrowest in use is 72, the widest
# that anyone sets is 132.
_NARROWEST = 60
_WIDEST = 140
# A wrapped line ends where the next character, or a short English word, found no room.
_ROOM = 12
# So many full lines are no accident.
_FULL_LINES = 3
# A caption is pushed to the middle by more than a paragraph's indent.
_PUSHED = re.compile(r"[ \t]{8,}|[\xa0\u3000]{4,}|(?:\xa0 ){4,}")
_LONGEST_CAPTION = 90
_ENDS = ("。", "！", "？", "；", "：", "”")
_SENTENCE = re.compile("[。！？；]")
_CLAUSE = re.compile("[，,、；;：:]")
# A line this long is prose; one that holds clauses may be shorter.
_PROSE = 60
_CLAUSES = 30
_SHORTEST_TITLE = 4
_LONGEST_TITLE = 120
_SAYS_SOMETHING = re.compile(r"\w")
# What a foot begins with, besides what pages of any kind do.
_FOOT = re.compile(r"(?:主办|承办|技术支持|网站地图|站点地图|联系我们|友情链接|关于我们|建议使用)")
# Behind the last sentence stand a signature, its date, a list of files: not more lines than these.
_TAIL = 12
_SIGNED = re.compile(r"(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$")


@dataclass(slots=True)
class _Line:
    """One line that says something."""

    text: str
    """On one line, without its indent."""
    cells: tuple[str, ...]
    is_pushed: bool
    """Whether it is pushed to the middle."""

    @property
    def is_mark(self) -> bool:
        """Whether it stands for a picture."""
        return _MARK.fullmatch(self.text) is not None

    @property
    def is_prose(self) -> bool:
        text = self.text
        says = bool(_SENTENCE.search(text)) or len(text) >= (
            _CLAUSES if _CLAUSE.search(text) else _PROSE
        )
        return says and not (self.tells or self.is_end or _CRUMB.search(text))

    @property
    def is_button(self) -> bool:
        return not self.is_mark and is_furniture(Block("p", "", self.text))

    @property
    def is_end(self) -> bool:
        """Whether a page's text is over here: a credit, a button, a neighbour, the foot."""
        text = self.text
        if self.is_mark or not _SAYS_SOMETHING.search(text):
            return False
        is_foot = _FOOT.match(text) and not _SENTENCE.search(text)
        return bool(is_foot) or is_page_end(text) or is_credit(text) or self.is_button

    @property
    def tells(self) -> bool:
        """Whether it tells of the article: a date, a source, a field of a disclosure box."""
        text = self.text
        if len(text) > _LONGEST_TITLE or _CRUMB.search(text) or _SENTENCE.search(text):
            return False
        if is_label(self.cells[0]):
            return True
        said = read_byline(BREAK.join(self.cells))
        return bool(said.published or said.source or said.author or said.editor)


def plain_markup(text: str, title: str = "") -> str:
    """The markup of an article page that has this text.

    Args:
        text: The page's text.
        title: The article's, as a list gave it; otherwise the text has to tell.
    """
    lines = _lines(text)
    prose = next((place for place, line in enumerate(lines) if line.is_prose), len(lines))
    about = _about(lines, prose)
    titles = _titles(lines, about, prose, squeezed(title))
    begin = max(about.stop, titles.stop)
    end = _end(lines, begin)
    above = min(about.start, titles.start) if titles else about.start
    shown = "".join(line.text for line in lines[titles.start : titles.stop])
    between = [line for place, line in enumerate(lines[above:begin], above) if place not in titles]
    parts = [
        "<html><head></head><body>",
        *_rows(lines[:above]),
        f"<h1>{escape(shown)}</h1>" if shown else "",
        *_rows(between),
        "<article>",
        *_paragraphs(lines[begin:end]),
        "</article>",
        *_rows(lines[end:]),
        "</body></html>",
    ]
    return "\n".join(parts)


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    for raw in _unwrapped(text.splitlines()):
        if said := one_line(raw):
            cells = tuple(cell for part in _GAP.split(raw.strip()) if (cell := one_line(part)))
            lines.append(_Line(said, cells, _PUSHED.match(raw) is not None))
    return lines


def _unwrapped(raw: list[str]) -> list[str]:
    """The lines with the breaks taken out that a renderer put in for want of room."""
    widths = [_width(line) for line in raw]
    widest = max(widths, default=0)
    if not _NARROWEST <= widest <= _WIDEST:
        return raw
    full = [
        width > widest - _ROOM and bool(below.strip()) and not below.startswith("\u3000")
        for width, below in zip(widths, [*raw[1:], ""], strict=False)
    ]
    both = zip(full, raw, strict=True)
    ends = sum(is_full and line.rstrip().endswith(_ENDS) for is_full, line in both)
    if sum(full) < _FULL_LINES or ends * 3 > sum(full):
        return raw
    joined: list[str] = []
    goes_on = False
    for line, is_full in zip(raw, full, strict=True):
        if goes_on:
            gap = " " if joined[-1][-1:].isascii() and line.strip()[:1].isascii() else ""
            joined[-1] = f"{joined[-1].rstrip()}{gap}{line.strip()}"
        else:
            joined.append(line)
        goes_on = is_full
    return joined


def _width(line: str) -> int:
    """How many columns of a terminal a line takes."""
    return len(line) + sum(east_asian_width(character) in "WF" for character in line)


def _about(lines: Sequence[_Line], prose: int) -> range:
    """The lines nearest above the text that tell of the article; an empty range for none."""
    last = next((place for place in range(prose - 1, -1, -1) if lines[place].tells), None)
    if last is None:
        return range(0)
    start = stop = last
    while start > 0 and _belongs(lines, start - 1):
        start -= 1
    while stop < prose and _belongs(lines, stop):
        stop += 1
    return range(start, stop)


def _belongs(lines: Sequence[_Line], place: int) -> bool:
    """Whether a line is of a run that tells; the value below a label is, whatever it says."""
    line = lines[place]
    above = lines[place - 1].text if place else ""
    return line.tells or line.is_button or (is_label(above) and not line.is_prose)


def _titles(lines: Sequence[_Line], about: range, prose: int, known: str) -> range:
    """The line, or the lines, of the title: as a list or <title> has it, or by its place."""
    first = squeezed(lines[0].text) if lines else ""
    for name in (known, first):
        for place in range(min(prose, len(lines) - 1), 0, -1):
            line = squeezed(lines[place].text)
            if len(line) < _SHORTEST_TITLE or not name:
                continue
            if name.startswith(line):
                return range(place, place + 1)
            above = squeezed(lines[place - 1].text)
            if place > 1 and above and name.startswith(above + line):
                return range(place - 1, place + 1)
    for place in (about.start - 1, about.stop):
        if 0 <= place < prose and _may_be_title(lines[place]):
            return range(place, place + 1)
    return range(0)


def _may_be_title(line: _Line) -> bool:
    return (
        _SHORTEST_TITLE <= len(line.text) <= _LONGEST_TITLE
        and not line.text.endswith(("。", "：", ":"))
        and not (line.is_mark or line.is_end or line.tells or _CRUMB.search(line.text))
    )


def _end(lines: Sequence[_Line], begin: int) -> int:
    """Where the text ends: at a credit, a button or the foot, with next to no prose behind it."""
    weights = [len(line.text) if line.is_prose else 0 for line in lines]
    last = max((place for place, weight in enumerate(weights) if weight), default=begin)
    for place in range(begin, len(lines)):
        before, after = sum(weights[begin:place]), sum(weights[place:])
        if before and after * 2 <= before and lines[place].is_end:
            end = place
            last = max((p for p in range(begin, end) if weights[p]), default=begin)
            break
    else:
        end = len(lines)
    pictured = [p for p in range(last, end) if lines[p].is_mark or lines[p - 1].is_mark]
    if end - last - len(pictured) <= _TAIL:
        return end
    # A menu or a list of places below the text, without a button between.
    signed = [place for place in range(last, end) if _SIGNED.search(lines[place].text)]
    return (signed[-1] if signed else last) + 1


def _rows(lines: Sequence[_Line]) -> Iterator[str]:
    for line in lines:
        yield f"<div>{''.join(f'<span>{escape(cell)}</span>' for cell in line.cells)}</div>"


def _paragraphs(lines: Sequence[_Line]) -> Iterator[str]:
    for place, line in enumerate(lines):
        if line.is_mark:
            yield f'<p><img src="{PICTURE}{place}"></p>'
            continue
        below = lines[place + 1] if place + 1 < len(lines) else None
        is_caption = (
            place > 0
            and lines[place - 1].is_mark
            and len(line.text) <= _LONGEST_CAPTION
            and (line.is_pushed or below is None or below.is_mark)
        )
        yield f"<p{' align=center' * is_caption}>{escape(line.text)}</p>"
