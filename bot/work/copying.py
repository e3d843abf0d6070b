"""SQLite's log is copied into its file beside the commits: within one, everybody waits whose message it holds."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress

import structlog

from storage.database import Database

log = structlog.get_logger()
EVERY = 2.0  # seconds


async def copying(database: Database, stopping: asyncio.Event) -> None:
    """Copy the log again and again until told to stop."""
    while not stopping.is_set():
        try:
            await asyncio.to_thread(database.copy_log)
        except sqlite3.Error as error:  # it is tried again, and at the latest a commit does it
            log.warning("log not copied", error=type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), EVERY)
