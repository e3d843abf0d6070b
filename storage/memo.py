"""What a transaction has read already: asked for again it comes from memory, until somebody writes to its table."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event

T = TypeVar("T")
# A statement with this option brings what is remembered up to date itself.
KEEPS = "keeps_memo"
# Where it is remembered: on the object that stands for the transaction, and so it is gone with it. An event asks for it
# dozens of times, and SQLAlchemy's own notes of a connection cost several times as much.
NOTE = "samskab_memo"


def once(tx: Connection, table: str, key: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives, read the first time only; `table` is the table whose rows it is made of."""
    remembered: dict[Hashable, T] = _of(tx).setdefault(table, {})
    if key not in remembered:
        remembered[key] = read()
    return remembered[key]


def remember(tx: Connection, table: str, key: Hashable, value: object) -> None:
    """Note what is known without asking for it."""
    _of(tx).setdefault(table, {})[key] = value


def all_of(tx: Connection, table: str) -> Mapping[Hashable, Any]:
    """All that is remembered of a table, by its keys."""
    remembered: Mapping[Hashable, Any] = _of(tx).get(table, {})
    return remembered


def drop(tx: Connection, table: str, key: Hashable) -> None:
    """Forget one thing, which has just been written."""
    _of(tx).get(table, {}).pop(key, None)


def forget(tx: Connection) -> None:
    """Begin without memory: a new transaction, or a part of one that was undone."""
    _of(tx).clear()


def forget_table(tx: Connection, table: str) -> None:
    """Forget what is made of a table, which is being written to."""
    _of(tx).pop(table, None)


def _of(tx: Connection) -> dict[str, dict[Hashable, Any]]:
    notes = tx.__dict__
    found: dict[str, dict[Hashable, Any]] | None = notes.get(NOTE)
    if found is None:
        found = notes[NOTE] = {}
    return found


def watch(engine: Engine) -> None:
    """Forget what was read of a table whenever a statement writes to it."""

    @event.listens_for(engine, "before_execute")
    def written(connection: Connection, statement: Any, many: Any, values: Any, options: Any) -> None:
        if getattr(statement, "is_dml", False) and not options.get(KEEPS):
            forget_table(connection, statement.table.name)
