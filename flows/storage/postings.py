"""The index of texts: under which keys each is found, and which others stand there."""

import json
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Final
from zlib import crc32

from sqlalchemy import (
    BigInteger,
    Connection,
    FromClause,
    Integer,
    and_,
    cast,
    delete,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from flows.similarity.candidates import HUBS, LISTED, TELLING
from flows.similarity.document import LEAST_TEXT, Document, Sketch, sketch
from flows.similarity.excerpts import LEAST_PASSAGE
from flows.similarity.shingles import SHINGLE
from flows.storage.tables import articles, postings, sketches
from flows.storage.upsert import upsert

ALONE: Final = 0
"""The number of a text that is too short to be compared."""
_LAST: Final = 2**63 - 1
# Texts under a key that are read of all that arrives; of the few that lead them, `LISTED`.
_READ: Final = max(HUBS, TELLING)


# A byte without its sign takes two in SQLite.
_MIDDLE: Final = 128
# As much on either side of a key as a passage has at least on one of them, the key included.
_HALF: Final = (LEAST_PASSAGE + SHINGLE) // 2
# A text takes about 7 kB.
_REMEMBERED: Final = 8192
_remembered: OrderedDict[int, Sketch] = OrderedDict()
_lock = Lock()


def number(text: Sketch) -> int:
    """Under which number a text is stored."""
    return ALONE if len(text.body.text) < LEAST_TEXT else text.id


def unknown(connection: Connection, texts: Iterable[Sketch]) -> dict[int, Sketch]:
    """Those of the texts that are not stored, by number; not those that are too short."""
    arrived = {number(text): text for text in texts}
    arrived.pop(ALONE, None)
    for id_ in cores(connection, arrived):
        del arrived[id_]
    return arrived


def insert(connection: Connection, fresh: Mapping[int, Sketch]) -> None:
    """Store texts that are new, with their keys."""
    if not fresh:
        return
    upsert(connection, sketches, [{"id": id_, "core": id_} for id_ in fresh])
    # Some dozens of rows an article: with names for its parameters this takes twice the time.
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    connection.exec_driver_sql(
        f"INSERT INTO postings (key, sketch, around) VALUES ({mark}, {mark}, {mark})",  # noqa: S608
        sorted(
            (key, id_, beside)
            for id_, text in fresh.items()
            for key, beside in around(text).items()
        ),
    )
    remember(fresh)


def remove(connection: Connection, gone: Iterable[Sketch]) -> None:
    """Forget texts that no article carries any more."""
    for text in gone:
        places = [(key, text.id) for key in text.keys]
        connection.execute(
            delete(postings).where(tuple_(postings.c.key, postings.c.sketch).in_(places))
        )
        connection.execute(delete(sketches).where(sketches.c.id == text.id))


def listed(connection: Connection, arrived: Mapping[int, Sketch]) -> dict[int, dict[int, int]]:
    """The texts under each key of those that arrived, ascending: as many as are looked at.

    Each with what stands around the key, as `may_quote` takes it.
    """
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for id_, text in arrived.items():
        for key in text.keys:
            holders[key].append(id_)
    found = first(connection, list(holders), _READ)
    leading = [
        key
        for key, texts in found.items()
        if len(texts) == _READ and min(holders[key]) <= [*texts][HUBS]
    ]
    return found | first(connection, leading, LISTED)


def texts(connection: Connection, ids: Iterable[int]) -> dict[int, Sketch]:
    """Stored texts by number, read from an article that carries each.

    Those that lead the keys of turns of speech are asked for by every batch: the last ones read
    are remembered. A number stands for the same text in any database.
    """
    found = {id_: text for id_ in ids if (text := _remembered.get(id_))}
    if wanted := [id_ for id_ in ids if id_ not in found]:
        one = (
            select(func.min(articles.c.id))
            .where(articles.c.sketch.in_(wanted))
            .group_by(articles.c.sketch)
        )
        query = select(articles.c.sketch, articles.c.title, articles.c.body_text)
        for row in connection.execute(query.where(articles.c.id.in_(one))):
            found[row.sketch] = sketch(Document("", row.title, row.body_text))
    remember(found)
    return found


def remember(texts: Mapping[int, Sketch]) -> None:
    """Keep texts at hand, and let go of those not asked for longest."""
    with _lock:
        for id_, text in texts.items():
            _remembered[id_] = text
            _remembered.move_to_end(id_)
        while len(_remembered) > _REMEMBERED:
            _remembered.popitem(last=False)


def cores(connection: Connection, ids: Iterable[int]) -> dict[int, int]:
    """The core of each of these texts."""
    every = numbers(connection, ids)
    query = select(sketches).join(every, every.c.number == sketches.c.id)
    return {row.id: row.core for row in connection.execute(query).all()}


def around(text: Sketch) -> dict[int, int]:
    """What stands on either side of each key of a text, in a byte."""
    body = text.body.text
    found: dict[int, int] = {}
    for key, place in text.keys.items():
        before = crc32(body[place + SHINGLE - _HALF : place + SHINGLE].encode())
        behind = crc32(body[place : place + _HALF].encode())
        found[key] = ((before & 0xF) << 4 | behind & 0xF) - _MIDDLE
    return found


def may_quote(ours: int, theirs: int) -> bool:
    """Whether two texts may share a passage around a key, by what stands around it in each.

    A passage goes on from the key by as much on one of its sides: one in eight of those that are
    not there passes, and none that is there does not.
    """
    differ = ours ^ theirs
    return not differ & 0xF or not differ & 0xF0


def first(connection: Connection, keys: Sequence[int], count: int) -> dict[int, dict[int, int]]:
    """The first texts by number under each key, ascending, at most so many; `around` of each."""
    if not keys:
        return {}
    every = numbers(connection, keys)
    later = postings.alias()
    last = (
        select(later.c.sketch)
        .where(later.c.key == every.c.number)
        .order_by(later.c.sketch)
        .limit(1)
        .offset(count - 1)
        .correlate(every)
        .scalar_subquery()
    )
    query = select(postings.c.key, postings.c.sketch, postings.c.around).join(
        every,
        and_(
            postings.c.key == every.c.number,
            postings.c.sketch <= func.coalesce(last, literal(_LAST, BigInteger)),
        ),
    )
    found: dict[int, dict[int, int]] = {key: {} for key in keys}
    rows = connection.execute(query.order_by(postings.c.key, postings.c.sketch))
    for key, id_, beside in rows.all():
        found[key][id_] = beside
    return found


def numbers(connection: Connection, values: Iterable[int]) -> FromClause:
    """Numbers as the rows of a table: one parameter, however many they are."""
    if connection.dialect.name == "sqlite":
        each = func.json_each(json.dumps([*{*values}])).table_valued("value")
        return select(cast(each.c.value, Integer).label("number")).subquery("every")
    array = func.unnest(literal([*{*values}], ARRAY(BigInteger)))
    each = array.table_valued("value").render_derived()
    return select(each.c.value.label("number")).subquery("every")
