"""What tests of the work without an event may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.work.loft import Loft, opened


@pytest.fixture
def loft(database: Database, tmp_path: Path) -> Iterator[Loft]:
    with opened(database, tmp_path) as made:
        yield made
