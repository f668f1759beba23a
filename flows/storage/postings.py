"""The index of texts: under which keys each is found, and which others stand there."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

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
from flows.storage.tables import articles, postings, sketches
from flows.storage.upsert import upsert

ALONE: Final = 0
"""The number of a text that is too short to be compared."""
_LAST: Final = 2**63 - 1
# Texts under a key that are read of all that arrives; of the few that lead them, `LISTED`.
_READ: Final = max(HUBS, TELLING)


def number(text: Sketch) -> int:
    """Under which number a text is stored."""
    return ALONE if len(text.body.text) < LEAST_TEXT else text.id


def insert(connection: Connection, texts: Iterable[Sketch]) -> dict[int, Sketch]:
    """Store the texts that are new, with their keys; return them."""
    arrived = {number(text): text for text in texts}
    arrived.pop(ALONE, None)
    known = connection.scalars(select(sketches.c.id).where(sketches.c.id.in_(list(arrived))))
    for id_ in set(known):
        del arrived[id_]
    upsert(connection, sketches, [{"id": id_, "core": id_} for id_ in arrived])
    pairs = sorted((key, id_) for id_, text in arrived.items() for key in text.keys)
    upsert(connection, postings, [{"key": key, "sketch": id_} for key, id_ in pairs])
    return arrived


def remove(connection: Connection, gone: Iterable[Sketch]) -> None:
    """Forget texts that no article carries any more."""
    for text in gone:
        places = [(key, text.id) for key in text.keys]
        connection.execute(
            delete(postings).where(tuple_(postings.c.key, postings.c.sketch).in_(places))
        )
        connection.execute(delete(sketches).where(sketches.c.id == text.id))


def listed(connection: Connection, arrived: Mapping[int, Sketch]) -> dict[int, list[int]]:
    """The texts under each key of those that arrived, ascending: as many as are looked at."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for id_, text in arrived.items():
        for key in text.keys:
            holders[key].append(id_)
    found = first(connection, list(holders), _READ)
    leading = [
        key
        for key, texts in found.items()
        if len(texts) == _READ and min(holders[key]) <= texts[HUBS]
    ]
    return found | first(connection, leading, LISTED)


def texts(connection: Connection, ids: Iterable[int]) -> dict[int, Sketch]:
    """Stored texts by number, read from an article that carries each."""
    wanted = list(ids)
    if not wanted:
        return {}
    one = (
        select(func.min(articles.c.id))
        .where(articles.c.sketch.in_(wanted))
        .group_by(articles.c.sketch)
    )
    query = select(articles.c.sketch, articles.c.title, articles.c.body_text)
    found = connection.execute(query.where(articles.c.id.in_(one)))
    return {row.sketch: sketch(Document("", row.title, row.body_text)) for row in found}


def cores(connection: Connection, ids: Iterable[int]) -> dict[int, int]:
    """The core of each of these texts."""
    query = select(sketches).where(sketches.c.id.in_(set(ids)))
    return {row.id: row.core for row in connection.execute(query)}


def first(connection: Connection, keys: Sequence[int], count: int) -> dict[int, list[int]]:
    """The first texts by number under each key, ascending, at most so many."""
    if not keys:
        return {}
    every = _rows_of(connection, keys)
    later = postings.alias()
    last = (
        select(later.c.sketch)
        .where(later.c.key == every.c.key)
        .order_by(later.c.sketch)
        .limit(1)
        .offset(count - 1)
        .correlate(every)
        .scalar_subquery()
    )
    query = select(postings.c.key, postings.c.sketch).join(
        every,
        and_(
            postings.c.key == every.c.key,
            postings.c.sketch <= func.coalesce(last, literal(_LAST, BigInteger)),
        ),
    )
    found: dict[int, list[int]] = {key: [] for key in keys}
    for key, id_ in connection.execute(query.order_by(postings.c.key, postings.c.sketch)):
        found[key].append(id_)
    return found


def _rows_of(connection: Connection, keys: Sequence[int]) -> FromClause:
    """Keys as rows: one parameter, however many they are."""
    if connection.dialect.name == "sqlite":
        each = func.json_each(json.dumps(list(keys))).table_valued("value")
        return select(cast(each.c.value, Integer).label("key")).subquery("every")
    array = func.unnest(literal(list(keys), ARRAY(BigInteger)))
    each = array.table_valued("value").render_derived()
    return select(each.c.value.label("key")).subquery("every")
