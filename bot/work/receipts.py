"""What came in and how long it took until it was kept: plain counters, for whoever exports them."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.chat.delivery import Unavailable
from bot.chat.events import Event, Outcome

# Seconds. The first are those of a machine that is well, the last those of a database that waits for its disk.
BOUNDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(slots=True)
class Receipts:
    """Since the start of the process. `buckets` counts the committed by `BOUNDS`, the last is beyond them all."""

    received: int = 0
    committed: int = 0
    duplicates: int = 0
    unavailable: int = 0
    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    async def count(self, accept: Callable[[Event], Awaitable[Outcome]], event: Event) -> Outcome:
        """Have an event accepted, and count what came of it."""
        self.received += 1
        began = time.monotonic()
        try:
            outcome = await accept(event)
        except Unavailable:
            self.unavailable += 1
            raise
        taken = time.monotonic() - began
        self.committed += 1
        self.duplicates += outcome.duplicate
        self.seconds += taken
        self.buckets[bisect_left(BOUNDS, taken)] += 1
        return outcome
