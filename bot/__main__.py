"""The command line: run, demo, migrate, mandate, member, parked, panel, simulate, login, doctor, and what operates."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import console, mandates, members, operate, panel, parked, simulate
from bot.commands.console import database, fail, say, settings, unopened

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain lines: what draws boxes takes as long as everything else a command needs
    help="Samskab: a participation bot for task committees.",
)
app.add_typer(mandates.group, name="mandate")
app.add_typer(members.group, name="member")
app.add_typer(parked.group, name="parked")
app.add_typer(panel.group, name="panel")
operate.add(app)
app.command("simulate")(simulate.simulate)
app.command("login")(members.login)


def serving(start: Callable[[], None]) -> None:
    """Do what was asked, such as serving until told to stop, or say what stands in the way."""
    from sqlalchemy.exc import ArgumentError, OperationalError

    from bot.config import SettingsError
    from storage.migrate import NewDatabaseError, OldDatabaseError

    try:
        start()
    except (SettingsError, OldDatabaseError, NewDatabaseError) as error:
        fail(str(error))
    except (ArgumentError, OperationalError, OSError) as error:
        fail(unopened(error))


@app.command()
def run(
    only: Annotated[
        str, typer.Option(help="on PostgreSQL, one part: web (answers) or work (sends, does what is due)")
    ] = "",
) -> None:
    """Run the service with your settings."""
    from bot.process import serve

    found = settings()
    serving(lambda: serve(found, only=only))


@app.command()
def demo() -> None:
    """Run two committees with fictitious members on this machine, from an own database under var/."""
    from bot.process import demonstrate

    key = _demo_key()
    found = settings(
        database_url=os.environ.get("SAMSKAB_DATABASE_URL") or "sqlite:///var/demo.db",
        key_dir=Path("var/demo-keys"),
        forgotten_list=Path("var/demo-forgotten.txt"),
        secret_key=key,
    )
    serving(lambda: demonstrate(found, say))


def _demo_key() -> str:
    """The demo's own secret, made at its first start."""
    file = Path("var/demo.key")
    file.parent.mkdir(mode=0o700, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(36))
    return file.read_text()


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    from storage.database import Database
    from storage.migrate import upgrade

    found = settings()

    def bring_up() -> None:
        done = upgrade(Database(found.database_url), explicit=True)
        say("The database is up to date." if done else "Nothing to do: the database was up to date.")

    serving(bring_up)


@app.command()
def doctor(
    new_key: Annotated[bool, typer.Option("--new-key", help="print a new secret key and nothing else")] = False,
    this_key_folder: Annotated[
        bool, typer.Option("--this-key-folder", help="from now on SAMSKAB_KEY_DIR is the key folder; the other is lost")
    ] = False,
) -> None:
    """Look whether everything is in order, and say what to do where it is not."""
    if new_key:
        say(secrets.token_urlsafe(36))
        return
    from bot.doctor import examine

    found = settings()
    if this_key_folder:
        from bot.start import take_folder

        take_folder(database(found), found.key_dir)
        say(f"{found.key_dir} is the key folder from now on. Start every process anew.")
    faults = 0
    for name, fault in examine(found):
        say(f"{'ok   ' if fault is None else 'FAULT'} {name}" + (f": {fault}" if fault else ""))
        faults += fault is not None
    if faults:
        raise typer.Exit(1)


for group in (app, mandates.group, members.group, parked.group, panel.group):
    console.whole_sentences(group)


def main() -> None:
    """Entry point."""
    app()


if __name__ == "__main__":
    main()
