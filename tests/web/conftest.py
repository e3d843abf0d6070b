"""A site for each test of the pages, or a town with the whole service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import playing
from tests.databases import fresh
from tests.doors.stage import Stage
from tests.doors.web import Surfer
from tests.web.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The application over an empty SQLite file with one committee that looks for people."""
    database = fresh(tmp_path)
    yield Site(database, tmp_path)
    database.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Stage]:
    """The whole service, for people with browsers."""
    database = fresh(tmp_path)
    with playing(Stage(database, tmp_path, people_are=Surfer)) as stage:
        yield stage
    database.close()
