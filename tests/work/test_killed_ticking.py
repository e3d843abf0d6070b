"""Killed at each step of the clock's tick and of a message to many, with two processes at it: each person gets one."""

from __future__ import annotations

import os
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import select

from bot.chat.events import Address
from bot.chat.messages import Rendered
from bot.domain.people import Role
from bot.engine.errand import Errand
from bot.engine.router import Handler
from bot.work.clock import fire_due
from handlers import router
from storage import people, prompts, schedules
from storage.database import Database
from storage.outbox import HOLD
from storage.tables import Body, Outbox
from tests.scenarios.test_beforehand import mornings
from tests.world import ACCOUNT, LoudEngine, World

MEMBERS = 30
MOMENT, SOON = timedelta(milliseconds=1), timedelta(seconds=10)
SIDES = ("before", "after")
# When the service is there again, and what is due then: a message to many, reminders, mornings, the season, hours.
PHASES = (
    (datetime(2026, 3, 18, 7, 0, 1, tzinfo=UTC), ("prompt", "remind", "calendar", "season", "hour")),
    (datetime(2026, 3, 18, 20, 0, 1, tzinfo=UTC), ("evening",)),
    (datetime(2026, 3, 19, 7, 0, 1, tzinfo=UTC), ("hour",)),
)


class Steps:
    """Where processes die: each kind of due thing once before the commit that does it, and once after."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.done: set[str] = set()

    def note(self, kind: str) -> None:
        self.done.add(kind)

    def reached(self, side: str) -> None:
        """Die here, unless somebody has died here with each of these kinds; one transaction may do several."""
        fresh = [kind for kind in self.done if side == "before" or (self.folder / f"{kind} before").exists()]
        if [kind for kind in fresh if self.first(f"{kind} {side}")]:
            os.kill(os.getpid(), signal.SIGKILL)
        if side == "after":
            self.done.clear()

    def first(self, step: str) -> bool:
        """Whether nobody has been at this step."""
        try:
            (self.folder / step).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


def process(world: World, url: str, folder: Path, now: datetime) -> NoReturn:
    """One process of the service: it does what is due until nothing is."""
    steps = Steps(folder)
    for kind, handler in list(router.timed.items()):

        def fires(errand: Errand, subject: int, kind: str = kind, handler: Handler = handler) -> None:
            steps.note(kind)
            handler(errand, subject)

        router.timed[kind] = fires
    engine = LoudEngine(router, world.engine.house)
    database = Database(url)
    try:
        fired = 1
        while fired:
            now += MOMENT  # what goes on in several batches is due a moment later
            with database.transaction() as tx:
                fired = fire_due(engine, tx, now)
                steps.reached("before")
            steps.reached("after")
        os._exit(0)
    finally:  # whatever goes wrong here must not come back into the test
        os._exit(1)


def ticked(world: World, url: str, folder: Path, now: datetime) -> int:
    """Two processes do what is due; for each that is killed another begins. Returns how many were killed."""
    killed, running, begun = 0, 0, now
    while running or something_due(world, now + SOON):
        while running < 2:
            begun += SOON / 100
            if os.fork() == 0:
                process(world, url, folder, begun)
            running += 1
        code = os.waitstatus_to_exitcode(os.wait()[1])
        assert code in (0, -signal.SIGKILL)
        killed += code != 0
        running -= 1
        if not something_due(world, now + SOON):
            while running:
                killed += os.wait()[1] != 0
                running -= 1
    return killed


def something_due(world: World, now: datetime) -> bool:
    with world.db.reading() as tx:
        due = schedules.next_due(tx)
    return due is not None and due <= now


def committee(world: World) -> None:
    """A meeting tomorrow, questions that close tomorrow, a message for this morning, and a season."""
    home = world.load()
    with world.db.transaction() as tx:
        for number in range(MEMBERS):
            person = people.add(tx, world.now, f"M{number}", ("nb", "nn", "en")[number % 3])
            people.give_role(tx, person.id, home.id, Role.CITIZEN, world.now)
            people.give_address(tx, person.id, Address(ACCOUNT, f"m{number}"), world.now)
    frida = world.facilitator()
    frida.says("/meeting").answers("2026-03-19 17:00", "Sal 2", "Sal 2", "Hall 2", "Buss", "Buss", "Bus")
    frida.presses("Announce").says("/season").presses("Approve the calendar")
    frida.says("/ask").answers("Not before a meeting", "buss", "buss", "buses", "2026-03-19 08:00")
    frida.presses("Add a question").answers("Yes or no", "Flere?", "Fleire?", "More?")
    frida.presses(f"Send to {MEMBERS} members")
    frida.says("/prompt").answers("Ta med kaffe", "Ta med kaffi", "Bring coffee", f"all members ({MEMBERS})")
    frida.answers("At a time", "2026-03-18 08:00")
    frida.presses(next(label for label in frida.labels if label.startswith("Schedule for")))
    mornings(world)


def on_their_way(world: World, lane: str) -> dict[int, str]:
    """What each member is about to be sent: exactly one message; `lane` says whether it goes or waits."""
    statement = select(Outbox.person_id, Outbox.lane, Outbox.content, Body.content.label("shared"))
    statement = statement.outerjoin(Body, Body.id == Outbox.body_id)
    statement = statement.where(Outbox.state == "ready", Outbox.kind.in_(("prompt", "reminder")))
    with world.db.reading() as tx:
        rows = tx.execute(statement).all()
        members = {one.id for one in people.members(tx, 1)}
    assert Counter(row.person_id for row in rows) == Counter(members)
    assert {"waits" if row.lane >= HOLD else "goes" for row in rows} == {lane}
    return {row.person_id: Rendered.of(row.content or row.shared).text for row in rows}


def each_once(said: dict[int, str]) -> None:
    """The message, the meeting tomorrow and the reminder, once each, in the own language."""
    forms = (("Ta med kaffe", "Ta med kaffi", "Bring coffee"), ("Sal 2", "Hall 2"), ("19. mars", "19 March"))
    for text in said.values():
        for words in forms[:2]:
            assert sum(text.count(one) for one in words) == 1, text
        assert any(one in text for one in forms[2])


@pytest.mark.alone
def test_killed_at_each_step_of_the_tick_everybody_gets_everything_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompts, "many", lambda tx: 7)  # so that the message to many has several batches
    committee(world)
    url = world.db.url.render_as_string(hide_password=False)
    for number, (now, kinds) in enumerate(PHASES):
        folder = tmp_path / str(number)
        folder.mkdir()
        killed = ticked(world, url, folder, now)
        assert {one.name for one in folder.iterdir()} >= {f"{kind} {side}" for kind in kinds for side in SIDES}
        assert killed >= len(SIDES)
        each_once(on_their_way(world, "waits" if "evening" in kinds else "goes"))
    with world.db.reading() as tx:
        told = select(Outbox.dedupe).where(Outbox.dedupe.like("season:%"))
        nudges = Counter(tx.execute(told).scalars())
    assert nudges and set(nudges.values()) == {1}
