"""Makes the corpus: stories and their reposts, events, series, items in chrome, digests."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tests.bench.dedupe import series
from tests.bench.dedupe.chrome import chrome
from tests.bench.dedupe.collection import Collection
from tests.bench.dedupe.corpus import Labelled
from tests.bench.dedupe.digests import digests
from tests.bench.dedupe.grammar import Grammar, Issue
from tests.bench.dedupe.reposts import ANY_KIND, SAFE_KINDS, repost
from tests.bench.dedupe.stories import Story, tell

PARTS = "abc"
"""Three sets of templates, so that a method can be tried on forms and subjects it never saw."""
_TEXTS = Path(__file__).parent / "texts"

# Shares of the corpus. Reposted stories are half of it, so that recall has pairs to count; series
# are the larger part of what must stay apart, as they are on a county's site.
_SHARES = {
    "story": 0.56,
    "serial": 0.22,
    "natural": 0.05,
    "chrome": 0.06,
    "digest": 0.06,
    "event": 0.05,
}
# Members of a story's group besides its original: a few go through the whole country.
_COPIES = ((0, 3), (1, 6), (2, 6), (3, 4), (5, 3), (9, 1), (24, 0.2), (39, 0.1))
# Of notices and reports, how many are reposted (once or twice); of series, how many are one form
# of several counties on one day.
_REPOSTED_NOTICE, _PARALLEL = 0.06, 0.15


def make(
    documents: int, seed: int, *, parts: str = PARTS, given: Sequence[tuple[str, str]] = ()
) -> list[Labelled]:
    """So many labelled documents in a random order; the same arguments give the same ones."""
    files = [_TEXTS / f"{name}.txt" for name in ("words", "frames", "chrome")]
    files += [
        _TEXTS / f"{name}_{part}.txt"
        for name in ("stories", "serials", "natural")
        for part in parts
    ]
    chance = random.Random(f"{seed} {parts}")  # noqa: S311  (the same corpus every time)
    corpus = Collection(Grammar.load(files), chance, given)
    makers: dict[str, Callable[[Collection], None]] = {
        "story": _story,
        "event": _event,
        "serial": _serial,
        "natural": _natural,
        "chrome": chrome,
        "digest": digests,
    }
    for family, maker in makers.items():
        target = len(corpus.documents) + round(documents * _SHARES[family])
        while len(corpus.documents) < target:
            maker(corpus)
        del corpus.documents[target:]
    chance.shuffle(corpus.documents)
    return _renamed(corpus.documents)


def _renamed(documents: Sequence[Labelled]) -> list[Labelled]:
    """With ids in the order in which they stand: the earlier ones tell what is a copy."""
    ids = {one.id: f"d{number:06}" for number, one in enumerate(documents)}
    return [
        replace(
            one,
            id=ids[one.id],
            made_from=ids[one.made_from] if one.made_from else None,
            excerpts=tuple(ids[quoted] for quoted in one.excerpts),
        )
        for one in documents
    ]


def _story(corpus: Collection) -> None:
    day, chance = corpus.day(), corpus.chance
    given = corpus.groups < len(corpus.given)
    if given:
        title, body = corpus.given[corpus.groups]
        story = Story(title, body, Issue(corpus.grammar, chance, day).fill("{county}"))
    else:
        story = tell(corpus.grammar, chance, day)
    original = corpus.original(
        story.title, story.body, day, "story", story.county, style="given" if given else ""
    )
    if original is None:
        return
    counts, weights = zip(*_COPIES, strict=True)
    repost(corpus, original, chance.choices(counts, weights)[0], ANY_KIND)


def _event(corpus: Collection) -> None:
    """One event, told by two to four writers: names, day and place in common, no sentence."""
    chance, day = corpus.chance, corpus.day()
    issue = Issue(corpus.grammar, chance, day)
    kept = {
        "c": issue.fill("{county}"),
        "t": issue.fill("{town}"),
        "lead": issue.fill("{person}"),
        "o": issue.fill("{office}"),
        "v": issue.fill("{village}"),
    }
    domain = chance.choice(corpus.grammar.domains)
    used: dict[str, set[int]] = {}
    for _ in range(chance.randint(2, 4)):
        story = tell(corpus.grammar, chance, day, domain=domain, kept=kept, used=used)
        county = chance.choice((kept["c"], issue.fill("{county}")))
        original = corpus.original(story.title, story.body, day, "event", county)
        if original and chance.random() < _REPOSTED_NOTICE:
            repost(corpus, original, 1, ANY_KIND)


def _serial(corpus: Collection) -> None:
    chance, day = corpus.chance, corpus.day()
    form = chance.choice(series.forms(corpus.grammar))
    if chance.random() < _PARALLEL:
        issues = series.parallel(corpus.grammar, chance, form, day, chance.randint(3, 8))
    else:
        count = chance.choice((8, 12, 24, 52, 60))
        issues = series.serial(corpus.grammar, chance, form, day, count)
    _publish(corpus, issues, "serial", SAFE_KINDS)


def _natural(corpus: Collection) -> None:
    chance = corpus.chance
    form = chance.choice(series.natural_forms(corpus.grammar))
    issues = series.natural(corpus.grammar, chance, form, corpus.day(), chance.choice((10, 20, 40)))
    _publish(corpus, issues, "natural", (*SAFE_KINDS, "edited"))


def _publish(
    corpus: Collection,
    issues: Iterator[series.Published],
    family: str,
    kinds: Sequence[str],
) -> None:
    for issue in issues:
        original = corpus.original(
            issue.title, issue.body, issue.day, family, issue.county, style=issue.style
        )
        if original and corpus.chance.random() < _REPOSTED_NOTICE:
            repost(corpus, original, corpus.chance.choice((1, 1, 2)), kinds)
