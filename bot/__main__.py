"""The command line: run, demo, migrate, mandate, member, parked, panel, simulate, login, doctor, and what operates."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import operate, panel, parked, simulate
from bot.commands.console import database, fail, say, settings, unopened

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.domain.people import Person
    from storage.committees import Committee
    from storage.database import Tx

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Samskab: a participation bot for task committees.",
)
mandate = typer.Typer(no_args_is_help=True, help="Load and check mandates.")
member = typer.Typer(no_args_is_help=True, help="Roles, which begin only here.")
app.add_typer(mandate, name="mandate")
app.add_typer(member, name="member")
app.add_typer(parked.group, name="parked")
app.add_typer(panel.group, name="panel")
operate.add(app)
app.command("simulate")(simulate.simulate)


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


def _parsed(file: Path) -> tuple[str, object]:
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


@mandate.command("check")
def check_mandate(file: Path) -> None:
    """Read a mandate and say what is wrong with it; nothing is stored."""
    _source, value = _parsed(file)
    say(f"{file}: {value.key}, version {value.version}: no faults.")  # type: ignore[attr-defined]


@mandate.command("load")
def load_mandate(file: Path) -> None:
    """Store a mandate, or a new version of one."""
    from bot.domain.mandate import Mandate
    from storage import audit, committees

    source, value = _parsed(file)
    assert isinstance(value, Mandate)
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


@mandate.command("rule")
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
        home, person = _committee(tx, committee), _person(tx, by)
        if Role.OWNER not in people.roles(tx, person.id).get(None, ()):
            fail(f"--by {by}: is not an owner. `samskab member add NAME --role owner` makes one.")
        committees.change_rule(tx, home.id, rule, value == "yes", reason, person.id, now)
        audit.log(tx, now, person.id, home.id, "rule changed", f"{rule}: {value}", reason)
    say(f"{committee}: {rule} is now {value}.")


@member.command("add")
def add_member(
    name: str,
    role: Annotated[str, typer.Option(help="citizen, politician, chair, deputy, facilitator, secretariat or owner")],
    committee: Annotated[
        str, typer.Option(help="the committee's key; not for an owner, and a politician may have none")
    ] = "",
    email: Annotated[str, typer.Option(help="where mails go")] = "",
    seat: Annotated[str, typer.Option(help="the profile line, for a citizen")] = "",
    locale: Annotated[str, typer.Option(help="da, nb, nn or en")] = "",
) -> None:
    """Give somebody a role, and print a sign-in link that works once."""
    from bot.domain.people import STAFF, Role
    from storage import audit, committees, contact, people

    if role not in [one.value for one in Role]:
        fail(f"--role {role}: must be one of {', '.join(Role)}.")
    if locale and locale not in ("da", "nb", "nn", "en"):
        fail(f"--locale {locale}: must be da, nb, nn or en.")
    found = settings()
    now = datetime.now(UTC)
    opened = database(found)
    vault = _vault(found)
    with opened.transaction() as tx:
        home = committees.by_key(tx, committee) if committee else None
        alone = not committee and role in (Role.OWNER, Role.POLITICIAN)
        if not alone and (home is None or role == Role.OWNER):
            known = ", ".join(one.key for one in committees.all_of(tx)) or "none yet; load a mandate first"
            fail(
                f"--committee {committee or '(missing)'}: must name a committee ({known}). "
                "An owner has none, and a politician may have none."
            )
        person = (contact.find(tx, vault, email) if email else None) or people.add(tx, now, name, locale or None)
        if (
            home is not None
            and {Role.FACILITATOR} & (people.roles_in(tx, person.id, home.id) | {Role(role)})
            and people.is_member(tx, person.id, home.id)
        ):
            fail("A facilitator cannot have a seat in the same committee.")
        people.give_role(tx, person.id, home.id if home else None, Role(role), now, seat or None)
        if home is not None:
            people.change(tx, person.id, committee_id=home.id)
        if email:
            contact.give(tx, vault, person.id, email, now)
        audit.log(tx, now, None, home.id if home else None, "role given", f"person:{person.id}", role)
        link = _link(tx, found, person.id, staff=Role(role) in STAFF)
    say(f"person {person.id}: {role}")
    say(link)


@member.command("end")
def end_member(
    person: str,
    role: Annotated[str, typer.Option(help="which role ends")],
    committee: Annotated[str, typer.Option(help="the committee's key; not for an owner")] = "",
) -> None:
    """End somebody's role; the person, by number or exact name, is signed out everywhere."""
    from bot.domain.people import Role
    from storage import audit, people, sessions

    if role not in [one.value for one in Role]:
        fail(f"--role {role}: must be one of {', '.join(Role)}.")
    found, now = settings(), datetime.now(UTC)
    with database(found).transaction() as tx:
        home = _committee(tx, committee).id if committee else None
        known = _person(tx, person)
        if not people.take_role(tx, known.id, home, Role(role)):
            fail(f"{person} does not have the role {role} there.")
        sessions.end_all(tx, known.id)
        audit.log(tx, now, None, home, "role ended", f"person:{known.id}", role)
    say(f"person {known.id}: no longer {role}")


def _committee(tx: Tx, key: str) -> Committee:
    from storage import committees

    found = committees.by_key(tx, key)
    if found is None:
        known = ", ".join(one.key for one in committees.all_of(tx)) or "none yet; load a mandate first"
        fail(f"{key}: no such committee; there are {known}.")
    return found


def _person(tx: Tx, person: str) -> Person:
    from storage import people

    try:
        known = people.get(tx, int(person)) if person.isdigit() else people.named(tx, person)
    except LookupError:
        known = None
    if known is None:
        fail(f"{person}: no such person, or several of that name. Give the number that `samskab member add` printed.")
    return known


@app.command()
def login(person: str) -> None:
    """Print a sign-in link for a person, by number or exact name; it works once."""
    from bot.domain.people import STAFF
    from storage import people

    found = settings()
    with database(found).transaction() as tx:
        known = _person(tx, person)
        roles = frozenset().union(*people.roles(tx, known.id).values())
        say(_link(tx, found, known.id, staff=bool(roles & STAFF)))


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


def _vault(found: Settings):  # type: ignore[no-untyped-def]
    from storage.vault import Vault

    key = found.secret("secret_key")
    if len(key) < 32:
        fail("SAMSKAB_SECRET_KEY: at least 32 characters are needed; samskab doctor --new-key prints one.")
    return Vault(key)


def _link(tx, found: Settings, person_id: int, *, staff: bool) -> str:  # type: ignore[no-untyped-def]
    from storage import sessions

    token = sessions.mint_login(tx, person_id, datetime.now(UTC), staff=staff, minutes=15 if staff else 24 * 60)
    return f"{found.url}/login/{token}"


def main() -> None:
    """Entry point."""
    app()


if __name__ == "__main__":
    main()
