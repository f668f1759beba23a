"""Series: notices of one form with other facts, and reports that share most of their text."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tests.bench.dedupe.grammar import Grammar, Issue


class Change(StrEnum):
    """How one issue of a form differs from the one before."""

    ALL = "all facts"
    FEW = "a few facts"
    DATE = "one date"
    FACT = "one fact"


_CHANGES = {Change.ALL: 8, Change.FEW: 5, Change.DATE: 3, Change.FACT: 3}
_FEW_FACTS = (1, 6)
# Neighbours seldom report the same figures; where they do only the names tell the notices apart.
_SAME_FIGURES = 0.3
# Of a natural series' standing sentences an issue has most, with most of the facts changed, besides
# text of its own: neighbouring issues share 40 to 80 % of their text.
_STANDING_KEPT = (0.7, 1.0)
_FACTS_CHANGED = (0.3, 1.0)
_OWN_TEXT = ((30, 90), (60, 200), (100, 320))


@dataclass(frozen=True, slots=True)
class Published:
    title: str
    body: str
    day: date
    county: str
    style: str


def forms(grammar: Grammar) -> list[str]:
    return [name.removesuffix(".body") for name in grammar if name.endswith(".body")]


def natural_forms(grammar: Grammar) -> list[str]:
    return [name.removesuffix(".standing") for name in grammar if name.endswith(".standing")]


def serial(
    grammar: Grammar, chance: random.Random, form: str, start: date, count: int
) -> Iterator[Published]:
    """Issues of one office's form, each unlike the one before in what one change touches."""
    change = chance.choices(list(_CHANGES), list(_CHANGES.values()))[0]
    every = int(Issue(grammar, chance, start).expand(f"{form}.every"))
    if change is Change.DATE and ("0",) in grammar[f"{form}.every"].alternatives:
        change = Change.ALL  # what comes irregularly and says the same again is the same notice
    domain, first_number = chance.choice(grammar.domains), chance.randint(1, 40)
    constants = {"c": Issue(grammar, chance, start).fill("{county}")}
    day, number, trace = start, first_number, {}
    for _ in range(count):
        issue = Issue(grammar, chance, day, number, domain, constants=constants, trace=trace)
        title, body = issue.expand(f"{form}.title"), issue.expand(f"{form}.body")
        yield Published(title, body, day, constants["c"], f"{form}, {change}")
        day += timedelta(days=_days_until_next(chance, change, every))
        number += change is not Change.FACT
        trace = _said_again(chance, change, issue, form)


def _days_until_next(chance: random.Random, change: Change, every: int) -> int:
    if change is Change.FACT:
        return chance.choice((0, 0, 1))  # one of many notices of a day
    if change is Change.DATE:
        return every
    return every + (chance.choice((0, 0, 0, 1)) if every else chance.randint(0, 2))


def _said_again(chance: random.Random, change: Change, issue: Issue, form: str) -> dict[str, str]:
    """What the next issue draws as this one did: its frame, or all but the facts that change."""
    if change is Change.ALL:
        return _frame(issue, form)
    facts = list(dict.fromkeys(place for place in issue.facts if place in issue.trace))
    many = {Change.DATE: 0, Change.FACT: 1, Change.FEW: chance.randint(*_FEW_FACTS)}[change]
    other = set(chance.sample(facts, k=min(len(facts), many)))
    return {place: drawn for place, drawn in issue.trace.items() if place not in other}


def _frame(issue: Issue, form: str) -> dict[str, str]:
    return {name: issue.trace[name] for name in (f"{form}.title", f"{form}.body")}


def parallel(
    grammar: Grammar, chance: random.Random, form: str, day: date, count: int
) -> Iterator[Published]:
    """The same form of several counties on the same day; now and then with the same figures."""
    domain, number = chance.choice(grammar.domains), chance.randint(1, 40)
    same_figures = chance.random() < _SAME_FIGURES
    trace: dict[str, str] = {}
    for _ in range(count):
        issue = Issue(grammar, chance, day, number, domain, trace=trace)
        county = issue.constants["c"] = issue.fill("{county}")
        title, body = issue.expand(f"{form}.title"), issue.expand(f"{form}.body")
        style = f"{form}, other county" + ", same figures" * same_figures
        yield Published(title, body, day, county, style)
        trace = dict(issue.trace) if same_figures else _frame(issue, form)


def natural(
    grammar: Grammar, chance: random.Random, form: str, start: date, count: int
) -> Iterator[Published]:
    """Issues of a report: most standing sentences with other facts, and paragraphs of its own."""
    rule = grammar[f"{form}.standing"]
    every = int(Issue(grammar, chance, start).expand(f"{form}.every"))
    domain = chance.choice(grammar.domains)
    constants: dict[str, str] = {"c": Issue(grammar, chance, start).fill("{county}")}
    heading = Issue(grammar, chance, start, constants=constants, domain=domain)
    heading.expand(f"{form}.title")
    share, changed = chance.uniform(*_STANDING_KEPT), chance.uniform(*_FACTS_CHANGED)
    own_length = chance.choice(_OWN_TEXT)
    first_number = chance.randint(1, 30)
    trace = dict(heading.trace)
    for number in range(count):
        day = start + timedelta(days=number * every)
        issue = Issue(
            grammar, chance, day, first_number + number, domain, constants=constants, trace=trace
        )
        title = issue.expand(f"{form}.title")
        paragraphs = [
            issue.fill(_spelled_out(standing), f"{form}.{place}")
            for place, standing in enumerate(rule.alternatives)
            if place == 0 or chance.random() < share
        ]
        own = Issue(grammar, chance, day, domain=chance.choice(grammar.domains), kept=constants)
        length = chance.randint(*own_length)
        while length > 0:
            paragraph = own.fill("{brief}")
            paragraphs.insert(chance.randint(1, len(paragraphs)), paragraph)
            length -= len(paragraph)
        yield Published(title, "\n".join(paragraphs), day, constants["c"], form)
        trace = dict(issue.trace)
        for fact in issue.facts:
            if chance.random() < changed:
                trace.pop(fact, None)


def _spelled_out(alternative: tuple[str, ...]) -> str:
    return "".join(f"{{{part}}}" if n % 2 else part for n, part in enumerate(alternative))
