"""A message in, a message out: processor time for each update, ours beside the peers', by turns."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from tests.bench import load, scene
from tests.bench.machine import free_port, listens, running, wait_until
from tests.bench.rows import Row, at_most, beside
from tests.bench.service import HERE, Api, bot_api, home, service

PTB, LIMITED, AIOGRAM = "stock PTB", "PTB + AIORateLimiter", "aiogram 3"
PEERS: Mapping[str, Sequence[str]] = {PTB: ("ptb.py",), LIMITED: ("ptb.py", "--limited"), AIOGRAM: ("aio.py",)}
SHARES = {PTB: 0.5, AIOGRAM: 0.8}
OURS = "Samskab"
UNIT = "µs CPU an update"
TURNS, EACH, COLD = 16, 120, 4  # a bot's connections do not grow old until its next turn
WARM = 200
Update = Callable[[int, int], dict[str, Any]]


def text_answers(rounds: int) -> list[Row]:
    """One text answer in, one message out, until the outbox is empty."""
    return [_compared("a text answer", load.text, 1, connections, rounds) for connections in (8, 32)]


def button_answers(rounds: int) -> list[Row]:
    """A press: the toast, the question closed, the next one asked. Our toast goes with the answer to the webhook."""
    return [_compared("a button answer", load.press, 2, connections, rounds) for connections in (8, 32)]


def _compared(work: str, update: Update, written: int, connections: int, rounds: int) -> Row:
    """All are up at once and have short turns, so that a slow minute of the machine is everybody's."""
    with ExitStack() as stack:
        bots = {OURS: stack.enter_context(_ours(update, written, rounds))}
        bots |= {peer: stack.enter_context(_peer(command, written)) for peer, command in PEERS.items()}
        costs: dict[str, list[float]] = defaultdict(list)
        for number in range(COLD + TURNS * rounds):
            first = number * EACH + 1
            updates = [update(person, person) for person in range(first, first + EACH)]
            for name, bot in bots.items():
                costs[name].append(bot.cost(updates, connections))
    typical = {name: _typical(those[COLD:]) for name, those in costs.items()}
    return beside(f"{work}, {connections} connections", typical.pop(OURS), UNIT, typical, SHARES)


def _typical(costs: Sequence[float]) -> float:
    """The mean of the middle half: the kernel counts in hundredths of a second, which a median alone would show."""
    quarter = len(costs) // 4
    return mean(sorted(costs)[quarter : len(costs) - quarter])


@dataclass(frozen=True)
class Bot:
    """A bot that is up: where it takes updates, what it has spent, and how many messages it writes for each."""

    port: int
    cpu: Callable[[], float]
    api: Api
    written: int
    settled: Callable[[], None] = lambda: None

    def cost(self, updates: Sequence[Mapping[str, Any]], connections: int) -> float:
        """Microseconds of processor time for each update, until all they owe has been sent."""
        sent, spent = self.sent(), self.cpu()
        assert asyncio.run(load.closed(self.port, updates, connections)).refused == 0
        owed = sent + len(updates) * self.written
        wait_until(lambda: self.sent() >= owed, f"{owed} messages")
        self.settled()
        return (self.cpu() - spent) / len(updates) * 1e6

    def sent(self) -> int:
        """How many messages it has written so far."""
        return self.api.calls("sendMessage", "editMessageText")


@contextmanager
def _ours(update: Update, written: int, rounds: int) -> Iterator[Bot]:
    pressed = update is load.press
    with home() as (folder, url, database), bot_api() as api:
        people = EACH * (COLD + TURNS * rounds)
        scene.fill(database, people, kind="yes_no" if pressed else "free_text", shown=pressed)
        with service(folder, url, api, database) as ours:
            yield Bot(ours.port, ours.cpu, api, written, ours.empty)


@contextmanager
def _peer(command: Sequence[str], written: int) -> Iterator[Bot]:
    port = free_port()
    program, *switches = command
    with bot_api() as api:
        line = [sys.executable, str(HERE / "peers" / program), str(port), api.url, *switches]
        with running(line, {}, HERE) as peer:
            wait_until(lambda: listens(port), f"{program} to listen")
            yield Bot(port, peer.cpu, api, written)


def open_loop(rounds: int) -> list[Row]:
    """500 updates a second, whatever the answers do: how long the 200 takes, and how long until the reply is there."""
    rate, many = 500, 5000
    accepted, replied = [], []
    for _round in range(rounds):
        with home() as (folder, url, database), bot_api() as api:
            scene.fill(database, WARM + many)
            warm = [load.text(person, person) for person in range(1, WARM + 1)]
            rest = [load.text(person, person) for person in range(WARM + 1, WARM + many + 1)]
            with service(folder, url, api, database) as ours:
                asyncio.run(load.closed(ours.port, warm, 8))
                ours.empty()
                api.begin_anew()
                answers = asyncio.run(load.steady(ours.port, rest, rate))
                assert answers.refused == 0
                ours.empty()
                waits = _reply_waits(api.arrived(), answers.began, rate)
                accepted.append(answers.quantile(0.99))
                replied.append(load.quantile(waits, 0.99) * 1000)
    return [
        at_most(f"{rate} updates/s: until the 200, p99", median(accepted), "ms", 20),
        at_most(f"{rate} updates/s: until the reply is there, p99", median(replied), "ms", 50),
    ]


def _reply_waits(arrived: Sequence[tuple[int, float]], began: float, rate: float) -> list[float]:
    """Seconds from the moment an update was due to the arrival of its reply; clocks are the machine's one."""
    return [moment - (began + (chat - scene.FIRST_CHAT - WARM - 1) / rate) for chat, moment in arrived]
