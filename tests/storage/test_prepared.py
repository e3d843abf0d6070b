"""A prepared statement does what SQLAlchemy's own execution does, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import bindparam, func, insert, literal, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import memo
from storage.database import Database, Tx, stopping_after
from storage.prepared import Prepared
from storage.tables import EventRow, Outbox, PersonRow
from storage.trouble import Overrun

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PERSON = PersonRow.__table__
OUTBOX = Outbox.__table__
EVENT = EventRow.__table__

ADD = Prepared(
    insert(PERSON)
    .values(name=bindparam("called"), locale=bindparam("speaks"), state=literal("active"), created_at=bindparam("at"))
    .returning(PERSON.c.id)
)
NAMED = Prepared(select(PERSON).where(PERSON.c.name.in_(bindparam("names", expanding=True))).order_by(PERSON.c.id))
RENAME = Prepared(update(PERSON).where(PERSON.c.name == bindparam("old")).values(name=bindparam("new")))
NOTE = Prepared(insert(EVENT).values(account=bindparam("of"), id=bindparam("number"), day=bindparam("today")))
WRITE = Prepared(
    insert(OUTBOX)
    .values(account="web", chat="p1", kind="reply", lane=0, op="send", state="sent", epoch=0, attempts=0)
    .returning(OUTBOX.c.content, OUTBOX.c.created_at),
    columns=("person_id", "content", "created_at", "expires_at"),
)


def person(tx: Tx, name: str) -> int:
    number: int = ADD.scalar(tx, {"called": name, "speaks": None, "at": NOON})
    return number


def test_rows_come_as_sqlalchemy_gives_them(database: Database) -> None:
    with database.transaction() as tx:
        for name in ("Ane", "Bo", "Cato"):
            person(tx, name)
        usual = tx.execute(select(PERSON).order_by(PERSON.c.id)).all()
        found = NAMED.all(tx, {"names": ["Ane", "Bo", "Cato"]})
    assert [tuple(row) for row in found] == [tuple(row) for row in usual]
    assert found[0]._fields == usual[0]._fields
    assert found[0].created_at == NOON


@pytest.mark.parametrize("names", [[], ["Bo"], ["Ane", "Bo"], ["Ane", "Bo", "Cato"], ["Bo"] * 9])
def test_a_list_may_have_any_length(database: Database, names: list[str]) -> None:
    with database.transaction() as tx:
        for name in ("Ane", "Bo", "Cato"):
            person(tx, name)
        assert [row.name for row in NAMED.all(tx, {"names": names})] == sorted(set(names))


def test_what_a_row_holds_is_converted_both_ways(database: Database) -> None:
    with database.transaction() as tx:
        who = person(tx, "Ane")
        for says in ({"text": "Æble, søm og å"}, None):
            row = WRITE.first(tx, {"person_id": who, "content": says, "created_at": NOON, "expires_at": NOON})
            assert (row.content, row.created_at) == (says, NOON)
        empty = select(func.count()).select_from(Outbox).where(Outbox.content.is_(None))
        assert tx.execute(empty).scalar_one() == 1


def test_changes_are_counted_and_what_was_read_is_forgotten(database: Database) -> None:
    with database.transaction() as tx:
        person(tx, "Ane")
        memo.remember(tx, "person", 1, "Ane as she was")
        assert RENAME.run(tx, {"old": "Ane", "new": "Anna"}) == 1
        assert RENAME.run(tx, {"old": "Ane", "new": "Anna"}) == 0
        assert memo.once(tx, "person", 1, lambda: "read anew") == "read anew"


def test_many_at_once(database: Database) -> None:
    with database.transaction() as tx:
        for number in range(3):
            NOTE.run(tx, {"of": "web", "number": str(number), "today": date(2026, 3, 2)})
        assert tx.execute(select(EventRow.day)).scalars().all() == [date(2026, 3, 2)] * 3


def test_an_error_is_sqlalchemys_own(database: Database) -> None:
    note = {"of": "web", "number": "secret-7", "today": date(2026, 3, 2)}
    with database.transaction() as tx:
        NOTE.run(tx, note)
    with pytest.raises(IntegrityError) as caught, database.transaction() as tx:
        NOTE.run(tx, note)
    assert isinstance(caught.value, DBAPIError)
    assert caught.value.params is None
    assert not caught.value.connection_invalidated


def test_it_stops_where_the_time_is_over(database: Database) -> None:
    with pytest.raises(Overrun), database.transaction() as tx, stopping_after(tx, -1.0):
        NAMED.all(tx, {"names": ["Ane"]})
