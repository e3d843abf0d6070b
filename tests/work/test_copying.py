"""SQLite's log is copied into its file beside the commits."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from bot.work import copying
from storage import people
from storage.database import Database
from tests.databases import fresh

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def write(database: Database, name: str) -> None:
    with database.transaction() as tx:
        people.add(tx, NOON, name)


def in_the_file(folder: Path) -> list[str]:
    """The names in the file itself, without its log."""
    shutil.copy(folder / "samskab.db", folder / "alone.db")
    found = sqlite3.connect(folder / "alone.db")
    names = [row[0] for row in found.execute("SELECT name FROM person ORDER BY id")]
    found.close()
    return names


def test_what_was_committed_is_copied_as_far_as_nobody_reads_an_older_state(tmp_path: Path) -> None:
    database = fresh(tmp_path)
    write(database, "Ane")
    database.copy_log()
    assert in_the_file(tmp_path) == ["Ane"]
    with database.reading() as reading:
        assert people.named(reading, "Bo") is None
        write(database, "Bo")
        database.copy_log()
        write(database, "Cato")
        assert people.named(reading, "Bo") is None
    database.copy_log()
    assert in_the_file(tmp_path) == ["Ane", "Bo", "Cato"]
    database.close()


def test_it_is_done_until_the_service_stops(tmp_path: Path) -> None:
    database = fresh(tmp_path)
    write(database, "Ane")

    async def served() -> None:
        stopping = asyncio.Event()
        task = asyncio.create_task(copying.copying(database, stopping))
        while not in_the_file(tmp_path):  # noqa: ASYNC110 (nobody tells when it is done)
            await asyncio.sleep(0.01)
        stopping.set()
        await asyncio.wait_for(task, 5)

    asyncio.run(asyncio.wait_for(served(), 10))
    assert in_the_file(tmp_path) == ["Ane"]
    database.close()
