"""The texts under a key of the index, as bytes: the same in memory and in a store.

A record a text, ascending, none twice: its id, and what stands around the key in it.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

import numpy as np

from flows.similarity.document import Sketch

LISTED: Final = 200
"""Texts a key is listed with at most: those with the smallest ids, in whatever order they came.

When one of these is gone its place waits for the next that comes, or for a rebuild: a key of so
many texts is the site's or the country's.
"""
ID: Final = 8
"""Bytes, the highest first: so records are in order as ids are."""
ROW: Final = np.dtype([("text", f">i{ID}"), ("around", np.uint16)])
RECORD: Final = ROW.itemsize
_MOST: Final = LISTED * RECORD


def records(text: Sketch) -> Iterator[tuple[int, bytes]]:
    """The record of a text under each of its keys."""
    own = text.id.to_bytes(ID)
    for place, key in enumerate(text.keys):
        yield key, own + text.around[2 * place : 2 * place + 2]


def enlist(texts: bytes, record: bytes) -> bytes:
    """The list with one more text."""
    if (last := texts[-RECORD:]) < record:
        return texts + record if len(texts) < _MOST else texts
    if last == texts:  # most lists that are not empty have one text
        return texts if last == record else record + texts
    place = _place(texts, record)
    if texts[place : place + RECORD] == record:
        return texts
    return (texts[:place] + record + texts[place:])[:_MOST]


def strike(texts: bytes, record: bytes) -> bytes:
    """The list without a text."""
    place = _place(texts, record)
    if texts[place : place + RECORD] != record:
        return texts
    return texts[:place] + texts[place + RECORD :]


def ids(texts: bytes) -> list[int]:
    """The texts of a list."""
    listed: list[int] = np.frombuffer(texts, ROW)["text"].tolist()
    return listed


def _place(texts: bytes, record: bytes) -> int:
    """Where in a list a record stands, or would."""
    rows = range(0, len(texts), RECORD)
    return RECORD * bisect_left(rows, record, key=lambda at: texts[at : at + RECORD])
