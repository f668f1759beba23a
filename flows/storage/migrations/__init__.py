"""Brings a database to the schema of `tables.py`.

The version is asked for first: Alembic is worth importing only where there is something to do.
"""

from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from flows.storage.engine import writing
from flows.storage.errors import StoreError, shown

HEAD: Final = "0008"
"""The newest revision in `versions/`."""


def upgrade(engine: Engine) -> None:
    """Bring the database to `HEAD`. Of two processes at once the second waits and finds it done.

    Raises:
        StoreError: The database was written by a newer version of this program.
    """
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with writing(engine) as connection:
        found = _version(connection)
        if found != HEAD:
            _run(connection, found)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _run(connection: Connection, found: str | None) -> None:
    from alembic import command  # noqa: PLC0415  (an eighth of a second, rarely needed)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "flows.storage:migrations")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"{shown(connection.engine.url)} is at schema {found}, which a newer district-news"
            " wrote; upgrade this program, or name another database"
        )
    command.upgrade(config, "head")
