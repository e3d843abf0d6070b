"""What is committed is on the disk before anybody is told, and one wait for the disk serves all who wait for it."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as hook
from sqlalchemy import func, select

from bot.chat.delivery import Unavailable
from bot.chat.events import Address, Command, Event, Outcome
from bot.domain.people import anyone
from bot.engine.chat import Chat
from bot.engine.house import House
from bot.engine.receive import Engine
from bot.engine.router import Router
from bot.work.writer import Writer
from storage import hardening
from storage.database import Database
from storage.tables import EventRow
from storage.vault import Vault
from tests.world import START

router = Router()


@router.command("say", who=anyone)
def say(chat: Chat, argument: str) -> None:
    chat.say(f"You said {argument}.")


class Disk:
    """A disk that takes its time, or breaks."""

    def __init__(self) -> None:
        self.asked = threading.Semaphore(0)
        self.takes = threading.Event()
        self.error: OSError | None = None
        self.waits = 0

    def sync(self, *anything: Any) -> None:
        self.waits += 1
        self.asked.release()
        assert self.takes.wait(20)
        if self.error is not None:
            raise self.error


@pytest.fixture
def opened(database: Database, tmp_path: Path) -> Iterator[Database]:
    own = Database(database.url.render_as_string(hide_password=False))
    yield own
    own.close()


@pytest.fixture
def disk(opened: Database, monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    if opened.sqlite:
        monkeypatch.setattr(hardening, "_sync", made.sync)
    else:
        hook.listen(opened.writer, "before_cursor_execute", made.sync)
    return made


@pytest.fixture
def accept(opened: Database, disk: Disk, tmp_path: Path) -> Iterator[Callable[[int], Any]]:
    house = House(Vault("a secret key for tests that is long enough"), tmp_path / "keys", "http://localhost:8000")
    writer = Writer(opened, Engine(router, house), lambda: START)
    writer.start()
    yield lambda number: writer.accept(Event(f"e{number}", Address("direct", f"p{number}"), Command("say", "it"), "en"))
    disk.takes.set()
    writer.stop()


def noted(database: Database) -> int:
    with database.reading() as tx:
        return tx.execute(select(func.count()).select_from(EventRow)).scalar_one()


def test_nobody_is_told_before_the_disk_has_it(opened: Database, disk: Disk, accept: Callable[[int], Any]) -> None:
    one = accept(1)
    assert disk.asked.acquire(timeout=20)
    assert noted(opened) == 1 and not one.done()
    disk.takes.set()
    assert isinstance(one.result(20), Outcome)


def test_others_are_written_while_the_disk_is_busy_and_one_wait_serves_them_all(
    opened: Database, disk: Disk, accept: Callable[[int], Any]
) -> None:
    first = accept(1)
    assert disk.asked.acquire(timeout=20)
    others = []
    for number in (2, 3, 4):
        others.append(accept(number))
        while noted(opened) < number:
            pass
    assert not any(one.done() for one in (first, *others))
    disk.takes.set()
    assert all(isinstance(one.result(20), Outcome) for one in (first, *others))
    assert disk.waits == 2


def test_what_the_disk_does_not_take_is_not_acknowledged_and_does_nothing_twice(
    opened: Database, disk: Disk, accept: Callable[[int], Any]
) -> None:
    if not opened.sqlite:
        return  # PostgreSQL itself stops when its disk fails
    disk.error = OSError(errno.EIO, "broken")
    disk.takes.set()
    assert isinstance(accept(1).exception(20), Unavailable)
    disk.error = None
    assert accept(1).result(20).duplicate
    assert noted(opened) == 1


def test_only_what_events_write_leaves_the_disk_for_later(opened: Database) -> None:
    """The server of the tests never waits; who says so tells whether an engine would leave it for later elsewhere."""
    asked, later, at_once = "PRAGMA synchronous", 1, 2
    if not opened.sqlite:
        asked = "SELECT source = 'client' FROM pg_settings WHERE name = 'synchronous_commit'"
        later, at_once = True, False
    for engine, expected in ((opened.limited, later), (opened.writer, at_once)):
        with engine.connect() as tx:
            assert tx.exec_driver_sql(asked).scalar_one() == expected
