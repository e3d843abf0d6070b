"""Two processes on one database write side by side: who waits for whom, and that nobody waits in a circle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from bot.chat.events import Address
from bot.chat.messages import Rendered
from storage import hearing, outbox, people, sending
from storage.database import Database, Tx
from storage.later import savepoint
from tests.conftest import on_database

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
LEASE = timedelta(seconds=10)
ACCOUNT = "telegram:1"


@pytest.fixture
def db(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty PostgreSQL database: SQLite has one writer at a time."""
    with on_database(request, "postgresql") as opened:
        yield opened


def impatient(tx: Tx) -> None:
    tx.exec_driver_sql("SET LOCAL lock_timeout = '500ms'")


def test_somebody_is_written_to_while_an_event_of_theirs_is_handled(db: Database) -> None:
    anna = Address(ACCOUNT, "7")
    with db.transaction() as tx:
        number = people.at(tx, [anna], NOW)[anna]
    with db.transaction() as handling:
        people.at(handling, [anna], NOW)
        with db.transaction() as telling:
            impatient(telling)
            assert outbox.put(telling, anna, number, Rendered("Hello."), NOW) is not None


def test_two_events_of_one_person_wait_for_each_other(db: Database) -> None:
    anna = Address(ACCOUNT, "7")
    with db.transaction() as tx:
        people.at(tx, [anna], NOW)
    with db.transaction() as handling:
        people.at(handling, [anna], NOW)
        with db.transaction() as other:
            impatient(other)
            with pytest.raises(OperationalError, match="lock timeout"):
                people.at(other, [anna], NOW)


def test_who_comes_too_late_for_a_lease_does_not_wait_for_it(db: Database) -> None:
    with db.transaction() as tx:
        assert sending.take_lease(tx, ACCOUNT, "old", NOW, LEASE) == 1
    late = NOW + 2 * LEASE
    with db.transaction() as quick:
        assert sending.take_lease(quick, ACCOUNT, "quick", late, LEASE) == 2
        with db.transaction() as slow:
            impatient(slow)
            assert sending.take_lease(slow, ACCOUNT, "slow", late, LEASE) is None
            assert not sending.holds(slow, ACCOUNT, "old", 1)
    with db.transaction() as tx:
        assert sending.take_lease(tx, ACCOUNT, "slow", late, LEASE) is None
        assert sending.holds(tx, ACCOUNT, "quick", 2)


def test_one_at_a_time_decides_what_people_hear(db: Database) -> None:
    with db.transaction() as tx:
        number = people.add(tx, NOW, "Anna", "nb").id
    with db.transaction() as first:
        assert hearing.heard(first, [number], NOW) == {}
        with db.transaction() as clock:
            assert not hearing.alone(clock, wait=False)
        with db.transaction() as other:
            impatient(other)
            with pytest.raises(OperationalError, match="lock timeout"):
                hearing.heard(other, [number], NOW)
    with db.transaction() as clock:
        assert hearing.alone(clock, wait=False)


def test_what_was_undone_holds_up_nobody_and_must_be_asked_again(db: Database) -> None:
    with db.transaction() as first:
        with suppress(LookupError), savepoint(first):
            assert hearing.alone(first)
            raise LookupError
        with db.transaction() as other:
            assert hearing.alone(other, wait=False)
            assert not hearing.alone(first, wait=False)
