"""Which places of a text speak for it: shingles chosen by winnowing.

Of every window of shingles the one with the smallest hash is chosen (Schleimer, Wilkerson, Aiken
2003), so two texts that share a run as long as a window and a shingle share a key, wherever the
run stands in either.
"""

from itertools import islice
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
_PLACES: Final[NDArray[np.uint64]] = np.arange(_LONGEST, dtype=np.uint64)
KEY_BITS: Final = 48
"""As many as SQLite keeps in six bytes: among ten million articles a key meets a strange one in
one of half a million cases."""


class Keys(NamedTuple):
    """Under what a text is found."""

    places: dict[int, int]
    """Each key, and where in the text it stands."""
    around: bytes
    """Of each in turn a byte for what stands before it and one for what stands behind."""


def keys(folded: str) -> Keys:
    """The keys of a folded text; none when it is shorter than a shingle."""
    points = np.frombuffer(folded[:_LONGEST].encode("utf-16-le"), np.uint16).astype(np.uint64)
    if len(points) < SHINGLE:
        return Keys({}, b"")
    runs = _runs(points)
    hashes = _mixed(runs) >> np.uint64(64 - KEY_BITS)
    window = min(max(LEAST_WINDOW, len(points) // KEYS_WANTED), WINDOW, len(hashes))
    # Each hash with its place behind it: the least of a window says where it stands.
    least = _least(hashes << np.uint64(_PLACE_BITS) | _PLACES[: len(hashes)], window)
    chosen = least[np.flatnonzero(least[1:] != least[:-1])].tolist()
    chosen.append(int(least[-1]))
    chosen.sort()
    places = {key >> _PLACE_BITS: key & (_LONGEST - 1) for key in chosen}
    if len(places) > MOST_KEYS:
        places = dict(islice(places.items(), MOST_KEYS))
    return Keys(places, _around(runs, np.fromiter(places.values(), np.int64, len(places))))


def _around(runs: NDArray[np.uint64], places: NDArray[np.int64]) -> bytes:
    """Two bytes a place: of the `AROUND` characters that end with its shingle, and begin with it.

    Of fewer, where the text begins or ends, the bytes say nothing.
    """
    there = runs[places]
    before = runs[np.maximum(places - SHINGLE, 0)] * _DOUBLED + there
    behind = there * _DOUBLED + runs[np.minimum(places + SHINGLE, len(runs) - 1)]
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
