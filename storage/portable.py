"""The whole database as plain rows that fit either engine: what backups hold, and what moves from one to the other.

The tables are read from the database itself, so that a backup of an older version can be restored by a newer one.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from storage.database import Database, Tx, is_sqlite
from storage.migrate import config

REVISIONS = "alembic_version"
AT_ONCE = 500
Line = str
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


@contextmanager
def snapshot(database: Database) -> Iterator[Tx]:
    """The database as it stands at one moment, however long the reading takes; nobody's writing waits for it."""
    with database.reader.connect() as tx:
        if not database.sqlite:
            tx = tx.execution_options(isolation_level="REPEATABLE READ")
            tx.execute(text("SET LOCAL statement_timeout = 0"))
        revision(tx)  # SQLite takes its snapshot at the first reading
        yield tx


def revision(tx: Tx) -> str | None:
    """The revision of the database; None where it has no tables."""
    return MigrationContext.configure(tx).get_current_revision()


def known(number: str) -> bool:
    """Whether this program knows a revision, so that it can go on from there."""
    try:
        return ScriptDirectory.from_config(config()).get_revision(number) is not None
    except CommandError:
        return False


def build(tx: Tx, number: str) -> None:
    """Make the tables as they were at a revision, or bring them there."""
    if is_sqlite(tx):
        tx.execute(text("PRAGMA defer_foreign_keys=ON"))
    command.upgrade(config(tx), number)


def empty(tx: Tx) -> bool:
    """Whether the database has no table at all."""
    return not inspect(tx).get_table_names()


def tables(tx: Tx) -> Sequence[Table]:
    """Every table but the one of revisions; what others refer to comes first."""
    found = MetaData()
    found.reflect(tx)
    for table in found.tables.values():
        for column in table.c:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    return [table for table in found.sorted_tables if table.name != REVISIONS]


def columns(table: Table) -> list[str]:
    """The columns in the order in which a row's values stand."""
    return sorted(table.c.keys())


def rows(tx: Tx, table: Table) -> Generator[Line, None, None]:
    """Every row as one line, the same on both engines, in the order of the key: no trace of when it was written."""
    chosen = [table.c[name] for name in columns(table)]
    key = [_bytewise(tx, column) for column in table.primary_key.columns]
    giving = [_giving(column.type) for column in chosen]
    with tx.execute(select(*chosen).order_by(*key).execution_options(yield_per=AT_ONCE)) as found:
        for row in found:
            pairs = zip(giving, row, strict=True)
            yield _write([value if give is None or value is None else give(value) for give, value in pairs])


def load(tx: Tx, table: Table, names: Sequence[str], lines: Iterable[Line]) -> None:
    """Put rows in; `names` are their columns. Raises ValueError for a row that does not fit."""
    if set(names) != set(table.c.keys()):
        raise ValueError(f"the columns of {table.name} are not those of its revision")
    taking = [_taking(table.c[name].type) for name in names]
    remaining = iter(lines)
    while batch := list(islice(remaining, AT_ONCE)):
        tx.execute(table.insert(), [_values(names, taking, json.loads(line)) for line in batch])


def _values(names: Sequence[str], taking: Sequence[Callable[[Any], Any] | None], row: list[Any]) -> dict[str, Any]:
    return {
        name: value if take is None or value is None else take(value)
        for name, take, value in zip(names, taking, row, strict=True)
    }


def _bytewise(tx: Tx, column: Any) -> Any:
    """A text in the order of its bytes, whatever language the server sorts by."""
    return column.collate("C") if isinstance(column.type, String) and not is_sqlite(tx) else column


def _giving(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    if isinstance(kind, DateTime):
        return _moment
    if isinstance(kind, Date):
        return date.isoformat
    return (lambda value: base64.b64encode(value).decode()) if isinstance(kind, LargeBinary) else None


def _moment(value: datetime) -> str:
    return (value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value).isoformat()


def _taking(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    if isinstance(kind, DateTime):
        zone = UTC if kind.timezone else None
        return lambda value: datetime.fromisoformat(value).replace(tzinfo=zone)
    if isinstance(kind, Date):
        return date.fromisoformat
    return base64.b64decode if isinstance(kind, LargeBinary) else None


def last_numbers(tx: Tx, known_tables: Iterable[Table]) -> Mapping[str, int]:
    """The highest number each table has ever given, also where that row is gone: an old button must hit nothing new."""
    if is_sqlite(tx):
        return {row.name: row.seq for row in tx.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    found = {}
    for table in known_tables:
        if sequence := _sequence(tx, table):
            last, called = tx.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608
            if called:
                found[table.name] = last
    return found


def set_numbers(tx: Tx, known_tables: Iterable[Table], numbers: Mapping[str, int], gap: int = 0) -> None:
    """Go on numbering after these, or after a gap."""
    for table in known_tables:
        last = numbers.get(table.name, 0) + gap
        if not last or not _numbered(table):
            continue
        if is_sqlite(tx):
            tx.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
            tx.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), {"name": table.name, "last": last})
        elif sequence := _sequence(tx, table):
            tx.execute(select(func.setval(sequence, last)))


def _numbered(table: Table) -> bool:
    key = list(table.primary_key.columns)
    return len(key) == 1 and key[0].name == "id" and isinstance(key[0].type, Integer)


def _sequence(tx: Tx, table: Table) -> str | None:
    if not _numbered(table):
        return None
    found: str | None = tx.execute(select(func.pg_get_serial_sequence(f'"{table.name}"', "id"))).scalar()
    return found


def faults(tx: Tx) -> list[str]:
    """What the database itself finds broken; PostgreSQL looks at every commit and is not asked."""
    if not is_sqlite(tx):
        return []
    said = [row[0] for row in tx.execute(text("PRAGMA integrity_check(3)")) if row[0] != "ok"]
    return said + [f"a row of {row[0]} refers to nothing" for row in tx.execute(text("PRAGMA foreign_key_check"))]
