"""What changed between two Chinese texts: paragraph by paragraph, then sentence, then character.

Compared as the store compares (white space and re-encoded punctuation are no change) and shown as
printed.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Final, NamedTuple

from spiders.extract.fingerprint import folded

# A sentence ends with its mark and whatever closes behind it.
_SENTENCE = re.compile(r"[^。！？；!?;]*[。！？；!?;]+[”’」』）)]*|[^。！？；!?;]+")
# A number or a Latin word changes as a whole; of Chinese, each character stands alone.
_TOKEN = re.compile(r"[0-9][0-9.,，:：%％]*|[A-Za-z]+|.", re.DOTALL)
# Two paragraphs that share this much are one that was edited; below it, one went and one came.
_SAME_PARAGRAPH: Final = 0.5
# A word or two between two changes is an accident of the language; shown as part of the change it
# is read at once.
_TOO_SHORT_TO_STAY: Final = 2


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Piece(NamedTuple):
    """A piece of a paragraph."""

    change: Change
    text: str


Paragraph = tuple[Piece, ...]


def diff(before: str, after: str) -> list[Paragraph]:
    """The paragraphs of both texts in reading order, each in pieces."""
    old, new = _paragraphs(before), _paragraphs(after)
    paragraphs: list[Paragraph] = []
    for tag, i, j, k, m in _opcodes([folded(p) for p in old], [folded(p) for p in new]):
        if tag == "equal":
            paragraphs += [(Piece(Change.SAME, text),) for text in new[k:m]]
        else:
            paragraphs += _replaced(old[i:j], new[k:m])
    return paragraphs


def diff_line(before: str, after: str) -> Paragraph:
    """Two forms of one line, such as a title."""
    return tuple(_merged(_characters(before, after)))


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    yield from SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _replaced(old: list[str], new: list[str]) -> Iterator[Paragraph]:
    """Pair each paragraph with the next one that is like it; what has no pair went or came."""
    start = 0
    for paragraph in old:
        pair = next((n for n in range(start, len(new)) if _alike(paragraph, new[n])), None)
        if pair is None:
            yield (Piece(Change.REMOVED, paragraph),)
            continue
        for added in new[start:pair]:
            yield (Piece(Change.ADDED, added),)
        yield tuple(_merged(_sentences(paragraph, new[pair])))
        start = pair + 1
    for added in new[start:]:
        yield (Piece(Change.ADDED, added),)


def _alike(old: str, new: str) -> bool:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(bound() >= _SAME_PARAGRAPH for bound in bounds)


def _sentences(before: str, after: str) -> Iterator[Piece]:
    """An edited paragraph: its sentences first, so that a change stays within its sentence."""
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    for tag, i, j, k, m in _opcodes([folded(s) for s in old], [folded(s) for s in new]):
        if tag == "equal":
            yield Piece(Change.SAME, "".join(new[k:m]))
        else:
            yield from _characters("".join(old[i:j]), "".join(new[k:m]))


def _characters(before: str, after: str) -> Iterator[Piece]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    matches = list(_opcodes([folded(t) or " " for t in old], [folded(t) or " " for t in new]))
    for number, (tag, i, j, k, m) in enumerate(matches):
        inside = 0 < number < len(matches) - 1
        if tag == "equal" and not (inside and m - k <= _TOO_SHORT_TO_STAY):
            yield Piece(Change.SAME, "".join(new[k:m]))
            continue
        yield Piece(Change.REMOVED, "".join(old[i:j]))
        yield Piece(Change.ADDED, "".join(new[k:m]))


def _merged(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """In one piece what stayed between two changes; what was removed before what was added."""
    for stayed, run in groupby(pieces, key=lambda piece: piece.change is Change.SAME):
        row = list(run)
        for change in (Change.SAME,) if stayed else (Change.REMOVED, Change.ADDED):
            if text := "".join(piece.text for piece in row if piece.change is change):
                yield Piece(change, text)
