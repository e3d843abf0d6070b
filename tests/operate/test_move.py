"""Moving to a server: every row arrives, numbering goes on, and what fails leaves no trace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from bot.operate.move import NotMoved, move
from bot.operate.restore import Occupied
from storage import portable
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import Committee, Idea, Lease, PersonRow
from tests.operate.life import SPOKEN, Past, content, heard
from tests.world import START

LATER = START + timedelta(minutes=1)


@pytest.fixture
def source(past: Past, tmp_path: Path) -> Iterator[Database]:
    """A SQLite file of its own for each test."""
    past.restored(url := f"sqlite:///{tmp_path}/samskab.db", complete=True)
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def server(server_url: str) -> Iterator[Database]:
    database = Database(server_url)
    yield database
    database.close()


def nothing_there(server: Database) -> bool:
    with server.reading() as tx:
        return portable.empty(tx)


def test_every_row_arrives_and_numbering_goes_on(source: Database, server: Database) -> None:
    before, said = content(source), list[str]()
    assert move(source, server, LATER, said.append) == sum(map(len, before.values()))
    assert content(server) == before == content(source)
    assert heard(server) == SPOKEN
    assert {line.partition(":")[0]: line.split()[1] for line in said} == {
        name: str(len(rows)) for name, rows in before.items()
    }
    with server.transaction() as tx:
        newest = tx.execute(select(func.max(Idea.id))).scalar_one()
        row = {"committee_id": 1, "person_id": 1, "text": "x", "created_at": LATER, "updated_at": LATER}
        assert tx.execute(insert(Idea).values(row).returning(Idea.id)).scalar_one() == newest + 2
    assert upgrade(server, explicit=True) is False


def test_while_the_service_runs_nothing_is_moved(source: Database, server: Database) -> None:
    with source.transaction() as tx:
        tx.execute(update(Lease).values(until=LATER + timedelta(seconds=1)))
    with pytest.raises(Occupied, match="The service is running"):
        move(source, server, LATER, print)
    assert nothing_there(server)


def test_a_target_in_use_is_left_alone(source: Database, server: Database) -> None:
    upgrade(server, explicit=True)
    with server.transaction() as tx:
        tx.execute(insert(Committee).values(key="kept", created_at=LATER))
    with pytest.raises(Occupied, match="not empty"):
        move(source, server, LATER, print)
    assert len(content(server)["committee"]) == 1


def test_what_fails_half_way_leaves_the_target_empty(source: Database, server: Database) -> None:
    """SQLite keeps a zero byte in a name; PostgreSQL refuses it."""
    with source.transaction() as tx:
        tx.execute(update(PersonRow).where(PersonRow.id == 3).values(name="Per\0"))
    with pytest.raises((SQLAlchemyError, ValueError)):
        move(source, server, LATER, print)
    assert nothing_there(server)


def test_a_row_that_arrives_otherwise_undoes_the_move(
    source: Database, server: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the server had changed a value on its way in."""
    rows = portable.rows

    def otherwise(tx, table):  # type: ignore[no-untyped-def]
        for row in rows(tx, table):
            yield row.replace("Member3", "Member4") if tx.dialect.name == "postgresql" else row

    monkeypatch.setattr(portable, "rows", otherwise)
    with pytest.raises(NotMoved, match="person is not the same on both sides"):
        move(source, server, LATER, print)
    monkeypatch.undo()
    assert nothing_there(server)


def test_a_file_with_a_fault_is_not_moved(source: Database, server: Database) -> None:
    with source.writer.connect() as tx:
        tx.exec_driver_sql("COMMIT")
        tx.exec_driver_sql("PRAGMA foreign_keys=OFF")
        tx.exec_driver_sql("UPDATE idea SET person_id = 9999")
    with pytest.raises(NotMoved, match="a row of idea refers to nothing"):
        move(source, server, LATER, print)
    assert nothing_there(server)
