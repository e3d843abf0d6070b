"""When something around it fails, the service waits, says so, and goes on by itself; nothing is lost meanwhile."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from bot.chat.delivery import RetryAfter
from bot.chat.events import Address, Command, Event
from bot.chat.messages import Rendered
from bot.domain.people import anyone
from bot.engine.chat import Chat
from bot.engine.house import House
from bot.engine.receive import Engine
from bot.engine.router import Router
from bot.work import sender
from bot.work.writer import Writer
from storage import outbox, schedules
from storage.database import Database
from storage.tables import EventRow, Outbox, Parked
from storage.vault import Vault
from tests.conftest import on_database, playing
from tests.databases import listening
from tests.doors.stage import Stage
from tests.doors.telegram import Telegrammer
from tests.fakes.telegram import TelegramFake
from tests.work.loft import ACCOUNT, NOW, Loft, Pigeon, opened

AN_HOUR = timedelta(hours=1)


@pytest.fixture
def loft(database: Database, tmp_path: Path) -> Iterator[Loft]:
    with opened(database, tmp_path) as made:
        yield made


def test_with_the_platform_gone_for_an_hour_no_attempt_is_used_up_and_all_go_out_in_order(
    loft: Loft, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = [0.0]
    monkeypatch.setattr(sender, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + moved[0]))
    rows = [loft.put(f"message {number}") for number in range(3)]
    pigeon = Pigeon(RetryAfter(), RetryAfter(), unwell=50)
    found = loft.sender(pigeon)

    def over() -> bool:
        if found.figures.paused_until > sender.time.monotonic():
            moved[0] = found.figures.paused_until - time.monotonic()
            loft.now = NOW + timedelta(seconds=moved[0])
        return set(loft.states().values()) == {"sent"}

    loft.run(found, until=over)
    assert moved[0] > 2400, "it did not wait ever longer"
    assert [delivery.row for delivery in pigeon.carried][-3:] == rows
    assert [loft.tries(row) for row in rows] == [1, 1, 1]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_with_the_disk_full_nothing_is_half_written_and_it_goes_on_when_there_is_room(loft: Loft) -> None:
    full = [True]

    def room(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages if full else 1 << 30}")

    def write(chat: str) -> Any:
        message = Rendered("long " * 20_000)
        address = Address(ACCOUNT, chat)
        return loft.writer.submit(lambda tx: outbox.put(tx, address, loft.person.id, message, loft.now))

    with listening(loft.db.limited, "begin", room):
        with pytest.raises(OperationalError, match="full"):
            write("7").result(10)
        assert loft.writer.well is not True
        assert loft.states() == {}
        full.clear()
        row = write("7").result(10)
    well: bool = loft.writer.well
    assert well
    assert loft.states() == {row: "ready"}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_with_every_reading_connection_taken_events_are_still_taken_and_messages_sent(loft: Loft) -> None:
    with ExitStack() as stack:
        pool = loft.db.reader.pool
        for _connection in range(pool.size()):
            stack.enter_context(loft.db.reading())
        happened = Event("1", Address(ACCOUNT, "7"), Command("help"))
        loft.writer.accept(happened).result(10)
        row = loft.put("hello")
        pigeon = Pigeon()
        loft.run(loft.sender(pigeon), until=lambda: len(pigeon.carried) == 2)
        answer, told = (delivery.row for delivery in pigeon.carried)
        assert answer < told == row
    with loft.db.reading() as tx:
        assert tx.execute(select(EventRow.id)).scalars().all() == ["1"]


def test_a_clock_that_jumps_fires_nothing_twice_and_loses_nothing(loft: Loft) -> None:
    with loft.db.transaction() as tx:
        schedules.plan(tx, "remind", 1, NOW + timedelta(minutes=30))
        schedules.plan(tx, "remind", 2, NOW + timedelta(minutes=90))
    fired: list[int] = []
    for moment in (NOW, NOW + AN_HOUR, NOW - AN_HOUR, NOW, NOW + AN_HOUR, NOW + 2 * AN_HOUR, NOW):
        with loft.db.transaction() as tx:
            fired += [row.subject for row in schedules.claim_due(tx, moment, 20)]
    assert fired == [1, 2]


@pytest.mark.parametrize("jump", [AN_HOUR, -AN_HOUR], ids=["forwards", "backwards"])
def test_a_sender_goes_on_when_the_wall_clock_jumps(loft: Loft, jump: timedelta) -> None:
    """Its lease and its pace rest on the monotonic clock; the row of the lease is written anew."""
    first = loft.put("before")
    pigeon = Pigeon()
    found = loft.sender(pigeon, lease=1.0)
    later: list[int] = []

    def over() -> bool:
        if not later and loft.states()[first] == "sent":
            loft.now += jump
            later.append(loft.put("after"))
        return bool(later) and loft.states()[later[0]] == "sent"

    loft.run(found, until=over)
    assert pigeon.texts == ["before", "after"]


def test_running_out_of_memory_in_a_handler_is_an_ordinary_fault(database: Database, tmp_path: Path) -> None:
    """The event is parked, the person hears of it, and the next event is handled."""
    router = Router()

    @router.command("big", who=anyone)
    def big(chat: Chat, argument: str) -> None:
        bytearray(1 << 62)

    @router.command("small", who=anyone)
    def small(chat: Chat, argument: str) -> None:
        chat.say("Done.")

    house = House(Vault("a secret key for tests that is long enough"), tmp_path, "http://localhost:8000")
    writer = Writer(database, Engine(router, house), lambda: NOW)
    writer.start()
    address = Address(ACCOUNT, "7")
    for number, command in enumerate(("big", "small")):
        writer.accept(Event(str(number), address, Command(command))).result(10)
    writer.stop()
    with database.reading() as tx:
        assert tx.execute(select(Parked.error)).scalars().all() == ["MemoryError"]
        said = [row.content["text"] for row in tx.execute(select(Outbox.content).order_by(Outbox.id))]
    assert "Something went wrong with us" in said[0]
    assert said[1:] == ["Done."]


def test_a_slow_loris_holds_up_nobody(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Hundreds of connections that never end their request are open; somebody else is answered."""
    with ExitStack() as stack:
        found = stack.enter_context(on_database(request, "sqlite"))
        fake = stack.enter_context(TelegramFake())
        fake.limits = False
        stage = stack.enter_context(playing(Stage(found, tmp_path, telegram=fake, people_are=Telegrammer)))
        place = urlsplit(stage.url)
        for number in range(300):
            line = stack.enter_context(socket.create_connection((place.hostname or "", place.port or 0), timeout=5))
            line.sendall(b"POST /telegram HTTP/1.1\r\nHost: x\r\n")
            if number % 2:
                line.sendall(b"Content-Length: 500\r\n\r\n{")
        began = time.monotonic()
        stage.person("Maria", "en").says("/help").hears("/mydata")
        assert time.monotonic() - began < 5
