"""The levels of leximin as linear programs: raise the smallest chance, keep who cannot have more, and go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.selection.feasible import Panels
from bot.domain.selection.limit import Limit
from bot.domain.selection.program import INFINITY, TOLERANCE, Program, Solver, Term, Unsolved
from bot.domain.selection.search import Counts

INEXACT = 1e-6  # how far a chance that was reached may be given up again
HELD = 1e-7  # the share of a level's price from which on a kind is what holds it down


@dataclass(frozen=True, slots=True)
class Level:
    """The smallest chance of the kinds still open, which of them hold it down, and the solution it was read from.

    `prices` say what one more person of each kind would be worth, `price` what a panel must bring to be of use.
    """

    value: float
    holding: Sequence[int]
    values: Sequence[float]
    prices: Sequence[float]
    price: float


class Rising:
    """A program with one row for each kind: what it gets is at least its size times the smallest chance."""

    def __init__(self, solver: Solver, chance: int, total: int, rows: Mapping[int, int], sizes: Sequence[int]) -> None:
        self._solver, self._chance, self._total, self._rows, self._sizes = solver, chance, total, rows, sizes
        self.open = list(rows)
        self._fixed: dict[int, float] = {}
        self._inexact = TOLERANCE

    def fix(self, kind: int, value: float) -> None:
        """This kind has at least this chance from now on, and no more is asked for it."""
        self.open.remove(kind)
        self._fixed[kind] = value
        self._solver.change(self._rows[kind], self._chance, 0.0)
        self._keep(kind)

    def _keep(self, kind: int) -> None:
        self._solver.bound_row(self._rows[kind], self._sizes[kind] * self._fixed[kind] - self._inexact, INFINITY)

    def level(self) -> Level:
        """Raise the smallest chance of those still open as far as it goes. Raises OutOfTime, Unsolved."""
        while (found := self._solver.solve()) is None:
            # What was reached before can be reached; only the last digits stand in the way.
            self._inexact *= 10
            if self._inexact > INEXACT:
                raise Unsolved("a level that was reached is out of reach")
            for kind in self._fixed:
                self._keep(kind)
        prices = [0.0] * len(self._sizes)
        for kind, row in self._rows.items():
            prices[kind] = abs(found.row_prices[row])
        holding = [kind for kind in self.open if prices[kind] * self._sizes[kind] > HELD]
        return Level(found.values[self._chance], holding, found.values, prices, abs(found.row_prices[self._total]))


class Relaxed(Rising):
    """The levels where panels may be split into parts of people: bounds from above, found at once."""

    def __init__(self, panels: Panels, kinds: Sequence[int], limit: Limit) -> None:
        program = panels.program.copy()
        for kind in panels.counts:
            if kind not in kinds:
                program.most[kind] = 0.0
        chance = program.column(INFINITY)
        rows = {kind: program.row([(kind, 1.0), (chance, -float(panels.sizes[kind]))], 0.0, INFINITY) for kind in kinds}
        solver = Solver(program, limit)
        solver.cost([0.0] * chance + [1.0])
        super().__init__(solver, chance, 0, rows, panels.sizes)


class Master(Rising):
    """The levels that a lottery over the panels found so far reaches; a level's values are 1: the panels' weights."""

    def __init__(self, panels: Panels, kinds: Sequence[int], limit: Limit) -> None:
        program = Program()
        chance = program.column(INFINITY)
        rows = {kind: program.row([(chance, -float(panels.sizes[kind]))], 0.0, INFINITY) for kind in kinds}
        total = program.row([], 0.0, 1.0)
        solver = Solver(program, limit)
        solver.cost([1.0])
        super().__init__(solver, chance, total, rows, panels.sizes)

    def add(self, panel: Counts) -> None:
        """One more panel for the lottery."""
        terms: list[Term] = [(row, float(panel[kind])) for kind, row in self._rows.items() if panel[kind]]
        self._solver.add(0.0, [*terms, (self._total, 1.0)])
