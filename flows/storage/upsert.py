"""Insert or update: the same statement on either database."""

from collections.abc import Sequence
from functools import cache
from typing import Any

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


def put(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, as they stand in the table, or replace what is there.

    For some dozens of rows an article: with names for its parameters this takes twice the time.
    """
    if rows:
        connection.exec_driver_sql(_putting(connection.dialect.name, table), rows)


@cache
def _putting(dialect: str, table: Table) -> str:
    names, key = table.columns.keys(), table.primary_key.columns.keys()
    marks = ["?" if dialect == "sqlite" else "%s"] * len(names)
    values = [f"{name} = excluded.{name}" for name in names if name not in key]
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(marks)})"  # noqa: S608
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {', '.join(values)}"
    )


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
