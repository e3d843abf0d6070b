"""What every command needs: to say something, to fail with advice, the settings, the database."""

from __future__ import annotations

import sys
from inspect import getdoc
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.domain.people import Person
    from storage.committees import Committee
    from storage.database import Database, Tx


def whole_sentences(group: typer.Typer) -> None:
    """Have help show each command's sentence as it is; it would be cut off at the end of its line."""
    for command in group.registered_commands:
        command.short_help = getdoc(command.callback)


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
    from storage.migrate import NewDatabaseError, OldDatabaseError, upgrade

    try:
        opened = Database(found.database_url)
        upgrade(opened)
    except (OldDatabaseError, NewDatabaseError) as error:
        fail(str(error))
    except (ArgumentError, OperationalError, OSError) as error:
        fail(unopened(error))
    return opened


def committee_of(tx: Tx, key: str) -> Committee:
    """The committee with this key, or which there are."""
    from storage import committees

    found = committees.by_key(tx, key)
    if found is None:
        known = ", ".join(one.key for one in committees.all_of(tx)) or "none yet; load a mandate first"
        fail(f"{key}: no such committee; there are {known}.")
    return found


def person_of(tx: Tx, person: str) -> Person:
    """The person with this number or exact name."""
    from storage import people

    try:
        known = people.get(tx, int(person)) if person.isdigit() else people.named(tx, person)
    except LookupError:
        known = None
    if known is None:
        fail(f"{person}: no such person, or several of that name. Give the number that `samskab member add` printed.")
    return known
