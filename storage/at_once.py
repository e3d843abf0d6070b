"""A change of many rows as one statement, on PostgreSQL: their values come as one JSON text, a name of theirs a column.

Row by row the driver and the server would do everything anew for each, which costs several times the change itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import BindParameter, String, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import visitors
from sqlalchemy.types import TypeEngine

Row = tuple[tuple[Any, ...], bytes]  # the values that tell it apart from others, and all of them as JSON


def spread(statement: Any, columns: Sequence[str]) -> Any:
    """The statement over all rows of its one hole, `rows`.

    An INSERT has values for its `columns` and none of its own; of others each hole has a type.
    """
    if columns:
        rows = _rows({name: statement.table.c[name].type for name in columns})
        return statement.from_select(list(columns), select(*(rows.c[name] for name in columns)))
    rows = _rows({hole.key: hole.type for hole in _holes(statement)})

    def filled(element: Any, **_options: Any) -> Any:
        return rows.c[element.key] if _is_hole(element) else None

    return visitors.replacement_traverse(statement, {}, filled)


def keys(statement: Any) -> tuple[str, ...]:
    """The values by which a change finds its row: two with the same ones are made one after the other."""
    where = getattr(statement, "whereclause", None)
    return () if where is None else tuple(dict.fromkeys(hole.key for hole in _holes(where)))


def row(values: Mapping[str, Any], told_by: Sequence[str]) -> Row:
    """Values as they are said, now: they may change later."""
    return tuple(values[name] for name in told_by), orjson.dumps(values)


def heaps(rows: Sequence[Row]) -> Iterator[str]:
    """The rows as texts for `rows`, in order: as many together as none of which changes what another does."""
    heap: list[bytes] = []
    seen: set[tuple[Any, ...]] = set()
    for told, said in rows:
        if told and told in seen:
            yield _text(heap)
            heap, seen = [], set()
        heap.append(said)
        seen.add(told)
    if heap:
        yield _text(heap)


def _text(heap: Sequence[bytes]) -> str:
    return f"[{b','.join(heap).decode()}]"


def _is_hole(element: Any) -> bool:
    return isinstance(element, BindParameter) and element.required


def _holes(part: Any) -> list[BindParameter[Any]]:
    found: Any = [element for element in visitors.iterate(part) if _is_hole(element)]
    return list(found)


def _rows(types: Mapping[str, TypeEngine[Any]]) -> Any:
    given = cast(bindparam("rows", type_=String), JSONB)
    columns = [column(name, type_) for name, type_ in types.items()]
    return func.jsonb_to_recordset(given).table_valued(*columns, name="row").render_derived(with_types=True)
