"""How the cost of one update grows with what the database already holds."""

from __future__ import annotations

import asyncio
from statistics import median

from tests.bench import load, scene
from tests.bench.rows import Row, at_most
from tests.bench.service import bot_api, home, service

MANY, WARM = 2000, 200
MOST = 1.3
PEOPLE = (3_000, 30_000, 100_000)
COMMITTEES = (1, 10, 50)
MESSAGES = (0, 100_000, 500_000)


def growth(rounds: int) -> list[Row]:
    """Processor time of a text answer beside more people, more messages kept and more committees."""
    people = [median(_cost(people=many) for _round in range(rounds)) for many in PEOPLE]
    messages = [people[0], *(median(_cost(messages=many) for _round in range(rounds)) for many in MESSAGES[1:])]
    committees = [people[0], *(median(_cost(committees=many) for _round in range(rounds)) for many in COMMITTEES[1:])]
    return [
        *_rows("people", PEOPLE, people),
        *_rows("messages kept", MESSAGES, messages),
        *_rows("committees", COMMITTEES, committees),
    ]


def _rows(what: str, sizes: tuple[int, ...], costs: list[float]) -> list[Row]:
    return [
        at_most(f"a text answer with {size:,} {what}, beside {sizes[0]:,}", cost / costs[0], "times the cost", MOST)
        for size, cost in zip(sizes[1:], costs[1:], strict=True)
    ]


def _cost(*, people: int = PEOPLE[0], committees: int = 1, messages: int = 0) -> float:
    """Microseconds of processor time an update."""
    updates = [load.text(person, person) for person in range(1, WARM + MANY + 1)]
    with home() as (folder, url, database), bot_api() as api:
        scene.fill(database, people, committees=committees)
        scene.kept(database, messages, people)
        with service(folder, url, api, database) as ours:
            asyncio.run(load.closed(ours.port, updates[:WARM], 8))
            ours.empty()
            before = ours.cpu()
            asyncio.run(load.closed(ours.port, updates[WARM:], 8))
            ours.empty()
            return (ours.cpu() - before) / MANY * 1e6
