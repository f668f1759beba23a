"""Which texts a new one is compared with: a bounded number, however many there are."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from flows.similarity.compare import compare
from flows.similarity.document import Sketch
from flows.similarity.excerpts import excerpt
from flows.similarity.link import Link
from flows.similarity.listed import ID, RECORD, ROW, ids

HUBS: Final = 4
"""Of these, so many are compared with every text that has the key. A story is known by four of its
variants, and a footer costs four looks, however many pages have it. Six find no more."""
TELLING: Final = 16
"""A key of more texts leads to no excerpts: it is a turn of speech."""
LEAST_MET: Final = 0.08
"""Of its keys: a text trimmed by half has half of them, and edits leave every fifth of those."""
MOST_COMPARED: Final = 6
"""Texts that one is compared with as a whole, those first that share most keys."""
LARGE_PART: Final = 300
"""Thousandths of the longer text: what shares such passages is compared as a whole after all."""
_HUBS: Final = HUBS * RECORD
_LAST_HUB: Final = _HUBS - RECORD
_TELLING: Final = TELLING * RECORD


class Candidate(NamedTuple):
    """A text that may have to do with a new one."""

    text: int
    as_whole: bool
    """Whether it may be the same text."""
    telling: list[int]
    """Keys of both that stand on few texts: an excerpt may be around them."""


def candidates(new: Sketch, listed: Mapping[int, bytes]) -> list[Candidate]:
    """The texts to compare a new one with, those first that it shares most keys with.

    `listed` has of each key of the new text the list of the other texts that have it.
    """
    own = new.id.to_bytes(ID)
    few: list[bytes] = []
    shared: list[int] = []
    around: list[bytes] = []
    many: list[bytes] = []
    for place, key in enumerate(new.keys):
        if not (texts := listed.get(key)):
            continue
        size = len(texts)
        # A text that is a hub itself is compared with all.
        if size > _HUBS and texts[_LAST_HUB : _LAST_HUB + ID] < own:
            texts = texts[:_HUBS]
        if size < _TELLING:
            few.append(texts)
            size = len(texts) // RECORD
            shared += [key] * size
            around.append(new.around[2 * place : 2 * place + 2] * size)
        else:
            many.append(texts)
    rows = np.frombuffer(b"".join(few), ROW)
    texts_of_few: list[int] = rows["text"].tolist()
    telling: defaultdict[int, list[int]] = defaultdict(list)
    differ = rows["around"] ^ np.frombuffer(b"".join(around), np.uint16)
    # What shares a passage has the same on one side of the key; of what does not, one in 128.
    for row in np.flatnonzero((differ & 0xFF == 0) | (differ & 0xFF00 == 0)).tolist():
        telling[texts_of_few[row]].append(shared[row])
    met = Counter(texts_of_few)
    if many:
        met.update(ids(b"".join(many)))
    least = LEAST_MET * len(new.keys)
    alike = [(count, text) for text, count in met.items() if count >= least]
    found = [
        Candidate(text, as_whole=True, telling=telling.pop(text, []))
        for _, text in sorted(alike, reverse=True)[:MOST_COMPARED]
    ]
    return found + [Candidate(text, as_whole=False, telling=keys) for text, keys in telling.items()]


def relate(new: Sketch, other: Sketch, candidate: Candidate) -> Link | None:
    """What a new text is to a candidate, if anything."""
    if candidate.as_whole and (link := compare(new, other)):
        return link
    link = excerpt(new, other, candidate.telling) if candidate.telling else None
    if link and link.strength >= LARGE_PART and not candidate.as_whole:
        return compare(new, other) or link
    return link
