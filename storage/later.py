"""Writes that wait until anything else is written, or what they change is asked for; then all of a kind go together.

Savepoints wait likewise: one in which nothing else is written is never said. So a group of events, each in a savepoint
of its own, costs the database little more than one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event, text

from storage import memo
from storage.prepared import Made, Prepared

AT_MOST = 256  # writes that wait
NOTE = "samskab_later"  # where they do: on the object that stands for the transaction
_SAY = Prepared(text("SAVEPOINT part"))
_RELEASE = Prepared(text("RELEASE SAVEPOINT part"))
_UNDO = Prepared(text("ROLLBACK TO SAVEPOINT part"))


@dataclass(slots=True)
class Later:
    """What waits in one transaction, how many open savepoints were said, and numbers that were kept for new rows."""

    waiting: list[savepoint | tuple[Prepared, Any]] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)
    rows: dict[Hashable, Prepared] = field(default_factory=dict)
    said: int = 0
    numbers: list[int] = field(default_factory=list)
    failed: BaseException | None = None


@contextmanager
def collected(tx: Connection) -> Iterator[None]:
    """A transaction at whose end all is written, and after which, however it ended, nothing waits."""
    notes = tx.__dict__
    notes[NOTE] = Later()
    try:
        yield
        write_all(tx)
    finally:
        notes.pop(NOTE, None)


def of(tx: Connection) -> Later:
    """What waits in this transaction."""
    found: Later = tx.__dict__[NOTE]
    return found


def put_off(tx: Connection, statement: Prepared, values: Mapping[str, Any], row: Hashable = None) -> None:
    """Have something written before anything else is asked, at the latest at the end of the transaction.

    Kinds are written in no order of their own. So where `row` says what is changed, and it waits to be changed in
    another way, that is written first.
    """
    later = of(tx)
    if row is not None and later.rows.setdefault(row, statement) is not statement:
        write_all(tx)
        later.rows[row] = statement
    table, filled = statement.filled(tx, values)
    later.waiting.append((statement, filled))
    later.tables.add(table)
    if len(later.waiting) > AT_MOST:
        write_all(tx)


def write_all(tx: Connection) -> None:
    """Write what waits. Where that fails the transaction cannot go on: it would lack what somebody believes written."""
    later = tx.__dict__.get(NOTE)
    if later is None or not (later.waiting or later.failed):
        return
    if later.failed:
        raise later.failed
    waiting, later.waiting = later.waiting, []
    later.tables.clear()
    later.rows.clear()
    kinds: dict[Prepared, list[Any]] = {}
    try:
        for step in waiting:
            if isinstance(step, savepoint):
                _write(tx, kinds)
                step.say()
            else:
                kinds.setdefault(step[0], []).append(step[1])
        _write(tx, kinds)
    except BaseException as error:
        later.failed = error
        raise


def _write(tx: Connection, kinds: dict[Prepared, list[Any]]) -> None:
    for statement, filled in kinds.items():
        statement.run_filled(tx, filled)
    kinds.clear()


def watch(engine: Engine) -> None:
    """Write what waits before any other statement but one that only reads of what is not written to."""

    @event.listens_for(engine, "before_cursor_execute")
    def asked(connection: Connection, cursor: Any, sql: str, values: Any, made: Any, many: bool) -> None:
        later = connection.__dict__.get(NOTE)
        if later is None or not (isinstance(made, Made) and made.asks and later.tables.isdisjoint(made.asks)):
            write_all(connection)


class savepoint:  # noqa: N801 (used as a function; a generator would cost as much as a statement)
    """A part of a transaction that an exception undoes alone."""

    __slots__ = ("_later", "_place", "_said", "_tx")

    def __init__(self, tx: Connection) -> None:
        self._tx, self._later, self._said = tx, of(tx), False

    def __enter__(self) -> None:
        self._place = len(self._later.waiting)
        self._later.waiting.append(self)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is not None:
            memo.forget(self._tx)
        if not self._said:
            end = self._place + 1 if kind is None else None
            del self._later.waiting[self._place : end]
        elif kind is None:
            write_all(self._tx)
            _RELEASE.run(self._tx)
            self._later.said -= 1
        else:
            self._later.waiting.clear()
            self._later.said -= 1
            with suppress(Exception):  # a full disk has undone the whole transaction: the first error says so
                _UNDO.run(self._tx)
                _RELEASE.run(self._tx)

    def say(self) -> None:
        """Tell the database that the part begins, because something is asked in it."""
        _SAY.run(self._tx)
        self._said = True
        self._later.said += 1
