"""Labelled fields of information disclosure (索引号, 发布机构, …), read by the label's text.

Tables and lines print them in any order, with spaces inside the labels, twice over for phones,
and with labels standing where a value is missing. Position says nothing here; the label does.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from unicodedata import normalize

from selectolax.lexbor import LexborHTMLParser

from spiders.extract.labelled import Labels, labels_in
from spiders.extract.text import label_form, one_line, squeezed

# Labels as sites print them (white space removed), by the field of the record. `title` and what
# begins with an underscore are known as labels, and not kept.
_LABELS = {
    "index_number": "索引号 索引 信息索引号 索引编号 信息索取号 索取号",
    "document_number": "文号 发文字号 文件编号 公文文号 发文文号 发布文号 文件号 文件文号 文件字号",
    "issuing_agency": (
        "发布机构 发文机关 发文机构 公开责任部门 发布单位 发文单位 制发机关 发布机关 公开机构 "
        "信息发布机构 责任部门 制定机关 发布部门 公开部门 信息公开机构 发文部门 公开主体"
    ),
    "written_on": "成文日期 发文日期 成文时间 发文时间 签发日期 印发日期",
    # When the index entry was made: the day of writing where no other label tells it.
    "_made": "生成日期 生成时间",
    "_published": "发布日期 公开日期 发布时间 公开时间 发布于 发稿时间 公布日期 发表时间 发表日期",
    "catalogue": "公开目录 信息分类 分类 所属目录 组配分类 信息类别 目录分类 信息所属目录",
    "theme": "主题分类 主题类别 所属主题",
    "genre": "体裁分类 体裁 公文种类 文种 文件类型 信息体裁 体裁类型",
    "disclosure": "公开方式 公开形式 公开属性 公开类别 信息公开方式 公开类型",
    "_title": "标题 名称 信息名称 文件名称 文件标题 公文名称 信息标题",
    "keywords": "主题词 关键词 关键字",
    "_validity": "有效性 效力状态 是否有效 时效性 文件状态 时效 有效期 效力 信息有效性",
    "_effective": "生效日期 实施日期 施行日期 执行日期 生效时间",
    "_abolished": "废止日期 失效日期 失效时间 废止时间 终止日期",
    "_summary": "内容概述 内容概要 摘要 信息概要 内容摘要 内容简介",
    "_audience": "公开范围 服务对象分类 服务对象 面向对象 公开对象",
    "_period": "公开时限 信息有效期 公开期限 公开程序",
    "_other": (
        "备注 备注/文号 发布形式 载体类型 信息来源 来源 语种 统一登记号 统一编号 登记号 "
        "规范性文件编号 字号 浏览次数 点击数 访问次数 阅读次数 字体 信息格式 文件下载 下载 "
        "记录形式 作者 责任编辑 编辑"
    ),
}
_FIELD_OF = Labels(_LABELS)
_LONGEST_LABEL = max(map(len, _FIELD_OF))
# Only a page with one of these has such a box; the words stand in prose as well, so the box is
# still read label by label.
_BOX = (
    "索引号 索取号 索引编号 发文字号 文号 发布机构 发文机关 发文机构 公开方式 主题分类 成文日期 "
    "生成日期 公开责任部门 公开目录 发布单位 组配分类"
)
_BOX_WORDS = tuple(_BOX.split())
# A label at the start of a piece of text, with its colon; spaces may stand between its characters.
_LABEL_AT_START = re.compile(
    r"\s*[【\[]?((?:[\u4e00-\u9fff/]\s*){2,9})[】\]]?\s*[:：∶︰]", re.UNICODE
)
# Values of these tell by their form whether they are values.
_UNMISTAKABLE = frozenset({"index_number", "document_number"})
_USED = frozenset({"_published", "_made", "_title"})
# Where one text node of the page ends and the next begins.
BREAK = "\x1f"
# Longer than this no value of a disclosure box is; the longest seen are joint issuers.
_LONGEST_VALUE = 200
_LONGEST_SHORT_VALUE = 60
# A table of data may have one column that is called like a label.
_BOX_LABELS = 3
# A box of a dozen labels with their values.
_BOX_WITHIN = 600
# A box has some forty cells; a longer table is data.
_MOST_CELLS = 200
_NOTHING = frozenset(
    {"无", "-", "--", "—", "——", "/", "暂无", "空", "null", "NULL", "undefined", "&nbsp;"}
)

_BRACKETS = str.maketrans({"[": "〔", "]": "〕", "［": "〔", "］": "〕", "【": "〔", "】": "〕"})
_YEAR_IN_ROUND_BRACKETS = re.compile(r"[(（]\s*((?:19|20)\d{2})\s*[)）]")
_YEAR_IN_BRACKETS = re.compile(r"\s*〔\s*((?:19|20)\d{2})\s*年?\s*〕\s*")
_NUMBER = re.compile(r"〕\s*(?:第\s*)?0*(\d+)\s*号")
_DOCUMENT_NUMBER = re.compile(
    r"^[\u4e00-\u9fffA-Za-z（）()·、]{1,40}〔(?:19|20)\d{2}〕[\u4e00-\u9fff]{0,4}\d+(?:-\d+)?号?$"
    r"|^[\u4e00-\u9fff（）()、]{0,40}(?:令|公告|通告|决定)(?:\d{4}年)?\s*第?\s*[\d〇一二三四五六七八九十百]+\s*号$"
    r"|^[\u4e00-\u9fff（）()、]{0,40}(?:19|20)\d{2}\s*年第?\s*\d+\s*号(?:令|公告|通告)?$"
)
_INDEX_NUMBER = re.compile(r"^(?=.*\d)[\w\-/.〔〕()（）\[\]【】—–－_:：号第年]{3,80}$")


def has_box(text: str) -> bool:
    """Whether a page with this text outside its body may hold a disclosure box at all."""
    line = "".join(text.split())
    return any(word in line for word in _BOX_WORDS)


def begins_with_box(text: str) -> bool:
    """Whether a body's text begins with a disclosure box of its own."""
    line = "".join(text[:_BOX_WITHIN].split())
    return sum(word in line for word in _BOX_WORDS) >= _BOX_LABELS


def is_box(text: str) -> bool:
    """Whether a piece of a body is a disclosure box, or one line of it.

    `text` has a table's rows on a line each and its cells parted by tabs.
    """
    cells = text[:_BOX_WITHIN].replace("\n", "\t").split("\t")
    if len(cells) > 1:
        return sum(_label(cell) is not None for cell in cells) >= _BOX_LABELS
    labels = labels_in(text[:_LONGEST_VALUE], _FIELD_OF)
    return bool(labels) and labels[0].begin <= 1 and labels[0].text in _BOX_WORDS


def is_label(text: str) -> bool:
    """Whether a text is a label and nothing else."""
    return _label(text) is not None


def begins_with_label(text: str) -> bool:
    """Whether a text begins with a label and its colon."""
    start = _LABEL_AT_START.match(text)
    return start is not None and _label(start[1]) is not None


def labelled_values(tree: LexborHTMLParser, text: str, title: str) -> dict[str, tuple[str, str]]:
    """What the page's disclosure boxes say: value and label by field.

    `_published` is the printed publish date, `_made` that of the index entry, `_title` the
    printed title.

    Args:
        tree: The page.
        text: The page's text without its body, text nodes parted by `BREAK`.
        title: The article's title: never the value of another field.
    """
    values: dict[str, tuple[str, str]] = {}
    for label, value in (*_in_tables(tree), *_in_lines(text), *_in_pieces(text)):
        name = _FIELD_OF[label]
        if name in values or (name.startswith("_") and name not in _USED):
            continue
        said = _said(name, value, title)
        if said:
            values[name] = (said, label)
    return values


def document_number(text: str) -> str | None:
    """文号 in its one form, `国资发改革规〔2024〕53号`; none where the text is no 文号."""
    number = normalize("NFKC", squeezed(text)).translate(_BRACKETS)
    number = _YEAR_IN_ROUND_BRACKETS.sub(r"〔\1〕", number)
    number = _YEAR_IN_BRACKETS.sub(r"〔\1〕", number)
    number = _NUMBER.sub(r"〕\1号", number)
    number = number.replace("(", "（").replace(")", "）").rstrip("，,。;；")
    return number if _DOCUMENT_NUMBER.match(number) else None


def _in_tables(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Label and value of every table cell that is a label."""
    for table in tree.css("table"):
        # A node's own query finds the node as well; a table that holds others only frames them.
        if len(table.css("table")) > 1 or not has_box(table.text()):
            continue
        cells = [one_line(cell.text()) for cell in table.css("td, th")[:_MOST_CELLS]]
        heads = _heads(cells)
        for place, (cell, following) in enumerate(pairwise([*cells, ""])):
            label = _label(cell)
            if label:
                yield label, cells[place + heads[place]] if place in heads else following
            elif match := _LABEL_AT_START.match(cell):
                inner = _label(match[1])
                if inner:
                    yield inner, cell[match.end() :]


def _in_pieces(text: str) -> Iterator[tuple[str, str]]:
    """Label and value where a label is an element of its own, without a colon."""
    pieces = [piece for piece in map(str.strip, text.split(BREAK)) if piece]
    pairs = [(label, value) for piece, value in pairwise(pieces) if (label := _label(piece))]
    # A run of labels is a box; a word of a menu may be called like one.
    is_box = sum(label in _BOX_WORDS for label, _ in pairs) >= _BOX_LABELS
    # Empty values leave no piece behind, so below a row of labels nothing tells which is whose.
    heads = _heads(pieces) if is_box else {}
    below = {pieces[place + 1] for place in heads if place + 1 not in heads}
    for label, value in pairs:
        if (is_box or _FIELD_OF[label] in _UNMISTAKABLE) and value not in below:
            yield label, value


def _heads(cells: list[str]) -> dict[int, int]:
    """How far from each label of a row of labels its value stands, in the row below."""
    heads: dict[int, int] = {}
    begin = 0
    for end, cell in enumerate([*cells, ""]):
        if cell and _label(cell):
            continue
        size = end - begin
        below = cells[end : end + size]
        if size >= _BOX_LABELS and len(below) == size and not any(map(_label, below)):
            heads.update(dict.fromkeys(range(begin, end), size))
        begin = end + 1
    return heads


def _in_lines(text: str) -> Iterator[tuple[str, str]]:
    """Label and value of every `label：value` of running text."""
    labels = labels_in(text, _FIELD_OF)
    for place, label in enumerate(labels):
        end = labels[place + 1].begin if place + 1 < len(labels) else len(text)
        value = text[label.end : min(end, label.end + _LONGEST_VALUE)]
        # The next label's bracket opens before it.
        yield label.text, _first_piece(value).rstrip("【[ ")


def _first_piece(text: str) -> str:
    """The first text node of `text` that says something."""
    for piece in text.split(BREAK):
        if said := one_line(piece):
            return said
    return ""


def _label(text: str) -> str | None:
    """The label that `text` is, in its normal form."""
    if len(text) > 2 * _LONGEST_LABEL:
        return None
    form = label_form(text)
    return form if form in _FIELD_OF else None


def _said(name: str, value: str, title: str) -> str | None:
    """The value, unless it says nothing: empty, a label, the title, or not of the field's form."""
    value = one_line(value)
    if not value or value in _NOTHING or len(value) > _LONGEST_VALUE:
        return None
    if value == title and name != "_title":
        return None
    if label_form(value) in _FIELD_OF or (
        _LABEL_AT_START.match(value) and _label(value.partition("：")[0].partition(":")[0])
    ):
        return None
    if name == "index_number":
        value = value.strip("，,。；; ")
        return value if _INDEX_NUMBER.match(squeezed(value)) else None
    if name == "document_number":
        return document_number(value)
    if name not in {"issuing_agency", "keywords", "_title"} and len(value) > _LONGEST_SHORT_VALUE:
        return None
    return value
