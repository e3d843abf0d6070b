"""samskab parked: the events that could not be handled, seen and handled again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.console import database, fail, say, settings

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.replay import Replay
    from storage.database import Database

group = typer.Typer(no_args_is_help=True, help="Events that could not be handled: see them, handle them again.")


@group.command("list")
def list_parked() -> None:
    """Each with its number, when it failed, the kind of event and of error; never what it said."""
    from storage import parked

    with database(settings()).reading() as tx:
        rows = parked.listed(tx)
    for row in rows:
        say(f"{row.id}  {row.at:%Y-%m-%d %H:%M}  {row.account}  {row.route}  {row.error}")
    say(f"{len(rows)} parked." if rows else "Nothing is parked.")


@group.command("replay")
def replay(
    number: Annotated[int | None, typer.Argument(help="the number that `samskab parked list` shows")] = None,
    every: Annotated[bool, typer.Option("--all", help="all of them, the oldest first")] = False,
) -> None:
    """Handle a parked event now, as if it had just come; what fails again stays parked."""
    from storage import parked

    if (number is None) != every:
        fail("Give one number, or --all. `samskab parked list` shows the numbers.")
    found = settings()
    opened = database(found)
    with opened.reading() as tx:
        numbers = [row.id for row in parked.listed(tx)] if number is None else [number]
    replaying = _replaying(found, opened)
    faults = [one for one in numbers if not _replayed(replaying, one)]
    if faults:
        raise typer.Exit(1)


def _replaying(found: Settings, opened: Database) -> Replay:
    from bot.operate.house import house_of
    from bot.replay import Replay

    if len(found.secret("secret_key")) < 32:
        fail("SAMSKAB_SECRET_KEY: at least 32 characters are needed; samskab doctor --new-key prints one.")
    with opened.reading() as tx:
        return Replay(opened, house_of(found, tx))


def _replayed(replaying: Replay, number: int) -> bool:
    fault = replaying.do(number, datetime.now(UTC))
    say(f"{number}: handled." if fault is None else f"{number}: {fault}")
    return fault is None


@group.command("drop")
def drop(number: int) -> None:
    """Give up a parked event; it cannot be had back."""
    from storage import audit, parked

    with database(settings()).transaction() as tx:
        if parked.take(tx, number) is None:
            fail(f"{number}: nothing is parked under this number. `samskab parked list` shows the numbers.")
        audit.log(tx, datetime.now(UTC), None, None, "parked event dropped", f"parked:{number}")
    say(f"{number}: dropped.")
