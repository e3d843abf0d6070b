"""A season played before it begins: synthetic members, the real engine, a moved clock, a database thrown away."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.events import Address, Event, Submitted, What
from bot.domain.hearing import MEMBER, POLITICIAN
from bot.domain.mandate import Mandate
from bot.domain.people import Role
from bot.domain.questions import Question
from bot.engine.house import House
from bot.engine.receive import Engine
from bot.work.clock import fire_due
from handlers import beforehand, router
from storage import answers, committees, people, prompts, rehearsing, schedules
from storage.database import Database
from storage.rehearsing import Plan
from storage.vault import Vault

ACCOUNT = "play"
SLOW = timedelta(days=4)
AFTER = timedelta(days=7)
# Of five who are asked, three answer by themselves and one when reminded; that is what towns report.
BY_THEMSELVES, REMINDED = 0.6, 0.5


@dataclass(slots=True)
class Player:
    """A synthetic member: willing to so many questions, and slow to answer."""

    id: int
    name: str
    politician: bool
    address: Address
    eager: float


@dataclass(slots=True)
class Result:
    """What came of it: messages by person and day, answers by prompt, and the languages something is missing in."""

    heard: Mapping[str, Counter[date]] = field(default_factory=dict)
    politicians: frozenset[str] = frozenset()
    response: list[tuple[str, int, int]] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def weeks(self, name: str) -> Counter[str]:
        """Messages to a person by week: "2026-W10"."""
        found: Counter[str] = Counter()
        for day, many in self.heard[name].items():
            year, week, _day = day.isocalendar()
            found[f"{year}-W{week:02}"] += many
        return found

    def above(self) -> list[str]:
        """Who heard more than the budget, and when."""
        return [
            f"{name}: {why}"
            for name, days in self.heard.items()
            for why in _above(days, POLITICIAN.a_week if name in self.politicians else MEMBER.a_week)
        ]


def _above(days: Counter[date], a_week: int) -> Iterator[str]:
    for day, many in sorted(days.items()):
        if many > MEMBER.a_day:
            yield f"{many} on {day}"
        week = sum(days[day - timedelta(days=back)] for back in range(7))
        if week > a_week:
            yield f"{week} in the week until {day}"


class Rehearsal:
    """One season of one committee in a database of its own."""

    def __init__(self, database: Database, folder: Path, plan: Plan, members: int, seed: int) -> None:
        self.db, self.plan, self.now = database, plan, plan.starts
        self.chance = random.Random(seed)  # noqa: S311 (synthetic people)
        self.ids = count(1)
        house = House(Vault("only for a rehearsal, thrown away"), folder, "http://localhost", {"web", ACCOUNT})
        self.engine = Engine(router, house)
        self.agenda: list[tuple[datetime, int, Address, What]] = []
        with database.transaction() as tx:
            self.committee, _new = committees.load_mandate(tx, plan.mandate, plan.source, plan.loaded_on, self.now)
            self.mandate: Mandate = committees.mandate(tx, self.committee.id)
            self.staff = self._join(tx, "Facilitator", Role.FACILITATOR)
            self.players = [self._member(tx, number, members) for number in range(1, members + 1)]
            for moment, data in rehearsing.write(tx, plan, self.committee.id, self.staff.id, self.now):
                self._later(max(moment, self.now), self.staff.address, data)
            beforehand.plan(tx, self.now, self.mandate.municipality.zone)

    def _member(self, tx: Any, number: int, members: int) -> Player:
        """Two in three are citizens."""
        role = Role.POLITICIAN if number > members - members // 3 else Role.CITIZEN
        return self._join(tx, f"{role} {number}", role)

    def _join(self, tx: Any, name: str, role: Role) -> Player:
        locale = self.chance.choice(self.mandate.locales)
        person = people.add(tx, self.now, name, locale)
        address = Address(ACCOUNT, f"p{person.id}")
        people.give_address(tx, person.id, address, self.now)
        people.give_role(tx, person.id, self.committee.id, role, self.now)
        return Player(person.id, name, role is Role.POLITICIAN, address, self.chance.random())

    def _later(self, moment: datetime, address: Address, what: What) -> None:
        heapq.heappush(self.agenda, (moment, next(self.ids), address, what))

    def play(self) -> Result:
        """Let everything happen at its moment, until nothing more is planned in the season."""
        while (moment := self._next()) is not None and moment <= self.plan.ends + AFTER:
            self.now = max(self.now, moment)
            with self.db.transaction() as tx:
                if self.agenda and self.agenda[0][0] <= self.now:
                    _at, number, address, what = heapq.heappop(self.agenda)
                    self.engine.receive(tx, [Event(f"r{number}", address, what)], self.now)
                else:
                    fire_due(self.engine, tx, self.now)
                arrived = rehearsing.deliver(tx, ACCOUNT, self.now)
                for person_id, kind, about in arrived:
                    self._react(tx, person_id, kind, about)
        return self._result()

    def _next(self) -> datetime | None:
        with self.db.reading() as tx:
            due = schedules.next_due(tx)
        return min((one for one in (due, self.agenda[0][0] if self.agenda else None) if one), default=None)

    def _react(self, tx: Any, person_id: int, kind: str, numbers: Sequence[int]) -> None:
        """Somebody has got questions: perhaps an answer comes, sooner or later."""
        player = next((one for one in self.players if one.id == person_id), None)
        for number in numbers:
            prompt = prompts.get(tx, number)
            if player is None or prompt is None or prompt.kind != "questions" or prompt.deadline_at is None:
                continue
            willing = player.eager < BY_THEMSELVES if kind == "prompt" else self.chance.random() < REMINDED
            moment = self.now + self.chance.random() * SLOW
            if willing and moment < prompt.deadline_at:
                values = {one.key: self._answer(one) for one in answers.questions(tx, number)}
                self._later(moment, player.address, Submitted("answers", number, values))

    def _answer(self, question: Question) -> tuple[str, ...]:
        if question.options:
            return (self.chance.choice(question.options).key,)
        return ("A synthetic answer.",)

    def _result(self) -> Result:
        zone = ZoneInfo(self.mandate.municipality.zone)
        names = {one.id: one.name for one in self.players}
        heard: dict[str, Counter[date]] = {name: Counter() for name in names.values()}
        with self.db.reading() as tx:
            for person_id, moment in rehearsing.unasked(tx, ACCOUNT):
                if person_id in names:
                    heard[names[person_id]][moment.astimezone(zone).date()] += 1
            response = rehearsing.response(tx, self.committee.id)
        politicians = frozenset(one.name for one in self.players if one.politician)
        return Result(heard, politicians, response, self.plan.gaps(self.mandate.locales))
