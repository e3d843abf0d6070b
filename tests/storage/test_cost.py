"""What answering costs the database: the statements of a group of events, which must not grow with the group."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, update

from bot.chat.events import Address, Event, Said
from bot.engine.house import House
from bot.engine.receive import Engine
from handlers import router
from storage.database import Database, Tx
from storage.tables import Outbox
from storage.vault import Vault
from tests.bench import scene

FEW, MANY = 3, 30


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    accounts = {"web", "mail", scene.ACCOUNT}
    return Engine(router, House(Vault("a key for counting statements"), tmp_path, "http://localhost", accounts, "en"))


@pytest.fixture
def said(database: Database) -> list[str]:
    """Every statement of events."""
    found: list[str] = []

    @event.listens_for(database.limited, "before_cursor_execute")
    def hear(tx: Tx, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        found.append(statement)

    return found


def arrive(database: Database) -> None:
    """Everything that waits has come to a phone."""
    named = Outbox.__table__.c.id
    with database.transaction() as tx:
        tx.execute(update(Outbox).where(Outbox.state == "ready").values(state="sent", platform_id=named))


def answer(database: Database, engine: Engine, first: int, people: int, turn: int) -> None:
    """As many people as that write an answer, all in one group."""
    them = range(first, first + people)
    events = [
        Event(id=f"{turn}:{n}", address=Address(scene.ACCOUNT, str(scene.FIRST_CHAT + n)), what=Said(f"Det {n} mener."))
        for n in them
    ]
    with database.transaction(limited=True) as tx:
        engine.receive(tx, events, datetime.now(UTC))


def test_thirty_answers_cost_the_database_little_more_than_three(
    database: Database, engine: Engine, said: list[str]
) -> None:
    scene.fill(database, FEW + MANY)
    few = 0
    for turn in range(scene.QUESTIONS):  # the last answer sends them all, and is thanked for
        counts = []
        for first, people in ((1, FEW), (1 + FEW, MANY)):
            arrive(database)
            said.clear()
            answer(database, engine, first, people, turn)
            counts.append(len(said))
        few, many = counts
        assert many <= few + 4, "\n".join(sorted(said))
    arrive(database)
    said.clear()
    answer(database, engine, 1 + FEW, MANY, scene.QUESTIONS)  # what fits nothing is kept, and its writer asked
    assert len(said) <= few, "\n".join(sorted(said))
    with database.reading() as tx:
        kept = tx.exec_driver_sql("SELECT count(*) FROM answer WHERE state = 'sent'").scalar_one()
    assert kept == FEW + MANY


def test_answers_in_eight_committees_cost_the_database_little_more_than_one(
    database: Database, engine: Engine, said: list[str]
) -> None:
    scene.fill(database, 9, committees=8)
    counts = []
    for first, people in ((1, 1), (2, 8)):
        arrive(database)
        said.clear()
        answer(database, engine, first, people, 0)
        counts.append(len(said))
    assert counts[1] <= counts[0] + 4, "\n".join(sorted(said))
