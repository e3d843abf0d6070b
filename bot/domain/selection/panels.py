"""All panels that keep the rules, as a linear program in how many of each kind sit on one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.selection.limit import Limit
from bot.domain.selection.pool import Kind, Pool, Quota
from bot.domain.selection.program import INFINITY, Program, Solver, Term


class Infeasible(Exception):
    """No panel keeps every hard rule."""


@dataclass(frozen=True, slots=True)
class Panels:
    """A program whose first columns are the counts of the kinds, in the order of `Pool.kinds`.

    The other columns are flows, which say how many of those who fit the same lines take a seat of each of them. Whether
    counts can be seated is the same question in whole numbers and in parts of numbers, for it is one of transport; so
    only the counts are bound to be whole.
    """

    kinds: Sequence[Kind]
    sizes: Sequence[int]
    seats: int
    program: Program

    @property
    def counts(self) -> range:
        """The columns of the counts."""
        return range(len(self.kinds))


def panels_of(pool: Pool, limit: Limit) -> Panels:
    """The panels of a pool: hard rules, then the least shortfall of the soft ones, then the total rating.

    The formulation is that of Flanigan, Gölz, Gupta, Hennig and Procaccia (Nature 596, 2021), with interchangeable
    people taken together and seats of several profiles. Raises Infeasible, OutOfTime.
    """
    kinds = tuple(pool.kinds)
    program, worth = _seated(pool, kinds)
    hard = [quota for quota in pool.quotas if quota.hard]
    for quota in sorted(hard, key=lambda one: one.key):
        program.row(_members(kinds, quota), quota.least, quota.most)
    if not kinds or Solver(program, limit, whole=True).solve() is None:
        raise Infeasible
    soft = sorted((quota for quota in pool.quotas if not quota.hard), key=lambda one: one.key)
    program = _preferring(program, kinds, soft, limit) if soft else program
    if pool.slack is not None:
        program.row(worth, _best(program, worth, limit) - pool.slack, INFINITY)
    return Panels(kinds, tuple(map(len, pool.kinds.values())), pool.seats, program)


def _seated(pool: Pool, kinds: Sequence[Kind]) -> tuple[Program, list[Term]]:
    """Every seat is taken by somebody who fits it; with the flows' ratings."""
    program = Program()
    for people in pool.kinds.values():
        program.column(min(len(people), pool.seats), whole=True)
    worth: list[Term] = []
    seats: dict[str, list[Term]] = {line.key: [] for line in pool.lines}
    for fits in sorted({kind.fits for kind in kinds}):
        leaving: list[Term] = []
        for line, rating in fits:
            flow = program.column(pool.seats)
            worth.append((flow, rating))
            seats[line].append((flow, 1.0))
            leaving.append((flow, -1.0))
        coming = [(number, 1.0) for number, kind in enumerate(kinds) if kind.fits == fits]
        program.row([*coming, *leaving], 0, 0)
    for profile in sorted(pool.lines, key=lambda one: one.key):
        program.row(seats[profile.key], profile.seats, profile.seats)
    return program, worth


def _members(kinds: Collection[Kind], quota: Quota) -> list[Term]:
    return [(number, 1.0) for number, kind in enumerate(kinds) if quota.key in kind.groups]


def _preferring(program: Program, kinds: Sequence[Kind], soft: Sequence[Quota], limit: Limit) -> Program:
    """Keep the total shortfall of the soft rules as small as the hard ones allow."""
    short = program.copy()
    shortfall: list[Term] = []
    for quota in soft:
        below, above = short.column(quota.least), short.column(INFINITY)
        short.row([*_members(kinds, quota), (below, 1.0)], quota.least, INFINITY)
        short.row([*_members(kinds, quota), (above, -1.0)], -INFINITY, quota.most)
        shortfall += [(below, 1.0), (above, 1.0)]
    total = -_best(short, [(column, -by) for column, by in shortfall], limit)
    if total:
        short.row(shortfall, 0, total)
        return short
    for quota in soft:
        program.row(_members(kinds, quota), quota.least, quota.most)
    return program


def _best(program: Program, worth: Sequence[Term], limit: Limit) -> int:
    """The greatest sum that a panel reaches; in whole numbers, for all that is counted here is whole."""
    solver = Solver(program, limit, whole=True)
    costs = [0.0] * len(program.most)
    for column, by in worth:
        costs[column] = by
    solver.cost(costs)
    found = solver.solve()
    assert found is not None
    return round(found.objective)
