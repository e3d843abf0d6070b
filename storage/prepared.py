"""Statements that run for every event: made into SQL once, then handed to the driver with nothing in between.

What SQLAlchemy does anew for each execution costs several times what the database needs for a small statement. So it
gives us the SQL and the conversion of values, and we call the driver. Everything else runs through SQLAlchemy itself,
and whoever listens to its `before_cursor_execute` hears these statements, too.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Table
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import visitors

from storage import at_once, memo

Convert = Callable[[Any], Any]
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Made:
    """A statement as one kind of database reads it."""

    sql: str
    order: Sequence[str]
    fixed: Mapping[str, Any]  # the values that are always there
    given: Sequence[tuple[int, Convert]]  # by their places, those of the others that are converted
    by_place: bool
    lists: Mapping[str, Sequence[str]]
    row: Callable[[Iterable[Any]], Any] | None
    read: Sequence[tuple[int, Convert]]
    forgets: str | None
    asks: frozenset[str] | None  # the tables it only reads; None where it writes, or where that is not known
    writes: str

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Values as the driver takes them."""
        if self.lists:
            values = dict(values)
            for name, spread in self.lists.items():
                values.update(zip(spread, _padded(values.pop(name), len(spread)), strict=True))
        if self.fixed:
            values = {**values, **self.fixed}
        filled = list(map(values.__getitem__, self.order))
        for place, convert in self.given:
            filled[place] = convert(filled[place])
        return filled if self.by_place else dict(zip(self.order, filled, strict=True))

    def rows(self, cursor: DBAPICursor) -> list[Any]:
        """What came, each row by the names of its columns."""
        assert self.row is not None
        found = cursor.fetchall()
        if not self.read:
            return [self.row(row) for row in found]
        rows = []
        for values in map(list, found):
            for place, convert in self.read:
                values[place] = convert(values[place])
            rows.append(self.row(values))
        return rows


class Prepared:
    """A statement of SQLAlchemy's Core whose holes are `bindparam`s, some of them perhaps `expanding` lists.

    `columns` are those an INSERT is given values for, besides the ones in the statement itself; no default of Python's
    is put in. `told_by` are those of an INSERT by which a row may be there already. Errors are SQLAlchemy's own.
    """

    def __init__(self, statement: Any, columns: Sequence[str] = (), told_by: Sequence[str] = ()) -> None:
        self.statement = statement
        self.columns = list(columns) or None
        self._told_by = tuple(told_by)
        self._at_once: tuple[Prepared, tuple[str, ...]] | None = None
        self._made: dict[tuple[str, tuple[tuple[str, int], ...]], Made] = {}
        self._lists: tuple[str, ...] | None = None

    def all(self, tx: Connection, values: Mapping[str, Any] = NOTHING) -> list[Any]:
        """All rows."""
        made = self._for(tx, values)
        rows: list[Any] = self._run(tx, made, values, made.rows)
        return rows

    def first(self, tx: Connection, values: Mapping[str, Any] = NOTHING) -> Any:
        """The first row; None where there is none."""
        rows = self.all(tx, values)
        return rows[0] if rows else None

    def scalar(self, tx: Connection, values: Mapping[str, Any] = NOTHING) -> Any:
        """The first value of the first row; None where there is none."""
        rows = self.all(tx, values)
        return rows[0][0] if rows else None

    def run(self, tx: Connection, values: Mapping[str, Any] = NOTHING) -> int:
        """Change something; how many rows."""
        many: int = self._run(tx, self._for(tx, values), values, lambda cursor: cursor.rowcount)
        return many

    def filled(self, tx: Connection, values: Mapping[str, Any]) -> tuple[str, Any]:
        """The table it writes to, and the values as `run_filled` takes them; what was read is forgotten now."""
        made = self._for(tx, NOTHING)
        if made.forgets is not None:
            memo.forget_table(tx, made.forgets)
        return made.writes, made.parameters(values) if made.by_place else at_once.row(values, self._spread()[1])

    def run_filled(self, tx: Connection, filled: Sequence[Any]) -> None:
        """Change something for each of what `filled` gave; for statements without lists."""
        made = self._for(tx, NOTHING)
        if made.by_place:
            many = len(filled) > 1
            self._execute(tx, made, filled if many else filled[0], _nothing, many=many)
            return
        for rows in at_once.heaps(filled):
            self._spread()[0].run(tx, {"rows": rows})

    def _spread(self) -> tuple[Prepared, tuple[str, ...]]:
        """The same for many rows in one statement, and the names of the values that tell them apart."""
        if self._at_once is None:
            told_by = self._told_by or at_once.keys(self.statement)
            self._at_once = Prepared(at_once.spread(self.statement, self.columns or ())), told_by
        return self._at_once

    def _for(self, tx: Connection, values: Mapping[str, Any]) -> Made:
        if self._lists is None:
            compiled = self.statement.compile(dialect=tx.dialect)
            self._lists = tuple(name for bind, name in compiled.bind_names.items() if bind.expanding and bind.required)
        sizes = tuple([(name, _size(len(values[name]))) for name in self._lists]) if self._lists else ()
        key = (tx.dialect.name, sizes)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = _make(self.statement, self.columns, tx.dialect, dict(sizes))
        return made

    def _run(self, tx: Connection, made: Made, values: Mapping[str, Any], answer: Callable[[DBAPICursor], Any]) -> Any:
        return self._execute(tx, made, made.parameters(values), answer)

    def _execute(
        self, tx: Connection, made: Made, filled: Any, answer: Callable[[DBAPICursor], Any], *, many: bool = False
    ) -> Any:
        if made.forgets is not None:
            memo.forget_table(tx, made.forgets)
        connection = tx.connection.dbapi_connection
        assert connection is not None
        cursor = connection.cursor()
        try:
            for listener in tx.dispatch.before_cursor_execute:
                listener(tx, cursor, made.sql, filled, made, many)
            if many:
                cursor.executemany(made.sql, filled)
            else:
                cursor.execute(made.sql, filled)
            return answer(cursor)
        except tx.dialect.loaded_dbapi.Error as error:
            raise told(tx, made.sql, error, cursor) from error
        finally:
            cursor.close()


def told(tx: Connection, sql: str, error: Exception, cursor: DBAPICursor) -> BaseException:
    """The driver's error as SQLAlchemy tells it, without the values; a broken connection is used no more."""
    dialect = tx.dialect
    broken = dialect.is_disconnect(error, tx.connection.dbapi_connection, cursor)
    said = DBAPIError.instance(
        sql,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=broken,
        dialect=dialect,
    )
    if broken:
        tx.invalidate(error)
    return said


def _make(statement: Any, given_columns: list[str] | None, dialect: Any, sizes: Mapping[str, int]) -> Made:
    compiled = statement.compile(dialect=dialect, column_keys=given_columns)
    assert not getattr(compiled, "insert_prefetch", ()), "a column has a default of Python's"
    given: dict[str, Convert] = {}
    fixed: dict[str, Any] = {}
    wanted: dict[str, Any] = {name: [None] * size for name, size in sizes.items()}
    for bind, name in compiled.bind_names.items():
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.expanding:
            assert convert is None, f"a list of {bind.type} is not converted"
            if name not in sizes:
                fixed |= {f"{name}_{place}": value for place, value in enumerate(bind.effective_value, 1)}
        elif not bind.required:
            fixed[name] = convert(bind.effective_value) if convert else bind.effective_value
        else:
            wanted[name] = None
            if convert is not None:
                given[name] = convert
    spread = compiled.construct_expanded_state(wanted)
    order = list(spread.positiontup if compiled.positional else spread.parameters)
    columns = list(getattr(statement, "exported_columns", ()))
    readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return Made(
        sql=spread.statement,
        order=order,
        fixed=fixed,
        given=[(place, given[name]) for place, name in enumerate(order) if name in given],
        by_place=compiled.positional,
        lists={name: tuple(f"{name}_{place}" for place in range(1, size + 1)) for name, size in sizes.items()},
        row=namedtuple("Row", [column.name for column in columns])._make if columns else None,
        read=[(place, convert) for place, convert in enumerate(readers) if convert is not None],
        forgets=_forgotten(statement),
        asks=_asked(statement),
        writes=str(statement.table.name) if statement.is_dml else "",
    )


def _nothing(cursor: DBAPICursor) -> None:
    return None


def _forgotten(statement: Any) -> str | None:
    """The table of which nothing is remembered after this statement."""
    if not statement.is_dml or statement.get_execution_options().get(memo.KEEPS):
        return None
    return str(statement.table.name)


def _asked(statement: Any) -> frozenset[str] | None:
    """The tables that a statement reads and leaves as they are."""
    if not isinstance(statement, Select) or statement._for_update_arg is not None:
        return None
    parts = list(visitors.iterate(statement))
    tables = {getattr(part, "table", part) for part in parts}
    return frozenset(str(one.name) for one in tables if isinstance(one, Table))


def _size(length: int) -> int:
    """The next power of two: there are few statements of different length, and the last value stands more than once."""
    return 1 << max(0, length - 1).bit_length()


def _padded(values: Sequence[Any], size: int) -> list[Any]:
    return [*values, *[values[-1] if values else None] * (size - len(values))]
