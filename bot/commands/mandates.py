"""samskab mandate: check a mandate, load it, and change an effect of its legal form."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.console import committee_of, database, fail, person_of, say, settings

if TYPE_CHECKING:
    from bot.domain.mandate import Mandate

group = typer.Typer(no_args_is_help=True, help="Load and check mandates.")


def _parsed(file: Path) -> tuple[str, Mandate]:
    from bot.domain.mandate import MandateError, parse

    try:
        source = file.read_text(encoding="utf-8")
    except OSError as error:
        fail(f"{file}: cannot be read ({error.strerror}).")
    except UnicodeDecodeError:
        fail(f"{file}: is not text in UTF-8. Save it as UTF-8 and try again.")
    try:
        return source, parse(source, datetime.now(UTC).date())
    except MandateError as error:
        fail(
            *(
                f"{file}{f':{fault.line}' if fault.line else ''}: {fault.where}: {fault.sentence}"
                for fault in error.errors
            )
        )


@group.command("check")
def check_mandate(file: Path) -> None:
    """Read a mandate and say what is wrong with it; nothing is stored."""
    _source, value = _parsed(file)
    say(f"{file}: {value.key}, version {value.version}: no faults.")


@group.command("load")
def load_mandate(file: Path) -> None:
    """Store a mandate, or a new version of one."""
    from storage import audit, committees

    source, value = _parsed(file)
    now = datetime.now(UTC)
    with database(settings()).transaction() as tx:
        try:
            committee, new = committees.load_mandate(tx, value, source, now.date(), now)
        except ValueError as error:
            fail(f"{file}: {error}.")
        if new:
            audit.log(tx, now, None, committee.id, "mandate loaded", f"mandate:{value.version}")
    say(f"{value.key}, version {value.version}: " + ("stored." if new else "nothing new."))
    if missing := value.missing_information():
        say("The call cannot open before these are filled in: " + ", ".join(missing))


@group.command("rule")
def change_rule(
    committee: str,
    rule: str,
    value: Annotated[str, typer.Argument(help="yes or no")],
    by: Annotated[str, typer.Option(help="the owner who decides it, by number or exact name")],
    reason: Annotated[str, typer.Option(help="why; it stands in the record")],
) -> None:
    """Change one effect of a committee's legal form, with a reason."""
    from dataclasses import fields

    from bot.domain.mandate import Switches
    from bot.domain.people import Role
    from storage import audit, committees, people

    rules = [one.name for one in fields(Switches)]
    if rule not in rules:
        fail(f"{rule}: no such rule; there are {', '.join(rules)}.")
    if value not in ("yes", "no"):
        fail(f"{value}: must be yes or no.")
    if not reason.strip():
        fail("--reason: must say why.")
    found, now = settings(), datetime.now(UTC)
    with database(found).transaction() as tx:
        home, person = committee_of(tx, committee), person_of(tx, by)
        if Role.OWNER not in people.roles(tx, person.id).get(None, ()):
            fail(f"--by {by}: is not an owner. `samskab member add NAME --role owner` makes one.")
        committees.change_rule(tx, home.id, rule, value == "yes", reason, person.id, now)
        audit.log(tx, now, person.id, home.id, "rule changed", f"{rule}: {value}", reason)
    say(f"{committee}: {rule} is now {value}.")
