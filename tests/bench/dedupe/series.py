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
    domain = chance.choice(grammar.domains)
    first = Issue(grammar, chance, start, chance.randint(1, 40), domain=domain)
    day, before, constants = start, first, first.constants
    constants["c"] = first.fill("{county}")
    frame: dict[str, str] = {}
    for number in range(count):
        trace = dict(frame)
        if number and change is not Change.ALL:
            trace = dict(before.trace)
            low, high = (0, 0) if change is Change.DATE else (1, 1)
            if change is Change.FEW:
                low, high = _FEW_FACTS
            facts = [place for place in dict.fromkeys(before.facts) if place in trace]
            for place in chance.sample(facts, k=min(len(facts), chance.randint(low, high))):
                del trace[place]
        if number and change is Change.FACT:
            day += timedelta(days=chance.choice((0, 0, 1)))
        elif number:
            day += timedelta(
                days=max(every, 1) if change is Change.DATE else every + _jitter(chance, every)
            )
        issue = Issue(
            grammar,
            chance,
            day,
            first.number + (number if change is not Change.FACT else 0),
            domain,
            constants=constants,
            trace=trace,
        )
        title, body = issue.expand(f"{form}.title"), issue.expand(f"{form}.body")
        if not number:
            frame = {name: issue.trace[name] for name in (f"{form}.title", f"{form}.body")}
        before = issue
        yield Published(title, body, day, constants["c"], f"{form}, {change}")


def _jitter(chance: random.Random, every: int) -> int:
    return chance.randint(0, 2) if every == 0 else chance.choice((0, 0, 0, 1)) * (every > 2)


def parallel(
    grammar: Grammar, chance: random.Random, form: str, day: date, count: int
) -> Iterator[Published]:
    """The same form of several counties on the same day; now and then with the same figures."""
    domain = chance.choice(grammar.domains)
    number = chance.randint(1, 40)
    first = Issue(grammar, chance, day, number, domain)
    title, body = _titled(first, form)
    yield Published(title, body, day, first.constants.get("c", ""), f"{form}, other county")
    same_figures = chance.random() < _SAME_FIGURES
    for _ in range(count - 1):
        frame = {name: first.trace[name] for name in (f"{form}.title", f"{form}.body")}
        other = Issue(
            grammar, chance, day, number, domain, trace=dict(first.trace if same_figures else frame)
        )
        title, body = _titled(other, form)
        style = f"{form}, other county" + ", same figures" * same_figures
        yield Published(title, body, day, other.constants.get("c", ""), style)


# Neighbours seldom report the same figures; where they do only the names tell the notices apart.
_SAME_FIGURES = 0.3


def _titled(issue: Issue, form: str) -> tuple[str, str]:
    issue.constants["c"] = issue.fill("{county}")
    return issue.expand(f"{form}.title"), issue.expand(f"{form}.body")


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
