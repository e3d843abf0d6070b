"""A message to 100,000 people in four languages becomes rows, while people write; and the clock finds what is due."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select, update

from storage import prompts, schedules
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import Outbox, PersonRow, Schedule
from tests.bench import load, scene
from tests.bench.load import quantile
from tests.bench.machine import wait_until
from tests.bench.rows import Row, at_most
from tests.bench.sending import Talk
from tests.bench.service import bot_api, home, service
from tests.postgres import server

CROWD = 100_000
LOCALES = ("da", "nb", "nn", "en")
WORDS = {
    "da": "Mødet er på torsdag kl. 18 på biblioteket. Tag det med, I har hørt siden sidst.",
    "nb": "Møtet er på torsdag kl. 18 på biblioteket. Ta med det dere har hørt siden sist.",
    "nn": "Møtet er på torsdag kl. 18 på biblioteket. Ta med det de har høyrt sidan sist.",
    "en": "The meeting is on Thursday at 18 in the library. Bring what you have heard since last time.",
}
PAST, DUE = 1_000_000, 1_000


def fan_out(rounds: int) -> list[Row]:
    """How long until every row is there, what memory it takes, and how long replies wait meanwhile."""
    with server(fsync=True) as postgres:
        return [*_spread("SQLite", "", 4.0), *_spread("PostgreSQL", postgres.create("bench_fanout"), 8.0)]


def _spread(kind: str, url: str, most: float) -> list[Row]:
    with home(url) as (folder, found, database), bot_api() as api:
        scene.fill(database, CROWD + 500)
        with database.transaction() as tx:
            for place, locale in enumerate(LOCALES):
                tx.execute(update(PersonRow).where(PersonRow.id % len(LOCALES) == place).values(locale=locale))
        with service(folder, found, api, database, switches=()) as ours:
            asyncio.run(load.closed(ours.port, [load.text(1, 1)], 1))
            ours.empty()
            api.begin_anew()
            before = ours.processes[0].memory()
            talking = Talk(ours, CROWD)
            talking.start()
            prompt = scene.send_to_all(database, WORDS)
            # On SQLite a process does not hear what another has planned, and looks every twenty seconds.
            wait_until(lambda: _cursor(database, prompt) > 0, "the first rows", 60)
            began, spent = time.monotonic(), ours.cpu()
            wait_until(lambda: _state(database, prompt) == "sent", "all rows", 300)
            took, used = time.monotonic() - began, ours.cpu() - spent
            talking.over = True
            talking.join()
            wait_until(lambda: len(_replied(api.arrived(), talking)) == len(talking.wrote), "the replies", 60)
            replies = _replied(api.arrived(), talking)
            waits = [replies[chat] - moment for chat, moment in talking.wrote.items()]
            grown = ours.processes[0].peak() - before
        with database.reading() as tx:
            rows = select(func.count()).where(Outbox.about == "prompt", Outbox.about_id == prompt)
            assert tx.execute(rows).scalar_one() == CROWD + 500
        name = f"one message to 100,000 in four languages, {kind}"
        return [
            at_most(f"{name}: rows ready", took, "s", most),
            at_most(f"{name}: processor time of our process for them", used, "s", most),
            at_most(f"{name}: memory", grown, "MB more", 50),
            at_most(f"{name}: replies meanwhile, p99", quantile(waits, 0.99) * 1000, "ms", 100),
        ]


def _replied(arrived: list[tuple[int, float]], talking: Talk) -> dict[int, float]:
    """The first message to each of those who wrote."""
    found: dict[int, float] = {}
    for chat, moment in arrived:
        if chat in talking.wrote and moment >= talking.wrote[chat]:
            found[chat] = min(moment, found.get(chat, moment))
    return found


def _cursor(database: Database, prompt: int) -> int:
    with database.reading() as tx:
        found = prompts.get(tx, prompt)
    assert found is not None
    return found.cursor


def _state(database: Database, prompt: int) -> str:
    with database.reading() as tx:
        found = prompts.get(tx, prompt)
    assert found is not None
    return found.state


def due(rounds: int) -> list[Row]:
    """1,000 reminders found and claimed among a million that have fired."""
    with home() as (_folder, _url, database):
        upgrade(database, explicit=True)
        now = datetime.now(UTC)
        with database.transaction() as tx:
            for first in range(0, PAST + DUE, scene.BATCH):
                tx.execute(
                    insert(Schedule),
                    [
                        {
                            "kind": "remind",
                            "subject": number,
                            "due_at": now - timedelta(seconds=PAST - number),
                            "state": "fired" if number < PAST else "waiting",
                        }
                        for number in range(first, min(first + scene.BATCH, PAST + DUE))
                    ],
                )
        later, began = now + timedelta(hours=1), time.monotonic()
        with database.transaction() as tx:
            found = schedules.claim_due(tx, later, DUE)
        took = time.monotonic() - began
        assert len(found) == DUE
        return [at_most("1,000 due among 1,000,000 past: found and claimed", took, "s", 0.2)]
