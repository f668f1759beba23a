"""Texts from a grammar: rules with alternatives, slots, figures and dates.

A grammar file has sections. `# name` begins a rule with one alternative a line (`|` ends a
paragraph), `! name` one whose expansion is a fact (a later issue of a series changes it as a
whole), `% name` one of facts divided by white space. In an alternative stand

- `{name}`        the rule expanded anew, or what was remembered under that name
- `{name=key}`    expanded once a document; `{key}` is the same text again
- `{name@key}`    expanded once a series: no issue changes it
- `{.name}`       the rule of that name in the story's domain (sections below a `## domain`)
- `{name*3-7、}`  expanded 3 to 7 times, all different, with `、` between
- `{12-98}`, `{1.20-9.80}`, each also with `=key` or `@key`: a figure between the two
- `{date}`, `{ymd+3}`, `{year}`, `{month-1}`, `{issue}` …: of the document's day (`_DATES`)
"""

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

_SLOT = re.compile(r"\{([^{}]+)\}")
_SPELLED = re.compile(
    r"(?P<name>[^=@*+]+?)(?:\*(?P<low>\d+)-(?P<high>\d+)(?P<between>[^=@]*))?"
    r"(?:(?P<kept>[=@])(?P<key>\w+))?"
)
_FIGURE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_DATE = re.compile(r"([a-z]+)([+-]\d+)?")
_WEEKDAYS = "一二三四五六日"
# How often a repeated rule is expanded again when it gave what it gave before.
_TRIES_FOR_ANOTHER = 8

_DATES: Mapping[str, Callable[[date], str]] = {
    "date": lambda day: f"{day.month}月{day.day}日",
    "ymd": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "iso": date.isoformat,
    "dotted": lambda day: f"{day.year}.{day.month}.{day.day}",
    "year": lambda day: str(day.year),
    "month": lambda day: str(day.month),
    "day": lambda day: str(day.day),
    "weekday": lambda day: _WEEKDAYS[day.weekday()],
    "week": lambda day: str(day.isocalendar().week),
    "quarter": lambda day: _WEEKDAYS[(day.month - 1) // 3],
}
_MONTHLY = frozenset({"month", "quarter"})


@dataclass(frozen=True, slots=True)
class Rule:
    alternatives: tuple[tuple[str, ...], ...]
    """Each divided at its slots: literal text at even places, slots at odd ones."""
    is_fact: bool


class Grammar(dict[str, Rule]):
    """Rules by name."""

    @classmethod
    def load(cls, files: Iterable[Path]) -> "Grammar":
        """Read the files as one; a rule that stands in several has all their alternatives."""
        grammar = cls()
        for file in files:
            mark, name, domain = "#", "", ""
            for line in file.read_text("utf-8").splitlines():
                if line.startswith("## "):
                    domain = line[3:].strip()
                elif line[:2] in {"# ", "! ", "% "}:
                    mark, name = line[0], line[2:].strip()
                    name = f"{domain}{name}" if name.startswith(".") else name
                elif line.strip():
                    lines = line.split() if mark == "%" else [line.strip()]
                    before = grammar[name].alternatives if name in grammar else ()
                    new = tuple(tuple(_SLOT.split(one)) for one in lines)
                    grammar[name] = Rule(before + new, is_fact=mark != "#")
        return grammar

    @property
    def domains(self) -> list[str]:
        """What stories can be about."""
        return [name.removesuffix(".topic") for name in self if name.endswith(".topic")]


@dataclass(slots=True)
class Issue:
    """One document in the making: its day, what it remembers, and what was drawn where.

    With `trace` of an earlier issue the same is drawn again, but for the facts that were taken out.
    """

    grammar: Grammar
    chance: random.Random
    day: date
    number: int = 1
    domain: str = ""
    kept: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    trace: dict[str, str] = field(default_factory=dict)
    used: dict[str, set[int]] = field(default_factory=dict)
    """By rule: the alternatives that were used where nothing is traced."""
    facts: list[str] = field(default_factory=list)
    """Where in the trace the facts of this issue stand."""

    def expand(self, rule: str, place: str = "") -> str:
        """One alternative of the rule, its slots filled; `|` is a line break."""
        text = self._expand(rule, place or rule)
        return text.replace("|", "\n")

    def fill(self, template: str, place: str = "") -> str:
        """A template with its slots filled."""
        return self._fill(tuple(_SLOT.split(template)), place).replace("|", "\n")

    def _expand(self, name: str, place: str) -> str:
        name = f"{self.domain}{name}" if name.startswith(".") else name
        rule = self.grammar[name]
        if not place:
            return self._fill(rule.alternatives[self._unused(name, rule)], "")
        if not rule.is_fact:
            choice = self._drawn(place, lambda: str(self.chance.randrange(len(rule.alternatives))))
            return self._fill(rule.alternatives[int(choice)], place)
        self.facts.append(place)
        if place not in self.trace:
            self.trace[place] = self._fill(self.chance.choice(rule.alternatives), "")
        return self.trace[place]

    def _fill(self, parts: tuple[str, ...], place: str) -> str:
        return "".join(
            self._slot(part, f"{place}.{number}" if place else "") if number % 2 else part
            for number, part in enumerate(parts)
        )

    def _slot(self, slot: str, place: str) -> str:
        name, low, high, between, kept, key = _spelled(slot)
        known = self.kept.get(key or name) or self.constants.get(key or name)
        if known is not None:
            return known
        if low is None:
            text = self._one(name, place, constant=kept == "@")
        else:
            text = self._several(name, place, (int(low), int(high or low)), between or "")
        if key:
            (self.constants if kept == "@" else self.kept)[key] = text
        return text

    def _one(self, name: str, place: str, *, constant: bool) -> str:
        if figure := _FIGURE.fullmatch(name):
            if place and not constant:
                self.facts.append(place)
            return self._drawn(place, lambda: _figure(self.chance, figure[1], figure[2]))
        if name == "issue":
            return str(self.number)
        if (
            name not in self.grammar
            and not name.startswith(".")
            and (spelled := _DATE.fullmatch(name))
        ):
            return _dated(self.day, spelled[1], int(spelled[2] or 0))
        return self._expand(name, "" if constant else place)

    def _several(self, name: str, place: str, bounds: tuple[int, int], between: str) -> str:
        count = int(self._drawn(place, lambda: str(self.chance.randint(*bounds))))
        texts: list[str] = []
        for number in range(count):
            for another in range(_TRIES_FOR_ANOTHER):
                text = self._expand(name, f"{place}.{number}.{another}" if place else "")
                if text not in texts:
                    break
            texts.append(text)
        return between.join(dict.fromkeys(texts))

    def _unused(self, name: str, rule: Rule) -> int:
        """An alternative that was not used before in this document, while there are some."""
        count = len(rule.alternatives)
        used = self.used.setdefault(name, set())
        if rule.is_fact or count == 1:
            return self.chance.randrange(count)
        if len(used) == count:
            used.clear()
        choice = self.chance.choice([n for n in range(count) if n not in used])
        used.add(choice)
        return choice

    def _drawn(self, place: str, draw: Callable[[], str]) -> str:
        if not place:
            return draw()
        if place not in self.trace:
            self.trace[place] = draw()
        return self.trace[place]


@cache
def _spelled(slot: str) -> tuple[str, str | None, str | None, str | None, str | None, str | None]:
    if _DATE.fullmatch(slot):
        return slot, None, None, None, None, None
    spelled = _SPELLED.fullmatch(slot)
    if spelled is None:
        raise ValueError(f"a grammar has a slot that cannot be read: {{{slot}}}")
    return (
        spelled["name"],
        spelled["low"],
        spelled["high"],
        spelled["between"],
        spelled["kept"],
        spelled["key"],
    )


def _figure(chance: random.Random, low: str, high: str) -> str:
    places = len(high.partition(".")[2])
    if not places:
        return str(chance.randint(int(low), int(high)))
    return f"{chance.uniform(float(low), float(high)):.{places}f}"


def _dated(day: date, name: str, offset: int) -> str:
    if name in _MONTHLY:
        months = day.year * 12 + day.month - 1 + offset
        return _DATES[name](date(months // 12, months % 12 + 1, 1))
    if name == "year":
        return str(day.year + offset)
    return _DATES[name](day + timedelta(days=offset))
