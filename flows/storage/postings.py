"""The index of texts: under which keys each is found, and which others stand there."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Final

from sqlalchemy import Connection, delete, func, select

from flows.similarity.document import LEAST_TEXT, Document, Sketch, sketches
from flows.similarity.listed import records, strike
from flows.storage.lookup import look_up
from flows.storage.tables import articles, postings
from flows.storage.upsert import put

ALONE: Final = 0
"""The number of a text that is too short to be compared."""
# A text takes about 6 kB, to read one again a fifth of a millisecond.
_REMEMBERED: Final = 16_384
_remembered: OrderedDict[int, Sketch] = OrderedDict()
_lock = Lock()


def number(text: Sketch) -> int:
    """Under which number a text is stored."""
    return ALONE if len(text.body.text) < LEAST_TEXT else text.id


def remove(connection: Connection, gone: Iterable[Sketch]) -> None:
    """Strike texts that no article carries any more."""
    for text in gone:
        lists = listed(connection, text.keys)
        write(connection, {key: strike(lists[key], record) for key, record in records(text)})


def listed(connection: Connection, keys: Iterable[int]) -> dict[int, bytes]:
    """The list of each key, empty where no text has it."""
    found = dict.fromkeys(keys, b"")
    found.update(look_up(connection, "key, texts", postings.c.key, found))
    return found


def write(connection: Connection, lists: Mapping[int, bytes]) -> None:
    """Store lists that have changed."""
    if empty := [key for key, texts in lists.items() if not texts]:
        connection.execute(delete(postings).where(postings.c.key.in_(empty)))
    put(connection, postings, sorted((key, texts) for key, texts in lists.items() if texts))


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
        found.update(zip((row.sketch for row in rows), sketches(documents), strict=True))
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
