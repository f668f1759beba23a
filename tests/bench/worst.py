"""Where one reader errs: page by page, what it gave and what the gold says."""

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from tests.bench.gold import GoldPage, squashed
from tests.bench.scoring import EXACT, Reading, Scores, day, junk, minute, missing_attachments

# Characters that two texts share by chance stand alone or in twos: three in a row end a stretch.
_CHANCE_RUN = 3
# What fits on a line of a terminal, with the characters before it that tell the place.
_SHOWN = 60
_CONTEXT = 12
# These follow from what `badness` counts already.
_COUNTED_ELSEWHERE = {"f1", "precision", "recall", "starts", "ends", "length", "junk"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of characters that one text has and the other has not."""

    at: int
    text: str
    before: str


def badness(scores: Scores) -> float:
    """How much is wrong on a page: a point for each field, twice the body's lack of F1."""
    lost = sum(1 - scores[key] for key in scores.keys() - _COUNTED_ELSEWHERE)
    return lost + 2 * (1 - scores.get("f1", 1.0)) + scores.get("junk", 0.0)


def mistakes(page: GoldPage, reading: Reading, scores: Scores) -> Iterator[str]:
    """One line for each thing that is wrong."""
    if reading.refused:
        yield f"refused: {reading.refused}"
        return
    for key in EXACT:
        if scores.get(key) == 0:
            yield f"{key}: got {getattr(reading, key)!r}, gold {page.gold[key]!r}"
    if scores.get("day") == 0:
        yield f"day: got {day(reading.published)}, gold {day(page.gold['published'])}"
    if scores.get("minute") == 0:
        yield f"minute: got {minute(reading.published)}, gold {minute(page.gold['published'])}"
    if scores.get("names") == 0:
        yield (
            f"names: got author {reading.author!r}, editor {reading.editor!r}, gold author "
            f"{page.gold.get('author')!r}, editor {page.gold.get('editor')!r}"
        )
    yield from _things(page, reading, scores)
    yield from _body(page, reading, scores)


def _things(page: GoldPage, reading: Reading, scores: Scores) -> Iterator[str]:
    if scores.get("images", 1) < 1:
        yield (
            f"images: got {len(reading.images)}, gold {page.gold['n_images_in_body']}: "
            f"{' '.join(reading.images)}"
        )
    if scores.get("attachments", 1) < 1:
        missed = missing_attachments(page.gold, reading)
        yield f"attachments: got {list(reading.attachments)}, missed {missed}"
    if scores.get("junk"):
        yield f"junk in the body: {junk(page.gold, reading)}"


def _body(page: GoldPage, reading: Reading, scores: Scores) -> Iterator[str]:
    got = squashed(reading.body)
    for end, hit in (("body_starts", "starts"), ("body_ends", "ends")):
        if scores.get(hit) == 0:
            shown = got[:20] if hit == "starts" else got[-20:]
            yield f"{hit}: got {shown!r}, gold {page.gold[end]!r}"
    if page.body is None or scores["f1"] == 1:
        return
    yield (
        f"body: F1 {scores['f1']:.3f}, precision {scores['precision']:.3f} of {len(got)}, "
        f"recall {scores['recall']:.3f} of {len(page.body)}"
    )
    missing, superfluous = first_differences(got, page.body)
    if missing:
        yield f"  missing at {missing.at}: …{missing.before}[{_cut(missing.text)}]"
    if superfluous:
        yield f"  superfluous at {superfluous.at}: …{superfluous.before}[{_cut(superfluous.text)}]"


def first_differences(got: str, gold: str) -> tuple[Stretch | None, Stretch | None]:
    """The first run that `got` lacks and the first that only `got` has; single ones count last."""
    missing: list[Stretch] = []
    superfluous: list[Stretch] = []
    at_got = at_gold = 0
    # The last matching block is empty and stands behind both texts.
    for block in LCSseq.opcodes(got, gold).as_matching_blocks():
        if 0 < block.size < _CHANCE_RUN:
            continue
        if at_gold < block.b:
            missing.append(_stretch(gold, at_gold, block.b))
        if at_got < block.a:
            superfluous.append(_stretch(got, at_got, block.a))
        at_got, at_gold = block.a + block.size, block.b + block.size
    return _first(missing), _first(superfluous)


def _stretch(text: str, start: int, end: int) -> Stretch:
    return Stretch(at=start, text=text[start:end], before=text[max(0, start - _CONTEXT) : start])


def _first(stretches: list[Stretch]) -> Stretch | None:
    long = [stretch for stretch in stretches if len(stretch.text) > 1]
    return next(iter(long or stretches), None)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…(+{len(text) - _SHOWN})"
