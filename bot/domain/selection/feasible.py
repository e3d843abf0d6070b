"""All panels that keep the rules, as a linear program in how many of each kind sit on one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
    only the counts are bound to be whole. `shortfall` is by how many people the soft rules are missed at the least,
    `rating` the best total rating, where it matters.
    """

    kinds: Sequence[Kind]
    sizes: Sequence[int]
    seats: int
    program: Program
    shortfall: int = 0
    rating: int | None = None

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
    program, flows = flowing(pool, kinds)
    for line in sorted(pool.lines, key=lambda one: one.key):
        program.row([(flow, 1.0) for flow, _rating in flows[line.key]], line.seats, line.seats)
    hard = [quota for quota in pool.quotas if quota.hard]
    for quota in sorted(hard, key=lambda one: one.key):
        program.row(members(kinds, quota), quota.least, quota.most)
    if not kinds or Solver(program, limit, whole=True).solve() is None:
        raise Infeasible
    soft = sorted((quota for quota in pool.quotas if not quota.hard), key=lambda one: one.key)
    program, shortfall = _preferring(program, kinds, soft, limit)
    rating = None
    if pool.slack is not None:
        worth: list[Term] = [one for line in flows.values() for one in line]
        rating = _best(program, worth, limit)
        program.row(worth, rating - pool.slack, INFINITY)
    return Panels(kinds, tuple(map(len, pool.kinds.values())), pool.seats, program, shortfall, rating)


def flowing(pool: Pool, kinds: Sequence[Kind]) -> tuple[Program, Mapping[str, Sequence[tuple[int, int]]]]:
    """The counts of the kinds, and that all of them take a seat; by line, its flows with the ratings they come with."""
    program = Program()
    for people in pool.kinds.values():
        program.column(min(len(people), pool.seats), whole=True)
    flows: dict[str, list[tuple[int, int]]] = {line.key: [] for line in pool.lines}
    for fits in sorted({kind.fits for kind in kinds}):
        leaving: list[Term] = []
        for line, rating in fits:
            flow = program.column(pool.seats)
            flows[line].append((flow, rating))
            leaving.append((flow, -1.0))
        coming = [(number, 1.0) for number, kind in enumerate(kinds) if kind.fits == fits]
        program.row([*coming, *leaving], 0, 0)
    return program, flows


def members(kinds: Collection[Kind], quota: Quota) -> list[Term]:
    """The counts of those whom a quota counts."""
    return [(number, 1.0) for number, kind in enumerate(kinds) if quota.key in kind.groups]


def falling_short(program: Program, kinds: Sequence[Kind], quota: Quota) -> list[Term]:
    """By how much a quota is missed: what is below its least, and what is above its most."""
    counted = members(kinds, quota)
    below, above = program.column(quota.least), program.column(sum(program.most[number] for number, _ in counted))
    program.row([*counted, (below, 1.0)], quota.least, INFINITY)
    program.row([*counted, (above, -1.0)], -INFINITY, quota.most)
    return [(below, 1.0), (above, 1.0)]


def _preferring(program: Program, kinds: Sequence[Kind], soft: Sequence[Quota], limit: Limit) -> tuple[Program, int]:
    """Keep the total shortfall of the soft rules as small as the hard ones allow; and how small that is."""
    if not soft:
        return program, 0
    short = program.copy()
    shortfall = [term for quota in soft for term in falling_short(short, kinds, quota)]
    total = -_best(short, [(column, -by) for column, by in shortfall], limit)
    if total:
        short.row(shortfall, 0, total)
        return short, total
    for quota in soft:
        program.row(members(kinds, quota), quota.least, quota.most)
    return program, 0


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
