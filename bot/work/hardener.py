"""Waits for the disk beside the writer: while one group is made to stay there, the next is being written."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence

from bot.work.jobs import Job
from storage.database import Database
from storage.hardening import harden

Group = Sequence[Job]


class Hardener:
    """A thread that takes the groups which are committed, and hands them on once the disk has them."""

    def __init__(self, hard: Callable[[Group], None], lost: Callable[[Group, Exception], None]) -> None:
        self._hard, self._lost = hard, lost
        self._committed: queue.SimpleQueue[tuple[Database, Group] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._loop, name="hardener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Hand on what was committed, then end."""
        self._committed.put(None)
        self._thread.join(timeout)

    def put(self, database: Database, group: Group) -> None:
        """Take a group that is committed."""
        self._committed.put((database, group))

    def _loop(self) -> None:
        while (found := self._committed.get()) is not None:
            database, group = found
            together = list(group)
            while not self._committed.empty():  # one wait serves all who are here before it begins
                if (another := self._committed.get()) is None:
                    self._committed.put(None)
                    break
                together += another[1]
            try:
                harden(database)
            except Exception as error:
                self._lost(together, error)
            else:
                self._hard(together)
