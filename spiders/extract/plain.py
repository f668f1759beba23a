"""A page's plain text, put back into markup: head, title, the lines under it, body, foot.

Renderers agree on little: some keep <title> as the first line, some wrap at 80 columns, some leave
a mark where a picture stood. The order of the page is what they all keep. So the lines are sorted
into the parts of an article page, and what any page's text says is read by what reads pages.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import pairwise

from spiders.extract.blocks import Block
from spiders.extract.byline import is_credit, read_byline
from spiders.extract.labels import BREAK, begins_with_label, is_label
from spiders.extract.lines import is_furniture, is_page_end
from spiders.extract.text import one_line, squeezed
from spiders.extract.title import names_site
from spiders.extract.wrapped import unwrapped

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
# A caption is pushed to the middle by more than a paragraph's indent.
_PUSHED = re.compile(r"[ \t]{8,}|[\xa0\u3000]{4,}|(?:\xa0 ){4,}")
_LONGEST_CAPTION = 90
_SENTENCE = re.compile("[。！？；]")
_CLAUSE = re.compile("[，,、；;：:]")
# A line this long is prose; one that holds clauses may be shorter.
_PROSE = 60
_CLAUSES = 30
_MENU = re.compile(r"(?:\S{1,6} ){2,}\S{1,6}")
# A paragraph must not decide alone where the text is.
_MOST = 600
# What a line that is no prose takes from the prose around it: a heading or a caption does little,
# a menu, of one word a line, much.
_APART = 20
# How far above the text a heading stands, where no line tells of the article.
_NEAR = 4
_SHORTEST_TITLE = 4
_LONGEST_TITLE = 120
_SAYS_SOMETHING = re.compile(r"\w")
# What a foot begins with, besides what pages of any kind do.
_FOOT = re.compile(
    r"(?:主办|承办|技术支持|网站地图|站点地图|联系我们|友情链接|关于我们|建议使用)"
    r"|(?:热门|最新|推荐)(?:信息|资讯|动态|点击|公告|文件)$|共\d+页|.{2,24}(?:主办|承办|版权所有)$"
    r"|.{0,80}\.(?:docx?|xlsx?|pptx?|pdf|zip|rar|wps|ofd)\W*已?下载.{0,8}$",
    re.IGNORECASE,
)
_FRAMES = re.compile(r"[\[\]【】〖〗|｜\s]+")
# What the line under a title may print without a gap before it.
_JOINED = re.compile(
    r"(?:发布时间|发布日期|发稿时间|发表时间|更新时间|公开日期|文章来源|信息来源|稿件来源|新闻来源|来源"
    r"|作者|浏览次数|浏览量|点击次数|点击数|点击量|阅读次数|访问次数|字号|字体|责任编辑)\s*[:：]"
)
_TITLE_LABEL = re.compile(r"(?:标题|名称|信息名称|信息标题|文件名称|文件标题|公文名称)[:：]?")
# 「文　　号：」 is one label.
_HAN = "[\u4e00-\u9fff]"
_SPACE = "[ \u3000\xa0]"
_SPREAD = re.compile(rf"(?<!{_HAN})(?:{_HAN}{_SPACE}+){{1,4}}{_HAN}(?={_SPACE}*[:：])")
# The title, where <title> comes first, stands within this many lines.
_HEAD = 80
# Behind the last sentence stand a signature, its date, a list of files: not more lines than these.
_TAIL = 12
_SIGNED = re.compile(r"(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$")


@dataclass
class _Line:
    """One line that says something."""

    text: str
    """On one line, without its indent."""
    cells: tuple[str, ...]
    is_pushed: bool
    """Whether it is pushed to the middle."""

    @cached_property
    def is_mark(self) -> bool:
        """Whether it stands for a picture."""
        return _MARK.fullmatch(self.text) is not None

    @cached_property
    def is_prose(self) -> bool:
        text = self.text
        says = bool(_SENTENCE.search(text)) or len(text) >= (
            _CLAUSES if _CLAUSE.search(text) else _PROSE
        )
        return says and not (self.tells or self.is_end or _CRUMB.search(text))

    @cached_property
    def is_button(self) -> bool:
        if self.is_mark:
            return False
        # 【打印】【关闭】 is two buttons.
        bare = _FRAMES.sub("", self.text)
        return any(is_furniture(Block("p", "", said)) for said in (self.text, bare))

    @cached_property
    def is_end(self) -> bool:
        """Whether a page's text is over here: a credit, a button, a neighbour, the foot."""
        text = self.text
        if self.is_mark or not _SAYS_SOMETHING.search(text):
            return False
        is_foot = _FOOT.match(text) and not _SENTENCE.search(text)
        return bool(is_foot) or is_page_end(text) or is_credit(text) or self.is_button

    @cached_property
    def tells(self) -> bool:
        """Whether it tells of the article: a date, a source, a field of a disclosure box."""
        text = self.text
        if len(text) > _LONGEST_TITLE or _CRUMB.search(text) or _SENTENCE.search(text):
            return False
        if is_label(self.cells[0]) or begins_with_label(self.cells[0]):
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
    named = _named(lines, squeezed(title))
    prose = _prose_below(lines, named.stop) if named else _densest(lines)
    about = _about(lines, prose)
    titles = named or _labelled(lines[:prose]) or _beside(lines, about, prose)
    begin = max(about.stop, titles.stop)
    end = _end(lines, begin)
    above = min(about.start, titles.start) if titles else about.start
    shown = _shown(lines[titles.start : titles.stop])
    between = [
        line
        for place, line in enumerate(lines[above:begin], above)
        # A box repeats the title; what a page says of an article is looked for below its title.
        if place not in titles and shown not in line.cells
    ]
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
    whole = "\n".join(unwrapped(text.splitlines()))
    for raw in _SPREAD.sub(lambda label: squeezed(label[0]), whole).split("\n"):
        if said := one_line(raw):
            cells = tuple(cell for part in _GAP.split(raw.strip()) if (cell := one_line(part)))
            lines.append(_Line(said, cells, _PUSHED.match(raw) is not None))
    return lines


def _about(lines: Sequence[_Line], prose: int) -> range:
    """The lines nearest above the text that tell of the article; none: where the text begins."""
    last = next((place for place in range(prose - 1, -1, -1) if lines[place].tells), None)
    if last is None:
        return range(prose, prose)
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


def _named(lines: Sequence[_Line], known: str) -> range:
    """The lines that have the title as a list has it, or as <title> in the first line."""
    head = next((place for place, line in enumerate(lines) if not line.is_mark), 0)
    first = squeezed(lines[head].text) if lines else ""
    for name in filter(None, (known, first)):
        best = range(0)
        size = _SHORTEST_TITLE - 1
        for place in range(head + int(name is first), min(len(lines), _HEAD)):
            line = squeezed(lines[place].text)
            if lines[place].is_mark or lines[place].is_end or _CRUMB.search(lines[place].text):
                continue
            two = squeezed(lines[place - 1].text) + line if place > 1 else line
            if len(line) >= size and line in name and not names_site(line):
                best, size = range(place, place + 1), len(line)
            elif len(two) > size and name.startswith(two) and two != line:
                best, size = range(place - 1, place + 1), len(two)
        if best:
            return best
    return range(0)


def _labelled(lines: Sequence[_Line]) -> range:
    """The line of a disclosure box that has the title, and its label where that is a line."""
    for place, line in enumerate(lines):
        label = _TITLE_LABEL.match(squeezed(line.cells[0]))
        if label is None:
            continue
        is_alone = len(line.cells) == 1 and label.end() == len(squeezed(line.text))
        if is_alone or len(line.cells) > 1 or label[0].endswith((":", "：")):
            return range(place, place + 1 + is_alone)
    return range(0)


def _shown(lines: Sequence[_Line]) -> str:
    """The title that these lines print, less a box's label."""
    text = "".join(line.text for line in lines)
    label = _TITLE_LABEL.match(squeezed(lines[0].cells[0])) if lines else None
    if label is None:
        return text
    if len(lines) > 1:
        return lines[1].text
    cells = lines[0].cells
    return cells[1] if len(cells) > 1 else re.split("[:：]", text, maxsplit=1)[-1].strip()


def _beside(lines: Sequence[_Line], about: range, prose: int) -> range:
    """The line of the title by its place: above what tells of the article, or below it."""
    if not about:
        # A document's own heading, and a chapter's below it.
        near = [p for p in range(max(0, prose - _NEAR), prose) if _may_be_title(lines[p])]
        best = max(near, key=lambda p: len(lines[p].text), default=None)
        return range(0) if best is None else range(best, best + 1)
    # The last label of a box may be without a value, and the title stands in its place.
    for place in (about.start - 1, about.stop, about.stop - 1):
        if 0 <= place < prose and _may_be_title(lines[place]):
            return range(place, place + 1)
    return range(0)


def _may_be_title(line: _Line) -> bool:
    return (
        _SHORTEST_TITLE <= len(line.text) <= _LONGEST_TITLE
        and not line.text.startswith(("(", "（"))
        and not line.text.endswith(("。", "：", ":"))
        and not _MENU.fullmatch(line.text)
        and not (line.is_mark or line.is_end or line.tells or _CRUMB.search(line.text))
    )


def _prose_below(lines: Sequence[_Line], start: int) -> int:
    """The first line of prose from a line on."""
    return next((p for p in range(start, len(lines)) if lines[p].is_prose), len(lines))


def _densest(lines: Sequence[_Line]) -> int:
    """Where the lines begin that have the most prose and the least else between."""
    best, most = len(lines), 0
    begin, total = 0, 0
    for place, line in enumerate(lines):
        if total <= 0 or begin == place:
            begin, total = place if line.is_prose else place + 1, 0
        if not line.is_prose:
            total -= _APART
        elif _SENTENCE.search(line.text):
            total += min(len(line.text), _MOST)
        if total > most:
            best, most = begin, total
    return best


def _end(lines: Sequence[_Line], begin: int) -> int:
    """Where the text ends: at a credit, a button or the foot, with next to no prose behind it."""
    weights = [len(line.text) if line.is_prose else 0 for line in lines]
    # A foot has addresses and numbers as long as prose, and no sentence.
    sentences = [len(line.text) if _SENTENCE.search(line.text) else 0 for line in lines]
    before, after = 0, sum(sentences[begin:])
    last, end = begin, len(lines)
    for place in range(begin, len(lines)):
        if lines[place].is_end and before and after * 2 <= before:
            end = place
            break
        before += weights[place]
        after -= sentences[place]
        last = place if weights[place] else last
    pictured = [p for p in range(last, end) if lines[p].is_mark or lines[p - 1].is_mark]
    if end - last - len(pictured) <= _TAIL:
        return end
    # A menu or a list of places below the text, without a button between.
    signed = [p for p in range(last, end) if _SIGNED.search(lines[p].text)]
    return (signed[-1] if signed else last) + 1


def _rows(lines: Sequence[_Line]) -> Iterator[str]:
    for line in lines:
        parts = [part for cell in line.cells for part in _parted(cell)]
        cells = parts if line.tells else line.cells
        yield f"<div>{''.join(f'<span>{escape(cell)}</span>' for cell in cells)}</div>"


def _parted(cell: str) -> list[str]:
    """What stands in one cell, parted before each label that follows something."""
    starts = [0, *(label.start() for label in _JOINED.finditer(cell) if label.start()), len(cell)]
    return [part for begin, end in pairwise(starts) if (part := cell[begin:end].strip())]


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
            and (line.is_pushed or not _SENTENCE.search(line.text))
        )
        yield f"<p{' align=center' * is_caption}>{escape(line.text)}</p>"
