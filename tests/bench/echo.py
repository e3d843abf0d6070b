"""A message in, a message out: processor time for each update, ours beside the peers', by turns."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from statistics import median
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
MANY, WARM = 2000, 200
Update = Callable[[int, int], dict[str, Any]]


def text_answers(rounds: int) -> list[Row]:
    """One text answer in, one message out, until the outbox is empty."""
    return [_compared("a text answer", load.text, 1, connections, rounds) for connections in (8, 32)]


def button_answers(rounds: int) -> list[Row]:
    """A press: the toast, the question closed, the next one asked. Our toast goes with the answer to the webhook."""
    return [_compared("a button answer", load.press, 2, connections, rounds) for connections in (8, 32)]


def _compared(work: str, update: Update, written: int, connections: int, rounds: int) -> Row:
    costs: dict[str, list[float]] = defaultdict(list)
    for _round in range(rounds):
        costs[OURS].append(_ours(update, written, connections))
        for peer, command in PEERS.items():
            costs[peer].append(_peers(command, update, written, connections))
    ours = median(costs.pop(OURS))
    references = {peer: median(those) for peer, those in costs.items()}
    return beside(f"{work}, {connections} connections", ours, UNIT, references, SHARES)


def _updates(update: Update) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    each = [update(person, person) for person in range(1, WARM + MANY + 1)]
    return each[:WARM], each[WARM:]


def _ours(update: Update, written: int, connections: int) -> float:
    warm, rest = _updates(update)
    with home() as (folder, url, database), bot_api() as api:
        pressed = update is load.press
        scene.fill(database, WARM + MANY, kind="yes_no" if pressed else "free_text", shown=pressed)
        with service(folder, url, api, database) as ours:

            def over(many: int) -> None:
                _written(api, many * written)
                ours.empty()

            return _cost(ours.port, ours.cpu, over, warm, rest, connections)


def _peers(command: Sequence[str], update: Update, written: int, connections: int) -> float:
    warm, rest = _updates(update)
    with bot_api() as api:
        port = free_port()
        program, *switches = command
        line = [sys.executable, str(HERE / "peers" / program), str(port), api.url, *switches]
        with running(line, {}, HERE) as peer:
            wait_until(lambda: listens(port), f"{program} to listen")
            return _cost(port, peer.cpu, lambda many: _written(api, many * written), warm, rest, connections)


def _written(api: Api, many: int) -> None:
    wait_until(lambda: api.calls("sendMessage", "editMessageText") >= many, f"{many} messages")


def _cost(
    port: int,
    cpu: Callable[[], float],
    over: Callable[[int], None],
    warm: Sequence[dict[str, Any]],
    rest: Sequence[dict[str, Any]],
    connections: int,
) -> float:
    """Microseconds of processor time an update, once warm."""
    assert asyncio.run(load.closed(port, warm, connections)).refused == 0
    over(len(warm))
    before = cpu()
    assert asyncio.run(load.closed(port, rest, connections)).refused == 0
    over(len(warm) + len(rest))
    return (cpu() - before) / len(rest) * 1e6


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
