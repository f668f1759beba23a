"""Copies of a text on other sites: what a repost changes, and how often."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tests.bench.dedupe import edits
from tests.bench.dedupe.collection import Collection, published, site
from tests.bench.dedupe.corpus import Labelled
from tests.bench.dedupe.grammar import Issue
from tests.bench.dedupe.stories import tell

_KINDS = {
    "exact": 4,
    "title": 6,
    "framed": 14,
    "edited": 20,
    "trimmed": 16,
    "extended": 8,
    "traditional": 8,
    "reflowed": 10,
    "combined": 14,
}
ANY_KIND = tuple(_KINDS)
SAFE_KINDS = ("exact", "title", "framed", "reflowed", "traditional")
"""What leaves a notice the same notice: its figures and names are not touched."""
_COMBINED = ("framed", "edited", "trimmed", "extended", "traditional", "reflowed")
_SHORTENING = frozenset({"trimmed", "extended"})
# Of later copies this share is taken from another copy, not from the original.
_FROM_A_COPY = 0.2
_OTHER_TITLE = 0.3
# Days until the copy, and how often: most come at once, a few on the day a year later.
_SOON, _SOON_WEIGHTS = (0, 1, 2, 3), (8, 6, 3, 2)
_LATE, _LATE_WEIGHT = (4, 20), 3
_A_YEAR, _A_YEAR_WEIGHT = 365, 0.3


def repost(corpus: Collection, original: Labelled, count: int, kinds: Sequence[str]) -> None:
    """So many copies of the original or of each other, on other sites, mostly soon after."""
    chance = corpus.chance
    whole = [original]
    for _ in range(count):
        parent = chance.choice(whole) if chance.random() < _FROM_A_COPY else original
        kind = chance.choices(kinds, [_KINDS[one] for one in kinds])[0]
        later = chance.choices(
            (*_SOON, chance.randint(*_LATE), _A_YEAR),
            (*_SOON_WEIGHTS, _LATE_WEIGHT, _A_YEAR_WEIGHT),
        )[0]
        day = published(parent) + timedelta(days=later)
        county = Issue(corpus.grammar, chance, day).fill("{county}")
        title, body, kind, style = _changed(corpus, parent, day, kind)
        copy = corpus.add(
            replace(
                parent,
                title=title,
                body=body,
                published=day,
                source=chance.choice((parent.source, f"{county}发布", None, parent.source)),
                site=site(county) if kind != "exact" else parent.site,
                kind=kind,
                style=style,
                made_from=parent.id,
                excerpts=parent.excerpts,
            )
        )
        if copy and not _SHORTENING & set(kind.split("+")):
            whole.append(copy)


def _changed(
    corpus: Collection, parent: Labelled, day: date, kind: str
) -> tuple[str, str, str, str]:
    chance, title, body = corpus.chance, parent.title, parent.body
    kinds = [kind] if kind != "combined" else chance.sample(_COMBINED, k=2)
    styles = []
    # The frame is put on last and not edited: it is the next site's.
    for one in sorted(kinds, key=lambda k: k == "framed"):
        if one == "framed":
            body, style = edits.framed(corpus.grammar, chance, day, body), ""
        elif one == "extended":
            body, style = _extended(corpus, body, day)
        elif one in edits.PLAIN:
            body, style = edits.PLAIN[one](chance, body)
            if one == "traditional":
                title = edits.traditional(chance, title)[0]
        else:
            style = ""
        styles.append(style)
    if kind == "title" or chance.random() < _OTHER_TITLE:
        title = _retitled(corpus, title, day)
    return title, body, "+".join(kinds), "+".join(filter(None, styles))


def _extended(corpus: Collection, body: str, day: date) -> tuple[str, str]:
    """10–60 % more: paragraphs of another text behind, before or between."""
    chance = corpus.chance
    wanted = int(len(body) * chance.uniform(0.1, 0.6))
    more = tell(corpus.grammar, chance, day, length=max(wanted, 60)).body.split("\n")
    added: list[str] = []
    while more and sum(map(len, added)) < wanted:
        added.append(more.pop(0))
    paragraphs = body.split("\n")
    style = chance.choice(("behind", "before", "between"))
    if style == "between" and len(paragraphs) > 1:
        for paragraph in added:
            paragraphs.insert(chance.randint(1, len(paragraphs) - 1), paragraph)
        return "\n".join(paragraphs), style
    return "\n".join([*added, body] if style == "before" else [body, *added]), style


def _retitled(corpus: Collection, title: str, day: date) -> str:
    chance = corpus.chance
    issue = Issue(corpus.grammar, chance, day, domain=chance.choice(corpus.grammar.domains))
    way = chance.randrange(5)
    if way == 0:
        return issue.fill("{headline_short}")
    if way == 1:
        return f"【{issue.fill('{column}')}】{title}"
    if way == 2:
        return f"{issue.fill('{county}')}：{title}"
    if way == 3:
        return title[: max(len(title) // 2, 6)]
    return edits.typos(chance, title, 0.15, digits=False) or title
