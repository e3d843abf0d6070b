"""Somewhere to restore to, on each engine."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from storage.database import Database
from tests.databases import fresh
from tests.operate.life import Past, past_of
from tests.postgres import Server
from tests.world import World

NUMBERS = count(1)


@pytest.fixture
def server_url(postgres: Server) -> Iterator[str]:
    """The address of a PostgreSQL database without any table."""
    name = f"empty{next(NUMBERS)}"
    yield postgres.create(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/restored.db"
    found: str = request.getfixturevalue("server_url")
    return found


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    """A backup of a SQLite database with a life behind it, made once."""
    folder = tmp_path_factory.mktemp("past")
    database = fresh(folder)
    yield past_of(World(database, folder), folder)
    database.close()


@pytest.fixture
def database_file(tmp_path: Path) -> Iterator[Database]:
    """A SQLite file with every table and no row."""
    database = fresh(tmp_path)
    yield database
    database.close()
