"""A demonstration on this machine: two committees, a few clearly fictitious people, and links that sign them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

from bot.chat.events import Address, Event, Press, Submitted
from bot.domain.languages import key_of
from bot.domain.mandate import parse
from bot.domain.people import Role
from bot.engine.receive import Engine
from storage import committees, contact, marks, people, sessions
from storage.database import Database, Tx


def both(name: str, da: str, en: str) -> dict[str, tuple[str]]:
    """A text in the two languages of the running committee, as fields of a form."""
    return {key_of(name, "da"): (da,), key_of(name, "en"): (en,)}


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
PLACE = ("Hovedbiblioteket, indgang fra torvet. Der er elevator.", "The main library, entrance from the square. Lift.")
AGENDA = (
    "Hverdagen på biblioteket: hvad virker, og hvad mangler?",
    "Everyday life at the library: what works?",
)
TOPIC = ("biblioteket i hverdagen", "the library in everyday life")
QUESTIONS: tuple[tuple[str, tuple[str, str], dict[str, tuple[str]]], ...] = (
    (
        "one_of",
        ("Hvornår ville du helst bruge biblioteket?", "When would you most like to use the library?"),
        both("options", "Om morgenen\nOm aftenen\nI weekenden", "In the morning\nIn the evening\nAt weekends"),
    ),
    ("free", ("Hvad savner du, som andre også savner?", "What do you miss that others miss too?"), {}),
)
ANSWERS = (
    (0, {"q1": "o2", "q2": "Et sted, hvor man kan øve musik."}),
    (1, {"q1": "o2", "q2": "Længere åbningstid for foreninger."}),
    (2, {"q1": "o3", "q2": "Hjælp til at skrive til kommunen."}),
)
APPLICANTS = (
    ("Grete Demo", "15-17", "woman", "fri", "Jeg savner et sted å være om kvelden."),
    ("Henrik Demo", "18", "man", "vgs", "Jeg vil at yrkesfag skal høres."),
    ("Ingrid Demo", "19-25", "woman", "ikkevgs", "Jeg jobber og ser hva som mangler."),
)


def load(engine: Engine, database: Database, now: datetime) -> None:
    """Fill an empty demo database; one that was filled before is left as its visitors made it."""
    with database.transaction() as tx:
        if marks.get(tx, "demo loaded"):
            return
        for key in (OPEN, RUNNING):
            source = (FOLDER / f"{key}.toml").read_text(encoding="utf-8")
            committees.load_mandate(tx, parse(source, now.date()), source, now.date(), now)
        stage = Stage(engine, tx, now)
        facilitator = staff(stage)
        seated(stage, facilitator, _id(tx, RUNNING))
        applied(stage, _id(tx, OPEN))
        marks.put(tx, "demo loaded", now.isoformat())


@dataclass(frozen=True)
class Stage:
    """Where the made-up people act, by events like any other."""

    engine: Engine
    tx: Tx
    now: datetime

    def person(self, name: str, locale: str, committee_id: int, *roles: Role) -> int:
        """Somebody with an e-mail address and a place on the web."""
        person = people.add(self.tx, self.now, name, locale)
        for role in roles:
            people.give_role(self.tx, person.id, committee_id, role, self.now)
        contact.give(self.tx, self.engine.house.vault, person.id, f"{name.split()[0].lower()}@example.org", self.now)
        people.give_address(self.tx, person.id, Address("web", f"p{person.id}"), self.now)
        people.change(self.tx, person.id, committee_id=committee_id)
        return person.id

    def does(self, person_id: int, *acts: Press | Submitted) -> None:
        """Let somebody do something, step by step. Raises ValueError where the form does not take it."""
        for act in acts:
            event = Event(f"demo-{person_id}-{token_hex(8)}", Address("web", f"p{person_id}"), act)
            outcome = self.engine.receive(self.tx, [event], self.now)[0]
            if outcome.errors or (outcome.opens and isinstance(act, Press)):
                raise ValueError(f"the demo's {act} is refused: {dict(outcome.errors)}")

    def day(self, days: int, hour: int) -> str:
        """A moment some days ahead, as one types it."""
        return f"{self.now + timedelta(days=days):%Y-%m-%d} {hour:02}:00"


def staff(stage: Stage) -> int:
    """A facilitator who is also the secretariat, for both committees."""
    both = committees.all_of(stage.tx)
    person = stage.person("Facilitator Demo", "da", _id(stage.tx, RUNNING))
    for committee in both:
        people.give_role(stage.tx, person, committee.id, Role.FACILITATOR, stage.now)
        people.give_role(stage.tx, person, committee.id, Role.SECRETARIAT, stage.now)
    return person


def seated(stage: Stage, facilitator: int, committee: int) -> None:
    """Members of the running committee, with ideas, a meeting in a week, and questions that some have answered."""
    members = [stage.person(name, "da", committee, Role.CITIZEN) for name in CITIZENS]
    members += [stage.person(name, "da", committee, Role.POLITICIAN) for name in POLITICIANS]
    for place, idea in IDEAS:
        stage.does(members[place], Submitted("idea", committee, {"text": (idea,)}))
    stage.does(members[1], Press("second", ("1",)))
    stage.does(members[2], Press("second", ("1",)))
    meeting = {"at": (stage.day(7, 17),), **both("place", *PLACE), **both("agenda", *AGENDA)}
    frame = {"meeting": ("1",), "deadline": (stage.day(5, 12),), **both("topic", *TOPIC)}
    stage.does(facilitator, Submitted("meeting", committee, meeting), Press("announce", ("1",)))
    stage.does(facilitator, Submitted("ask", committee, frame))
    for kind, text, more in QUESTIONS:
        stage.does(facilitator, Submitted("question", 1, {"kind": (kind,), **both("text", *text), **more}))
    stage.does(facilitator, Press("release", ("1",)))
    for place, answers in ANSWERS:
        stage.does(members[place], Submitted("answers", 1, {key: (value,) for key, value in answers.items()}))


def applied(stage: Stage, committee: int) -> None:
    """Young people who have signed up where the call is open."""
    for name, age, sex, line, why in APPLICANTS:
        person = stage.person(name, "nb", committee)
        given = {"told": "read", "door": "seat", "age": age, "sex": sex, "profiles": line, "why": why, "bring": ""}
        given["name"] = name
        given["reach"] = f"{name.split()[0].lower()}@example.org"
        stage.does(person, Submitted("signup", committee, {key: (value,) for key, value in given.items()}))
        stage.does(person, Press("send", ("signup", str(committee))))


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
