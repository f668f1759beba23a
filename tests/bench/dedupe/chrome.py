"""Short items, each within the header and footer of its site."""

import random
from dataclasses import replace
from datetime import date, timedelta

from tests.bench.dedupe.collection import Collection, site
from tests.bench.dedupe.grammar import Grammar, Issue
from tests.bench.dedupe.stories import Story

_ITEMS = (30, 60, 100, 150)
_REPOSTED = 0.12
# Shorter ones are lost in what stands around them.
_LEAST_TO_REPOST = 80
# Of the reposts: in no frame, instead of in another site's.
_BARE = 0.5
# Of the sites this share has counters and neighbours that do not change.
_STANDING_STILL = 0.4


def chrome(corpus: Collection) -> None:
    """Thirty to 150 short items of one site, each within the site's header and footer."""
    chance, start = corpus.chance, corpus.day()
    issue = Issue(corpus.grammar, chance, start, domain=chance.choice(corpus.grammar.domains))
    county = issue.constants["c"] = issue.fill("{county}")
    dress = _Dress(corpus.grammar, chance, issue.constants)
    for _ in range(chance.choice(_ITEMS)):
        day = start + timedelta(days=chance.randrange(200))
        item = _short(corpus, day, county)
        original = corpus.original(item.title, dress.on(day, item.body), day, "chrome", county)
        if not original or len(item.body) < _LEAST_TO_REPOST or chance.random() > _REPOSTED:
            continue
        other = Issue(corpus.grammar, chance, day).fill("{county}")
        body = _Dress(corpus.grammar, chance, {"c": other}).on(day, item.body)
        if chance.random() < _BARE:
            body = item.body
        corpus.add(
            replace(
                original,
                body=body,
                site=site(other),
                published=day + timedelta(days=chance.choice((0, 1, 2))),
                kind="framed",
                style="chrome",
                made_from=original.id,
            )
        )


def _short(corpus: Collection, day: date, county: str) -> Story:
    """An item of one to three sentences."""
    chance = corpus.chance
    issue = Issue(corpus.grammar, chance, day, domain=chance.choice(corpus.grammar.domains))
    issue.kept["c"] = county
    body = "".join(issue.fill("{brief}") for _ in range(chance.choice((1, 1, 2, 3))))
    return Story(issue.fill("{headline_short}"), body, county)


class _Dress:
    """One site's header and footer: the same words but for the day; counters and neighbours differ
    on most sites, on the others they stand still.
    """

    def __init__(self, grammar: Grammar, chance: random.Random, constants: dict[str, str]) -> None:
        self._grammar, self._chance, self._constants = grammar, chance, constants
        self._chosen: dict[str, str] = {}
        self._still = chance.random() < _STANDING_STILL

    def on(self, day: date, body: str) -> str:
        issue = Issue(
            self._grammar, self._chance, day, constants=self._constants, trace=dict(self._chosen)
        )
        header, footer = issue.expand("chrome_header"), issue.expand("chrome_footer")
        kept = issue.trace if self._still else ("chrome_header", "chrome_footer")
        self._chosen = {place: issue.trace[place] for place in kept}
        return f"{header}\n{body}\n{footer}"
