"""A small world to play scenarios in: people who press, say and hear, and a clock moved by hand.

It drives `Engine.receive` and reads the outbox of a real database. People use visible labels only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import String, bindparam, cast, func, select, update

from bot import i18n
from bot.chat.delivery import Fetched, Found, RetryAfter
from bot.chat.events import Address, Command, Event, Outcome, Press, Said, Spoke
from bot.chat.messages import Rendered, pack
from bot.domain.mandate import Mandate, parse
from bot.domain.people import Person, Role
from bot.domain.selection.solving import solve
from bot.engine.house import House
from bot.engine.receive import Engine
from bot.text import Text, _
from bot.work.clock import fire_due
from bot.work.closing import close_now
from bot.work.collating import collate_now
from bot.work.fetcher import settle, take
from bot.work.selecting import select_now
from handlers import router
from storage import committees, people, schedules
from storage.committees import Committee
from storage.database import Database, Tx
from storage.outbox import HOLD
from storage.prepared import Prepared
from storage.tables import Body, Outbox
from storage.vault import Vault

DEMO = Path(__file__).parent.parent / "docs" / "demo"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT = "direct"
parsed = lru_cache(maxsize=64)(parse)  # most scenarios have one of a few mandates
# What the world asks after each step.
OUTBOX, BODY = Outbox.__table__, Body.__table__
WAITING = (OUTBOX.c.account == ACCOUNT, OUTBOX.c.state == "ready", OUTBOX.c.lane < HOLD)
EDITS = Prepared(select(OUTBOX.c.target, OUTBOX.c.content).where(*WAITING, OUTBOX.c.op == "edit").order_by(OUTBOX.c.id))
SENT = Prepared(
    update(OUTBOX).where(*WAITING).values(state="sent", sent_at=bindparam("now"), platform_id=cast(OUTBOX.c.id, String))
)
NEWEST = Prepared(select(func.max(OUTBOX.c.id)))
SEEN = Prepared(
    select(OUTBOX.c.id, OUTBOX.c.content, BODY.c.content.label("shared"), OUTBOX.c.sent_at)
    .outerjoin(BODY, BODY.c.id == OUTBOX.c.body_id)
    .where(
        OUTBOX.c.account == bindparam("account"),
        OUTBOX.c.chat == bindparam("chat"),
        OUTBOX.c.id > bindparam("after"),
        OUTBOX.c.op == "send",
        OUTBOX.c.state == "sent",
    )
    .order_by(OUTBOX.c.id)
)
# An answer as a person gives it: typed or pressed, boxes to tick, or nothing.
Given = str | tuple[str, ...] | None


@dataclass(slots=True)
class Seen:
    """A message as a person sees it now."""

    row: int
    message: Rendered
    at: datetime

    @property
    def labels(self) -> list[str]:
        boxes = [*self.message.ticks["options"], self.message.ticks["send_label"]] if self.message.ticks else []
        return boxes + [button["label"] for row in self.message.buttons for button in row]

    @property
    def text(self) -> str:
        return "\n".join(filter(None, (self.message.subject, self.message.text)))


@dataclass(eq=False)
class Someone:
    """A person in the world, seen from outside."""

    world: World
    address: Address
    name: str
    toast: str = ""
    since: int = 0
    boxes: dict[int, int] = field(default_factory=dict)

    @property
    def id(self) -> int:
        with self.world.db.reading() as tx:
            found = people.owner_of(tx, self.address)
        assert found is not None, f"{self.name} has not written yet"
        return found

    # What a person does ---------------------------------------------------------------------------------------

    def says(self, text: str) -> Someone:
        """Type a text, or a command with a slash."""
        if text.startswith("/"):
            name, _, argument = text[1:].partition(" ")
            return self._does(Command(name, argument))
        return self._does(Said(text))

    def speaks(self, sound: bytes | Found, seconds: int = 0, words: str = "") -> Someone:
        """Send a recording; its platform gives it when it is fetched, or says why not."""
        reference = f"sound-{next(self.world.ids)}"
        self.world.sounds[reference] = Fetched(sound) if isinstance(sound, bytes) else sound
        return self._does(Spoke(reference, seconds, words=words))

    def presses(self, label: str) -> Someone:
        """Press the newest button with this label."""
        for seen in reversed(self.messages):
            if seen.message.ticks and seen.message.ticks["send_label"] == label:
                ticks = seen.message.ticks
                chosen = self.boxes.pop(seen.row, ticks["ticked"])
                return self._does(Press(ticks["send"], (*ticks["args"], pack(chosen)), str(seen.row)))
            for button in (button for row in seen.message.buttons for button in row):
                if button["label"] == label:
                    assert "data" in button, f"{label!r} is a link to {button}"
                    route, *args = button["data"].split(":")
                    return self._does(Press(route, tuple(args), str(seen.row)))
        raise AssertionError(f"{self.name} sees no button {label!r}.\n{self.transcript()}")

    def presses_data(self, data: str, message: str | None = None) -> Someone:
        """Send forged or stale button data."""
        route, *args = data.split(":")
        return self._does(Press(route, tuple(args), message))

    def ticks(self, *labels: str) -> Someone:
        """Tick boxes of the newest message that has them; the view is redrawn as on a real platform."""
        seen = next((seen for seen in reversed(self.messages) if seen.message.ticks), None)
        assert seen is not None, f"{self.name} sees nothing to tick.\n{self.transcript()}"
        ticks = seen.message.ticks
        assert ticks is not None
        for label in labels:
            assert label in ticks["options"], f"{self.name} sees no box {label!r} among {ticks['options']}"
            chosen = self.boxes.get(seen.row, ticks["ticked"]) ^ (1 << ticks["options"].index(label))
            outcome = self.world.view(self.address, Press(ticks["view"], (*ticks["args"], pack(chosen)), str(seen.row)))
            assert outcome.replaces is not None and outcome.replaces.ticks is not None, outcome.toast
            assert outcome.replaces.ticks["ticked"] == chosen
            self.boxes[seen.row] = chosen
        return self

    def answers(self, *turns: str) -> Someone:
        """Take a form one turn at a time: a visible label is pressed, anything else is typed."""
        for turn in turns:
            self.presses(turn) if turn in self.labels else self.says(turn)
        return self

    def enters(self, person_id: int) -> None:
        """The administration has entered this person, and knows the address."""
        with self.world.db.transaction() as tx:
            people.give_address(tx, person_id, self.address, self.world.now)

    def leaves(self) -> None:
        """Close what is open."""

    def starts(self, key: str) -> Someone:
        """Come by a poster's link."""
        return self.says(f"/start {key}")

    def fills(self, given: Mapping[str, Given]) -> Someone:
        """Answer a form: each answer goes to the question that holds its words; None skips, a tuple ticks boxes."""
        left = dict(given)
        while left:
            asked = self.last
            words = next((words for words in left if words in asked), None)
            assert words is not None, f"{self.name} is not asked any of {list(left)}.\n{self.transcript()}"
            self._gives(left.pop(words))
        return self

    def _gives(self, given: Given) -> None:
        if given is None:
            self.presses(self.word(_("Skip")))
        elif isinstance(given, tuple):
            self.ticks(*given).presses(self.word(_("Done")))
        else:
            self.presses(given) if given in self.labels else self.says(given)

    def votes(self, send: str, *labels: str) -> Someone:
        """Tick boxes and send them."""
        return self.ticks(*labels).presses(send)

    def word(self, text: Text) -> str:
        """One of our words, in this person's language."""
        return i18n.say(text, self.world.locales[self.address])

    def _does(self, what: Any) -> Someone:
        outcome = self.world.event(self.address, what)
        self.since = self.world.newest
        self.toast = outcome.toast
        return self

    # What a person sees ---------------------------------------------------------------------------------------

    @property
    def messages(self) -> list[Seen]:
        """All messages to this person as they look now."""
        return self.world.messages(self.address)

    @property
    def labels(self) -> list[str]:
        """The buttons and boxes of the newest message."""
        return self.messages[-1].labels if self.messages else []

    @property
    def last(self) -> str:
        """The text of the newest message."""
        return self.messages[-1].text if self.messages else ""

    def hears(self, *parts: str) -> Someone:
        """Each part stands in what came since the person last did something (or in the toast)."""
        heard = [seen.text for seen in self.messages if seen.row > self.since] + [self.toast]
        heard += [seen.text for seen in self.messages if seen.row <= self.since and seen.row in self.world.edited]
        for part in parts:
            assert any(part in text for text in heard), f"{self.name} did not hear {part!r}.\n{self.transcript()}"
        return self

    def does_not_hear(self, *parts: str) -> Someone:
        """No message at all holds any of these parts."""
        for part in parts:
            found = [seen.text for seen in self.messages if part in seen.text]
            assert not found, f"{self.name} heard {part!r}: {found}"
        return self

    def transcript(self) -> str:
        """Everything this person sees, for reading."""
        lines = [f"--- what {self.name} sees ---"]
        for seen in self.messages:
            lines.append(f"[{seen.at:%d %b %H:%M}] {seen.text}")
            lines += [f"    [{label}]" for label in seen.labels]
        return "\n".join(lines) + (f"\n(toast: {self.toast})" if self.toast else "")


class LoudEngine(Engine):
    """An engine that lets a programming error fail the test; `forgiving` shows what a person would see instead."""

    forgiving = False

    def _failed(self, tx: Tx, event: Event, error: Exception, now: datetime) -> None:
        if not LoudEngine.forgiving:
            raise error
        super()._failed(tx, event, error, now)


class World:
    """A database, an engine, and a clock that only moves when told."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.db = database
        self.now = START
        self.ids = count(1)
        self.edited: set[int] = set()
        self.newest = 0  # the newest message before the last event
        vault = Vault("a secret key for tests that is long enough")
        house = House(vault, folder / "keys", "http://localhost:8000", {"direct", "web", "mail"}, "en")
        self.engine = LoudEngine(router, house)
        self.committee: Committee | None = None
        self.people: list[Someone] = []
        self.locales: dict[Address, str] = {}
        self.sounds: dict[str, Found] = {}

    # Setting the scene ----------------------------------------------------------------------------------------

    def load(self, file: str = "svelvik-ungdom", change: Callable[[str], str] = lambda source: source) -> Committee:
        """Load a demo mandate, perhaps changed; it becomes the committee of those who come after."""
        source = change((DEMO / f"{file}.toml").read_text(encoding="utf-8"))
        with self.db.transaction() as tx:
            value = parsed(source, self.now.date())
            self.committee, _new = committees.load_mandate(tx, value, source, self.now.date(), self.now)
        return self.committee

    @property
    def mandate(self) -> Mandate:
        assert self.committee is not None
        with self.db.reading() as tx:
            return committees.mandate(tx, self.committee.id)

    def person(self, name: str, locale: str = "en", account: str = ACCOUNT) -> Someone:
        """Somebody nobody has heard of yet, whose platform speaks `locale`."""
        someone = Someone(self, Address(account, f"{name.lower()}-{next(self.ids)}"), name)
        self.locales[someone.address] = locale
        self.people.append(someone)
        return someone

    def _with_role(
        self, name: str, role: Role, locale: str, committee: Committee | None, seat: str | None = None
    ) -> Someone:
        home = committee or self.committee or self.load()
        someone = self.person(name, locale)
        with self.db.transaction() as tx:
            person = people.add(tx, self.now, name, locale)
            people.give_role(tx, person.id, home.id, role, self.now, seat)
            people.change(tx, person.id, committee_id=home.id)
        someone.enters(person.id)
        return someone

    def member(
        self, name: str, *, locale: str = "en", committee: Committee | None = None, role: Role = Role.CITIZEN
    ) -> Someone:
        """A member of the committee: a citizen, or the role given."""
        return self._with_role(name, role, locale, committee)

    def members(self, *names: str, locale: str = "en") -> list[Someone]:
        """Several citizen members."""
        return [self.member(name, locale=locale) for name in names]

    def facilitator(self, name: str = "Frida", *, locale: str = "en", committee: Committee | None = None) -> Someone:
        """A facilitator of the committee."""
        return self._with_role(name, Role.FACILITATOR, locale, committee)

    def secretariat(self, name: str = "Sekri", *, locale: str = "en", committee: Committee | None = None) -> Someone:
        """Somebody of the secretariat."""
        return self._with_role(name, Role.SECRETARIAT, locale, committee)

    # What happens ---------------------------------------------------------------------------------------------

    def event(self, address: Address, what: Any, once: str | None = None) -> Outcome:
        """One event, in a transaction of its own."""
        event = Event(once or f"e{next(self.ids)}", address, what, locale=self.locales.get(address, "en"))
        with self.db.transaction() as tx:
            self.newest = NEWEST.scalar(tx) or 0
            outcome = self.engine.receive(tx, [event], self.now)[0]
        self.fetch()
        self._deliver()
        return outcome

    def fetch(self) -> None:
        """Get what was recorded from where it waits; what is not there comes later."""
        if not self.sounds:
            return
        with self.db.transaction() as tx:
            for row in take(tx, ACCOUNT, self.now):
                settle(self.engine, row, self.sounds.get(row.reference, RetryAfter()), self.now, tx)

    def events(self, events: Sequence[Event]) -> list[Outcome]:
        """Several events in one transaction."""
        with self.db.transaction() as tx:
            outcomes = self.engine.receive(tx, events, self.now)
        self._deliver()
        return outcomes

    def view(self, address: Address, what: Press) -> Outcome:
        """A view: redrawn on a reading connection."""
        event = Event(f"v{next(self.ids)}", address, what, locale=self.locales.get(address, "en"))
        with self.db.reading() as tx:
            return self.engine.view(tx, event, self.now)

    def wait(self, time: timedelta) -> None:
        """Let time pass; whatever falls due on the way happens at its own moment."""
        self.until(self.now + time)

    def until(self, moment: datetime) -> None:
        """Let time pass until `moment`."""
        while True:
            with self.db.reading() as tx:
                due = schedules.next_due(tx)
            if due is None or due > moment:
                break
            self.now = max(self.now, due)
            with self.db.transaction() as tx:
                fire_due(self.engine, tx, self.now)
            close_now(self.db, self.engine, self.now)
            self._deliver()
        self.now = max(self.now, moment)
        close_now(self.db, self.engine, self.now)
        self.fetch()
        self._select()
        self._deliver()

    def _select(self) -> None:
        """Compute what waits to be drawn."""

        def write(run: Callable[[Tx], Any]) -> Any:
            with self.db.transaction() as tx:
                return run(tx)

        select_now(self.db, write, self.engine, "world", lambda: self.now, solve)
        collate_now(self.db, write, self.engine, lambda: self.now)

    def _deliver(self) -> None:
        """Send what the direct platform has waiting: it is always up."""
        with self.db.transaction() as tx:
            for row in EDITS.all(tx):
                tx.execute(update(Outbox).where(Outbox.id == row.target).values(content=row.content, body_id=None))
                self.edited.add(row.target)
            SENT.run(tx, {"now": self.now})

    def newest_row(self) -> int:
        with self.db.reading() as tx:
            return NEWEST.scalar(tx) or 0

    def messages(self, address: Address, after: int = 0) -> list[Seen]:
        """What stands in a chat now, `after` a row."""
        with self.db.reading() as tx:
            rows = SEEN.all(tx, {"account": address.account, "chat": address.chat, "after": after})
        return [Seen(row.id, Rendered.of(row.content or row.shared or {}), row.sent_at) for row in rows]

    def mails(self, person: Someone | Person | int) -> list[Rendered]:
        """The mails written to a person."""
        number = person if isinstance(person, int) else person.id
        statement = select(Outbox.content).where(Outbox.account == "mail", Outbox.person_id == number)
        with self.db.reading() as tx:
            return [Rendered.of(row.content) for row in tx.execute(statement.order_by(Outbox.id))]

    def transcripts(self, everybody: Iterable[Someone]) -> str:
        """Several people's transcripts, for reading."""
        return "\n\n".join(person.transcript() for person in everybody)
