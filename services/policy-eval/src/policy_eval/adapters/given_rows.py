"""Rows that are given to a statement, as a table and in few parameters, however many they are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ARRAY, FromClause, Text, column, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine


def given_rows(
    connection: AsyncConnection, name: str, types: Mapping[str, TypeEngine[Any]], rows: Iterable[Sequence[Any]]
) -> FromClause:
    """Return a table of this name with these columns, and the rows in it."""
    listed = list(rows)
    if connection.dialect.name == "postgresql":
        arrays = (literal([row[place] for row in listed], ARRAY(type_)) for place, type_ in enumerate(types.values()))
        columns = (column(each, type_) for each, type_ in types.items())
        return func.unnest(*arrays).table_valued(*columns).render_derived(name)
    values = func.json_each(msgspec.json.encode(listed).decode()).table_valued(column("value", Text)).c.value
    taken = (
        func.json_extract(values, f"$[{place}]", type_=type_).label(each)
        for place, (each, type_) in enumerate(types.items())
    )
    # As a table of its own, for which SQLite makes an index.
    return select(*taken).cte(name).prefix_with("MATERIALIZED")
