"""Where a short body stands: pages with little prose, or with prose in no paragraphs.

Nothing is known here of names: the page's text is weighed run by run, whatever its elements are
called, and the place is sought from the top, towards the first part that holds most of it.
"""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.extract.text import squeezed

_INLINE_NAMES = (
    "a abbr b big cite code del em font i ins label mark q s small span strong sub sup time tt u"
)
_INLINE = frozenset(_INLINE_NAMES.split())
_UNREAD_NAMES = "script style noscript template select option button textarea title head iframe svg"
_UNREAD = frozenset(_UNREAD_NAMES.split())
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# Prose says so: it has sentences. A colon stands in feet and labels as well.
_SENTENCE = re.compile("[，。；！？,;!?]")
_SHORTEST = 8
# One paragraph must not decide alone where the body is.
_WEIGHT_LIMIT = 600
# What a page's foot and a site's notices say, and no article.
_NO_PROSE = re.compile(
    r"ICP备|ICP证|公网安备|版权所有|Copyright|©|All Rights Reserved|网站标识码|技术支持[:：]"
    r"|主办(?:单位)?[:：]|承办(?:单位)?[:：]|版权声明|免责声明|侵权|建议使用.{0,20}分辨率",
    re.IGNORECASE,
)
_INFO_LINE = re.compile(
    r"(?:来源|发布(?:时间|日期|机构|单位)?|时间|日期|作者|编辑|点击|浏览|阅读|字号|字体|位置|更新时间"
    r"|索引号|文号|成文日期|主题分类)(?:数|量|次数)?\s*[:：】]"
)
_LONGEST_INFO_LINE = 120
# Where there is no prose, anything counts but dates, buttons and addresses.
_NO_TEXT = re.compile(
    r"[\d\s\-/.:：年月日]+|.*(?:地址|电话|邮编|传真|邮箱)[:：].*|[【\[]?(?:打印|关闭|返回|分享|收藏).{0,12}"
    r"|[上下]一[篇条].*|.{0,8}(?:扫一扫|二维码).{0,20}|.*>.*"
)
# What a page says before it goes on with other things.
_APPENDIX = re.compile(
    r"(?:推荐阅读|延伸阅读|相关阅读|相关新闻|相关报道|相关推荐|热门.{2}|猜你喜欢|为[你您]推荐|精彩推荐|编辑推荐|"
    r"网友评论|最新评论)[:：]?$|[\[【(（*※]*(?:版权|免责|版权(?:与|及)免责)声明"
)
# Menus, login boxes and columns above the title, and what stands below such words, weigh this
# much of what they would as the text.
_BESIDE = 0.2
# A picture below the title stands for so many characters where there is no prose at all.
_PICTURE = 60
# A part with this much of the whole is where it stands.
_MOST = 0.75
_MOSTLY = 0.5
# A part with this much of the heaviest may be the body; later ones are teasers and notices.
_WEIGHTY = 0.25
# A paragraph's surroundings belong to it unless they are so many times longer, and longer yet.
_COMPANY = 2.5
_MORE = 120
_SECTIONS = 2
# No page with so little prose has more pieces of text.
_MOST_RUNS = 20_000


@dataclass(slots=True)
class _Place:
    """An element that is no inline markup, with the weight of the text in it."""

    node: LexborNode
    parts: list["_Place"] = field(default_factory=list)
    own: float = 0.0
    """Weight of the text directly in it."""
    runs: int = 0
    """Pieces that this text is in."""
    total: float = 0.0
    below: float = 0.0
    """What of the total stands below the title."""
    size: int = 0
    """Characters in it, of whatever weight."""


def find_sparse(tree: LexborHTMLParser, title: str) -> LexborNode | None:
    """The place of the body; none where the page has nothing below its title."""
    if tree.body is None:
        return None
    for is_bare in (False, True):
        walk = _Walk(title, is_bare=is_bare)
        root = walk.over(tree.body)
        if root.total:
            return _descend(root).node
        if not walk.is_titled:
            return None
    return None


class _Walk:
    """One pass over a page: its text in runs between the boundaries of blocks."""

    def __init__(self, title: str, *, is_bare: bool) -> None:
        self.title = squeezed(title)
        # Where the title is not found, all weighs alike.
        self.share = _BESIDE
        """What the text here weighs, as a share."""
        self.is_bare = is_bare
        """Whether anything below the title counts, for want of prose."""
        self.is_titled = False
        self.text: list[str] = []
        self.linked = 0
        self.links = 0
        """Links that are open."""
        self.runs = 0
        self.places: list[_Place] = []

    def over(self, root: LexborNode) -> _Place:
        top = _Place(root)
        self.places = [top]
        path: list[LexborNode] = []
        node = root.child
        while node is not None or path:
            if node is None:
                node = path.pop()
                self.leave(node)
                node = node.next
            elif self.enters(node):
                path.append(node)
                node = node.child
            else:
                node = node.next
        self.end_run()
        return top

    def enters(self, node: LexborNode) -> bool:
        """Take in what the node itself is; whether it holds something to walk over."""
        tag = node.tag or "-"
        if tag == "-text":
            if text := (node.text_content or "").strip():
                self.text.append(text)
                self.linked += len(text) if self.links else 0
            return False
        if tag == "br":
            self.end_run()
        if tag == "img" and self.is_bare and self.is_titled:
            self.weigh(_PICTURE)
        if tag[0] in "-!" or tag in _UNREAD or node.child is None or self.runs > _MOST_RUNS:
            return False
        style = node.attributes.get("style")
        if style and _HIDDEN.search(style):
            return False
        if tag == "a":
            self.links += 1
        if tag not in _INLINE:
            self.end_run()
            self.places.append(_Place(node))
        return True

    def leave(self, node: LexborNode) -> None:
        if node.tag == "a":
            self.links -= 1
        if node.tag not in _INLINE:
            self.end_run()
            place = self.places.pop()
            around = self.places[-1]
            around.total += place.total
            around.below += place.below
            around.size += place.size
            if place.total:
                around.parts.append(place)

    def end_run(self) -> None:
        """A block begins or ends: what was gathered is one run of text."""
        if not self.text:
            return
        text = "".join(self.text)
        linked, self.linked = self.linked, 0
        self.text.clear()
        self.runs += 1
        self.places[-1].size += len(text)
        if not self.is_titled and self.title and squeezed(text) == self.title:
            self.is_titled = True
            self.share = 1.0
        elif _APPENDIX.match(text) and any(place.total for place in self.places):
            self.share = _BESIDE
        elif not linked or (linked * 5 < len(text) * 3 and not self.is_bare):
            self.weigh(self.weight(text))

    def weight(self, text: str) -> float:
        length = len(text)
        if _NO_PROSE.search(text):
            return 0
        if length < _LONGEST_INFO_LINE and "。" not in text and _INFO_LINE.search(text):
            return 0
        if self.is_bare:
            beside = not self.is_titled or self.places[-1].node.tag in _HEADINGS
            return 0 if beside or _NO_TEXT.fullmatch(text) else length
        if length < _SHORTEST or not _SENTENCE.search(text):
            return 0
        return min(length, _WEIGHT_LIMIT) * self.share

    def weigh(self, weight: float) -> None:
        place = self.places[-1]
        place.own += weight
        place.total += weight
        place.below += weight if self.share == 1 else 0
        place.runs += weight > 0


def _descend(place: _Place) -> _Place:
    """From the whole page to the innermost place that holds the body's paragraphs."""
    while place.parts and place.own < (1 - _MOST) * place.total:
        best = max(place.parts, key=lambda part: part.total)
        if best.total >= _MOST * place.total:
            if best.parts:
                place = best
                continue
            has_company = place.size <= _COMPANY * best.size + _MORE
            return place if has_company and best.runs == 1 else best
        # Where most of it stands below the title, what stands above is beside it.
        is_below = place.below >= _MOSTLY * place.total
        first = next(
            part
            for part in place.parts
            if part.total >= _WEIGHTY * best.total and (part.below or not is_below)
        )
        if not first.parts or _are_sections(place, first):
            return place
        place = first
    return place


def _are_sections(place: _Place, first: _Place) -> bool:
    """Whether the text is parted into boxes that are all alike."""
    kind = _kind(first)
    alike = [part.total for part in place.parts if _kind(part) == kind]
    # Two divs without a class may be anything.
    least = _SECTIONS + 1 if kind == ("div", None) else _SECTIONS
    return len(alike) >= least and sum(alike) >= _MOST * place.total


def _kind(place: _Place) -> tuple[str | None, str | None]:
    return place.node.tag, place.node.attributes.get("class")
