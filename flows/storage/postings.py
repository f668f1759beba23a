"""The index of texts: under which keys each is found, and which others stand there."""

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Final

from sqlalchemy import (
    BigInteger,
    Connection,
    FromClause,
    Integer,
    cast,
    delete,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from flows.similarity.document import LEAST_TEXT, Document, Sketch
from flows.similarity.document import sketches as sketches_of
from flows.similarity.listed import records, strike
from flows.storage.tables import articles, postings, sketches
from flows.storage.upsert import upsert

ALONE: Final = 0
"""The number of a text that is too short to be compared."""
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
    """Store texts that are new; their keys are for `write`."""
    upsert(connection, sketches, [{"id": id_, "core": id_} for id_ in fresh])
    remember(fresh)


def remove(connection: Connection, gone: Iterable[Sketch]) -> None:
    """Forget texts that no article carries any more."""
    for text in gone:
        lists = listed(connection, text.keys)
        write(connection, {key: strike(lists[key], record) for key, record in records(text)})
        connection.execute(delete(sketches).where(sketches.c.id == text.id))


def listed(connection: Connection, keys: Iterable[int]) -> dict[int, bytes]:
    """The list of each key, empty where no text has it."""
    found = dict.fromkeys(keys, b"")
    every = numbers(connection, found)
    query = select(postings).join(every, every.c.number == postings.c.key)
    found.update(connection.execute(query).all())
    return found


def write(connection: Connection, lists: Mapping[int, bytes]) -> None:
    """Store lists that have changed."""
    if empty := [key for key, texts in lists.items() if not texts]:
        connection.execute(delete(postings).where(postings.c.key.in_(empty)))
    rows = sorted((key, texts) for key, texts in lists.items() if texts)
    if rows:
        # Some dozens of rows an article: with names for its parameters this takes twice the time.
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        connection.exec_driver_sql(
            f"INSERT INTO postings (key, texts) VALUES ({mark}, {mark})"  # noqa: S608
            " ON CONFLICT (key) DO UPDATE SET texts = excluded.texts",
            rows,
        )


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
        rows = connection.execute(query.where(articles.c.id.in_(one))).all()
        documents = [Document("", row.title, row.body_text) for row in rows]
        found.update(zip((row.sketch for row in rows), sketches_of(documents), strict=True))
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
    return dict(connection.execute(query).all())


def numbers(connection: Connection, values: Iterable[int]) -> FromClause:
    """Numbers as the rows of a table: one parameter, however many they are."""
    if connection.dialect.name == "sqlite":
        each = func.json_each(json.dumps([*{*values}])).table_valued("value")
        return select(cast(each.c.value, Integer).label("number")).subquery("every")
    array = func.unnest(literal([*{*values}], ARRAY(BigInteger)))
    each = array.table_valued("value").render_derived()
    return select(each.c.value.label("number")).subquery("every")
