"""Somebody writes a thousand times a second, a crowd of new people comes at once, and lines that never end."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from select import select
from types import SimpleNamespace
from typing import Any

import aiohttp
import httpx
import pytest

from bot.chat.events import Address, Command, Event, Outcome
from bot.web.connections import shed
from bot.work.fair import Manners
from bot.work.reception import Reception
from bot.work.writer import Writer
from storage.database import Database
from tests.attacks.flooder import FLOODER
from tests.doors.stage import HOOK, free_port
from tests.doors.web import Online
from tests.fakes.telegram import TelegramFake
from tests.locks import ROOT
from tests.serve import Service
from tests.service.test_life import started
from tests.service.test_unwell import update
from tests.world import World

pytestmark = pytest.mark.alone
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": HOOK}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    """`samskab run`, as people meet it."""
    with TelegramFake() as fake:
        fake.limits = False
        with started(tmp_path, free_port(), fake, {"SAMSKAB_TELEGRAM_WEBHOOK_SECRET": HOOK}) as service:
            yield service


def test_a_flooder_is_dropped_with_one_notice_and_holds_up_nobody(running: Service, tmp_path: Path) -> None:
    asyncio.run(talking(running.url, 0.5, 1))  # the first of all wakes the service up
    calm = asyncio.run(talking(running.url, 2, 100))
    command = [sys.executable, "-m", "tests.attacks.flooder", running.url, "5"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as flooder:
        time.sleep(1.5)  # it takes a moment to start, and then goes on beyond the others
        waits = asyncio.run(talking(running.url, 3, 1000))
        assert flooder.stdout is not None
        statuses, said = json.loads(flooder.stdout.read())
    assert list(statuses) == ["200"] and statuses["200"] > 1000, "the flood was no flood"
    assert len(said) == 1 and "You are writing faster than I can read." in said[0]
    # Where others use the machine, too, a calm moment is what there is to compare with.
    assert percentile(waits, 99) < max(0.1, 6 * percentile(calm, 99))
    database = Database(f"sqlite:///{tmp_path}/samskab.db")
    with database.reading() as tx:
        rows = tx.exec_driver_sql("SELECT chat, count(*) FROM outbox GROUP BY chat")
        heard = {chat: count for chat, count in rows}  # noqa: C416 (rows are not pairs to a type checker)
    database.close()
    assert 20 <= heard[str(FLOODER)] <= 30
    assert [heard[str(person)] for person in range(1, 6)] == [22] * 5, "everybody else is answered each time"


def percentile(waits: list[float], part: int) -> float:
    return sorted(waits)[len(waits) * part // 100]


async def talking(url: str, seconds: float, first: int) -> list[float]:
    """Five people who write now and then: how long each text waited until it was committed."""
    waits: list[float] = []
    async with aiohttp.ClientSession() as session:

        async def person(number: int) -> None:
            for time_ in range(int(seconds * 4)):
                began = time.monotonic()
                body = update(first + number * 100_000 + time_, "/help", number)
                async with session.post(f"{url}/telegram", json=body, headers=HEADERS) as answer:
                    assert (answer.status, await answer.read()) == (200, b"")
                waits.append(time.monotonic() - began)
                await asyncio.sleep(0.25)

        await asyncio.gather(*(person(number) for number in range(1, 6)))
    return waits


# A crowd -------------------------------------------------------------------------------------------------------


class Hall:
    """A reception with a real writer behind it, and a moment moved by hand."""

    def __init__(self, world: World, **manners: Any) -> None:
        self.world, self.moment, self.number = world, 0.0, 0
        self.writer = Writer(world.db, world.engine, lambda: world.now)
        self.reception = Reception(
            world.engine, self.writer, world.db, lambda: world.now, Manners(**manners), lambda: self.moment
        )
        self.writer.start()

    def come(self, *addresses: Address) -> list[Outcome]:
        """Each writes once, all in the same moment."""

        async def all_of_them() -> list[Outcome]:
            return list(await asyncio.gather(*(self.reception.accept(self.event(one)) for one in addresses)))

        return asyncio.run(all_of_them())

    def event(self, address: Address) -> Event:
        self.number += 1
        return Event(f"n{self.number}", address, Command("help"), "en")


@pytest.fixture
def hall(world: World) -> Iterator[Callable[..., Hall]]:
    made: list[Hall] = []

    def open_one(**manners: Any) -> Hall:
        made.append(Hall(world, **manners))
        return made[-1]

    yield open_one
    for one in made:
        one.writer.stop()


def test_of_a_crowd_so_many_are_greeted_and_the_others_asked_to_come_again(
    hall: Callable[..., Hall], world: World
) -> None:
    house = hall(newcomers=5)
    ola = world.member("Ola")
    crowd = [Address("direct", f"new {number}") for number in range(20)]
    outcomes = house.come(*crowd)
    away = [
        address for address, one in zip(crowd, outcomes, strict=True) if "Please try again in a minute" in one.toast
    ]
    assert len(away) == 15
    with world.db.reading() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM address WHERE chat LIKE 'new %%'").scalar_one() == 5
    assert house.come(ola.address)[0].toast == "", "whom the database knows is no newcomer"
    assert {one.toast for one in house.come(*(address for address in crowd if address not in away))} == {""}
    house.moment = 1.0
    assert [bool(one.toast) for one in house.come(away[0], away[1])] == [False, False], "one is in, one was told before"
    assert world.engine.figures.turned_away == 16


def test_at_most_ten_of_one_person_wait(hall: Callable[..., Hall], world: World) -> None:
    house = hall()
    ola = world.member("Ola")
    outcomes = house.come(*([ola.address] * 15))
    assert [bool(one.toast) for one in outcomes] == [False] * 10 + [True] + [False] * 4
    assert world.engine.figures.dropped == 5
    world._deliver()
    assert len(ola.messages) == 10


def test_browsers_that_nobody_knows_are_greeted_before_they_get_a_session(tmp_path: Path, running: Service) -> None:
    with httpx.Client() as anybody:
        first = Online(running.url, "en").opens("/")
        csrf = first.page.forms[0].fields if first.page.forms else []
        first.client.close()
        token = dict(csrf).get("csrf", "")
        assert token
        answers = []
        for number in range(70):
            data = {"csrf": token, "nonce": f"n{number}", "text": "/help"}
            answer = anybody.post(f"{running.url}/talk", data=data, headers={"origin": running.url})
            anybody.cookies.clear()
            answers.append(answer)
    assert [one.status_code for one in answers[:60]] == [303] * 60
    away = [one for one in answers[60:] if one.status_code == 429]
    assert away and away[0].headers["retry-after"] == "60"
    assert "Please wait a minute, go back, and send it again." in away[0].text


# Lines that never end --------------------------------------------------------------------------------------------


def line(url: str, sent: bytes) -> socket.socket:
    host, _colon, port = url.removeprefix("http://").partition(":")
    opened = socket.create_connection((host, int(port)), timeout=30)
    opened.sendall(sent)
    return opened


POST = b"POST /telegram HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"


def test_slow_lines_are_closed_in_time_while_others_are_served(running: Service) -> None:
    """One brings its body a byte at a time, one its headers, one nothing at all."""
    began = time.monotonic()
    lines = [line(running.url, POST), line(running.url, b"GET / HTTP/1.1\r\nx-a: "), line(running.url, b"")]
    ends: dict[int, float] = {}
    said = b""
    while len(ends) < 3 and time.monotonic() - began < 20:
        for number, one in enumerate(lines):
            if number in ends:
                continue
            try:
                if number < 2:
                    one.sendall(b"a")
                one.settimeout(0.05)
                got = one.recv(1000)
                said += got
                if not got:
                    ends[number] = time.monotonic() - began
            except TimeoutError:
                continue
            except OSError:
                ends[number] = time.monotonic() - began
        asked = time.monotonic()
        assert httpx.get(f"{running.url}/health").status_code == 200
        assert time.monotonic() - asked < 1
        time.sleep(0.3)
    for one in lines:
        one.close()
    assert len(ends) == 3 and max(ends.values()) < 15
    assert b" 408 " in said, "whoever reads is told why"


def test_too_much_is_refused_before_it_is_read(running: Service) -> None:
    one = line(running.url, POST.replace(b"1000", b"1000001"))
    assert b" 413 " in one.recv(100)
    one.close()


def test_of_too_many_connections_the_slowest_go_and_whole_requests_stay() -> None:
    closed: list[int] = []

    def connection(number: int, since: float | None, idle: float | None = None) -> SimpleNamespace:
        transport = SimpleNamespace(abort=lambda: closed.append(number))
        return SimpleNamespace(since=since, idle=idle, transport=transport)

    found = [connection(0, None), connection(1, 99.0), connection(2, 95.0), connection(3, 97.0)]
    assert shed(found, 100.0, most=4) == 0
    assert shed(found, 100.0, most=2) == 2
    assert closed == [2, 3]
    assert shed(found, 107.5, most=4) == 1
    assert closed == [2, 3, 2], "slow for more than twelve seconds"
    found += [connection(4, None, idle=90.0), connection(5, None, idle=80.0)]
    assert shed(found, 100.0, most=3) == 3
    assert closed[3:] == [5, 4, 2], "whoever asks for nothing goes first, for that costs nobody a word"
    assert shed(found, 107.5, most=5) == 1
    assert closed[6:] == [2], "what is too slow makes room enough"


def test_a_line_is_kept_longer_than_a_proxy_keeps_it(running: Service) -> None:
    """Else the service closes a line while the proxy sends a request over it, and somebody reads 502."""
    with closing(HTTPConnection(running.url.removeprefix("http://"), timeout=30)) as one:
        one.request("GET", "/health")
        first = one.getresponse()
        assert (first.status, bool(first.read())) == (200, True)
        closed, _write, _other = select([one.sock], [], [], 6)  # a server's usual five seconds
        assert not closed
        one.request("GET", "/health")
        assert one.getresponse().status == 200
