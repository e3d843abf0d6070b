"""A demonstration on this machine: two committees, a few clearly fictitious people, and links that sign them in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.chat.events import Address, Event, Press, Submitted
from bot.domain.mandate import parse
from bot.domain.people import Role
from bot.engine.receive import Engine
from storage import committees, contact, marks, people, sessions
from storage.committees import Committee
from storage.database import Database, Tx

FOLDER = Path(__file__).parent.parent / "docs" / "demo"
OPEN, RUNNING = "svelvik-ungdom", "gentofte-biblioteker"

# Clearly made up: every family name is Demo.
CITIZENS = ("Astrid Demo", "Bjarne Demo", "Camilla Demo", "Dorte Demo", "Emil Demo", "Farida Demo")
POLITICIANS = ("Poul Demo", "Rikke Demo")
IDEAS = (
    (0, "Et bord, hvor man må snakke højt, og et, hvor man ikke må."),
    (1, "Nøgle til biblioteket om aftenen for foreninger."),
    (2, "En fast dag, hvor unge bestemmer, hvad der sker i salen."),
    (3, "Byt-en-bog-hylder ved stationerne."),
)


def load(engine: Engine, database: Database, now: datetime) -> None:
    """Fill an empty demo database; one that was filled before is left as its visitors made it."""
    with database.transaction() as tx:
        if marks.get(tx, "demo loaded"):
            return
        for key in (OPEN, RUNNING):
            source = (FOLDER / f"{key}.toml").read_text(encoding="utf-8")
            committees.load_mandate(tx, parse(source, now.date()), source, now.date(), now)
        staff(engine, tx, now)
        running = committees.by_key(tx, RUNNING)
        assert running is not None
        seated(engine, tx, running, now)
        marks.put(tx, "demo loaded", now.isoformat())


def staff(engine: Engine, tx: Tx, now: datetime) -> None:
    """A facilitator who is also the secretariat, for both committees."""
    person = people.add(tx, now, "Facilitator Demo", "da")
    for committee in committees.all_of(tx):
        people.give_role(tx, person.id, committee.id, Role.FACILITATOR, now)
        people.give_role(tx, person.id, committee.id, Role.SECRETARIAT, now)
    contact.give(tx, engine.house.vault, person.id, "facilitator@example.org", now)
    people.give_address(tx, person.id, Address("web", f"p{person.id}"), now)
    people.change(tx, person.id, committee_id=committees.all_of(tx)[-1].id)


def seated(engine: Engine, tx: Tx, committee: Committee, now: datetime) -> None:
    """Members of the running committee, with ideas on the list and questions before the next meeting."""
    members = []
    for name in (*CITIZENS, *POLITICIANS):
        role = Role.POLITICIAN if name in POLITICIANS else Role.CITIZEN
        person = people.add(tx, now, name, "da")
        people.give_role(tx, person.id, committee.id, role, now)
        people.change(tx, person.id, committee_id=committee.id)
        email = f"{name.split()[0].lower()}@example.org"
        contact.give(tx, engine.house.vault, person.id, email, now)
        people.give_address(tx, person.id, Address("web", f"p{person.id}"), now)
        members.append(person.id)
    for place, text in IDEAS:
        does(engine, tx, members[place], now, Submitted("idea", committee.id, {"text": (text,)}))
    does(engine, tx, members[1], now, Press("second", ("1",)))
    does(engine, tx, members[2], now, Press("second", ("1",)))


def does(engine: Engine, tx: Tx, person_id: int, now: datetime, what: Press | Submitted) -> None:
    """Let somebody do something, by an event like any other."""
    event = Event(f"demo-{person_id}-{id(what)}", Address("web", f"p{person_id}"), what)
    engine.receive(tx, [event], now)


def links(tx: Tx, base_url: str, now: datetime) -> list[tuple[str, str]]:
    """What the demo prints: who, and the address that signs them in, more than once."""
    found = [("public", f"{base_url}/")]
    citizen = people.named(tx, "Citizen Demo") or people.add(tx, now, "Citizen Demo", "nb")
    people.give_address(tx, citizen.id, Address("web", f"p{citizen.id}"), now)
    people.change(tx, citizen.id, committee_id=_id(tx, OPEN))
    for label, name, path in (
        ("citizen", "Citizen Demo", f"/c/{OPEN}"),
        ("member", CITIZENS[4], "/talk"),
        ("politician", POLITICIANS[0], "/talk"),
        ("facilitator", "Facilitator Demo", "/desk"),
    ):
        person = people.named(tx, name)
        assert person is not None
        token = sessions.mint_login(
            tx, person.id, now, path=path, staff=label == "facilitator", minutes=60 * 24 * 30, reusable=True
        )
        found.append((label, f"{base_url}/login/{token}"))
    return found


def _id(tx: Tx, key: str) -> int:
    committee = committees.by_key(tx, key)
    assert committee is not None
    return committee.id
