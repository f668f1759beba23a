"""Numbers as the rows of a table: one parameter, however many they are."""

import json
from collections.abc import Iterable

from sqlalchemy import BigInteger, Connection, FromClause, Integer, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY


def numbers(connection: Connection, values: Iterable[int]) -> FromClause:
    """A table with one column, `number`."""
    if connection.dialect.name == "sqlite":
        each = func.json_each(json.dumps([*{*values}])).table_valued("value")
        return select(cast(each.c.value, Integer).label("number")).subquery("every")
    array = func.unnest(literal([*{*values}], ARRAY(BigInteger)))
    each = array.table_valued("value").render_derived()
    return select(each.c.value.label("number")).subquery("every")
