"""Bringing a database up to date: one chain of revisions serves both databases, and neighbours work side by side.

A revision says its `phase`. "expand" adds, and programs that do not know it yet go on; "contract" takes away what they
no longer use, and comes when all are new. Without a phase it is for one version of the program alone.

Alembic is imported where there is something to do: most starts find nothing.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from storage import marks
from storage.database import Database

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import Script

FOLDER = Path(__file__).parent / "migrations"
LOCK = 7291843
WORKS_FROM = "schema works from"


class OldDatabaseError(Exception):
    """A PostgreSQL database that must be migrated by its operator first."""


class NewDatabaseError(Exception):
    """A database that has been migrated beyond what this program can work with."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file of their own."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(FOLDER))
    found.attributes["connection"] = connection
    return found


def pending(database: Database) -> bool:
    """Whether there is a revision to bring the database to. Raises NewDatabaseError."""
    with database.writer.connect() as connection:
        return _stands(connection)[0] == "behind"


def fits(database: Database) -> bool:
    """Whether the database answers and this program can work with it; asked on a connection that holds up no writer."""
    try:
        with database.reading() as tx:
            stands, current = _stands(tx)
            return stands != "behind" or _takes_away_only(current)
    except (NewDatabaseError, SQLAlchemyError, OSError):
        return False


def upgrade(database: Database, *, explicit: bool = False) -> bool:
    """Bring the database to the newest revision; True where there was something to do.

    SQLite is upgraded at once, after a copy of the file. PostgreSQL is upgraded only when asked to (`explicit`),
    under an advisory lock; else OldDatabaseError is raised, unless all that is left to do is to take away what this
    program does not use. Raises NewDatabaseError where the database is ahead of this program by more than an
    addition.
    """
    with database.writer.connect() as connection:
        stands, current = _stands(connection)
    if stands != "behind":
        return False
    from alembic import command

    head = _newest()
    if not database.sqlite and not explicit:
        if _takes_away_only(current):
            return False
        raise OldDatabaseError("The database is not up to date. Run: samskab migrate")
    if database.sqlite and current is not None and database.url.database:
        shutil.copy2(database.url.database, f"{database.url.database}.before-{head.revision}")
    with database.writer.begin() as connection:
        if database.sqlite:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        command.upgrade(config(connection), "head")
        # A program cannot know the revisions after its own, so the database itself says who can work with it.
        before = head.down_revision if _phase(head) == "expand" else None
        marks.put(connection, WORKS_FROM, str(before or head.revision))
    return True


def _stands(connection: Connection) -> tuple[str, str | None]:
    """Where a database stands: "even" with this program, "behind" or a step "ahead"; and its revision.

    Raises NewDatabaseError where it is further ahead.
    """
    current = _revision(connection)
    chain = revisions()
    if current == chain[0]:
        return "even", current
    if current is None or current in chain:
        return "behind", current
    if marks.get(connection, WORKS_FROM) in chain:
        return "ahead", current
    raise NewDatabaseError(
        f"The database is at revision {current} and this program knows {chain[0]} as the newest: "
        "start a newer version of the program, or restore the backup made before the upgrade."
    )


def revisions() -> list[str]:
    """The revisions this program knows, the newest first: each file's name begins with its own."""
    return sorted((file.stem.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*.py")), reverse=True)


def _revision(connection: Connection) -> str | None:
    """Where the database says it is; None where it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _newest() -> Script:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(config())
    head = scripts.get_revision(scripts.get_current_head() or "")
    assert head is not None
    return head


def _takes_away_only(current: str | None) -> bool:
    """Whether all that is left to do is to take away what this program does not use."""
    head = _newest()
    return _phase(head) == "contract" and head.down_revision == current


def _phase(script: Script) -> str | None:
    phase: str | None = getattr(script.module, "phase", None)
    return phase
