"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from storage.database import Database
from storage.migrate import upgrade
from tests.postgres import Server, server
from tests.world import World

NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One real PostgreSQL for the whole run."""
    with server() as running:
        yield running


@pytest.fixture(scope="session")
def template(postgres: Server) -> str:
    """A PostgreSQL database with every table, to be copied."""
    database = Database(postgres.create("template_samskab"))
    upgrade(database, explicit=True)
    database.close()
    return "template_samskab"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with every table, on each engine in turn."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path}/samskab.db")
        upgrade(opened)
        yield opened
        opened.close()
        return
    running = request.getfixturevalue("postgres")
    name = f"t{next(NUMBERS)}"
    opened = Database(running.create(name, request.getfixturevalue("template")))
    yield opened
    opened.close()
    running.drop(name)


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    """A world to play a scenario in, on SQLite and on PostgreSQL."""
    return World(database, tmp_path)
