"""samskab simulate: a committee's planned season with synthetic members, before a real one begins."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.console import fail, say, settings, unopened

if TYPE_CHECKING:
    from bot.commands.rehearsal import Result
    from storage.rehearsing import Plan


def simulate(
    committee: Annotated[str, typer.Option(help="the key of its mandate")],
    members: Annotated[int, typer.Option(min=1, max=500, help="how many synthetic members")] = 15,
    seed: Annotated[int, typer.Option(help="the same seed plays the same season")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="one object of JSON and nothing else")] = False,
) -> None:
    """Play the planned season; ends with 1 where somebody would hear more than the budget allows."""
    with logging_aside():
        found = played(planned(committee, datetime.now(UTC)), members, seed)
    if as_json:
        sys.stdout.write(json.dumps(as_object(found), ensure_ascii=False) + "\n")
    else:
        tell(found)
    if found.above():
        raise typer.Exit(1)


@contextmanager
def logging_aside() -> Iterator[None]:
    """What the engine logs goes to the errors' stream, so that the result stands alone."""
    import structlog

    before = structlog.get_config()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        yield
    finally:
        structlog.configure(**before)


def planned(key: str, now: datetime) -> Plan:
    """What is planned in a committee; the database is read and never written."""
    from sqlalchemy.exc import SQLAlchemyError

    from storage import committees, rehearsing
    from storage.database import Database

    opened = Database(settings().database_url)
    try:
        with opened.reading() as tx:
            found = committees.by_key(tx, key)
            if found is None:
                fail(f"{key}: no committee has this key. `samskab mandate load FILE` loads one.")
            return rehearsing.read(tx, found.id, now)
    except SQLAlchemyError as error:
        fail(unopened(error))
    finally:
        opened.close()


def played(plan: Plan, members: int, seed: int) -> Result:
    """The season in a database that is thrown away."""
    from bot.commands.rehearsal import Rehearsal
    from storage.database import Database
    from storage.migrate import upgrade

    with TemporaryDirectory(prefix="samskab-") as name:
        database = Database(f"sqlite:///{name}/season.db")
        try:
            upgrade(database)
            return Rehearsal(database, Path(name), plan, members, seed).play()
        finally:
            database.close()


def as_object(found: Result) -> dict[str, object]:
    """Everything as plain data."""
    return {
        "messages": {name: dict(sorted(found.weeks(name).items())) for name in found.heard},
        "above": found.above(),
        "response": [{"about": about, "answered": many, "asked": of} for about, many, of in found.response],
        "gaps": found.gaps,
    }


def tell(found: Result) -> None:
    """The same to read: a line for each person, a column for each week."""
    weeks = sorted({week for name in found.heard for week in found.weeks(name)})
    say("messages a week".ljust(18) + "".join(week.rjust(10) for week in weeks))
    for name in found.heard:
        by_week = found.weeks(name)
        say(name.ljust(18) + "".join(str(by_week[week] or "").rjust(10) for week in weeks))
    for about, answered, asked in found.response:
        say(f"response: {answered} of {asked} ({about})")
    for gap in found.gaps:
        say(f"missing: {gap}")
    for one in found.above():
        say(f"ABOVE THE BUDGET: {one}")
    if not found.above():
        say("Nobody hears more than the budget allows.")
