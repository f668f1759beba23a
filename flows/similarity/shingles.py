"""Which places of a text speak for it: shingles chosen by winnowing.

Of every window of shingles the one with the smallest hash is chosen (Schleimer, Wilkerson, Aiken
2003), so two texts that share a run as long as a window and a shingle share a key, wherever the
run stands in either.
"""

from collections.abc import Sequence
from itertools import accumulate, chain, islice
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

SHINGLE: Final = 8
"""Characters. Six are often a phrase of the trade (高质量发展); of ten, an edit of every tenth
character leaves few whole."""
AROUND: Final = 2 * SHINGLE
"""Characters on either side of a key, itself included, by which a shared passage is foretold."""
WINDOW: Final = 32
"""Shingles. A run of 39 characters is found for certain; a text of 1,000 has about 60 keys."""
LEAST_WINDOW: Final = 8
KEYS_WANTED: Final = 12
"""A short text is looked at through smaller windows. What a large window chooses, a smaller one
chooses too, so short and long texts still meet."""
MOST_KEYS: Final = 96
"""Of a longer text the smallest: they are chosen in a long and in a short text alike."""
_PLACE_BITS: Final = 16
_LONGEST: Final = 1 << _PLACE_BITS
"""Characters that are looked at; the longest texts of a county are plans of 40,000."""
# Odd numbers with bits all over, SplitMix64's and the like: texts that differ in one character get
# hashes far apart. Stored keys hang on them.
_SPREAD: Final = np.uint64(0xD6E8FEB86659FD93)
_BASE: Final = 0x9E3779B97F4A7C15
_MIX: Final = np.uint64(0xBF58476D1CE4E5B9)
# Two hashes of runs of so many characters make one of twice as many, up to a shingle.
_POWERS: Final = [(width, np.uint64(pow(_BASE, width, 1 << 64))) for width in (1, 2, 4)]
_DOUBLED: Final = np.uint64(pow(_BASE, SHINGLE, 1 << 64))
KEY_BITS: Final = 48
"""As many as SQLite keeps in six bytes: among ten million articles a key meets a strange one in
one of half a million cases."""


class Keys(NamedTuple):
    """Under what a text is found."""

    places: dict[int, int]
    """Each key, and where in the text it stands."""
    around: bytes
    """Of each in turn a byte for what stands before it and one for what stands behind."""


def keys(texts: Sequence[str]) -> list[Keys]:
    """The keys of folded texts; none of one that is shorter than a shingle.

    Of many texts together they take half the time.
    """
    texts = [text[:_LONGEST] for text in texts]
    lengths = [*map(len, texts)]
    starts = [0, *accumulate(lengths)][:-1]
    points = np.frombuffer("".join(texts).encode("utf-16-le"), np.uint16)
    runs = _runs(points.astype(np.uint64))
    # Each hash with its place behind it: the least of a window says where it stands.
    places = np.arange(len(points)) - np.repeat(starts, lengths)
    hashes = _mixed(runs) >> np.uint64(64 - KEY_BITS) << np.uint64(_PLACE_BITS)
    hashes |= places[: len(hashes)].astype(np.uint64)
    least = _least(hashes, WINDOW)
    chosen: list[dict[int, int]] = []
    for start, length in zip(starts, lengths, strict=True):
        shingles = max(0, length - SHINGLE + 1)
        window = min(max(LEAST_WINDOW, length // KEYS_WANTED), WINDOW, shingles)
        if window == WINDOW:
            chosen.append(_chosen(least[start : start + shingles - WINDOW + 1]))
        elif window:
            chosen.append(_chosen(_least(hashes[start : start + shingles], window)))
        else:
            chosen.append({})
    around = _around(runs, starts, lengths, chosen)
    ends = [0, *accumulate(2 * len(each) for each in chosen)]
    return [
        Keys(each, around[first:last])
        for each, first, last in zip(chosen, ends, ends[1:], strict=False)
    ]


def _chosen(least: NDArray[np.uint64]) -> dict[int, int]:
    """The hashes of all windows, the smallest first, and the place of each."""
    hashes = least[np.flatnonzero(least[1:] != least[:-1])].tolist()
    hashes.append(int(least[-1]))
    hashes.sort()
    places = {each >> _PLACE_BITS: each & (_LONGEST - 1) for each in hashes}
    return dict(islice(places.items(), MOST_KEYS)) if len(places) > MOST_KEYS else places


def _around(
    runs: NDArray[np.uint64],
    starts: Sequence[int],
    lengths: Sequence[int],
    chosen: Sequence[dict[int, int]],
) -> bytes:
    """Two bytes a key: of the `AROUND` characters that end with it, and that begin with it.

    Of fewer, where a text begins or ends, they say nothing.
    """
    counts = [*map(len, chosen)]
    first = np.repeat(starts, counts)
    last = first + np.repeat(lengths, counts) - SHINGLE
    places = first + np.fromiter(chain.from_iterable(map(dict.values, chosen)), np.int64)
    there = runs[places]
    before = runs[np.maximum(places - SHINGLE, first)] * _DOUBLED + there
    behind = there * _DOUBLED + runs[np.minimum(places + SHINGLE, last)]
    either = _mixed(np.stack((before, behind), axis=1)) >> np.uint64(56)
    return either.astype(np.uint8).tobytes()


def _runs(points: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A polynomial of the shingle from each place on, by runs that double."""
    run = points * _SPREAD
    for width, power in _POWERS:
        run = run[:-width] * power + run[width:]
    return run


def _mixed(runs: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hashes whose upper bits hang on all of a polynomial's."""
    return (runs ^ runs >> np.uint64(29)) * _MIX


def _least(hashes: NDArray[np.uint64], window: int) -> NDArray[np.uint64]:
    """The smallest hash of the window from each place on, by windows that double."""
    least, width = hashes, 1
    while width * 2 <= window:
        least = np.minimum(least[:-width], least[width:])
        width *= 2
    rest = window - width
    return np.minimum(least[:-rest], least[rest:]) if rest else least
