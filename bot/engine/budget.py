"""How long one handler may take: it is warned about, then stopped; where only Python turns, the log says where."""

from __future__ import annotations

import sys
import threading
import time
from types import FrameType

import structlog

from bot.engine.figures import Figures
from storage import database
from storage.database import Tx

log = structlog.get_logger()
WARN_AFTER = 0.25
LOOK_EVERY = 1.0
OURS = ("/bot/", "/handlers/", "/storage/", "/tests/")


class Budget:
    """What runs now, by thread, and how long it may go on."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self.running: dict[int, tuple[str, float]] = {}
        self._told: dict[int, float] = {}

    def of(self, tx: Tx, route: str) -> spending:
        """Run a handler of this route."""
        return spending(self, tx, route)

    def spent(self, route: str, seconds: float) -> None:
        """Note how long a handler took."""
        self._figures.spent(route, seconds)
        if seconds > WARN_AFTER:
            log.warning("handler slow", route=route, milliseconds=round(seconds * 1000))

    def watch(self, stopping: threading.Event) -> None:
        """Say once of each handler that no database stops where it hangs; runs in a thread of its own."""
        while not stopping.wait(LOOK_EVERY):
            self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Log whatever has run for longer than it may: the route and the line, no values."""
        for thread, (route, began) in list(self.running.items()):
            if now - began <= database.STOP_AFTER or self._told.get(thread) == began:
                continue
            self._told[thread] = began
            log.error("handler hangs", route=route, where=_place(sys._current_frames().get(thread)))


class spending:  # noqa: N801 (used as a function; a generator would cost as much as a statement)
    """A handler at work: stopped when its time is over, and watched from outside meanwhile."""

    __slots__ = ("_began", "_budget", "_route", "_stopping", "_thread")

    def __init__(self, budget: Budget, tx: Tx, route: str) -> None:
        self._budget, self._route = budget, route
        self._stopping = database.stopping_after(tx, database.STOP_AFTER)

    def __enter__(self) -> None:
        self._began, self._thread = time.monotonic(), threading.get_ident()
        self._budget.running[self._thread] = (self._route, self._began)
        self._stopping.__enter__()

    def __exit__(self, *error: object) -> None:
        self._stopping.__exit__()
        del self._budget.running[self._thread]
        self._budget.spent(self._route, time.monotonic() - self._began)


def _place(frame: FrameType | None) -> str:
    """The innermost line of our own code."""
    while frame is not None:
        file = frame.f_code.co_filename
        if "site-packages" not in file and any(part in file for part in OURS):
            return f"{'/'.join(file.split('/')[-2:])}:{frame.f_lineno}"
        frame = frame.f_back
    return ""
