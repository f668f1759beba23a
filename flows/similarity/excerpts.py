"""Passages of one text that stand in another."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from rapidfuzz.distance import Postfix, Prefix

from flows.similarity.document import Sketch
from flows.similarity.link import KEYS_OF_A_LINK, Kind, Link
from flows.similarity.shingles import AROUND, SHINGLE

LEAST_PASSAGE: Final = 2 * AROUND - SHINGLE
"""24 characters, punctuation aside and a number being one: a sentence of some length. What is less
is a name with its office, or a turn of speech. A run of that length that holds a shingle reaches
`AROUND` from it, one way or the other."""
LEAST_EXCERPT: Final = 28
"""Characters of all passages together."""


class Passage(NamedTuple):
    """A run that two texts share."""

    start: int
    beside: int
    length: int
    keys: list[int]
    """Those that stand in it."""


def excerpt(one: Sketch, other: Sketch, shared: Iterable[int]) -> Link | None:
    """The passages of one text that stand in the other, around keys of both, if they say enough.

    The same whichever comes first.
    """
    if one.id > other.id:
        one, other = other, one
    if not (found := passages(one, other, shared)):
        return None
    length = sum(passage.length for passage in found)
    if length < LEAST_EXCERPT:
        return None
    left, right = one.body.text, other.body.text
    about = _about(one.title.text, right) - _about(other.title.text, left)
    return Link(
        Kind.EXCERPT,
        length * 1000 // max(len(left), len(right)),
        tuple(sorted(key for passage in found for key in passage.keys)[:KEYS_OF_A_LINK]),
        about or min(p.beside for p in found) - min(p.start for p in found),
    )


def _about(title: str, text: str) -> int:
    """How much of a title a text repeats, in thousandths of every other pair of characters."""
    pairs = [title[n : n + 2] for n in range(0, len(title) - 1, 2)]
    return sum([pair in text for pair in pairs]) * 1000 // max(1, len(pairs))


def passages(one: Sketch, other: Sketch, shared: Iterable[int]) -> list[Passage]:
    """The runs around shared keys that are long enough, in the order of the first text."""
    left, right = one.body.text, other.body.text
    seeds = [
        (i, j, key)
        for key in shared
        for i, j in [(one.keys[key], other.keys[key])]
        if left[i : i + AROUND] == right[j : j + AROUND]
        or left[i + SHINGLE - AROUND : i + SHINGLE] == right[j + SHINGLE - AROUND : j + SHINGLE]
    ]
    found: list[Passage] = []
    for i, j, key in sorted(seeds):
        if found and (last := found[-1]).start <= i < last.start + last.length:
            last.keys.append(key)
            continue
        before = Postfix.similarity(left[:i], right[:j])
        length = before + Prefix.similarity(left[i:], right[j:])
        if length >= LEAST_PASSAGE:
            found.append(Passage(i - before, j - before, length, [key]))
    return found
