"""What one event may cost the others: slow handlers, errors of ours, and events that break their transaction."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import event as hook
from sqlalchemy import func, select
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    PendingRollbackError,
    ProgrammingError,
)
from structlog.testing import capture_logs

from bot.chat.delivery import Unavailable
from bot.chat.events import Address, Command, Event, Outcome, Press, Said
from bot.domain.people import anyone
from bot.engine.chat import Chat
from bot.engine.house import House
from bot.engine.receive import Engine
from bot.engine.router import Router
from bot.work import writer
from bot.work.writer import Writer
from storage import database as storage
from storage import parked, trouble
from storage.database import Database, Tx, is_sqlite
from storage.tables import EventRow, Outbox
from storage.vault import Vault
from tests.world import START

SLOW = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT count(*) FROM n",
    "SELECT pg_sleep(30)",
)
SLOW_WRITE = "INSERT INTO mark (key, value) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n " \
    "WHERE i < 1000000000) SELECT 'k' || count(*), 'v' FROM n"  # fmt: skip

router = Router()


@router.command("fast", who=anyone)
def fast(chat: Chat, argument: str) -> None:
    chat.say(f"done {argument}")


@router.command("slow", who=anyone)
def slow(chat: Chat, argument: str) -> None:
    chat.say("never read")
    chat.tx.exec_driver_sql(SLOW[not is_sqlite(chat.tx)])


@router.command("write", who=anyone)
def slow_write(chat: Chat, argument: str) -> None:
    chat.say("never read")
    chat.tx.exec_driver_sql(SLOW_WRITE if is_sqlite(chat.tx) else SLOW[1])


@router.command("many", who=anyone)
def many(chat: Chat, argument: str) -> None:
    while True:
        chat.tx.exec_driver_sql("SELECT 1")


@router.command("turns", who=anyone)
def turns(chat: Chat, argument: str) -> None:
    until = time.monotonic() + 0.4
    while time.monotonic() < until:
        pass


@router.command("broken", who=anyone)
def broken(chat: Chat, argument: str) -> None:
    chat.say("never read")
    raise RuntimeError("my diagnosis is secret")


@router.command("breaks", who=anyone)
def breaks(chat: Chat, argument: str) -> None:
    """A foreign key is broken, which PostgreSQL and SQLite say at once."""
    chat.tx.exec_driver_sql("INSERT INTO role (person_id, role, since) VALUES (987654, 'chair', '2026-01-01')")


@router.command("lost", who=anyone)
def lost(chat: Chat, argument: str) -> None:
    """The connection has broken before anything is asked."""
    chat.tx.invalidate()
    chat.tx.exec_driver_sql("SELECT 1")


@router.command("cut", who=anyone)
def cut(chat: Chat, argument: str) -> None:
    """The server ends the connection just before the next event."""
    chat.say("never read")
    driver = chat.tx.connection.dbapi_connection
    assert driver is not None
    pid = driver.info.backend_pid
    with chat.tx.engine.connect() as other:
        # Waits until it has ended: what a transaction has seen of other connections it goes on seeing.
        assert other.exec_driver_sql("SELECT pg_terminate_backend(%s, 10000)", (pid,)).scalar()


@router.button("vote", int, who=anyone, secret=True)
def vote(chat: Chat, chosen: int) -> None:
    chat.tx.exec_driver_sql("INSERT INTO role (person_id, role, since) VALUES (987654, 'chair', '2026-01-01')")


class Desk:
    """A writer at work."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.db = database
        house = House(Vault("a secret key for tests that is long enough"), folder / "keys", "http://localhost:8000")
        self.engine = Engine(router, house)
        self.writer = Writer(database, self.engine, lambda: START)

    def together(self, *whats: Any) -> list[Outcome | BaseException]:
        """Each from somebody else, all in one group."""
        jobs = [self.writer.accept(asked(number, what)) for number, what in enumerate(whats)]
        if not self.writer._thread.is_alive():
            self.writer.start()
        for job in jobs:
            job.exception(60)
        return [job.exception() or job.result() for job in jobs]

    def said(self) -> list[str]:
        with self.db.reading() as tx:
            return [row.content["text"] for row in tx.execute(select(Outbox.content).order_by(Outbox.chat, Outbox.id))]

    def parked(self) -> Sequence[parked.Parked]:
        with self.db.reading() as tx:
            return parked.listed(tx)

    def events(self) -> int:
        with self.db.reading() as tx:
            return tx.execute(select(func.count()).select_from(EventRow)).scalar_one()


def asked(number: int, what: Any) -> Event:
    what = Command(what, str(number)) if isinstance(what, str) else what
    return Event(f"e{number}", Address("direct", f"p{number}"), what, "en")


@pytest.fixture
def desk(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(storage, "STOP_AFTER", 0.3)
    opened = Database(database.url.render_as_string(hide_password=False))
    made = Desk(opened, tmp_path)
    yield made
    if made.writer._thread.is_alive():
        made.writer.stop()
    opened.close()


@pytest.mark.parametrize("slow", ["slow", "write", "many"])
def test_a_handler_that_takes_too_long_is_stopped_and_the_others_are_unharmed(desk: Desk, slow: str) -> None:
    began = time.monotonic()
    with capture_logs() as logs:
        told = desk.together("fast", slow, "fast")
    assert time.monotonic() - began < 10
    assert not [one for one in told if isinstance(one, BaseException)]
    assert desk.said()[0::2] == ["done 0", "done 2"]
    assert desk.said()[1].startswith("Something went wrong with us. Nothing you wrote before is lost.")
    assert [(row.route, row.event_id) for row in desk.parked()] == [(f"command {slow}", "e1")]
    assert {one["route"] for one in logs if one["event"] == "handler slow"} == {f"command {slow}"}
    assert desk.writer.well
    assert desk.engine.figures.parked >= 1
    assert isinstance(desk.together("fast")[0], Outcome), "the next is handled as ever"


def test_a_slow_handler_is_warned_about_by_its_route_alone(desk: Desk) -> None:
    with capture_logs() as logs:
        desk.together(Command("turns", "my diagnosis"))
    slow = [one for one in logs if one["event"] == "handler slow"]
    assert [one["route"] for one in slow] == ["command turns"] and slow[0]["milliseconds"] >= 250
    assert "diagnosis" not in str(logs)
    assert desk.engine.figures.handlers["command turns"].times == 1


def test_what_no_database_stops_is_said_to_hang_with_its_line(desk: Desk) -> None:
    with capture_logs() as logs:
        waiting = threading.Thread(target=desk.together, args=("turns",))
        waiting.start()
        until = time.monotonic() + 5
        while not [one for one in logs if one["event"] == "handler hangs"] and time.monotonic() < until:
            desk.engine.budget.look(time.monotonic())
            time.sleep(0.005)
        waiting.join()
        desk.engine.budget.look(time.monotonic() + 60)
    hangs = [one for one in logs if one["event"] == "handler hangs"]
    assert len(hangs) == 1
    assert hangs[0]["route"] == "command turns" and hangs[0]["where"].startswith("work/test_writer.py:")


@pytest.mark.parametrize("kind", ["background", "alone"])
def test_background_work_may_take_its_time(desk: Desk, kind: str) -> None:
    def works(tx: Tx) -> str:
        if is_sqlite(tx):
            until = time.monotonic() + 0.5
            while time.monotonic() < until:
                tx.exec_driver_sql("SELECT 1")
        else:
            tx.exec_driver_sql("SELECT pg_sleep(0.5)")
        return "done"

    def alone(database: Database) -> str:
        with database.transaction() as tx:
            return works(tx)

    desk.together("fast")
    waiting = desk.writer.background(works) if kind == "background" else desk.writer.alone(alone)
    assert waiting.result(20) == "done"


def test_an_event_that_breaks_its_transaction_is_parked_and_its_person_told(desk: Desk) -> None:
    told = desk.together("fast", "breaks", "fast")
    assert all(isinstance(one, Outcome) for one in told)
    assert desk.said()[0::2] == ["done 0", "done 2"]
    assert desk.said()[1].startswith("Something went wrong with us")
    assert [(row.route, row.error) for row in desk.parked()] == [("command breaks", "IntegrityError")]
    again = desk.writer.accept(asked(1, "breaks")).result(20)
    assert again.duplicate, "its platform need not bring it for a day"
    assert desk.writer.well


def test_events_whose_connection_breaks_are_brought_again_and_none_is_parked(desk: Desk) -> None:
    with capture_logs() as logs:
        told = desk.together("fast", "lost")
    assert all(isinstance(one, Unavailable) for one in told)
    assert desk.said() == [] and desk.parked() == [] and desk.events() == 0
    assert "handler failed" not in {line["event"] for line in logs}
    assert not desk.writer.well


def test_a_connection_that_ends_between_two_events_takes_both_back(desk: Desk) -> None:
    if desk.db.sqlite:
        return
    with capture_logs() as logs:
        told = desk.together("cut", "fast")
    assert all(isinstance(one, Unavailable) for one in told)
    assert desk.parked() == [] and desk.events() == 0
    assert "handler failed" not in {line["event"] for line in logs}


def test_a_vote_that_breaks_its_transaction_leaves_nothing_and_is_asked_for_anew(desk: Desk) -> None:
    told = desk.together("fast", Press("vote", ("7",)))
    assert all(isinstance(one, Outcome) for one in told)
    assert desk.parked() == []
    assert desk.said()[1] == "Something went wrong with us, and this was not counted. Please send it again."


def test_an_event_that_cannot_even_be_noted_is_parked_under_a_shorter_name(desk: Desk) -> None:
    event = Event("9" * 500, Address("direct", "p" * 500), Command("fast"), "en")
    desk.writer.start()
    outcome = desk.writer.accept(event).result(20)
    if desk.db.sqlite:  # which takes names of any length
        assert desk.said() == ["done "]
        return
    assert outcome.toast.startswith("Something went wrong with us")
    assert [(row.event_id, row.error) for row in desk.parked()] == [("9" * 160, "DataError")]


def test_half_a_character_is_parked_not_refused_for_ever(desk: Desk) -> None:
    told = desk.together(Command("fast", "\ud800"), "fast")
    assert all(isinstance(one, Outcome) for one in told)
    row = desk.parked()[0]
    assert desk.engine.house.vault.open(row.payload)["argument"] == "\ud800"
    assert desk.said()[1] == "done 1"


def test_an_error_at_the_commit_is_replayed_one_by_one_and_the_culprit_parked(desk: Desk) -> None:
    """As a deferred constraint does, which no handler sees."""
    failing = desk.db.limited

    def at_commit(connection: Any) -> None:
        found = connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE chat = 'p1'").scalar_one()
        told = connection.exec_driver_sql("SELECT count(*) FROM parked").scalar_one()
        if found and not told:
            connection.exec_driver_sql("INSERT INTO role (person_id, role, since) VALUES (9, 'chair', '2026-01-01')")

    hook.listen(failing, "commit", at_commit)
    told = desk.together("fast", "fast", "fast")
    assert all(isinstance(one, Outcome) for one in told)
    assert [row.event_id for row in desk.parked()] == ["e1"]
    assert desk.said()[0] == "done 0" and desk.said()[-1] == "done 2"


def test_while_the_database_is_away_everybody_hears_so_soon_and_nobody_is_parked(desk: Desk, tmp_path: Path) -> None:
    desk.together("fast")
    gone = Database(f"sqlite:///{tmp_path}/away/s.db" if desk.db.sqlite else "postgresql+psycopg://127.0.0.1:1/x")
    if desk.db.sqlite:
        shutil.rmtree(tmp_path / "away")
    there, desk.writer._database = desk.writer._database, gone
    told = desk.together("fast", "fast", "fast")
    assert [type(one) for one in told] == [Unavailable] * 3
    assert (desk.writer.well, desk.engine.figures.unavailable) == (False, 3)
    desk.writer._database = there
    assert isinstance(desk.writer.accept(asked(9, "fast")).result(20), Outcome)
    assert desk.writer.well and desk.parked() == []


def test_one_group_holds_everybodys_first_before_anybodys_second(desk: Desk) -> None:
    """And each one's own stand in the order of the platform, whatever came first."""
    ola, kari = Address("direct", "a"), Address("direct", "b")
    for number in range(70):
        desk.writer.accept(Event(f"f{number}", ola, Said(f"flood {number}"), "en"))
    for order in (2, 1):
        desk.writer.accept(Event(f"k{order}", kari, Said(f"kari {order}"), "en", order=order))
    group = desk.writer._next_group()
    assert group is not None and len(group) == 64
    texts = [job.event.what.text for job in group if job.event and isinstance(job.event.what, Said)]
    assert texts[:4] == ["flood 0", "kari 1", "flood 1", "kari 2"]
    assert [text for text in texts if text.startswith("flood")] == [f"flood {number}" for number in range(62)]


def test_what_must_be_done_alone_comes_after_what_waited_and_before_what_comes(desk: Desk) -> None:
    order: list[str] = []
    desk.writer.submit(lambda tx: order.append("before"))
    desk.writer.alone(lambda database: order.append("alone"))
    after = desk.writer.submit(lambda tx: order.append("after"))
    desk.writer.start()
    after.result(20)
    assert order == ["before", "alone", "after"]


def test_background_work_that_comes_at_once_is_all_done_though_nothing_else_comes(desk: Desk) -> None:
    waiting = [desk.writer.background(lambda tx: None) for _number in range(3)]
    desk.writer.start()
    for one in waiting:
        one.result(20)


def order_of(desk: Desk) -> list[str]:
    """An event and more background work come while background work is done: the order of these and what follows."""
    begun, may_end = threading.Event(), threading.Event()
    order: list[str] = []

    def first(tx: Tx) -> None:
        begun.set()
        may_end.wait(20)

    desk.writer.background(first)
    desk.writer.start()
    begun.wait(20)
    event = desk.writer.accept(asked(0, "fast"))
    second = desk.writer.background(lambda tx: order.append("background" if desk.events() else "background, event"))
    may_end.set()
    event.result(20)
    desk.writer.submit(lambda tx: order.append("marked")).result(20)
    second.result(20)
    return order


def test_who_comes_while_background_work_is_done_is_not_held_up_by_more_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is what follows at once: the message that the event left is marked as being sent."""
    monkeypatch.setattr(writer, "FIRST", 60.0)
    monkeypatch.setattr(writer, "BREATH", 0.5)
    assert order_of(desk) == ["marked", "background"]


def test_background_work_does_not_stand_back_for_long(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "FIRST", 0.0)
    assert order_of(desk) == ["background, event", "marked"]


def test_what_waits_in_the_background_is_done_before_the_end(desk: Desk) -> None:
    waiting = desk.writer.background(lambda tx: None)
    desk.writer._waiting.put(None)  # told to stop
    desk.writer.start()
    waiting.result(20)


def test_the_figures_say_what_became_of_events(desk: Desk) -> None:
    desk.together("fast", "broken", "fast")
    desk.writer.accept(asked(0, "fast")).result(20)
    figures = desk.engine.figures
    assert (figures.committed, figures.duplicates, figures.parked, figures.unavailable) == (4, 1, 1, 0)
    assert figures.handlers["command fast"].times == 2


# What an error means --------------------------------------------------------------------------------------------


def raised(engine: DatabaseEngine, *statements: str) -> Exception:
    try:
        with engine.begin() as tx:
            for statement in statements:
                tx.exec_driver_sql(statement)
    except DBAPIError as error:
        return error
    raise AssertionError("nothing was wrong")


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("INSERT INTO role (person_id, role, since) VALUES (9, 'chair', '2026-01-01')", IntegrityError),
        ("SELECT * FROM nowhere", (OperationalError, ProgrammingError)),
        ("INSERT INTO mark (key) VALUES (NULL)", IntegrityError),
    ],
)
def test_a_fault_in_what_was_asked_is_no_trouble_of_the_database(
    database: Database, statement: str, kind: type[Exception]
) -> None:
    error = raised(database.writer, statement)
    assert isinstance(error, kind)
    assert not trouble.unwell(error) and not trouble.stopped(error)


def test_a_value_that_does_not_fit_is_no_trouble_of_the_database(database: Database) -> None:
    if database.sqlite:
        return
    error = raised(database.writer, "SELECT 1/0")
    assert isinstance(error, DataError) and not trouble.unwell(error)


def test_a_lock_held_for_long_is_trouble_to_come_back_after(database: Database) -> None:
    if database.sqlite:  # where the whole file is locked; tests/attacks does that
        return
    with database.writer.begin() as holder:
        holder.exec_driver_sql("LOCK TABLE mark")
        error = raised(database.writer, "SET lock_timeout = 50", "LOCK TABLE mark")
    assert trouble.unwell(error) and not trouble.stopped(error)


def test_what_is_asked_over_a_connection_that_has_broken_is_trouble_to_come_back_after(database: Database) -> None:
    with database.writer.connect() as tx:
        transaction = tx.begin()
        tx.invalidate()
        with pytest.raises(PendingRollbackError) as broken:
            tx.exec_driver_sql("SELECT 1")
        transaction.rollback()
    assert trouble.unwell(broken.value) and trouble.of_database(broken.value) and not trouble.stopped(broken.value)
