"""Databases for the tests: migrated once and copied for each test, and reached by engines that know their statements.

An engine compiles each statement the first time. So the tests of a process borrow one `Database` after each other, and
find it empty.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, event
from sqlmodel import SQLModel

from storage.database import Database
from storage.migrate import WORKS_FROM, upgrade
from storage.tables import Mark


@cache
def migrated() -> bytes:
    """A SQLite file with every table and no row."""
    with tempfile.TemporaryDirectory() as folder:
        database = careless(Database(f"sqlite:///{folder}/empty.db"))
        upgrade(database)
        database.close()
        return Path(folder, "empty.db").read_bytes()


def careless(database: Database) -> Database:
    """Leave it to the system when a SQLite file reaches the disk: a test ends before the power does."""

    def relax(connection: Any, entry: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    if database.sqlite:
        event.listen(database.writer, "connect", relax)
        database.writer.dispose()  # what is open already does not know
    return database


def lay(path: Path) -> None:
    """Put a file with every table there, as only its owner may read it."""
    path.touch(0o600)
    path.write_bytes(migrated())


def fresh(folder: Path, name: str = "samskab.db") -> Database:
    """A SQLite database with every table, in a place of its own."""
    lay(folder / name)
    return careless(Database(f"sqlite:///{folder / name}"))


@contextmanager
def borrowed_file(database: Database) -> Iterator[Database]:
    """A SQLite database with every table, for one test at a time."""
    path = Path(database.url.database or "")
    assert not path.exists() or not path.stat().st_size, "another test has it"
    lay(path)
    try:
        yield database
    finally:
        database.heard = nobody
        database.close()
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink()


@contextmanager
def borrowed_place(database: Database) -> Iterator[Database]:
    """A PostgreSQL database with every table, for one test at a time; its tables stay as they are."""
    try:
        yield database
    finally:
        database.heard = nobody
        empty(database)


def empty(database: Database) -> None:
    """Take all rows away, and begin to count anew: to copy a whole database costs PostgreSQL a second."""
    rows = "; ".join(f'DELETE FROM "{name}"' for name in SQLModel.metadata.tables if name != Mark.__tablename__)
    with database.writer.begin() as tx:
        tx.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no table waits for another
        tx.exec_driver_sql(rows)
        tx.execute(delete(Mark).where(Mark.key != WORKS_FROM))
        tx.exec_driver_sql("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence")


@contextmanager
def listening(engine: Engine, name: str, heard: Callable[..., None]) -> Iterator[None]:
    """Listen to an engine that others borrow afterwards."""
    event.listen(engine, name, heard)
    try:
        yield
    finally:
        event.remove(engine, name, heard)


def nobody(places: Collection[str]) -> None:
    """Nobody listens to what is written."""
