"""The line under the title: 来源, 作者, 编辑 and the publish time, in all the forms it takes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.dates import Published
from spiders.extract.dates import DATE, find_english, published, split_date, stated_date
from spiders.extract.labelled import Labels, labels_in
from spiders.extract.labels import BREAK
from spiders.extract.text import one_line, squeezed

# Labels with white space removed; a longer label stands for itself, not for the one it ends with.
_KINDS = {
    "source": (
        "来源 来源于 文章来源 信息来源 稿件来源 消息来源 新闻来源 内容来源 资料来源 本文来源 "
        "出处 稿源 供稿单位"
    ),
    "author": "作者 撰稿 撰稿人 文字记者 本报记者 记者 通讯员 文/图 图/文 供稿 供稿人 发布者",
    "editor": (
        "责任编辑 网络编辑 执行编辑 值班编辑 本文编辑 网站编辑 责编 编辑 本期编辑 文章编辑 编辑人"
    ),
    "published": (
        "发布日期 发布时间 发布于 发稿时间 发表时间 发表日期 公开日期 公开时间 更新时间 更新日期 "
        "录入时间 添加时间 上传时间 信息时间 日期 时间 发布 公布时间 公布日期 发文时间"
    ),
    "other": (
        "点击 点击数 点击量 点击率 点击次数 浏览 浏览数 浏览量 浏览次数 访问量 访问次数 访问人数 "
        "阅读 阅读数 阅读量 阅读次数 人气 字号 字体 字体大小 视力保护色 保护视力色 背景颜色 分享 "
        "分享到 打印 收藏 评论 摄影 审核 审签 校对 校审 复审 终审 初审 签发 监制 编审 主编 "
        "总编辑 副主编 值班主任 值班总编 美编 排版 设计 制图 策划 统筹 附件 栏目 频道 所属栏目 "
        "索引号 文号 发文字号 成文日期 生成日期 发布机构 发布单位 发文机关 主题分类 公开方式 "
        "公开目录 有效性 标题 关键词 主题词 标签 语音播报 微信 微博 电话 地址 邮箱 邮编 网址 "
        "二审 三审 一审 一校 二校 三校 审核人 审稿 审稿人 发布部门 视频来源 图片来源 推荐 下载 "
        "联系人 联系电话 有效期 截止日期 截止时间 责任人"
    ),
}
_KIND_OF = Labels(_KINDS)
_VALUE_ENDS = re.compile("[|｜】〗\\]\\[【]|\\s{3,}|\u3000{2,}|[\xa0]{2,}|\t|\n")
_BRACKETS = re.compile(r"[()（）]")
_WIDE_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_CUT_WORDS = re.compile(
    r"\s*(?:点击|浏览|阅读|打印|分享|字[号体]|【|\d+次|关闭|扫一扫|我要|收藏|纠错|微信|朗读|语音|网站编辑|"
    r"责任编辑|责编|编辑[:：])"
)
# What a date is that is not the publish date, as a label before it says.
_ANOTHER_DATE = re.compile(
    r"(?:成文|生成|发文|印发|签发|制发|实施|施行|生效|失效|废止|截止|截至|登记|有效期|今天是|现在是|当前"
    r"|更新|修改|录入|添加|上传)"
    r"(?:日期|时间|至|期)?[\s:：∶|]*$"
)
_LABEL_WITHIN = 20
# A source, a weekday, a word such as 「发布」 beside a date.
_COMPANY = 20
# The time of updating or of filing only stands in for that of publishing; a bare 日期 is not sure.
FILED = frozenset({"更新时间", "更新日期", "录入时间", "添加时间", "上传时间"})
_UNSURE = frozenset({"日期", "时间"})
# Values that only fill the place: the defaults of publishing systems.
_FILLERS = (
    "未知 佚名 不详 无 网络 本站整理 系统管理员 管理员 超级管理员 匿名 暂无 - -- / null admin "
    "administrator root test 原创 转载 编辑 作者 来源"
)
_FILLED = frozenset(
    {"未知", "佚名", "不详", "无", "暂无", "-", "--", "/", "null", "undefined", "admin"}
)
_NOBODY = frozenset(_FILLERS.split())
# Who else has a part in it, where nothing but their names follows.
_CREDIT_LABELS = (
    "审核 审签 校对 校审 复审 终审 初审 签发 监制 编审 主编 总编辑 副主编 值班主任 值班总编 美编 "
    "排版 制图 一审 二审 三审 一校 二校 三校 审核人 审稿 审稿人 责任编辑 编辑 责编"
)
_CREDITS = frozenset(_CREDIT_LABELS.split())
_PERSON = re.compile(r"[\s\u3000]*(?:[\u4e00-\u9fff·][\s\u3000]?){2,8}[\s\u3000）)】\]|｜/]*")
# A credit may stand in a bracket.
_FRAME = 2
# A person or an organisation; two or three joined ones are longer.
_LONGEST_NAME = 60
_PROSE = re.compile("[，。；！？]")
_SENTENCE = re.compile(r"[。！？；]|，.*，")


@dataclass(slots=True)
class Byline:
    """What the line says."""

    source: str | None = None
    author: str | None = None
    editor: str | None = None
    published: Published | None = None
    label: str = ""
    """What stands before the date; nothing where it is printed bare."""


def read_byline(text: str) -> Byline:
    """Read the text between title and body, its text nodes parted by `BREAK`."""
    byline = Byline()
    text = text.translate(_WIDE_DIGITS)
    for kind, label, value in _labelled(text):
        if kind == "published":
            found = stated_date(value[:_LONGEST_NAME])
            if found and (byline.published is None or _doubt(label) < _doubt(byline.label)):
                byline.published, byline.label = found, label
        elif kind != "other" and getattr(byline, kind) is None:
            setattr(byline, kind, _name(value))
    if byline.published is None or byline.label in FILED:
        printed = _first_date(text)
        if printed:
            byline.published, byline.label = printed, ""
    return byline


def named_at_end(text: str) -> Byline:
    """Editor, author and source as they stand at the end of a body; dates there are not read."""
    byline = Byline()
    for kind, _, value in _labelled(text):
        if kind in {"source", "author", "editor"} and getattr(byline, kind) is None:
            setattr(byline, kind, _name(value))
    return byline


def is_filler(name: str) -> bool:
    """Whether a name only fills the place: a publishing system's default."""
    return name.lower() in _FILLED


def is_credit(line: str) -> bool:
    """Whether a line of a body does nothing but name who edited it."""
    if len(line) > 2 * _LONGEST_NAME or _SENTENCE.search(line):
        return False
    labels = labels_in(line, _KIND_OF)
    if not labels or labels[0].begin > _FRAME:
        return False
    # One alone, such as 审核 or 监制, may belong to the text.
    return _KIND_OF[labels[0].text] == "editor" or (
        len(labels) > 1
        and all(
            label in _CREDITS and _PERSON.fullmatch(value) for _, label, value in _labelled(line)
        )
    )


def _labelled(text: str) -> Iterator[tuple[str, str, str]]:
    """Kind, label and raw value of every label in `text`."""
    labels = labels_in(text, _KIND_OF)
    for place, label in enumerate(labels):
        end = labels[place + 1].begin if place + 1 < len(labels) else len(text)
        value = text[label.end : end].lstrip("\x1f \u3000\xa0:：∶")
        yield _KIND_OF[label.text], label.text, value


def _name(value: str) -> str | None:
    """The name at the start of `value`: up to a bracket, a bar, a date, a gap, the next node."""
    value = value.partition(BREAK)[0]
    if date := DATE.search(value):
        value = value[: date.start()]
    value = _VALUE_ENDS.split(value, maxsplit=1)[0]
    if cut := _CUT_WORDS.search(value):
        value = value[: cut.start()]
    if "《" not in value:
        value = value.partition("》")[0]
    value = one_line(value)
    if _BRACKETS.search(value):
        value = _balanced(value)
    value = value.strip(" /／:：,，、;；.。-—_\"'“”<>")
    if (
        not value
        or value.lower() in _NOBODY
        or len(value) > _LONGEST_NAME
        or _SENTENCE.search(value)
    ):
        return None
    return value


def _balanced(value: str) -> str:
    """The text up to a bracket that closes what was opened before it: `杨戬)` is 杨戬."""
    depth = 0
    for place, character in enumerate(value):
        if character in "(（":
            depth += 1
        elif character in ")）":
            depth -= 1
            if depth < 0:
                return value[:place]
    return value if depth == 0 else value[: max(value.rfind("("), value.rfind("（"))]


def _doubt(label: str) -> int:
    """How far a label is from saying that its date is that of publishing."""
    return 2 if label in FILED else int(label in _UNSURE)


def _stands_apart(text: str, match: re.Match[str]) -> bool:
    """Whether a date stands by itself or among labels, not in a sentence."""
    begin = text.rfind(BREAK, 0, match.start()) + 1
    after = match.start() + len(match[0].rstrip())
    end = text.find(BREAK, after)
    rest = text[begin : match.start()] + text[after : end if end >= 0 else len(text)]
    is_short = len(squeezed(rest)) <= _COMPANY and not _PROSE.search(rest)
    return is_short or bool(labels_in(rest, _KIND_OF))


def _first_date(text: str) -> Published | None:
    """The first date that nothing before it calls another date than that of publishing."""
    for match in DATE.finditer(text):
        before = text[max(0, match.start() - _LABEL_WITHIN) : match.start()]
        if _ANOTHER_DATE.search(before) or not _stands_apart(text, match):
            continue
        if found := published(match):
            return found
    pieces = [piece for node in text.split(BREAK) if (piece := one_line(node))]
    for place, piece in enumerate(pieces):
        if not piece[0].isdecimal():
            continue
        found = split_date(pieces[place : place + 2]) or split_date(pieces[place : place + 3])
        if found:
            return found
    english = find_english(text)
    return published(english) if english and _stands_apart(text, english) else None
