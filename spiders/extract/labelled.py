"""Where `label：` stands in running text, for a given set of labels."""

import re
from collections.abc import Container
from typing import NamedTuple

# 【索引号】 and [ 索引号 ] need no colon.
_COLON = re.compile(r"[:：∶︰】\]］]")
_CLOSING = frozenset("]］")
_OPENING = ("[", "［")
# A label of ten characters, each set apart by a space or by the end of a text node.
_WITHIN = 20
_LONGEST = 10


class Label(NamedTuple):
    """One label in a text."""

    text: str
    """White space removed."""
    begin: int
    """Where it begins."""
    end: int
    """Where its colon ends."""


def labels_in(text: str, known: Container[str]) -> list[Label]:
    """Every label of `known` that stands before a colon, in order.

    The longest wins, and the character before it must not be Han: 文章来源 is no 来源 when both
    are known, and 新闻中心编辑 is no 编辑.
    """
    found: list[Label] = []
    for colon in _COLON.finditer(text):
        end = colon.start()
        label = ""
        best: Label | None = None
        for place in range(end - 1, max(-1, end - _WITHIN), -1):
            character = text[place]
            if character.isspace():
                continue
            if not character.isalpha() and character != "/":
                break
            label = character + label
            if len(label) > _LONGEST:
                break
            if label in known and (place == 0 or not "\u4e00" <= text[place - 1] <= "\u9fff"):
                best = Label(label, place, colon.end())
                if place == 0 or not text[place - 1].isspace():
                    break
        if best and (colon[0] not in _CLOSING or text[: best.begin].rstrip().endswith(_OPENING)):
            found.append(best)
    return found
