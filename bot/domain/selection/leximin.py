"""The fairest lottery over panels: leximin by column generation over kinds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul

from bot.domain.selection.cover import cover, uncovered
from bot.domain.selection.feasible import Panels
from bot.domain.selection.levels import Level, Master, Relaxed
from bot.domain.selection.limit import Limit, OutOfTime
from bot.domain.selection.peeling import Peeling
from bot.domain.selection.program import Unsolved
from bot.domain.selection.search import Counts, Search

SAME = 1e-8  # chances that differ by no more are one
NONE = 1e-12  # a weight that is none
DISTINCT = 1e-7  # levels that differ by more are two


@dataclass(frozen=True, slots=True)
class Lottery:
    """Panels with their weights, and how many levels of leximin they are proven to keep; `complete` if all."""

    panels: Sequence[Counts]
    weights: Sequence[float]
    levels: int
    complete: bool


class Leximin:
    """Finds the lottery whose smallest chance is greatest, then the second smallest, and so on.

    Column generation as Flanigan, Gölz, Gupta, Hennig and Procaccia (Nature 596, 2021), over kinds instead of people.
    The same levels where panels may be split into parts of people bound it from above. Most often that bound is a
    mixture of panels: `Peeling` takes it apart, and nothing is left to be proven.
    """

    def __init__(self, panels: Panels, limit: Limit, progress: Callable[[float], None] | None = None) -> None:
        self._panels, self._limit = panels, limit
        self._progress = progress or (lambda _share: None)
        self._search = Search(panels, limit)
        self._known: dict[Counts, None] = {}

    def lottery(self) -> Lottery | None:
        """The lottery as far as the time allows; None where not even its smallest chance could be proven."""
        weights: Sequence[float] = ()
        values: list[float] = []
        complete = False
        try:
            kinds = self._possible()
            self._search.within(self._search.bounds())
            master, relaxed = Master(self._panels, kinds, self._limit), Relaxed(self._panels, kinds, self._limit)
            for panel in self._known:
                master.add(panel)
            self._progress(0.5)
            while master.open:
                level = self._proven(master, relaxed)
                for kind in level.holding:
                    master.fix(kind, level.value)
                    relaxed.fix(kind, level.value)
                    self._progress(0.5 + 0.5 * (1 - len(master.open) / len(kinds)))
                weights = level.values[1:]
                values.append(level.value)
            complete = True
        except (OutOfTime, Unsolved):
            if not values:
                return None
        return Lottery(*_tidy(self._known, weights), _distinct(values), complete)

    def _possible(self) -> list[int]:
        """The kinds that sit on some panel; panels of the lottery are known afterwards."""
        kinds = list(self._panels.counts)
        for _time in range(2):
            self._know(Peeling(self._search, self._limit).peel(self._ideal(kinds)))
            found, never = cover(self._search, uncovered(self._known, kinds))
            self._know(found)
            if not never:
                break
            kinds = [kind for kind in kinds if kind not in never]
        return kinds

    def _know(self, panels: Iterable[Counts]) -> None:
        self._known.update(dict.fromkeys(panels))

    def _ideal(self, kinds: Sequence[int]) -> Sequence[float]:
        """How many of each kind sit on a panel on average, where panels may be split into parts of people."""
        relaxed = Relaxed(self._panels, kinds, self._limit)
        while True:
            level = relaxed.level()
            for kind in level.holding:
                relaxed.fix(kind, level.value)
            if not relaxed.open:
                return level.values[: len(self._panels.counts)]

    def _proven(self, master: Master, relaxed: Relaxed) -> Level:
        """The next level, which no lottery over any panels exceeds. Raises OutOfTime."""
        bound = relaxed.level()
        while True:
            level = master.level()
            if level.value >= bound.value - SAME:
                return Level(level.value, bound.holding, level.values, bound.prices, bound.price)
            panel = self._better(level)
            if panel is None:
                return level
            self._know([panel])
            master.add(panel)

    def _better(self, level: Level) -> Counts | None:
        """A panel that raises the level; None where there is none."""
        scale = 1 / max(level.prices)
        worth = [price * scale for price in level.prices] + [0.0] * (len(self._panels.program.most) - len(level.prices))
        needed = (level.price + SAME) * scale
        panel, bound = self._search.good(worth)
        if panel is None or not self._raises(panel, worth, needed):
            panel = self._search.best(worth, enough=(needed + bound) / 2) if bound > needed else None
        return panel if panel is not None and self._raises(panel, worth, needed) else None

    def _raises(self, panel: Counts, worth: Sequence[float], needed: float) -> bool:
        return panel not in self._known and math.fsum(map(mul, worth, panel)) > needed


def _tidy(panels: Iterable[Counts], weights: Sequence[float]) -> tuple[list[Counts], list[float]]:
    """The panels that have a weight, in order, and weights that come to 1."""
    used = sorted((panel, weight) for panel, weight in zip(panels, weights, strict=False) if weight > NONE)
    total = math.fsum(weight for _, weight in used)
    return [panel for panel, _ in used], [weight / total for _, weight in used]


def _distinct(values: Sequence[float]) -> int:
    return 1 + sum(later > former + DISTINCT for former, later in pairwise(values))
