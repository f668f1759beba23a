"""Which texts a new one is compared with: a bounded number, however many there are."""

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from flows.similarity.compare import compare
from flows.similarity.document import Sketch
from flows.similarity.excerpts import excerpt
from flows.similarity.link import Link

LISTED: Final = 200
"""Texts a key is listed with at most: those with the smallest ids, in whatever order they came."""
HUBS: Final = 8
"""Of these, so many are compared with every text that has the key. A story is known by eight of its
variants, and a footer costs eight looks, however many pages have it."""
TELLING: Final = 24
"""A key of more texts leads to no excerpts: it is a turn of speech."""
MOST_COMPARED: Final = 16
"""Texts that one is compared with as a whole, those first that share most keys."""


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
    met: Counter[int] = Counter()
    telling: defaultdict[int, list[int]] = defaultdict(list)
    for key in new.keys:
        texts = listed.get(key, ())
        # A text that is a hub itself is compared with all.
        hubs = texts if bisect_left(texts, new.id) < HUBS else texts[:HUBS]
        met.update(hubs)
        if len(texts) < TELLING:
            for text in hubs:
                telling[text].append(key)
    ranked = sorted(met, key=lambda text: (-met[text], text))
    return [
        Candidate(text, rank < MOST_COMPARED, telling.get(text, []))
        for rank, text in enumerate(ranked)
        if rank < MOST_COMPARED or text in telling
    ]


def listed_with(texts: list[int], new: int) -> list[int]:
    """The list of a key with a new text in its place."""
    texts = [*texts]
    insort(texts, new)
    return texts[:LISTED]


def relate(new: Sketch, other: Sketch, candidate: Candidate) -> Link | None:
    """What a new text is to a candidate, if anything."""
    if candidate.as_whole and (link := compare(new, other)):
        return link
    return excerpt(new, other, candidate.telling) if candidate.telling else None
