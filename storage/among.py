"""Many numbers in one hole of a statement: a thousand holes would cost the driver more than the query."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson
from sqlalchemy import JSON, BigInteger, ColumnElement, String, TypeDecorator, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.selectable import TableValuedAlias


class Numbers(TypeDecorator[Collection[int]]):
    """Numbers as one value: an array as PostgreSQL writes it, or one of JSON for SQLite."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Collection[int] | None, dialect: Any) -> str:
        """The numbers as text."""
        listed = orjson.dumps(sorted(value or ())).decode()
        return listed if dialect.name == "sqlite" else f"{{{listed[1:-1]}}}"


class among(ColumnElement[bool]):  # noqa: N801 (used as a function)
    """Whether a column is among the numbers in the hole of this name."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.hole = bindparam(name, type_=Numbers())


@compiles(among)
def _on_sqlite(element: among, compiler: Any, **options: Any) -> str:
    numbers = func.json_each(element.hole).table_valued("value")
    said: str = compiler.process(element.column.in_(select(numbers.c.value)), **options)
    return said


@compiles(among, "postgresql")
def _on_postgresql(element: among, compiler: Any, **options: Any) -> str:
    # That they lie between the first and the last tells the planner how few they may be, and keeps all other rows of a
    # table without statistics from being looked for in the whole of the array.
    column = compiler.process(element.column, **options)
    array = compiler.process(cast(element.hole, ARRAY(BigInteger)), **options)
    return f"{column} BETWEEN ({array})[1] AND ({array})[cardinality({array})] AND {column} = ANY ({array})"


def beside(dialect: str, hole: str, name: str) -> TableValuedAlias:
    """Numbers with something beside each, as a table of `key` and `value`; the hole takes a JSON object as text."""
    given = bindparam(hole, type_=String)
    each = func.json_each(given) if dialect == "sqlite" else func.json_each_text(cast(given, JSON))
    return each.table_valued("key", "value", name=name)
