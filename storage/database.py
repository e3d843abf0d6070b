"""Engines, transactions and the pragmas that make SQLite durable and quiet about what was erased."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Engine, Executable, bindparam, create_engine, event, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import SQLModel

from storage import later, memo, news
from storage.prepared import NOTHING, Prepared
from storage.trouble import Overrun

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
STOP_AFTER = 2.0  # seconds that one handler may work, and on PostgreSQL any statement or wait for a lock of its group
WAITING = 5  # times as long it may take in all: on a machine that is short of time, waiting for it is no fault
STEPS = 1000  # of SQLite's machine, between two looks at the clock
UNTIL = "until"  # in a connection's notes: the moments after which what runs there is stopped

# Connections that one process holds at most: its readers, and its writer beside a command that stands alone.
READERS, WRITERS = 8, 4
PATIENCE = 5.0  # seconds: how long a reader waits for a connection


# JSON as stored: short, and readable in its own letters.
def dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


class Database:
    """One writing engine and one reading engine on the same database.

    On PostgreSQL events have a writing engine of their own, whose server stops what takes too long: background work,
    migrations and commands may take their time.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.origin = secrets.token_hex(4)
        self.heard: Callable[[Collection[str]], None] = lambda places: None
        if self.sqlite and self.url.database and not self.url.database.startswith("file:"):
            path = Path(self.url.database)
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, mode=0o700)
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self.writer = self._engine(readonly=False)
        self.reader = self._engine(readonly=True)
        self.limited = self.writer if self.sqlite else self._engine(readonly=False, stop_after=STOP_AFTER)

    def plain_url(self, options: Mapping[str, str]) -> str:
        """The address, with `options`, as PostgreSQL's own library wants it."""
        plain = self.url.set(drivername="postgresql").update_query_dict(options)
        return plain.render_as_string(hide_password=False)

    def _engine(self, *, readonly: bool, stop_after: float | None = None) -> Engine:
        pool: dict[str, Any] = {
            "pool_size": READERS if readonly else WRITERS,
            "max_overflow": 0,
            "pool_timeout": PATIENCE,
        }
        if not self.sqlite:
            lock = int((stop_after or 5) * 1000)
            options = f"-c lock_timeout={lock} -c idle_in_transaction_session_timeout=60000"
            if stop_after:
                options += f" -c statement_timeout={lock}"
            if readonly:
                options += " -c default_transaction_read_only=on"
            engine = create_engine(
                self.url,
                hide_parameters=True,
                json_serializer=dumps,
                json_deserializer=orjson.loads,
                pool_pre_ping=True,
                connect_args={"options": options, "connect_timeout": 5},
                **pool,
            )
            _watch(engine)
            return engine
        engine = create_engine(
            self.url,
            hide_parameters=True,
            json_serializer=dumps,
            json_deserializer=orjson.loads,
            connect_args={"check_same_thread": False},
            **pool,
        )
        _watch(engine)

        @event.listens_for(engine, "connect")
        def pragmas(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
            connection.isolation_level = None  # we say BEGIN ourselves
            cursor = connection.cursor()
            for pragma in PRAGMAS:
                cursor.execute(f"PRAGMA {pragma}")
            if readonly:
                cursor.execute("PRAGMA query_only=ON")
            cursor.close()
            notes = entry.info
            connection.set_progress_handler(lambda: _over(notes), STEPS)

        begun = Prepared(text("BEGIN" if readonly else "BEGIN IMMEDIATE"))

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            # A deferred transaction that turns writer late loses updates; ours says at once what it is.
            begun.run(connection)

        return engine

    @contextmanager
    def transaction(self, *, limited: bool = False) -> Iterator[Tx]:
        """One writing transaction: committed at the end, undone by an exception; a `limited` one is for events.

        Where it has left something new, `heard` is told once it is committed, and so are the other processes.
        """
        with (self.limited if limited else self.writer).begin() as tx:
            memo.forget(tx)
            news.forget(tx)
            with later.collected(tx):
                yield tx
            news.tell(tx, self.origin)
            places = news.left(tx)
        if places:
            self.heard(places)

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """A connection that cannot write."""
        with self.reader.connect() as tx:
            tx.begin()
            memo.forget(tx)
            yield tx

    def close(self) -> None:
        """Give back all connections."""
        for engine in (self.reader, self.limited, self.writer):
            engine.dispose()


def _watch(engine: Engine) -> None:
    memo.watch(engine)
    _stop_between_statements(engine)
    later.watch(engine)


def _stop_between_statements(engine: Engine) -> None:
    """End a handler whose time is over at its next statement; within a statement the database itself looks."""

    @event.listens_for(engine, "before_cursor_execute")
    def look(connection: Connection, *rest: Any) -> None:
        if _over(connection.info):
            raise Overrun


def _over(notes: Mapping[Any, Any]) -> bool:
    """Whether the time of what runs on this connection is over; the cheap clock is asked first."""
    until = notes.get(UNTIL)
    if until is None or (now := time.monotonic()) <= until[0]:
        return False
    return bool(time.thread_time() > until[1] or now > until[2])


class stopping_after:  # noqa: N801 (used as a function; a generator would cost as much as a statement)
    """Stop what runs here after so much work. Raises Overrun, or a database error that `trouble.stopped` knows."""

    __slots__ = ("_notes", "_seconds")

    def __init__(self, tx: Tx, seconds: float) -> None:
        self._notes, self._seconds = tx.info, seconds

    def __enter__(self) -> None:
        now, seconds = time.monotonic(), self._seconds
        self._notes[UNTIL] = (now + seconds, time.thread_time() + seconds, now + WAITING * seconds)

    def __exit__(self, *error: object) -> None:
        self._notes.pop(UNTIL, None)


def unlimited(tx: Tx) -> None:
    """Let the rest of a transaction take its time."""
    if not is_sqlite(tx):
        tx.exec_driver_sql(
            "SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '5000', true)"
        )


def alive(tx: Tx) -> bool:
    """Whether the transaction goes on after an error: SQLite undoes all of it when a change is interrupted."""
    if not is_sqlite(tx):
        return True
    return bool(getattr(tx.connection.dbapi_connection, "in_transaction", False))


def is_sqlite(tx: Tx) -> bool:
    """Whether the transaction runs on SQLite."""
    return tx.dialect.name == "sqlite"


def insert(tx: Tx, table: Any) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT on either database."""
    return insert_on(tx.dialect.name, table)


def insert_on(dialect: str, table: Any) -> sqlite.Insert | postgresql.Insert:
    """The same for a statement that is prepared once for each kind of database."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


class Value:
    """A row as it was read: its columns are plain attributes. Nothing of it is shown, since it may be personal."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    __hash__ = None  # type: ignore[assignment]


@cache
def _values(model: type[SQLModel]) -> type[Value]:
    return type(model.__name__, (Value,), {"__doc__": model.__doc__})


def value_of(model: type[Model], names: Sequence[str], values: Sequence[Any]) -> Model:
    """A row's columns as a value that belongs to no session and has the model's attributes, not its machinery.

    The database has checked them already; a model's own constructor would cost more than the query, and reading an
    attribute of a mapped class several times as much as of another.
    """
    value: Any = object.__new__(_values(model))
    value.__dict__.update(zip(names, values, strict=True))
    return value  # type: ignore[no-any-return]


def first(
    tx: Tx, model: type[Model], statement: Executable | Prepared, values: Mapping[str, Any] = NOTHING
) -> Model | None:
    """The first row of a statement over `model`'s columns as a value; `values` fill a prepared statement's holes."""
    row = statement.first(tx, values) if isinstance(statement, Prepared) else tx.execute(statement).first()
    return None if row is None else value_of(model, row._fields, row)


def every(
    tx: Tx, model: type[Model], statement: Executable | Prepared, values: Mapping[str, Any] = NOTHING
) -> Sequence[Model]:
    """All rows of a statement over `model`'s columns as values."""
    rows = statement.all(tx, values) if isinstance(statement, Prepared) else tx.execute(statement).all()
    return [value_of(model, row._fields, row) for row in rows]


def find(tx: Tx, model: type[Model], number: int) -> Model | None:
    """The row with this number as a value; not to be changed, because it may be handed out again."""
    table, by_number, _several = _by_number(model)
    return memo.once(tx, table, number, lambda: first(tx, model, by_number, {"number": number}))


def find_several(tx: Tx, model: type[Model], numbers: Collection[int]) -> None:
    """Read several rows at once, so that `find` has them."""
    table, _one, several = _by_number(model)
    for row in every(tx, model, several, {"numbers": sorted(numbers)}):
        memo.remember(tx, table, row.id, row)


@cache
def _by_number(model: type[SQLModel]) -> tuple[str, Prepared, Prepared]:
    """A table's name, its row with a certain number, and its rows with several."""
    table = model.__table__
    several = table.c.id.in_(bindparam("numbers", expanding=True))
    return (
        table.name,
        Prepared(select(table).where(table.c.id == bindparam("number"))),
        Prepared(select(table).where(several)),
    )
