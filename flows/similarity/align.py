"""Where two folded texts say the same, place by place."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rapidfuzz.distance import LCSseq

from flows.similarity.fold import Folded, is_number

# Between two differences a character or two agree by accident: every fourth character of any two
# Chinese texts does in the best alignment.
LEAST_RUN: Final = 2
# What stands alone between two gaps this many times as long agrees by accident.
FAR_LONGER: Final = 2
BYLINE: Final = re.compile(
    "来源|来稿|发布|时间|日期|浏览|点击|阅读|编辑|责编|审核|校对|作者|记者|通讯员|字体|打印|关闭|分享"
    "|原标题|转自|转载|本报|本网"
)
# Characters of a byline that two sites may share in a row.
LONGEST_BYLINE: Final = 12
# An edit replaces, drops or puts in a character or a word. What is longer is a passage.
LONGEST_EDIT: Final = 8
# Characters from cut to cut, below which cutting saves nothing.
PIECE: Final = 400
# How far edits between two anchors push a text along; what is farther off is a phrase said twice.
MOST_SHIFTED: Final = 40
# Characters times characters of two pieces that are aligned at all: a megabyte and 10 ms.
LARGEST: Final = 8_000_000

Place = tuple[int, int]
"""In the one text and in the other."""


# Plain tuples, for there are dozens a pair of texts.
Gap = tuple[str, str]
"""What stands on either side between two runs."""
Run = tuple[int, int, int, int]
"""A run that both share: where it starts in either, its length, and how many numbers within are
another one on the other side."""


class Alignment(NamedTuple):
    """Two texts as runs that they share and gaps between them."""

    left: str
    right: str
    matched: int
    """Characters in runs; a number in the place of another counts."""
    kept: int
    """Numbers that stand in runs and are the same."""
    replaced: int
    """Numbers in the place of another, all around them intact."""
    gaps: list[Gap]
    """Between two runs, in the order of the texts."""
    head: Gap
    tail: Gap


def align(one: Folded, other: Folded, anchors: Iterable[Place] = ()) -> Alignment:
    """The best alignment of two texts.

    30 µs for 1,000 characters and four times that for twice as many; so long texts are taken
    between `anchors`, places where both say the same.
    """
    left, right, numbers = one.text, other.text, one.numbers
    if (whole := _within(left, right)) is not None:
        head, tail = ("", right[:whole]), ("", right[whole + len(left) :])
        return Alignment(left, right, len(left), len(numbers), 0, [], head, tail)
    if (whole := _within(right, left)) is not None:
        head, tail = (left[:whole], ""), (left[whole + len(right) :], "")
        return Alignment(left, right, len(right), len(other.numbers), 0, [], head, tail)
    cuts = _cuts(sorted(anchors)) if min(len(left), len(right)) > PIECE else []
    blocks = _blocks(left, right, cuts)
    runs = _without_accidents(_runs(left, right, blocks), len(left), len(right))
    runs = _without_bylines(left, right, runs)
    if not runs:
        return Alignment(left, right, 0, 0, 0, [], (left, right), ("", ""))
    matched = kept = replaced = 0
    gaps: list[Gap] = []
    i = j = 0
    for start, beside, length, changed in runs:
        gaps.append((left[i:start], right[j:beside]))
        matched += length
        i, j = start + length, beside + length
        kept += bisect_left(numbers, i) - bisect_left(numbers, start) - changed
        replaced += changed
    return Alignment(left, right, matched, kept, replaced, gaps[1:], gaps[0], (left[i:], right[j:]))


def _within(part: str, whole: str) -> int | None:
    """Where one text begins in the other, if it stands in it as it is."""
    if not part or (place := whole.find(part)) < 0:
        return None
    return place


def _cuts(anchors: Sequence[Place]) -> list[Place]:
    """Of anchors in the order of the one text those that go with a neighbour, in that of both."""
    cuts = [(0, 0)]
    for number, (i, j) in enumerate(anchors):
        if i - cuts[-1][0] < PIECE or j <= cuts[-1][1]:
            continue
        beside = (*anchors[max(0, number - 1) : number], *anchors[number + 1 : number + 2])
        if any(abs((there - here) - (j - i)) <= MOST_SHIFTED for here, there in beside):
            cuts.append((i, j))
    return cuts[1:]


def _blocks(left: str, right: str, cuts: Sequence[Place]) -> Iterator[tuple[int, int, int]]:
    """Where both have the same and how much of it, from cut to cut."""
    i = j = 0
    for end, end_beside in (*cuts, (len(left), len(right))):
        if (end - i) * (end_beside - j) <= LARGEST:
            ours, theirs = left[i:end], right[j:end_beside]
            for a, b, size in LCSseq.editops(ours, theirs).as_matching_blocks():
                yield i + a, j + b, size
        i, j = end, end_beside
    yield i, j, 0


def _runs(left: str, right: str, blocks: Iterable[tuple[int, int, int]]) -> list[Run]:
    """Shared runs, one number in the place of another being no interruption."""
    runs: list[Run] = []
    start = beside = end = end_beside = changed = 0
    for i, j, size in blocks:
        if i == end and j == end_beside and size:
            end, end_beside = i + size, j + size
            continue
        if (
            i == end + 1
            and j == end_beside + 1
            and end > start
            and size
            and is_number(left[end])
            and is_number(right[end_beside])
        ):
            end, end_beside = i + size, j + size
            changed += 1
            continue
        if end - start >= LEAST_RUN:
            runs.append((start, beside, end - start, changed))
        start, beside, end, end_beside, changed = i, j, i + size, j + size, 0
    return runs


def _without_accidents(runs: list[Run], end: int, end_beside: int) -> list[Run]:
    """The runs but for short ones between two passages that are far longer."""
    kept: list[Run] = []
    i = j = 0
    for number, run in enumerate(runs, 1):
        start, beside, length, _ = run
        if length <= LONGEST_EDIT:
            after, after_beside = runs[number][:2] if number < len(runs) else (end, end_beside)
            before_gap = start - i + beside - j
            after_gap = after - start + after_beside - beside - 2 * length
            if length * FAR_LONGER <= min(before_gap, after_gap):
                continue
        kept.append(run)
        i, j = start + length, beside + length
    return kept


def _without_bylines(left: str, right: str, runs: list[Run]) -> list[Run]:
    """The runs but for short ones among two sites' bylines, which are of one form too."""
    first, last = 0, len(runs)
    while last - first > 1:
        start, beside, length, _ = runs[first]
        if length > LONGEST_BYLINE:
            break
        if not (BYLINE.search(left[: start + length]) or BYLINE.search(right[:beside])):
            break
        first += 1
    while last - first > 1:
        start, beside, length, _ = runs[last - 1]
        if length > LONGEST_BYLINE:
            break
        if not (BYLINE.search(left[start:]) or BYLINE.search(right[beside + length :])):
            break
        last -= 1
    return runs[first:last]
