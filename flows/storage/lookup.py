"""Rows by a number that each has: in one statement, and in one parameter, however many."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Row


def look_up(
    connection: Connection, names: str, column: Column[int], values: Iterable[int]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Some columns of the rows whose `column` has one of these values, as the driver gives them.

    Some dozens of keys an article are looked up: to build a statement for them takes longer.
    """
    wanted = [*{*values}]
    if not wanted:
        return []
    query = f"SELECT {names} FROM {column.table.name} WHERE {column.name}"  # noqa: S608
    if connection.dialect.name == "sqlite":
        among = "IN (SELECT value FROM json_each(?))"
        return connection.exec_driver_sql(f"{query} {among}", (json.dumps(wanted),)).all()
    return connection.exec_driver_sql(f"{query} = ANY(%s)", (wanted,)).all()
