"""Which database, and how this program talks to it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from flows.storage.errors import StoreError, explained, shown

URL_VARIABLE: Final = "DISTRICT_NEWS_DATABASE_URL"
DEFAULT_URL: Final = "sqlite:///data/district-news.db"

# A batch commits in milliseconds and an upgrade in a second; whoever waits longer meets a program
# that holds the file open on purpose.
_BUSY_SECONDS = 30
# Every article that is stored looks at some dozens of scattered places of the index of texts: with
# SQLite's 2 MB even the upper levels of its tree are read again and again.
_CACHE_KIB = 64 * 1024
# Of 4 KiB. A batch changes a thousand or two: the default, 1,000, would copy them after each.
_CHECKPOINT_PAGES = 16 * 1024
# Any number, as long as it stays: the key of the advisory lock under which rows are written.
_WRITER_LOCK: Final = 0x64697374726963

_EXAMPLES = "such as sqlite:////var/lib/district-news.db or postgresql://user:password@host/news"


def database_url(url: str | None = None) -> URL:
    """The URL given, or the environment's, or the default.

    Raises:
        StoreError: It is no URL of a database that this program knows.
    """
    given = url or os.environ.get(URL_VARIABLE) or DEFAULT_URL
    try:
        parsed = make_url(given)
        backend = parsed.get_backend_name()
    except ArgumentError as error:
        raise StoreError(f"{given!r} is no database URL; give one {_EXAMPLES}") from error
    if backend not in {"sqlite", "postgresql"}:
        raise StoreError(f"{shown(parsed)}: expected sqlite or postgresql, {_EXAMPLES}")
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise StoreError(f"{given}: the records need a file that outlives the run, {_EXAMPLES}")
    return parsed


def connect(url: str | URL | None = None) -> Engine:
    """An engine on the database of `url`; a SQLite file's folder is made where it is missing.

    Raises:
        StoreError: The URL is of no use, its driver is missing, or its folder cannot be made.
    """
    target = url if isinstance(url, URL) else database_url(url)
    try:
        engine = create_engine(
            target,
            json_serializer=partial(json.dumps, ensure_ascii=False),
            pool_pre_ping=True,  # a crawl leaves a connection idle for as long as it is polite
        )
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"{shown(target)}: its driver is missing; pip install 'district-news[postgres]'"
        ) from error
    if engine.dialect.name == "sqlite":
        with explained(target):
            Path(str(target.database)).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes. One at a time, on PostgreSQL as on SQLite.

    What a cluster's first article is depends on every row of the cluster: two transactions that
    cannot see each other would both be right and together wrong.
    """
    with engine.execution_options(district_writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
        yield connection


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a reader that turns writer is refused, not made to wait."""
    writes = connection.get_execution_options().get("district_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
