"""The texts that a transaction has to do with: the core of each, and what others are to it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from struct import Struct
from typing import Final

from sqlalchemy import Connection, delete

from flows.similarity.clusters import Pair
from flows.similarity.link import Kind, Link
from flows.storage.lookup import look_up
from flows.storage.tables import frames, sketches
from flows.storage.upsert import put, upsert

_ENTRY: Final = Struct(">qH")
"""The other text, and what it is."""
_KINDS: Final = (Kind.SAME, Kind.TRIMMED, Kind.FRAMED, Kind.OTHER_FACTS)


def told(link: Link) -> int:
    """A link as a number: its kind in the last two bits, before them its strength."""
    return link.strength << 2 | _KINDS.index(link.kind)


@cache  # of 4,004
def _link(number: int) -> Link:
    return Link(kind_of(number), number >> 2)


def kind_of(number: int) -> Kind:
    """What a text is by the number of its link."""
    return _KINDS[number & 3]


@dataclass(slots=True)
class Text:
    """A row of `sketches`."""

    core: int
    links: dict[int, int] = field(default_factory=dict)
    """By the other text what it is to this one, as a number.

    A link stands with both, but that they are of other facts only with the one that came later.
    That stays when the other is gone: it is as true as it was.
    """


class Texts:
    """Each is read once, and written once when all is decided."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._texts: dict[int, Text] = {}
        self._cores: dict[int, int] = {}
        self._new: set[int] = set()
        self._changed: set[int] = set()

    def read(self, ids: Iterable[int]) -> dict[int, Text]:
        """These texts; those that are not stored are missing."""
        wanted = {*ids}
        unread = wanted - self._texts.keys()
        for id_, core, packed in look_up(self.connection, "id, core, links", sketches.c.id, unread):
            self._texts[id_] = Text(core, dict(_ENTRY.iter_unpack(packed)))
        return {id_: self._texts[id_] for id_ in wanted if id_ in self._texts}

    def cores(self, ids: Iterable[int]) -> dict[int, int]:
        """The core of each of these texts."""
        wanted = {*ids}
        unread = wanted - self._texts.keys() - self._cores.keys()
        self._cores.update(look_up(self.connection, "id, core", sketches.c.id, unread))
        known = {id_: self._texts[id_].core for id_ in wanted if id_ in self._texts}
        return {id_: self._cores[id_] for id_ in wanted if id_ in self._cores} | known

    def add(self, ids: Collection[int]) -> None:
        """Take texts in that are new."""
        self._new.update(ids)
        self._texts.update((id_, Text(id_)) for id_ in ids)
        self._changed.update(ids)

    def keep_core(self, id_: int, core: int) -> None:
        """Say which core a text has; what is not stored has none."""
        text = self._texts.get(id_)
        if text and text.core != core:
            text.core = core
            self._changed.add(id_)

    def link(self, related: Mapping[Pair, Link]) -> None:
        """Keep what texts are to each other, but for excerpts."""
        self.read({id_ for pair in related for id_ in pair})
        for (one, other), link in related.items():
            number = told(link)
            if link.kind is not Kind.OTHER_FACTS:
                self._texts[one].links[other] = self._texts[other].links[one] = number
                self._changed |= {one, other}
            # The first issue of a series is told apart from all that follow.
            elif other in self._new:
                self._texts[other].links[one] = number
            else:
                self._texts[one].links[other] = number
        rows = [
            {"key": key, "one": one, "other": other}
            for (one, other), link in related.items()
            if link.kind is Kind.FRAMED
            for key in link.keys
        ]
        upsert(self.connection, frames, sorted(rows, key=lambda row: row["key"]))

    def links(self, ids: set[int]) -> dict[Pair, Link]:
        """All links between some texts, which have been read."""
        found = {
            (id_, other) if id_ < other else (other, id_): _link(number)
            for id_ in ids & self._texts.keys()
            for other, number in self._texts[id_].links.items()
            if other in ids
        }
        keys: dict[Pair, list[int]] = {
            pair: [] for pair, link in found.items() if link.kind is Kind.FRAMED
        }
        ones = [one for one, _ in keys]
        for key, one, other in look_up(self.connection, "key, one, other", frames.c.one, ones):
            if (one, other) in keys:
                keys[one, other].append(key)
        for pair, stands_on in keys.items():
            found[pair] = found[pair]._replace(keys=tuple(sorted(stands_on)))
        return found

    def forget(self, ids: Iterable[int]) -> None:
        """Let go of texts that no article carries any more."""
        gone = self.read(ids)
        others = {other for text in gone.values() for other in text.links} - gone.keys()
        for id_, other in self.read(others).items():
            for each in gone.keys() & other.links.keys():
                del other.links[each]
            self._changed.add(id_)
        for column in (frames.c.one, frames.c.other):
            self.connection.execute(delete(frames).where(column.in_(gone)))
        self.connection.execute(delete(sketches).where(sketches.c.id.in_(gone)))
        for id_ in gone:
            del self._texts[id_]

    def write(self) -> None:
        """Store what has changed."""
        rows = []
        for id_ in sorted(self._changed & self._texts.keys()):
            text = self._texts[id_]
            packed = b"".join([_ENTRY.pack(*link) for link in sorted(text.links.items())])
            rows.append((id_, text.core, packed))
        put(self.connection, sketches, rows)
        self._changed.clear()
