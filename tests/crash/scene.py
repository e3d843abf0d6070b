"""The prepared database: a committee of some hundred people, and everything that is to happen to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.chat.events import Address
from bot.domain.mandate import parse
from bot.domain.people import Role
from storage import ballots, committees, ideas, people, prompts, schedules
from storage.database import Database, Tx
from storage.migrate import upgrade
from tests.crash import hours
from tests.fakes.telegram.fake import FIRST_PERSON
from tests.world import DEMO

OPTIONS = ("Benches", "A night bus", "Trees", "A skate park", "Lamps")
TOPICS = 12
BROADCASTS = 60
EVERY_REMINDER = timedelta(seconds=2)
EVERY_MESSAGE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are of each: those who act, those who only hear, and those who are reminded."""

    active: int = 30
    quiet: int = 210
    listeners: int = 6
    seconds: int = 600


@dataclass(frozen=True, slots=True)
class Scene:
    """The numbers of what was prepared. Chats are numbered as people are, from the double's first."""

    active: tuple[int, ...]
    listeners: tuple[int, ...]
    everybody: tuple[int, ...]
    facilitator: int
    committee: int
    ballot: int
    ideas: tuple[int, ...]
    questionnaires: tuple[int, ...]
    broadcasts: tuple[int, ...]
    scheduled: tuple[int, ...]
    reminded: tuple[int, ...]
    chats: dict[int, int]
    began: datetime


def prepare(database: Database, keys: Path, account: str, size: Size) -> Scene:
    """Fill an empty database."""
    upgrade(database, explicit=True)
    keys.mkdir(mode=0o700, exist_ok=True)
    now = hours.now()
    with database.transaction() as tx:
        source = (DEMO / "svelvik-ungdom.toml").read_text(encoding="utf-8")
        committee, _new = committees.load_mandate(tx, parse(source, now.date()), source, now.date(), now)
        other = source.replace('key = "svelvik-ungdom"', 'key = "elsewhere"', 1)
        elsewhere, _new = committees.load_mandate(tx, parse(other, now.date()), other, now.date(), now)
        chats: dict[int, int] = {}

        def moves_in(name: str, role: Role) -> int:
            person = people.add(tx, now, name, "en")
            people.give_role(tx, person.id, committee.id, role, now)
            # Who works for the municipality is written to at any hour and as often as it takes, as this town is.
            people.give_role(tx, person.id, elsewhere.id, Role.SECRETARIAT, now)
            people.change(tx, person.id, committee_id=committee.id)
            chats[person.id] = FIRST_PERSON + len(chats)
            people.give_address(tx, person.id, Address(account, str(chats[person.id])), now)
            return person.id

        facilitator = moves_in("Frida", Role.FACILITATOR)
        active = tuple(moves_in(f"Active {number}", Role.CITIZEN) for number in range(size.active))
        listeners = tuple(moves_in(f"Listener {number}", Role.POLITICIAN) for number in range(size.listeners))
        quiet = tuple(moves_in(f"Quiet {number}", Role.CITIZEN) for number in range(size.quiet))
        draft = _Draft(tx, committee.id, facilitator, now)
        offered = tuple(ideas.add(tx, committee.id, listeners[0], text, now).id for text in OPTIONS)
        ballot = ballots.draft(
            tx,
            committee.id,
            facilitator,
            now,
            title={"en": "What comes first", "nb": "Hva vi tar først"},
            options=[
                {"idea": idea, "text": {"en": text, "nb": text}} for idea, text in zip(offered, OPTIONS, strict=True)
            ],
            opens_at=now,
            closes_at=now + timedelta(days=1),
        )
        ballots.open_now(tx, keys, ballot.id, now)
        return Scene(
            active,
            listeners,
            (*active, *quiet, *listeners),
            facilitator,
            committee.id,
            ballot.id,
            offered,
            tuple(draft.questions(f"Topic {number}", "citizens") for number in range(TOPICS)),
            tuple(draft.message(f"Broadcast {number}", "members") for number in range(BROADCASTS)),
            tuple(draft.scheduled(number, size.seconds) for number in range(_many(size.seconds, EVERY_MESSAGE))),
            tuple(draft.reminder(number) for number in range(_many(size.seconds, EVERY_REMINDER))),
            chats,
            now,
        )


def _many(seconds: int, step: timedelta) -> int:
    return int(timedelta(seconds=seconds) / step)


class _Draft:
    """Writes what the facilitator would."""

    def __init__(self, tx: Tx, committee: int, facilitator: int, now: datetime) -> None:
        self._tx, self._committee, self._facilitator, self._now = tx, committee, facilitator, now

    def message(self, text: str, audience: str, **values: Any) -> int:
        words = {"en": f"{text}.", "nb": f"{text}."}
        values = {"text": words, "audience": audience, **values}
        return prompts.draft(self._tx, self._committee, "prompt", self._facilitator, self._now, **values).id

    def scheduled(self, number: int, seconds: int) -> int:
        due = self._now + EVERY_MESSAGE * (number + 1)
        prompt = self.message(f"Scheduled {number}", "members", state="scheduled", due_at=due)
        schedules.plan(self._tx, "prompt", prompt, due, self._committee)
        return prompt

    def questions(self, topic: str, audience: str) -> int:
        words = {"en": topic, "nb": topic}
        prompt = prompts.draft(
            self._tx,
            self._committee,
            "questions",
            self._facilitator,
            self._now,
            text=words,
            audience=audience,
            state="open",
            sent_at=self._now,
            deadline_at=self._now + timedelta(days=2),
        ).id
        options = [{"key": f"o{place}", "label": {"en": text, "nb": text}} for place, text in enumerate(OPTIONS, 1)]
        pick = {"en": f"Pick for {topic}?", "nb": f"Pick for {topic}?"}
        why = {"en": f"Why for {topic}?", "nb": f"Why for {topic}?"}
        prompts.add_question(self._tx, prompt, "one_of", pick, {"options": options})
        prompts.add_question(self._tx, prompt, "free_text", why, {})
        return prompt

    def reminder(self, number: int) -> int:
        """Questions nobody answers, with one reminder at a moment of its own."""
        prompt = self.questions(f"Silent {number}", "politicians")
        schedules.plan(self._tx, "remind", prompt, self._now + EVERY_REMINDER * (number + 2), self._committee)
        return prompt
