"""Engines, transactions and the pragmas that make SQLite durable and quiet about what was erased."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Executable, Row, create_engine, event, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import SQLModel

Tx = Connection
Model = TypeVar("Model", bound=SQLModel)

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "busy_timeout=5000",
    "cache_size=-8192",
)


def dumps(value: object) -> str:
    """JSON as stored: short, and readable in its own letters."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Database:
    """One writing engine and one reading engine on the same database."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite and self.url.database and not self.url.database.startswith("file:"):
            path = Path(self.url.database)
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, mode=0o700)
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self.writer = self._engine(readonly=False)
        self.reader = self._engine(readonly=True)

    def _engine(self, *, readonly: bool) -> Engine:
        if not self.sqlite:
            options = "-c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"
            if readonly:
                options += " -c default_transaction_read_only=on"
            return create_engine(
                self.url,
                hide_parameters=True,
                json_serializer=dumps,
                pool_pre_ping=True,
                pool_size=4,
                connect_args={"options": options, "connect_timeout": 5},
            )
        engine = create_engine(
            self.url, hide_parameters=True, json_serializer=dumps, connect_args={"check_same_thread": False}
        )

        @event.listens_for(engine, "connect")
        def pragmas(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
            connection.isolation_level = None  # we say BEGIN ourselves
            cursor = connection.cursor()
            for pragma in PRAGMAS:
                cursor.execute(f"PRAGMA {pragma}")
            if readonly:
                cursor.execute("PRAGMA query_only=ON")
            cursor.close()

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            # A deferred transaction that turns writer late loses updates; ours says at once what it is.
            connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

        return engine

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """One writing transaction: committed at the end, undone by an exception."""
        with self.writer.begin() as tx:
            yield tx

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """A connection that cannot write."""
        with self.reader.connect() as tx:
            yield tx

    def close(self) -> None:
        """Give back all connections."""
        self.reader.dispose()
        self.writer.dispose()


def is_sqlite(tx: Tx) -> bool:
    """Whether the transaction runs on SQLite."""
    return tx.dialect.name == "sqlite"


def insert(tx: Tx, table: Any) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT on either database."""
    return sqlite.insert(table) if is_sqlite(tx) else postgresql.insert(table)


def load(model: type[Model], row: Row[Any] | None) -> Model | None:
    """A row of `model`'s own columns as a value that belongs to no session."""
    return None if row is None else model(**row._mapping)


def first(tx: Tx, model: type[Model], statement: Executable) -> Model | None:
    """The first row of a statement over `model`'s columns as a value."""
    return load(model, tx.execute(statement).first())


def every(tx: Tx, model: type[Model], statement: Executable) -> Sequence[Model]:
    """All rows of a statement over `model`'s columns as values."""
    return [model(**row._mapping) for row in tx.execute(statement)]


def find(tx: Tx, model: type[Model], number: int) -> Model | None:
    """The row with this number as a value."""
    return first(tx, model, select(model).where(model.id == number))
