"""A corpus in the making: documents with ids, sites and groups."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from spiders.extract.fingerprint import content_hash
from tests.bench.dedupe.corpus import Labelled
from tests.bench.dedupe.grammar import Grammar

_FIRST_DAY, _DAYS = date(2023, 1, 2), 1400
_SOURCE_STATED = 0.7


@dataclass(slots=True)
class Collection:
    """What was made so far, and by what."""

    grammar: Grammar
    chance: random.Random
    given: Sequence[tuple[str, str]] = ()
    """Title and body of texts from elsewhere, each the original of one group."""
    documents: list[Labelled] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    """Of the folded body: the group that has it. No other group may."""
    groups: int = 0

    def add(self, document: Labelled) -> Labelled | None:
        """Take it, with an id of its own; not when another group has that body."""
        if self.hashes.setdefault(content_hash(document.body), document.group) != document.group:
            return None
        self.documents.append(replace(document, id=f"d{len(self.documents):06}"))
        return self.documents[-1]

    def original(
        self, title: str, body: str, day: date, family: str, county: str, *, style: str = ""
    ) -> Labelled | None:
        """A text of a group of its own."""
        self.groups += 1
        stated = f"{county}人民政府网" if self.chance.random() < _SOURCE_STATED else None
        return self.add(
            Labelled(
                "",
                title,
                body,
                day,
                stated,
                site(county),
                f"g{self.groups:06}",
                family,
                style=style,
            )
        )

    def day(self) -> date:
        return _FIRST_DAY + timedelta(days=self.chance.randrange(_DAYS))


def site(county: str) -> str:
    """The host of a county's site."""
    return f"www.{county.encode().hex()}.example"


def published(document: Labelled) -> date:
    """The day of a document that was made here: it has one."""
    assert document.published is not None
    return document.published
