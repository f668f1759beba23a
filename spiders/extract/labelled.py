"""Where `label：` stands in running text, for a given set of labels."""

import re
from collections.abc import Mapping
from typing import NamedTuple

# 【索引号】 and [ 索引号 ] need no colon.
_COLON = re.compile(r"[:：∶︰】\]］]")
_CLOSING = frozenset("]］")
_OPENING = ("[", "［")
# A label of ten characters, each set apart by a space or by the end of a text node.
_WITHIN = 20


class Labels(dict[str, str]):
    """The kind of each label."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        """Labels of a kind are parted by spaces."""
        super().__init__(
            (label, kind) for kind, labels in kinds.items() for label in labels.split()
        )
        self.endings = frozenset(label[place:] for label in self for place in range(len(label)))
        """What labels end with, the labels themselves among them."""


class Label(NamedTuple):
    """One label in a text."""

    text: str
    """White space removed."""
    begin: int
    """Where it begins."""
    end: int
    """Where its colon ends."""


def labels_in(text: str, known: Labels) -> list[Label]:
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
            label = character + label
            if label not in known.endings:
                break
            if label in known and (place == 0 or not "\u4e00" <= text[place - 1] <= "\u9fff"):
                best = Label(label, place, colon.end())
                if place == 0 or not text[place - 1].isspace():
                    break
        if best and (colon[0] not in _CLOSING or text[: best.begin].rstrip().endswith(_OPENING)):
            found.append(best)
    return found
