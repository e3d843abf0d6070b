"""What a solver finds out about a pool, in plain values: a lottery, or that no panel keeps all hard rules."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.selection.feasible import Infeasible
from bot.domain.selection.pool import Pool, Selection
from bot.domain.selection.selecting import select


@dataclass(frozen=True, slots=True)
class Solved:
    """A pool's lottery; None where no panel keeps all hard rules."""

    selection: Selection | None


def solve(pool: Pool, limit_seconds: float) -> Solved:
    """Find the lottery of a pool. A function of its own module, so that a process apart can be told to run it."""
    try:
        return Solved(select(pool, limit_seconds=limit_seconds))
    except Infeasible:
        return Solved(None)
