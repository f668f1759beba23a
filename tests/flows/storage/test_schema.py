"""Migrations: what they build is what the tables say, from nothing and when there is no work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from flows.storage.engine import URL_VARIABLE, connect
from flows.storage.migrations import HEAD, upgrade
from flows.storage.store import Store, StoreError
from flows.storage.tables import metadata
from tests.flows.storage.records import LATER_PLACE, article, deduped


def constraints(engine: Engine) -> dict[str, set[tuple[str | None, str]]]:
    """The CHECK constraints of each table, which Alembic does not compare."""
    inspector = inspect(engine)
    return {
        table: {(c["name"], c["sqltext"]) for c in inspector.get_check_constraints(table)}
        for table in metadata.tables
    }


def test_the_migrated_schema_is_that_of_the_tables(new_database: str) -> None:
    migrated = connect(new_database)
    upgrade(migrated)
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    found = constraints(migrated)
    with migrated.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    assert found == constraints(migrated)
    assert all(found[table] for table in ("articles", "rejections", "revisions"))
    migrated.dispose()


def test_alembics_own_command_finds_the_database_and_nothing_to_do(database: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "alembic", "check"],
        cwd=Path(__file__).parents[3],
        env={**os.environ, URL_VARIABLE: database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "No new upgrade operations detected" in run.stdout


def test_the_newest_revision_is_the_head() -> None:
    config = Config()
    config.set_main_option("script_location", "flows.storage:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_down_and_up_again(new_database: str) -> None:
    engine = connect(new_database)
    upgrade(engine)
    config = Config()
    config.set_main_option("script_location", "flows.storage:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(engine)
    assert set(metadata.tables) < set(inspect(engine).get_table_names())
    engine.dispose()


def test_alembic_is_imported_only_where_there_is_work(database: str) -> None:
    program = (
        "import sys; from flows.storage.store import Store; "
        f"Store.open({database!r}).close(); sys.exit('alembic' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], check=False)  # noqa: S603  (our own)
    assert run.returncode == 0


def test_a_database_of_a_newer_version_is_left_alone(database: str) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"schema 9999.*newer district-news.*upgrade"):
        Store.open(database)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD})
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE articles SET title = ''",
        "UPDATE articles SET repeats = id",
        "UPDATE articles SET repeats = 'nobody'",
        "UPDATE articles SET published_precision = 'hour'",
        "UPDATE articles SET published_at = NULL",
        "UPDATE articles SET archive_offset = NULL",
        "UPDATE articles SET archive_offset = -1",
        "UPDATE articles SET content_hash = 'short'",
        "UPDATE articles SET breadcrumb = NULL",
        "INSERT INTO articles SELECT * FROM articles",
        "UPDATE revisions SET number = 0",
        "UPDATE revisions SET article_id = 'nobody'",
        "DELETE FROM articles",
    ],
)
def test_the_schema_refuses(database: str, statement: str) -> None:
    with Store.open(database) as store:
        store._save(deduped(article(1)))
        store._save(deduped(article(1, title="改过", archive=LATER_PLACE)))
    engine = connect(database)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_newest_first_needs_no_sort(sqlite_template: Path) -> None:
    engine = create_engine(f"sqlite:///{sqlite_template}")
    with engine.connect() as connection:
        plan = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT id FROM articles WHERE site = 'hill' "
                "ORDER BY published_at DESC NULLS LAST LIMIT 20"
            )
        ).all()
    engine.dispose()
    assert "ix_articles_site_newest" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
