"""Trouble made on purpose: refusals, broken lines, slowness, half answers, absent methods."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request; a refusal takes no effect, a reset takes none where it comes before."""

    error: str = ""
    status: int = 200
    retry_after: int | None = None
    reset: str = ""
    seconds: float = 0
    truncate: bool = False


@dataclass
class Faults:
    """Faults waiting for their method, first come first served; `*` is any method."""

    waiting: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    lacking: set[str] = field(default_factory=set)
    down: bool = False

    def plan(self, method: str, fault: Fault, times: int) -> None:
        self.waiting[method].extend([fault] * times)

    def take(self, method: str) -> Fault:
        for name in (method, "*"):
            if self.waiting[name]:
                return self.waiting[name].popleft()
        return Fault()
