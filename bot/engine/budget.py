"""How long one handler may take: it is warned about, then stopped; where only Python turns, the log says where."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
        self._running: dict[int, tuple[str, float]] = {}
        self._told: dict[int, float] = {}

    @contextmanager
    def of(self, tx: Tx, route: str) -> Iterator[None]:
        """Run a handler of this route."""
        began, thread = time.monotonic(), threading.get_ident()
        self._running[thread] = (route, began)
        try:
            with database.stopping_after(tx, database.STOP_AFTER):
                yield
        finally:
            del self._running[thread]
            taken = time.monotonic() - began
            self._figures.spent(route, taken)
            if taken > WARN_AFTER:
                log.warning("handler slow", route=route, milliseconds=round(taken * 1000))

    def watch(self, stopping: threading.Event) -> None:
        """Say once of each handler that no database stops where it hangs; runs in a thread of its own."""
        while not stopping.wait(LOOK_EVERY):
            self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Log whatever has run for longer than it may: the route and the line, no values."""
        for thread, (route, began) in list(self._running.items()):
            if now - began <= database.STOP_AFTER or self._told.get(thread) == began:
                continue
            self._told[thread] = began
            log.error("handler hangs", route=route, where=_place(sys._current_frames().get(thread)))


def _place(frame: FrameType | None) -> str:
    """The innermost line of our own code."""
    while frame is not None:
        file = frame.f_code.co_filename
        if "site-packages" not in file and any(part in file for part in OURS):
            return f"{'/'.join(file.split('/')[-2:])}:{frame.f_lineno}"
        frame = frame.f_back
    return ""
