"""A lock beside a SQLite file: it falls with the process that holds it, so that its work can be taken over at once."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.database import Database


class Lock:
    """A lock on one name; on PostgreSQL, where processes may be on other machines, it is never had."""

    def __init__(self, database: Database, name: str) -> None:
        file = database.url.database if database.sqlite else None
        in_file = file and file != ":memory:" and not file.startswith("file:")
        self._path = Path(f"{file}.{name.replace(':', '-')}.lock") if in_file else None
        self._held: int | None = None

    def take(self) -> bool:
        """Whether the lock is ours from this moment on: whoever held it has ended or given it back."""
        if self._path is None or self._held is not None:
            return False
        opened = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(opened)
            return False
        self._held = opened
        return True

    def free(self) -> None:
        """Give the lock back."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
