"""Messages out of the outbox: as fast as the processor allows, and at the pace that Telegram sets."""

from __future__ import annotations

import asyncio
import time
from statistics import median
from threading import Thread

from tests.bench import load, scene
from tests.bench.load import quantile
from tests.bench.machine import wait_until
from tests.bench.rows import Row, at_least, at_most
from tests.bench.service import Service, bot_api, home, service

MANY = 6000
FREE, REPLIES = 2000, 5
PAID, LATENCY = 30_000, 0.05
CROWD = 100_000
FREE_LIMIT, PAID_LIMIT = 30, 1000


def outbox(rounds: int) -> list[Row]:
    """As fast as it can, each row marked before its call and after, with fencing: messages a second of processor time.

    The Bot API has no limits and no latency.
    """
    found = median(_emptied() for _round in range(rounds))
    return [at_least("sending from the outbox, for each core", found, "messages/s", 3000)]


def _emptied() -> float:
    with home() as (folder, url, database), bot_api() as api:
        scene.fill(database, MANY)
        with service(folder, url, api, database) as ours:
            before = ours.cpu()
            scene.waiting(database, MANY)
            ours.empty()
            return MANY / (ours.cpu() - before)


def free_pace(rounds: int) -> list[Row]:
    """2,000 messages to many at Telegram's free pace, while people write and want their replies."""
    with home() as (folder, url, database), bot_api(limit=FREE_LIMIT) as api:
        scene.fill(database, FREE + 500)
        scene.waiting(database, FREE)
        with service(folder, url, api, database, switches=()) as ours:
            talking = Talk(ours, FREE)
            talking.start()
            ours.empty(180)
            talking.over = True
            talking.join()
            ours.empty()
            arrived = [moment for chat, moment in api.arrived() if chat <= scene.FIRST_CHAT + FREE]
            replies = {chat: moment for chat, moment in api.arrived() if chat > scene.FIRST_CHAT + FREE}
            waits = [replies[chat] - moment for chat, moment in talking.wrote.items()]
            moments = sorted(moment for _chat, moment in api.arrived())
            every = (len(moments) - 1) / (moments[-1] - moments[0])
            assert len(arrived) == FREE
            return [
                at_least("30/s: messages and replies together", every, "messages/s", 27.5),
                at_most("30/s: refused for being too fast", api.calls("429"), "429", 0),
                at_most("30/s: a reply beside 2,000 messages, p99", quantile(waits, 0.99), "s", 1.5),
            ]


class Talk(Thread):
    """Five people a second write, each of them once."""

    def __init__(self, ours: Service, after: int) -> None:
        super().__init__(daemon=True)
        self._port, self._person = ours.port, after
        self.over = False
        self.wrote: dict[int, float] = {}

    def run(self) -> None:
        while not self.over:
            self._person += 1
            self.wrote[scene.FIRST_CHAT + self._person] = time.monotonic()
            asyncio.run(load.closed(self._port, [load.text(self._person, self._person)], 1))
            time.sleep(1 / REPLIES)


def paid_pace(rounds: int) -> list[Row]:
    """30,000 messages at Telegram's paid pace, with a Bot API that takes its time to answer."""
    with home() as (folder, url, database), bot_api(LATENCY, PAID_LIMIT) as api:
        scene.fill(database, PAID)
        scene.waiting(database, PAID)
        with service(folder, url, api, database, switches=(), settings={"SAMSKAB_TELEGRAM_PAID": "true"}) as ours:
            wait_until(lambda: api.calls("sendMessage") > PAID // 10, "the first tenth")
            before, spent = time.monotonic(), ours.cpu()
            sent = api.calls("sendMessage")
            wait_until(lambda: api.calls("sendMessage") >= PAID, "the rest", 300)
            took, used = time.monotonic() - before, ours.cpu() - spent
            ours.empty()
            return [
                at_least("paid pace: messages", (PAID - sent) / took, "messages/s", 950),
                at_most("paid pace: of one core", used / took * 100, "%", 60),
                at_most("paid pace: refused for being too fast", api.calls("429"), "429", 0),
            ]


def crowd(rounds: int) -> list[Row]:
    """One message to 100,000 people: how far the process's memory grows until the last has it."""
    with home() as (folder, url, database), bot_api() as api:
        scene.fill(database, CROWD)
        with service(folder, url, api, database) as ours:
            asyncio.run(load.closed(ours.port, [load.text(1, 1)], 1))
            ours.empty()
            before = ours.processes[0].memory()
            scene.send_to_all(database)
            wait_until(lambda: api.calls("sendMessage") > CROWD, "everybody", 1800)
            ours.empty()
            return [at_most("one message to 100,000 people: memory", ours.processes[0].peak() - before, "MB more", 50)]
