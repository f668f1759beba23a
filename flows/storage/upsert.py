"""Insert or update: the same statement on either database."""

from functools import cache

from sqlalchemy import Connection, Executable, Table, false, or_
from sqlalchemy.dialects import postgresql, sqlite

from flows.storage.rows import Row


def upsert(
    connection: Connection, table: Table, new: list[Row], keep: frozenset[str] = frozenset()
) -> None:
    """Insert rows; of those that are there already, update what differs and is not to `keep`."""
    if new:
        statement = _upserting(connection.dialect.name, table, tuple(new[0]), keep)
        connection.execute(statement, new)


@cache  # to build a statement takes as long as to run it
def _upserting(
    dialect: str, table: Table, names: tuple[str, ...], keep: frozenset[str]
) -> Executable:
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    key = table.primary_key.columns.keys()
    values = {name: insert.excluded[name] for name in names if name not in {*key, *keep}}
    if not values:
        return insert.on_conflict_do_nothing()
    differs = or_(false(), *(table.c[name].is_distinct_from(v) for name, v in values.items()))
    return insert.on_conflict_do_update(index_elements=key, set_=values, where=differs)
