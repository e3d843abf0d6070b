"""Looking for one panel: the best by some measure, with bounds on who sits on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.selection.feasible import Panels
from bot.domain.selection.limit import Limit
from bot.domain.selection.program import INFINITY, Solution, Solver, Unsolved

Counts = tuple[int, ...]
WHOLE = 1e-6  # how far from a whole number a count may be and still be taken for it


@dataclass(slots=True)
class Bounds:
    """What is asked of a panel beyond the rules: bounds of columns and rows."""

    least: list[float]
    most: list[float]
    row_least: list[float]
    row_most: list[float]


class Search:
    """Finds panels with a program that stays warm, and with whole numbers where that does not do."""

    def __init__(self, panels: Panels, limit: Limit) -> None:
        self.panels = panels
        self._quick = Solver(panels.program, limit)
        self._exact = Solver(panels.program, limit, whole=True)
        self._bounds = self.bounds()
        self._nothing = [0.0] * len(panels.program.most)

    def bounds(self) -> Bounds:
        """The bounds that are the rules themselves."""
        program = self.panels.program
        return Bounds(list(program.least), list(program.most), list(program.row_least), list(program.row_most))

    def within(self, bounds: Bounds) -> None:
        """Look only among the panels of these bounds from now on."""
        self._bounds = bounds
        for solver in (self._quick, self._exact):
            solver.bound(bounds.least, bounds.most)
            for row, (least, most) in enumerate(zip(bounds.row_least, bounds.row_most, strict=True)):
                solver.bound_row(row, least, most)

    def good(self, worth: Sequence[float]) -> tuple[Counts | None, float]:
        """A panel that is worth much, if one is found easily, and what no panel is worth more than.

        The program in parts of numbers is solved, and most often its best corner is whole. Where it is not, people are
        seated one after another, the likeliest first (diving).
        """
        self._quick.cost(worth)
        try:
            found = self._quick.solve()
            return self._dive(found), -INFINITY if found is None else found.objective
        except Unsolved:
            return None, INFINITY

    def _dive(self, found: Solution | None) -> Counts | None:
        least = list(self._bounds.least)
        try:
            while found is not None:
                split = self._whole_part(found, least)
                if split is None:
                    return self._counts(found)
                least[split] += 1
                self._quick.bound_column(split, least[split], self._bounds.most[split])
                found = self._quick.solve()
            return None
        finally:
            self._quick.bound(self._bounds.least, self._bounds.most)

    def _whole_part(self, found: Solution, least: list[float]) -> int | None:
        """Keep who sits there for certain, and name the kind of whom one more is likeliest; None if all is whole."""
        split, likeliest = None, WHOLE
        for column in self.panels.counts:
            sure = math.floor(found.values[column] + WHOLE)
            if sure > least[column]:
                least[column] = sure
                self._quick.bound_column(column, sure, self._bounds.most[column])
            if (rest := found.values[column] - sure) > likeliest:
                split, likeliest = column, rest
        return split

    def best(self, worth: Sequence[float], *, enough: float = INFINITY) -> Counts | None:
        """The panel that is worth most, or one that is worth enough; None where there is none."""
        self._exact.cost(worth)
        found = self._exact.solve(enough=enough)
        return None if found is None else self._counts(found)

    def any(self) -> Counts | None:
        """Any panel at all; None where there is none."""
        panel, bound = self.good(self._nothing)
        return panel if panel or bound == -INFINITY else self.best(self._nothing)

    def _counts(self, found: Solution) -> Counts:
        return tuple(round(found.values[column]) for column in self.panels.counts)
