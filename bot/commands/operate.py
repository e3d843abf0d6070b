"""samskab backup, restore and move: what is done with the database as a whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.console import database, fail, say, settings, unopened

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.operate.backup import Made
    from bot.operate.forgotten import Erased
    from bot.operate.restore import Backup, Restored

FILE = typer.Argument(help="the backup")


def backup(
    file: Annotated[Path | None, typer.Argument(help="where to write it")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="write it there, named by its time, and remove those older than 35 days")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="not encrypted: whoever has the file can read it")] = False,
    new_key: Annotated[bool, typer.Option("--new-key", help="print a new pair of keys and nothing else")] = False,
) -> None:
    """Back up the database while it is in use; the folder of ballot keys is never in a backup."""
    if new_key:
        _print_pair()
        return
    if (file is None) == (folder is None):
        fail("Say where to: samskab backup FILE, or samskab backup --folder DIR.")
    found = settings()
    public = None if plain else found.backup_public
    if public is None and not plain:
        fail(
            "SAMSKAB_BACKUP_KEY is not set, so the backup could be read by anybody who finds it. "
            "`samskab backup --new-key` prints a pair; --plain makes a backup that is not encrypted."
        )
    _require_apart(found.key_dir, file, folder)
    made = _made(found, file, folder, public)
    say(
        f"{made.path}: {made.contents.rows} rows in {len(made.contents.parts)} tables, read back and compared, "
        f"{'not encrypted' if plain else 'sealed to SAMSKAB_BACKUP_KEY'}."
    )
    for path in made.removed:
        say(f"{path}: older than 35 days, removed.")


def _print_pair() -> None:
    from bot.operate.envelope import new_pair

    public, private = new_pair()
    say("The public key seals backups. Set it where the service runs:")
    say(f"SAMSKAB_BACKUP_KEY={public}")
    say("")
    say("The private key opens them. Write it down and keep it in a safe, never on this machine:")
    say("without it no backup can be read, and whoever has it can read them all.")
    say(private)


def _require_apart(keys: Path, file: Path | None, folder: Path | None) -> None:
    """Ballot keys and backups must not travel together: who has both can read open votes."""
    where, inside = (folder or (file or Path()).parent).resolve(), keys.resolve()
    if where.is_relative_to(inside):
        fail(f"SAMSKAB_KEY_DIR: a backup may not lie in {keys}. Choose another place.")
    if folder is not None and inside.is_relative_to(where):
        fail(f"SAMSKAB_KEY_DIR: {keys} lies in the folder of the backups and would travel with them. Move one of them.")


def _made(found: Settings, file: Path | None, folder: Path | None, public: bytes | None) -> Made:
    from sqlalchemy.exc import SQLAlchemyError

    from bot.operate.backup import in_folder, make
    from bot.operate.envelope import Broken

    os.umask(0o077)
    opened, now = database(found), datetime.now(UTC)
    try:
        with closing(opened):
            if folder is not None:
                return in_folder(opened, folder, public, now)
            assert file is not None
            return make(opened, file, public, now)
    except (Broken, FileExistsError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{folder or file}: cannot be written ({error.strerror}).")
    except SQLAlchemyError as error:
        fail(unopened(error))


def restore(
    file: Annotated[Path, FILE],
    key_file: Annotated[
        Path | None, typer.Option(help="the file with the private key; else it is asked for, and not shown")
    ] = None,
    forgotten: Annotated[
        Path | None, typer.Option(help="the list of those erased; else SAMSKAB_FORGOTTEN_LIST and what lies beside")
    ] = None,
    nobody_forgotten: Annotated[
        bool, typer.Option("--nobody-forgotten", help="there is no list, and nobody was erased since the backup")
    ] = False,
    complete: Annotated[
        bool,
        typer.Option("--complete", help="the service was stopped before the backup, and has not run since"),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="on SQLite put it in place of the file, which is kept beside")
    ] = False,
) -> None:
    """Make a database of a backup: checked first, nobody erased comes back, nothing is sent twice."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.operate.envelope import Broken
    from bot.operate.forgotten import BrokenList
    from bot.operate.house import house_of
    from bot.operate.restore import Occupied, Wish
    from bot.operate.restore import restore as put_back

    os.umask(0o077)
    found = settings()
    if len(found.secret("secret_key")) < 32:
        fail("SAMSKAB_SECRET_KEY: must be the one of the backup, or nobody's address can be read.")
    with ExitStack() as stack:
        try:
            looked = _looked(stack, file, key_file)
            erased = [] if nobody_forgotten else _erased(found, file, forgotten, replace=replace)
            wish = Wish(erased, datetime.now(UTC), complete, replace)
            _tell(put_back(looked, found.database_url, lambda tx: house_of(found, tx), wish))
        except (Broken, BrokenList, Occupied) as error:
            fail(str(error))
        except OSError as error:
            fail(f"{error.filename or file}: {error.strerror}.")
        except SQLAlchemyError as error:
            fail(unopened(error))


def _looked(stack: ExitStack, file: Path, key_file: Path | None) -> Backup:
    """The backup, checked to its end."""
    from bot.domain.backup_keys import PRIVATE, key_of
    from bot.operate import envelope
    from bot.operate.restore import look

    opened = stack.enter_context(file.open("rb"))
    if not envelope.sealed(opened):
        return look(opened, bytes)
    text = key_file.read_text().strip() if key_file else typer.prompt("The private key", hide_input=True).strip()
    try:
        return look(opened, envelope.opening(key_of(text, PRIVATE)))
    except ValueError as error:
        fail(f"The private key {error}.")


def _erased(found: Settings, file: Path, given: Path | None, *, replace: bool) -> list[Erased]:
    """Everybody erased, from every list there is, and from the database that is to be replaced."""
    from bot.operate.backup import LIST
    from bot.operate.forgotten import read

    if given is not None and not given.exists():
        fail(f"--forgotten {given}: is not there.")
    lists = [path for path in (given, found.forgotten_list, file.with_name(LIST)) if path and path.exists()]
    erased = {one for path in lists for one in read(path)}
    in_database = _in_database(found.database_url) if replace else None
    if in_database is None and not lists:
        fail(
            f"Nobody knows who was erased since this backup: {found.forgotten_list} is not there. "
            "Give the list with --forgotten FILE, or say --nobody-forgotten."
        )
    erased.update(in_database or ())
    say(f"The list of those erased: {', '.join(map(str, lists)) or 'in the old database'}, {len(erased)} in all.")
    return sorted(erased, key=lambda one: one[1])


def _in_database(url: str) -> list[Erased] | None:
    """Whoever was erased in the database that is to be replaced; None where it cannot be read."""
    from sqlalchemy.exc import SQLAlchemyError

    from storage.database import Database
    from storage.restored import forgotten

    opened = Database(url)
    try:
        with opened.reading() as tx:
            return list(forgotten(tx))
    except SQLAlchemyError:
        return None
    finally:
        opened.close()


def _tell(done: Restored) -> None:
    say(f"Restored: {done.contents.rows} rows of {done.contents.made_at:%Y-%m-%d %H:%M} UTC, compared one by one.")
    if done.beside:
        say(f"The old file is now {done.beside}: delete it when all is well.")
    say(f"Erased again: {done.forgotten}. Everybody is signed out.")
    say(f"Messages that may have been sent already, shown as uncertain: {done.uncertain}.")
    if done.overdue:
        say(f"Due since the backup, done at the next start where still of use: {done.overdue}.")
    if done.void:
        say(f"Prioritisations {', '.join(map(str, done.void))} are void, and everybody is told at the next start.")
    say("Now run samskab doctor, then start the service. What was written since the backup is not there: say so.")


def move(to: Annotated[str, typer.Option(help="the address of an empty PostgreSQL database")]) -> None:
    """Move from a SQLite file to PostgreSQL; stop the service first. The file is left as it is."""
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    from bot.operate.move import NotMoved
    from bot.operate.move import move as carry
    from bot.operate.restore import Occupied
    from storage.database import Database

    found = settings()
    if not found.database_url.startswith("sqlite"):
        fail("SAMSKAB_DATABASE_URL: is not a SQLite file. On PostgreSQL use samskab backup and samskab restore.")
    if not to.startswith("postgresql+psycopg://"):
        fail("--to: must begin with postgresql+psycopg://")
    source = database(found)
    try:
        with closing(Database(to)) as target, closing(source):
            rows = carry(source, target, datetime.now(UTC), say)
    except (Occupied, NotMoved) as error:
        fail(str(error))
    except (ArgumentError, SQLAlchemyError, OSError) as error:
        fail(f"Nothing was moved, the target is as it was ({type(error).__name__}). Is --to right, and the disk free?")
    say(f"Moved: {rows} rows, every one compared. {source.url.database} was not changed.")
    say("Now set SAMSKAB_DATABASE_URL to the new address (keep SAMSKAB_KEY_DIR and SAMSKAB_SECRET_KEY as they are),")
    say("run samskab doctor, and start the service. Delete the old file when all is well: it holds people's data.")


def add(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    commands: tuple[Callable[..., None], ...] = (backup, restore, move)
    for command in commands:
        app.command()(command)
