"""How long a computation may take."""

from __future__ import annotations

import time
from collections.abc import Callable


class OutOfTime(Exception):
    """The time limit has passed; what was found so far stands."""


class Limit:
    """So many seconds from now, by a clock that only goes forward."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began = now()
        self._seconds = seconds

    def spent(self) -> float:
        """Seconds since the beginning."""
        return self._now() - self._began

    def left(self) -> float:
        """Seconds that are left. Raises OutOfTime where there are none."""
        left = self._seconds - self.spent()
        if left <= 0:
            raise OutOfTime
        return left
