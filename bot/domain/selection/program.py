"""Linear programs, written down column by column and row by row, and solved with HiGHS on one thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np
from highspy._core import _Highs  # `Highs` itself writes a banner before it can be told to be silent

from bot.domain.selection.limit import Limit, OutOfTime

INFINITY = highspy.kHighsInf
TOLERANCE = 1e-9
FINE = 1e-10
Term = tuple[int, float]

_STATUS = highspy.HighsModelStatus
# One thread and a fixed seed: the same program gives the same answer, to the byte.
_OPTIONS: Mapping[str, bool | float | str] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "presolve": "off",  # that of HiGHS 1.16 calls some programs infeasible that are not; and each solve begins warm
}
_SIMPLEX: Mapping[str, bool | float | str] = {"solver": "simplex"}
_EXACT: Mapping[str, bool | float | str] = {
    "mip_rel_gap": 0.0,
    "mip_abs_gap": TOLERANCE,
    "mip_feasibility_tolerance": TOLERANCE,
}


class Unsolved(ArithmeticError):
    """The numbers are so awkward that HiGHS gives no answer."""


@dataclass(slots=True)
class Program:
    """Columns with bounds, some of them in whole numbers, and rows that bound sums of them."""

    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[Sequence[Term]] = field(default_factory=list)
    row_least: list[float] = field(default_factory=list)
    row_most: list[float] = field(default_factory=list)

    def column(self, most: float, least: float = 0.0, *, whole: bool = False) -> int:
        """A new column; gives its number."""
        self.least.append(least)
        self.most.append(most)
        if whole:
            self.whole.append(len(self.most) - 1)
        return len(self.most) - 1

    def row(self, terms: Iterable[Term], least: float, most: float) -> int:
        """A new row: `least` <= sum of the terms <= `most`; gives its number."""
        self.rows.append(tuple(terms))
        self.row_least.append(least)
        self.row_most.append(most)
        return len(self.rows) - 1

    def copy(self) -> Program:
        """Another program of the same columns and rows, to be continued."""
        return Program(
            list(self.least),
            list(self.most),
            list(self.whole),
            list(self.rows),
            list(self.row_least),
            list(self.row_most),
        )


@dataclass(frozen=True, slots=True)
class Solution:
    """The values of the columns, what they come to, and the price of each row and column (not of whole numbers)."""

    values: list[float]
    objective: float
    row_prices: list[float]
    column_prices: list[float]


class Solver:
    """A program in HiGHS, solved again and again while costs, bounds and columns change."""

    def __init__(self, program: Program, limit: Limit, *, whole: bool = False) -> None:
        self._limit = limit
        self._whole = whole and bool(program.whole)
        self._highs = _Highs()
        for name, value in {**_OPTIONS, **(_EXACT if self._whole else _SIMPLEX)}.items():
            self._highs.setOptionValue(name, value)
        self._highs.passModel(_lp(program, program.whole if self._whole else ()))
        self._columns = np.arange(len(program.most), dtype=np.int32)

    def cost(self, costs: Sequence[float]) -> None:
        """What each column of the program is worth; the sum is made as great as possible."""
        self._highs.changeColsCost(len(costs), self._columns[: len(costs)], np.array(costs, dtype=np.float64))

    def bound(self, least: Sequence[float], most: Sequence[float]) -> None:
        """New bounds of all columns."""
        self._highs.changeColsBounds(len(least), self._columns, np.array(least, float), np.array(most, float))

    def bound_column(self, column: int, least: float, most: float) -> None:
        """New bounds of one column."""
        self._highs.changeColBounds(column, least, most)

    def bound_row(self, row: int, least: float, most: float) -> None:
        """New bounds of one row."""
        self._highs.changeRowBounds(row, least, most)

    def change(self, row: int, column: int, value: float) -> None:
        """A new factor of a column in a row."""
        self._highs.changeCoeff(row, column, value)

    def add(self, cost: float, terms: Sequence[Term]) -> None:
        """A new column, at least 0, by its terms in the rows."""
        rows, factors = np.array([row for row, _ in terms], np.int32), np.array([by for _, by in terms], np.float64)
        self._highs.addCol(cost, 0.0, INFINITY, len(terms), rows, factors)

    def solve(self, *, enough: float = INFINITY) -> Solution | None:
        """The best solution, or one in whole numbers that comes to `enough`; None where there is none at all.

        Raises OutOfTime, Unsolved.
        """
        self._highs.setOptionValue("objective_target", enough if enough < INFINITY else -INFINITY)
        status = _STATUS.kNotset
        for tolerance in (FINE, TOLERANCE, 100 * TOLERANCE):
            for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
                self._highs.setOptionValue(name, tolerance)
            # HiGHS counts the seconds of all its runs together.
            self._highs.setOptionValue("time_limit", self._highs.getRunTime() + self._limit.left())
            self._highs.run()
            status = self._highs.getModelStatus()
            if status in (_STATUS.kOptimal, _STATUS.kObjectiveTarget):
                found = self._highs.getSolution()
                prices = ([], []) if self._whole else (list(found.row_dual), list(found.col_dual))
                return Solution(list(found.col_value), self._highs.getObjectiveValue(), *prices)
            if status in (_STATUS.kInfeasible, _STATUS.kUnboundedOrInfeasible):
                return None
            if status == _STATUS.kTimeLimit:
                raise OutOfTime
            self._highs.clearSolver()  # a numerical accident: once more from the beginning
        raise Unsolved(str(status))


def _lp(program: Program, whole: Sequence[int]) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.most), len(program.rows)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.zeros(lp.num_col_)
    lp.col_lower_, lp.col_upper_ = np.array(program.least, float), np.array(program.most, float)
    lp.row_lower_, lp.row_upper_ = np.array(program.row_least, float), np.array(program.row_most, float)
    matrix = lp.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *map(len, program.rows)], dtype=np.int32)
    matrix.index_ = np.array([column for row in program.rows for column, _ in row], np.int32)
    matrix.value_ = np.array([by for row in program.rows for _, by in row], np.float64)
    if whole:
        kinds = [highspy.HighsVarType.kContinuous] * lp.num_col_
        for column in whole:
            kinds[column] = highspy.HighsVarType.kInteger
        lp.integrality_ = kinds
    return lp
