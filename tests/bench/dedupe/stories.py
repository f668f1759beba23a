"""Original texts: news, reports and profiles, composed sentence by sentence."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tests.bench.dedupe.grammar import Grammar, Issue

# How stories are built: what stands behind the lead, most of the time in this proportion.
_SHAPES = (
    ("visit", "visit", "fact", "deed", "visit"),
    ("fact", "deed", "voice", "fact", "deed"),
    ("scene", "voice", "deed", "scene", "fact"),
    ("scene", "voice", "voice", "deed"),
    ("deed", "fact", "scene", "voice", "deed", "visit"),
)
# County news: most are short, some fill a newspaper's page. Characters, with their weights.
_LENGTHS = (((150, 400), 4), ((400, 900), 5), ((900, 1800), 3), ((1800, 4000), 1))
_PARAGRAPH_SENTENCES = (1, 1, 2, 2, 3, 4)
_SIGNED = 0.3
_PARAGRAPHS_A_FIELD = 5


@dataclass(frozen=True, slots=True)
class Story:
    title: str
    body: str
    county: str


def tell(
    grammar: Grammar,
    chance: random.Random,
    day: date,
    *,
    domain: str | None = None,
    kept: Mapping[str, str] | None = None,
    used: dict[str, set[int]] | None = None,
    length: int | None = None,
) -> Story:
    """One story of 150 to 4,000 characters.

    What is `kept` (a county, a person) stands in it; what `used` holds is said otherwise.
    """
    issue = Issue(grammar, chance, day, kept=dict(kept or {}))
    issue.used = {} if used is None else used
    issue.domain = domain or chance.choice(grammar.domains)
    for name in ("lead", "c", "t", "o"):
        if name not in issue.kept:
            rule = {"lead": "person", "c": "county", "t": "town", "o": "office"}[name]
            issue.kept[name] = issue.expand(rule)
    length = length or chance.randint(*chance.choices(*zip(*_LENGTHS, strict=True))[0])
    shape = chance.choice(_SHAPES)
    paragraphs = [issue.fill("{opening}")]
    told = issue.domain
    while sum(map(len, paragraphs)) < length:
        # A long report goes from field to field: what one has to say is soon said.
        if domain is None and len(paragraphs) % _PARAGRAPHS_A_FIELD == 0:
            issue.domain = chance.choice(grammar.domains)
        paragraphs.append(
            "".join(
                issue.fill(f"{{{chance.choice(shape)}}}")
                for _ in range(chance.choice(_PARAGRAPH_SENTENCES))
            )
        )
    issue.domain = told
    paragraphs.append(issue.fill("{close}"))
    if chance.random() < _SIGNED:
        paragraphs[-1] += issue.fill("{reporter}")
    return Story(issue.fill("{headline}").rstrip("。"), "\n".join(paragraphs), issue.kept["c"])
