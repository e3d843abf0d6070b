"""Bringing a database up to date: one chain of revisions serves both databases."""

from __future__ import annotations

import shutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database

FOLDER = Path(__file__).parent / "migrations"
LOCK = 7291843


class OldDatabaseError(Exception):
    """A PostgreSQL database that must be migrated by its operator first."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file of their own."""
    found = Config()
    found.set_main_option("script_location", str(FOLDER))
    found.attributes["connection"] = connection
    return found


def pending(database: Database) -> bool:
    """Whether the database is not at the newest revision."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    with database.writer.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() != head


def fits(database: Database) -> bool:
    """Whether the database answers and has this program's tables; asked on a connection that holds up no writer."""
    try:
        head = ScriptDirectory.from_config(config()).get_current_head()
        with database.reading() as tx:
            return MigrationContext.configure(tx).get_current_revision() == head
    except (SQLAlchemyError, OSError):
        return False


def upgrade(database: Database, *, explicit: bool = False) -> bool:
    """Bring the database to the newest revision; True where there was something to do.

    SQLite is upgraded at once, after a copy of the file. PostgreSQL is upgraded only when asked to (`explicit`),
    under an advisory lock; else OldDatabaseError is raised.
    """
    head = ScriptDirectory.from_config(config()).get_current_head()
    with database.writer.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return False
    if not database.sqlite and not explicit:
        raise OldDatabaseError("The database is not up to date. Run: samskab migrate")
    if database.sqlite and current is not None and database.url.database:
        shutil.copy2(database.url.database, f"{database.url.database}.before-{head}")
    with database.writer.begin() as connection:
        if database.sqlite:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        command.upgrade(config(connection), "head")
    return True
