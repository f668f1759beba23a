"""What Alembic runs: the connection of `upgrade`, or the configured database for its own command.

A developer writes the next revision with `alembic revision --autogenerate -m "…"` (its settings
stand in pyproject.toml).
"""

from alembic import context
from sqlalchemy import Connection

from flows.storage.engine import connect
from flows.storage.tables import metadata


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",  # SQLite cannot alter a constraint
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if given := context.config.attributes.get("connection"):
    _run(given)
else:
    with connect().begin() as own:
        _run(own)
