"""What waits is written before anything else is asked, in order, and undone with its savepoint; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import bindparam, event, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from bot.chat.events import Address
from bot.chat.messages import Rendered
from storage import conversations, later, outbox, unplaced
from storage.database import Database, Tx
from storage.later import savepoint
from storage.prepared import Prepared
from storage.tables import Committee, Outbox, PersonRow

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PERSON = PersonRow.__table__
ADD = Prepared(insert(PERSON), columns=("id", "name", "state", "created_at"))

RENAME = Prepared(
    update(PERSON).where(PERSON.c.id == bindparam("number")).values(name=bindparam("called", type_=PERSON.c.name.type))
)
ROW = {"account": "web", "chat": "p1", "person_id": 1, "kind": "reply", "lane": 0, "op": "send", "state": "sent"}
ROW |= {"epoch": 0, "attempts": 0, "created_at": NOON}
SAY = Prepared(insert(Outbox.__table__), columns=(*ROW, "content"))


def add(tx: Tx, number: int, name: str) -> None:
    later.put_off(tx, ADD, {"id": number, "name": name, "state": "active", "created_at": NOON})


def names(tx: Tx) -> list[str]:
    return list(tx.execute(select(PersonRow.name).order_by(PersonRow.id)).scalars())


@pytest.fixture
def said(database: Database) -> Iterator[list[tuple[str, int]]]:
    """The first word of each statement of events, and for how many rows it stands."""
    found: list[tuple[str, int]] = []

    def hear(tx: Tx, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        rows = orjson.loads(values["rows"]) if "rows" in values else values if many else [values]
        found.append((statement.split()[0], len(rows)))

    event.listen(database.limited, "before_cursor_execute", hear)
    yield found
    event.remove(database.limited, "before_cursor_execute", hear)


def test_writes_of_several_parts_go_together_and_no_savepoint_is_said(
    database: Database, said: list[tuple[str, int]]
) -> None:
    with database.transaction(limited=True) as tx:
        said.clear()
        for number in (1, 2, 3):
            with savepoint(tx):
                add(tx, number, f"P{number}")
        assert said == []
    assert said == [("INSERT", 3)]
    with database.reading() as tx:
        assert names(tx) == ["P1", "P2", "P3"]


def test_two_changes_of_one_row_are_made_one_after_the_other(database: Database) -> None:
    with database.transaction(limited=True) as tx:
        for number in (1, 2):
            add(tx, number, f"P{number}")
        for number, name in ((1, "Ane"), (2, "Bo"), (1, "Anna"), (1, "Anne")):
            later.put_off(tx, RENAME, {"number": number, "called": name})
    with database.reading() as tx:
        assert names(tx) == ["Anne", "Bo"]


def test_a_row_that_is_changed_in_two_ways_is_changed_in_the_order_said(database: Database) -> None:
    """Though the first person's text came first, and all of a kind go together."""
    with database.transaction(limited=True) as tx:
        for number in (1, 2, 3):
            add(tx, number, f"P{number}")
        tx.execute(insert(Committee).values(key="c", created_at=NOON))
        unplaced.keep(tx, 2, 1, "old", NOON)
    with database.transaction(limited=True) as tx:
        conversations.recall(tx, [1, 2, 3])
        unplaced.keep(tx, 1, 1, "one", NOON)
        assert unplaced.take(tx, 2) == unplaced.Text(1, "old")
        unplaced.keep(tx, 2, 1, "new", NOON)
        unplaced.keep(tx, 3, 1, "three", NOON)
        assert unplaced.take(tx, 3) == unplaced.Text(1, "three")
    with database.transaction(limited=True) as tx:
        kept = [unplaced.take(tx, number) for number in (1, 2, 3)]
        assert kept == [unplaced.Text(1, "one"), unplaced.Text(1, "new"), None]


def test_what_waits_is_written_as_it_was_said(database: Database) -> None:
    with database.transaction(limited=True) as tx:
        add(tx, 1, "Ane")
        content = {"text": "before"}
        later.put_off(tx, SAY, {**ROW, "content": content})
        content["text"] = "after"
    with database.reading() as tx:
        assert tx.execute(select(Outbox.content)).scalars().all() == [{"text": "before"}]


def test_whoever_asks_sees_what_waited(database: Database) -> None:
    with database.transaction() as tx:
        add(tx, 1, "Ane")
        assert names(tx) == ["Ane"]
        add(tx, 2, "Bo")
        by_name = Prepared(select(PERSON.c.id).where(PERSON.c.name == bindparam("called")))
        assert by_name.scalar(tx, {"called": "Bo"}) == 2


@pytest.mark.parametrize("asks", [False, True])
def test_a_part_is_undone_alone(database: Database, asks: bool) -> None:
    with database.transaction() as tx:
        with savepoint(tx):
            add(tx, 1, "Ane")
        with suppress(ZeroDivisionError), savepoint(tx):
            add(tx, 2, "Bo")
            assert not asks or names(tx) == ["Ane", "Bo"]
            add(tx, 3, "Cato")
            raise ZeroDivisionError
        with savepoint(tx):
            add(tx, 4, "Dag")
    with database.reading() as tx:
        assert names(tx) == ["Ane", "Dag"]


def test_a_part_that_asks_keeps_what_it_wrote_before_and_after(database: Database) -> None:
    with database.transaction() as tx:
        with savepoint(tx):
            add(tx, 1, "Ane")
            names(tx)
            add(tx, 2, "Bo")
        with pytest.raises(ZeroDivisionError), savepoint(tx):
            raise ZeroDivisionError
    with database.reading() as tx:
        assert names(tx) == ["Ane", "Bo"]


def test_parts_may_lie_in_parts(database: Database) -> None:
    with database.transaction() as tx:
        with savepoint(tx):
            add(tx, 1, "Ane")
            with suppress(ZeroDivisionError), savepoint(tx):
                add(tx, 2, "Bo")
                names(tx)
                raise ZeroDivisionError
            with savepoint(tx):
                add(tx, 3, "Cato")
        assert later.of(tx).said == 0
    with database.reading() as tx:
        assert names(tx) == ["Ane", "Cato"]


def test_a_transaction_that_could_not_write_what_waited_never_commits(database: Database) -> None:
    """Whose statement met the fault is not whose fault it is: nobody may go on as if all were written."""

    def fail() -> None:
        with database.transaction() as tx:
            add(tx, 1, "Ane")
            add(tx, 1, "the same number")
            with pytest.raises(DBAPIError), savepoint(tx):
                names(tx)
            with pytest.raises(DBAPIError):
                names(tx)

    with pytest.raises(DBAPIError):
        fail()
    with database.transaction() as tx:
        assert names(tx) == []


def test_not_too_many_wait(database: Database, said: list[tuple[str, int]]) -> None:
    with database.transaction(limited=True) as tx:
        said.clear()
        for number in range(1, later.AT_MOST + 2):
            add(tx, number, "P")
        assert said == [("INSERT", later.AT_MOST + 1)]


def put(tx: Tx, text: str, dedupe: str | None = None) -> int:
    number = outbox.put(tx, Address("direct", "ane"), 1, Rendered(text), NOON, dedupe=dedupe)
    assert number is not None
    return number


def test_messages_stand_in_the_order_in_which_they_were_said(database: Database) -> None:
    with database.transaction() as tx:
        add(tx, 1, "Ane")
        put(tx, "before any was kept")
    with database.transaction() as tx:
        outbox.keep_numbers(tx, 3)
        with savepoint(tx):
            put(tx, "waits")
            put(tx, "does not wait", dedupe="once")
            put(tx, "after it")
        put(tx, "at last", dedupe="twice")
    with database.reading() as tx:
        found = tx.execute(select(Outbox.content).order_by(Outbox.id)).scalars()
        assert [content["text"] for content in found if content] == [
            "before any was kept", "waits", "does not wait", "after it", "at last",
        ]  # fmt: skip


def test_no_number_is_given_twice(database: Database) -> None:
    with database.transaction() as tx:
        outbox.keep_numbers(tx, 2)  # of a table that never had a row, too
        add(tx, 1, "Ane")
        mine = [put(tx, "a"), put(tx, "b"), put(tx, "c")]
    with suppress(ZeroDivisionError), database.transaction() as tx:
        outbox.keep_numbers(tx, 5)
        put(tx, "undone")
        raise ZeroDivisionError
    with database.transaction() as tx:
        outbox.keep_numbers(tx, 1)
        mine += [put(tx, "d"), put(tx, "e")]
        assert len(set(mine)) == 5 and mine == sorted(mine)
        assert tx.execute(select(func.count()).select_from(Outbox)).scalar_one() == 5
