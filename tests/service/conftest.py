"""A town on PostgreSQL for tests of several processes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from storage.database import Database
from tests.postgres import Server
from tests.service.fleet import Fleet, fleet

NUMBERS = count(1)


@pytest.fixture
def db(postgres: Server, template: str) -> Iterator[Database]:
    """An empty PostgreSQL database of its own: processes are killed while they use it, and its tables change."""
    name = f"town{next(NUMBERS)}"
    opened = Database(postgres.create(name, template))
    yield opened
    opened.close()
    postgres.drop(name)


@pytest.fixture
def town(db: Database, tmp_path: Path) -> Iterator[Fleet]:
    """A town without a process yet."""
    with fleet(db, tmp_path) as found:
        yield found
