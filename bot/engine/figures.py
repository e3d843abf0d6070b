"""Plain counters of what came in and what became of it, for whoever exports them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Spent:
    """How often a route's handler ran, and how many seconds it took in all."""

    times: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Figures:
    """Since the start of the process. `dropped` came too fast, `turned_away` were too many new people at once."""

    received: int = 0
    committed: int = 0
    duplicates: int = 0
    dropped: int = 0
    turned_away: int = 0
    parked: int = 0
    unavailable: int = 0
    handlers: dict[str, Spent] = field(default_factory=dict)

    def spent(self, route: str, seconds: float) -> None:
        """A handler of this route has run; there are only as many routes as the program has."""
        found = self.handlers.setdefault(route, Spent())
        found.times += 1
        found.seconds += seconds
