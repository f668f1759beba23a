"""The breadcrumb: 「当前位置：首页 > 要闻 > 正文」."""

import re

from spiders.extract.labels import BREAK
from spiders.extract.text import one_line

_START = re.compile(
    r"(?:当前|所在|现在|您|你)[^\s:：]{0,6}位置是?\s*[:：]?|(?<![\u4e00-\u9fff])位置\s*[:：]"
)
_SEPARATOR = re.compile(r"[>＞»›→/\\|·-]+|&gt;")
# No trail starts without it, nor more than this many characters before it.
_PLACE = "位置"
_BEFORE_PLACE = 8
# The page itself, not a place above it.
_ITSELF = frozenset(
    {
        "正文",
        "内容",
        "详情",
        "文章内容",
        "详细内容",
        "信息内容",
        "内容详情",
        "文章详情",
        "详细信息",
        "正文内容",
        "hide",
        "信息详情",
    }
)
# The longest trail seen is eight places; a place's name is a column's.
_MOST = 10
_LONGEST = 30
# A trail ends within this many characters, text-node marks included.
_WITHIN = 600


def read_breadcrumb(text: str, title: str) -> tuple[str, ...]:
    """The trail of columns above the article, as printed; empty where the page shows none.

    Args:
        text: The page's text before the body, text nodes parted by `BREAK`.
        title: The article's title, which ends some trails.
    """
    place = text.find(_PLACE)
    if place < 0:
        return ()
    start = _START.search(text, max(0, place - _BEFORE_PLACE))
    if not start:
        return ()
    trail: list[str] = []
    expects_place = True
    for piece in _pieces(text[start.end() : start.end() + _WITHIN]):
        if piece is None:
            expects_place = True
            continue
        if piece in _ITSELF:
            if piece == "hide":
                expects_place = False
                continue
            break
        if not expects_place or piece == title or len(piece) > _LONGEST or len(trail) == _MOST:
            break
        trail.append(piece)
        expects_place = False
    return tuple(trail)


def _pieces(text: str) -> list[str | None]:
    """Places and, as none, the separators between them."""
    pieces: list[str | None] = []
    for node in text.split(BREAK):
        position = 0
        for separator in _SEPARATOR.finditer(node):
            if place := one_line(node[position : separator.start()]):
                pieces.append(place)
            pieces.append(None)
            position = separator.end()
        if place := one_line(node[position:]):
            pieces.append(place)
    return pieces
