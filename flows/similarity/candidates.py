"""Which texts a new one is compared with: a bounded number, however many there are."""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Mapping, MutableSequence, Sequence
from typing import Final, NamedTuple

from flows.similarity.compare import compare
from flows.similarity.document import Sketch
from flows.similarity.excerpts import excerpt
from flows.similarity.link import Link

LISTED: Final = 200
"""Texts a key is listed with at most: those with the smallest ids, in whatever order they came."""
HUBS: Final = 6
"""Of these, so many are compared with every text that has the key. A story is known by six of its
variants, and a footer costs six looks, however many pages have it."""
TELLING: Final = 16
"""A key of more texts leads to no excerpts: it is a turn of speech."""
LEAST_MET: Final = 0.08
"""Of its keys: a text trimmed by half has half of them, and edits leave every fifth of those."""
MOST_COMPARED: Final = 8
"""Texts that one is compared with as a whole, those first that share most keys."""
LARGE_PART: Final = 300
"""Thousandths of the longer text: what shares such passages is compared as a whole after all."""


class Candidate(NamedTuple):
    """A text that may have to do with a new one."""

    text: int
    as_whole: bool
    """Whether it may be the same text."""
    telling: list[int]
    """Keys of both that stand on few texts: an excerpt may be around them."""


def candidates(new: Sketch, listed: Mapping[int, Sequence[int]]) -> list[Candidate]:
    """The texts to compare a new one with, those first that it shares most keys with.

    `listed` has of each key of the new text the other texts that have it, ascending.
    """
    met: list[int] = []
    telling: defaultdict[int, list[int]] = defaultdict(list)
    for key in new.keys:
        if not (texts := listed.get(key)):
            continue
        is_telling = len(texts) < TELLING
        # A text that is a hub itself is compared with all.
        if len(texts) > HUBS and texts[HUBS - 1] < new.id:
            texts = texts[:HUBS]
        met.extend(texts)
        if is_telling:
            for text in texts:
                telling[text].append(key)
    least = LEAST_MET * len(new.keys)
    alike = [(count, text) for text, count in Counter(met).items() if count >= least]
    found = [
        Candidate(text, as_whole=True, telling=telling.pop(text, []))
        for _, text in sorted(alike, reverse=True)[:MOST_COMPARED]
    ]
    return found + [Candidate(text, as_whole=False, telling=keys) for text, keys in telling.items()]


def enlist(texts: MutableSequence[int], new: int) -> None:
    """Put a new text into the list of a key."""
    insort(texts, new)
    del texts[LISTED:]


def relate(new: Sketch, other: Sketch, candidate: Candidate) -> Link | None:
    """What a new text is to a candidate, if anything."""
    if candidate.as_whole and (link := compare(new, other)):
        return link
    link = excerpt(new, other, candidate.telling) if candidate.telling else None
    if link and link.strength >= LARGE_PART and not candidate.as_whole:
        return compare(new, other) or link
    return link
