"""Updates taken and committed over HTTP, and the whole loop to the reply: how many a second."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count
from statistics import median
from typing import Any

from sqlalchemy import func, select, text

from storage.tables import EventRow
from tests.bench import load, scene
from tests.bench.rows import Row, at_least, at_most
from tests.bench.service import bot_api, home, service
from tests.postgres import server

CONNECTIONS = 32
MANY, WARM = 4000, 400
HOT = 50
SILENT = ("--pace=open", "--silent")


def receive_sqlite(rounds: int) -> list[Row]:
    """A real form answer received and committed; nothing is sent meanwhile."""
    found = median(_rate("", (), SILENT) for _round in range(rounds))
    return [at_least("receive and commit, SQLite, 32 connections", found, "updates/s", 3000)]


def receive_postgres(rounds: int) -> list[Row]:
    """The same on PostgreSQL, and the whole loop: in one process, and with one for the web and one for the work."""
    with server(fsync=True) as postgres:
        named = (postgres.create(f"bench_{number}") for number in count())
        received = median(_rate(next(named), (), SILENT) for _round in range(rounds))
        whole = median(_rate(next(named), (), loop=True) for _round in range(rounds))
        apart = median(_rate(next(named), ("web", "work"), loop=True) for _round in range(rounds))
    return [
        at_least("receive and commit, PostgreSQL, 32 connections", received, "updates/s", 1200),
        at_least("whole loop, PostgreSQL, one process", whole, "updates/s", 700),
        at_least("whole loop, PostgreSQL, web and work", apart, "updates/s", 1000),
    ]


def hot_persons(rounds: int) -> list[Row]:
    """Two processes take the updates of the same fifty people, whichever comes to whom."""
    with server(fsync=True) as postgres:
        found = [_hot(postgres.create(f"bench_{number}")) for number in range(rounds)]
    return [
        at_least("two processes, 50 hot persons, PostgreSQL", median(rate for rate, _wrong in found), "updates/s", 800),
        at_most(
            "two processes, 50 hot persons: errors and deadlocks", sum(wrong for _rate, wrong in found), "of them", 0
        ),
    ]


def _rate(url: str, parts: Sequence[str], switches: Sequence[str] = ("--pace=open",), *, loop: bool = False) -> float:
    updates = [load.text(person, person) for person in range(1, WARM + MANY + 1)]
    with home(url) as (folder, place, database), bot_api() as api:
        scene.fill(database, WARM + MANY)
        with service(folder, place, api, database, *parts, switches=switches) as ours:
            asyncio.run(load.closed(ours.port, updates[:WARM], CONNECTIONS))
            if loop:
                ours.empty()
            answers = asyncio.run(load.closed(ours.port, updates[WARM:], CONNECTIONS))
            assert answers.refused == 0
            if loop:
                ours.empty()
                last = max(moment for _chat, moment in api.arrived())
                return MANY / (last - answers.began)
            return MANY / answers.took


def _hot(url: str) -> tuple[float, int]:
    """Updates a second, and how many were refused, not noted, or ended a deadlock."""
    updates: list[dict[str, Any]] = [load.text(number % HOT + 1, number) for number in range(1, WARM + MANY + 1)]
    with home(url) as (folder, place, database), bot_api() as api:
        scene.fill(database, HOT)
        with service(folder, place, api, database, "web", "web", switches=SILENT) as ours:
            warm = asyncio.run(load.spread(ours.ports, updates[:WARM], CONNECTIONS))
            answers = asyncio.run(load.spread(ours.ports, updates[WARM:], CONNECTIONS))
            said = "".join(process.said() for process in ours.processes)
        with database.reading() as tx:
            noted = tx.execute(select(func.count()).select_from(EventRow)).scalar_one()
            stuck = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            deadlocks = int(tx.execute(text(stuck)).scalar_one())
        wrong = warm.refused + answers.refused + abs(WARM + MANY - noted) + deadlocks + said.count("error")
        return MANY / answers.took, wrong
