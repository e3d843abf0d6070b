"""samskab member and samskab login: roles, which begin only here, and links to sign in with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.console import committee_of, database, fail, person_of, say, settings

if TYPE_CHECKING:
    from bot.config import Settings
    from storage.database import Tx
    from storage.vault import Vault

group = typer.Typer(no_args_is_help=True, help="Roles, which begin only here.")


@group.command("add")
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


@group.command("end")
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
        home = committee_of(tx, committee).id if committee else None
        known = person_of(tx, person)
        if not people.take_role(tx, known.id, home, Role(role)):
            fail(f"{person} does not have the role {role} there.")
        sessions.end_all(tx, known.id)
        audit.log(tx, now, None, home, "role ended", f"person:{known.id}", role)
    say(f"person {known.id}: no longer {role}")


def login(person: str) -> None:
    """Print a sign-in link for a person, by number or exact name; it works once."""
    from bot.domain.people import STAFF
    from storage import people

    found = settings()
    with database(found).transaction() as tx:
        known = person_of(tx, person)
        roles = frozenset().union(*people.roles(tx, known.id).values())
        say(_link(tx, found, known.id, staff=bool(roles & STAFF)))


def _vault(found: Settings) -> Vault:
    from storage.vault import Vault

    key = found.secret("secret_key")
    if len(key) < 32:
        fail("SAMSKAB_SECRET_KEY: at least 32 characters are needed; samskab doctor --new-key prints one.")
    return Vault(key)


def _link(tx: Tx, found: Settings, person_id: int, *, staff: bool) -> str:
    from storage import sessions

    token = sessions.mint_login(tx, person_id, datetime.now(UTC), staff=staff, minutes=15 if staff else 24 * 60)
    return f"{found.url}/login/{token}"
