"""What every command needs: to say something, to fail with advice, the settings, the database."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from bot.config import Settings
    from storage.database import Database


def say(line: str) -> None:
    """Print a line for whoever operates the service."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()  # whoever reads a pipe waits for the line


def fail(*lines: str) -> NoReturn:
    """Print what is wrong and what to do, and end with 1."""
    sys.stderr.write("\n".join(lines) + "\n")
    raise typer.Exit(1)


def settings(**given: Any) -> Settings:
    """The settings, or their faults."""
    from bot.config import SettingsError, read

    try:
        return read(**given)
    except SettingsError as error:
        fail(str(error))


def unopened(error: Exception) -> str:
    """What to say of a database that does not answer."""
    return (
        f"SAMSKAB_DATABASE_URL: the database cannot be opened ({type(error).__name__}). "
        "Is it running, and is the address right?"
    )


def database(found: Settings) -> Database:
    """The database, brought up to date where that is safe."""
    from sqlalchemy.exc import ArgumentError, OperationalError

    from storage.database import Database
    from storage.migrate import OldDatabaseError, upgrade

    try:
        opened = Database(found.database_url)
        upgrade(opened)
    except OldDatabaseError as error:
        fail(str(error))
    except (ArgumentError, OperationalError, OSError) as error:
        fail(unopened(error))
    return opened
