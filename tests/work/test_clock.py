"""What is due: each thing once, whoever does it, and one that cannot be done holds up nobody else."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.engine.errand import Errand
from bot.engine.house import House
from bot.engine.receive import Engine
from bot.engine.router import Router
from bot.work.clock import Clock, NotFired, fire_due
from bot.work.writer import Writer
from storage import keys, marks, schedules
from storage.database import Database, Tx
from storage.vault import Vault
from tests.conftest import on_database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DUE = 300


@pytest.fixture
def db(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty PostgreSQL database."""
    with on_database(request, "postgresql") as opened:
        yield opened


def an_engine(folder: Path, keys_name: str = "", **kinds: Callable[[Errand, int], None]) -> Engine:
    """What is due is done by these."""
    router = Router()
    for kind, handler in kinds.items():
        router.due(kind)(handler)
    vault = Vault("a secret key for tests that is long enough")
    return Engine(router, House(vault, folder / "keys", "http://localhost:8000", keys_name=keys_name))


def planned(db: Database, kind: str, count: int, useful_until: datetime | None = None) -> None:
    with db.transaction() as tx:
        for subject in range(count):
            schedules.plan(tx, kind, subject, NOW - timedelta(minutes=1), useful_until=useful_until)


def states(db: Database) -> Counter[str]:
    with db.reading() as tx:
        return Counter(tx.exec_driver_sql("SELECT state FROM schedule").scalars())


def test_two_processes_do_each_thing_once(db: Database, tmp_path: Path) -> None:
    """Each process has its own connections; what it has done it writes in the same transaction."""
    planned(db, "made_up", DUE)
    done: dict[int, list[int]] = {0: [], 1: []}
    both = threading.Barrier(2)

    def process(number: int) -> None:
        mine = Database(db.url.render_as_string(hide_password=False))
        seen: list[int] = []

        def handler(errand: Errand, subject: int) -> None:
            marks.put(errand.tx, f"done {subject} by {number}", "yes")
            seen.append(subject)

        engine = an_engine(tmp_path, made_up=handler)
        both.wait(10)
        left: datetime | None = NOW
        while left is not None:
            with mine.transaction() as tx:
                fire_due(engine, tx, NOW)
            with mine.reading() as tx:
                left = schedules.next_due(tx)
        done[number] = seen
        mine.close()

    threads = [threading.Thread(target=process, args=(number,)) for number in done]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Counter(done[0] + done[1]) == Counter(range(DUE))
    with db.reading() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM mark WHERE key LIKE 'done%%'").scalar() == DUE
    assert states(db) == {"fired": DUE}


def test_one_passes_over_what_the_other_has_in_hand(db: Database, tmp_path: Path) -> None:
    planned(db, "made_up", 7)
    other = Database(db.url.render_as_string(hide_password=False))
    with ExitStack() as stack:
        stack.callback(other.close)
        first = stack.enter_context(db.transaction())
        second = stack.enter_context(other.transaction())
        assert [len(schedules.claim_due(tx, NOW, 5)) for tx in (first, second)] == [5, 2]
        assert not schedules.claim_due(second, NOW, 5)
    assert states(db) == {"fired": 7}


def test_one_process_at_a_time_does_what_is_due(db: Database, tmp_path: Path) -> None:
    planned(db, "made_up", 7)
    engine = an_engine(tmp_path, made_up=lambda errand, subject: None)
    other = Database(db.url.render_as_string(hide_password=False))
    with ExitStack() as stack:
        stack.callback(other.close)
        with db.transaction() as first:
            assert fire_due(engine, first, NOW) == 5
            with other.transaction() as second:
                assert fire_due(engine, second, NOW) == 0
        with other.transaction() as second:
            assert fire_due(engine, second, NOW) == 2


def test_many_that_are_stale_do_not_hide_one_that_is_not(database: Database, tmp_path: Path) -> None:
    planned(database, "stale", 12, useful_until=NOW - timedelta(seconds=1))
    planned(database, "made_up", 1)
    with database.transaction() as tx:
        assert [row.kind for row in schedules.claim_due(tx, NOW, 5)] == ["made_up"]
    assert states(database) == {"missed": 12, "fired": 1}


def test_what_cannot_be_done_holds_up_nothing_else_and_is_tried_again(database: Database, tmp_path: Path) -> None:
    done: list[int] = []

    def handler(errand: Errand, subject: int) -> None:
        if subject == 2 and not well:
            raise ZeroDivisionError
        done.append(subject)

    planned(database, "made_up", 8)
    engine = an_engine(tmp_path, made_up=handler)
    writer = Writer(database, engine, lambda: NOW)
    clock = Clock(engine, writer, lambda: NOW, lambda: None)
    writer.start()
    well = False
    asyncio.run(clock.tick())
    assert states(database) == {"fired": 7, "waiting": 1}
    assert set(done) == {0, 1, 3, 4, 5, 6, 7}
    well = True
    asyncio.run(clock.tick())
    writer.stop()
    assert states(database) == {"fired": 8} and done[-1] == 2


def test_a_ballot_is_opened_by_a_process_that_sees_the_key_folder(database: Database, tmp_path: Path) -> None:
    done: list[int] = []

    def handler(errand: Errand, subject: int) -> None:
        done.append(subject)

    def fired(engine: Engine) -> int:
        with database.transaction() as tx:
            return fire_due(engine, tx, NOW)

    planned(database, "ballot_open", 1)
    blind = an_engine(tmp_path, "another", ballot_open=handler)
    assert fired(blind) == 0 and states(database) == {"waiting": 1}
    name = keys.take(tmp_path / "keys")
    assert fired(blind) == 0
    assert fired(an_engine(tmp_path, name, ballot_open=handler)) == 1 and done == [0]


def test_a_failure_undoes_what_was_claimed_with_it(database: Database, tmp_path: Path) -> None:
    def handler(errand: Errand, subject: int) -> None:
        raise ZeroDivisionError

    planned(database, "made_up", 1)

    def fire(tx: Tx) -> None:
        fire_due(an_engine(tmp_path, made_up=handler), tx, NOW)

    with pytest.raises(NotFired, match="made_up"), database.transaction() as tx:
        fire(tx)
    assert states(database) == {"waiting": 1}
