"""Whether two texts are one: the same, framed otherwise, trimmed, excerpted, or of other facts."""

from typing import Final

from rapidfuzz.distance import LCSseq

from flows.similarity.align import LONGEST_EDIT, Alignment, Gap, align
from flows.similarity.document import Sketch
from flows.similarity.facts import differences, evidence
from flows.similarity.link import KEYS_OF_A_LINK, Kind, Link

LEAST_KEYS: Final = 0.2
"""Of the keys of the text that has fewer. An edit of every tenth character leaves more in 99 of 100
cases; what shares fewer shares phrases, or passages."""
LEAST_COVERAGE: Final = 0.6
"""Of the shorter text's characters: what of it stands in the longer one. Two that were trimmed by a
third at different ends, or have frames of half their length, share about as much."""
LEAST_FORM: Final = 0.4
"""Likewise, for two of one form: the issues of a series may differ in most of what they say."""
LEAST_RATIO: Final = 0.42
"""Of the longer text's. A text trimmed by half and edited is somewhat less than a half of it; a
story that is less is one item of a digest."""
LEAST_EVIDENCE: Final = 1.2
"""Natural logarithm: other facts must be three times as likely as edits."""
FEW_NUMBERS: Final = 6
LEAST_AGREEMENT: Final = 0.4
"""Texts with some numbers each, of which hardly any come in the same order, need no alignment."""
ONE_FORM: Final = 0.8
"""Of the shorter title's characters: 5月份价格公报 and 6月份价格公报."""
MOST_SWAPPED: Final = 0.12
"""Of the shorter text's characters, passages with another in their place. A repost may have a
paragraph of its own; what has more is another item within the same header and footer."""
TRIMMED: Final = 0.1
"""Of the longer text's characters, missing in the other: more than edits leave out."""


def compare(one: Sketch, other: Sketch) -> Link | None:
    """What two texts are to each other as wholes; None when they are nothing.

    The same whichever comes first.
    """
    shared = one.keys.keys() & other.keys.keys()
    fewest = min(len(one.keys), len(other.keys))
    if len(shared) < LEAST_KEYS * fewest:
        return None
    return _whole(one, other, shared) if one.id < other.id else _whole(other, one, shared)


def _whole(one: Sketch, other: Sketch, shared: set[int]) -> Link | None:
    shorter, longer = sorted((len(one.body.text), len(other.body.text)))
    fewer = min(len(one.body.facts), len(other.body.facts))
    kept = LCSseq.similarity(one.body.facts, other.body.facts) if fewer >= FEW_NUMBERS else fewer
    if kept < LEAST_AGREEMENT * fewer:
        one_form = len(shared) >= LEAST_FORM * min(len(one.keys), len(other.keys))
        return Link(Kind.OTHER_FACTS, 0) if one_form else None
    anchors = ((one.keys[key], other.keys[key]) for key in shared)
    alignment = align(one.body, other.body, anchors)
    coverage = alignment.matched / max(1, shorter)
    strength = alignment.matched * 1000 // longer
    if coverage < LEAST_FORM:
        return None
    titles = _titles(one, other)
    one_script = one.body.is_traditional == other.body.is_traditional
    weight = evidence(alignment, titles, one_script=one_script)
    if weight > LEAST_EVIDENCE:
        return Link(Kind.OTHER_FACTS, strength)
    if coverage < LEAST_COVERAGE:
        return None
    inner = _swapped(alignment.gaps)
    outer = _swapped([alignment.head, alignment.tail])
    if inner > MOST_SWAPPED * shorter:
        return Link(Kind.OTHER_FACTS, strength)
    if strength < LEAST_RATIO * 1000:
        return None
    if inner + outer and (titles is None or differences(titles).swaps):
        return Link(Kind.FRAMED, strength, tuple(sorted(shared)[:KEYS_OF_A_LINK]))
    trimmed = longer - alignment.matched > TRIMMED * longer
    return Link(Kind.TRIMMED if trimmed else Kind.SAME, strength)


def _titles(one: Sketch, other: Sketch) -> Alignment | None:
    """How the titles differ, where they are of one form."""
    ours, theirs = one.title, other.title
    least = ONE_FORM * min(len(ours.text), len(theirs.text))
    numbers = min(len(ours.facts), len(theirs.facts))
    if LCSseq.similarity(ours.text, theirs.text) + numbers < least:
        return None
    titles = align(ours, theirs)
    return titles if titles.matched >= least else None


def _swapped(gaps: list[Gap]) -> int:
    """Characters that have others in their place, a passage at a time."""
    passages = [min(len(left), len(right)) for left, right in gaps]
    return sum([length for length in passages if length >= LONGEST_EDIT])
