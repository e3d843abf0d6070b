"""A town on PostgreSQL for tests of several processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.conftest import on_database
from tests.service.fleet import Fleet, fleet


@pytest.fixture
def db(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty PostgreSQL database."""
    with on_database(request, "postgresql") as opened:
        yield opened


@pytest.fixture
def town(db: Database, tmp_path: Path) -> Iterator[Fleet]:
    """A town without a process yet."""
    with fleet(db, tmp_path) as found:
        yield found
