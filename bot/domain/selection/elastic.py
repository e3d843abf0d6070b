"""Rules that give, at a price: the cheapest way to make a panel possible, and the next cheapest beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.selection.limit import Limit
from bot.domain.selection.pool import Quota
from bot.domain.selection.program import INFINITY, Program, Solver, Term
from bot.domain.selection.relaxing import Relaxation, What

SEAT = 20.0  # an empty seat is worse than a rule made wider
RATING = 3.0  # one person, one point below what was asked
WISH = 0.5  # one person by whom a soft rule is missed more, one point of total rating


@dataclass(frozen=True, slots=True)
class _Give:
    """What gives, and its columns: by how much, and whether at all. `step` is the change, of each or of all at once."""

    what: What
    key: str
    was: int
    step: int
    each: bool
    amount: int
    used: int

    def relaxation(self, amount: int) -> Relaxation:
        return Relaxation(self.what, self.key, self.was, self.was + self.step * (amount if self.each else 1))


class Elastic:
    """A program whose rules give (elastic programming: Brown and Graves 1975).

    A quota's least costs 1 + 2 / least for each person, so that a small minority keeps its seats longest; its most
    costs 1.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self._gives: list[_Give] = []
        self._prices: dict[int, float] = {}

    def quota(self, terms: Sequence[Term], quota: Quota, *, bounded: bool) -> None:
        """A quota of which both ends give; `bounded`: no further than it says itself."""
        lowest = quota.lowest if bounded and quota.lowest is not None else 0
        highest = quota.highest if bounded and quota.highest is not None else math.inf
        people = sum(self.program.most[column] for column, _ in terms)
        price = 1 + 2 / max(1, quota.least)
        below = self._give("least", quota.key, quota.least, -1, most=quota.least - lowest, price=price)
        above = self._give("most", quota.key, quota.most, 1, most=min(people, highest - quota.most), price=1.0)
        self.program.row([*terms, (below, 1.0)], quota.least, INFINITY)
        self.program.row([*terms, (above, -1.0)], -INFINITY, quota.most)

    def soft(self, quota: Quota, short: Sequence[Term]) -> list[Term]:
        """A soft quota, missed by `short` (below, above); gives the terms of what is not forgiven."""
        (below, _), (above, _) = short
        terms = list(short)
        for missed, forgiven in (
            (below, self._give("least", quota.key, quota.least, -1, most=self.program.most[below], price=WISH)),
            (above, self._give("most", quota.key, quota.most, 1, most=self.program.most[above], price=WISH)),
        ):
            self.program.row([(missed, 1.0), (forgiven, -1.0)], 0, INFINITY)
            terms.append((forgiven, -1.0))
        return terms

    def seats(self, taken: Sequence[Term], line: str, seats: int) -> None:
        """Seats of a line that may stay empty."""
        empty = self._give("seats", line, seats, -1, most=seats, price=SEAT)
        self.program.row([*taken, (empty, 1.0)], seats, seats)

    def rating(self, below: Sequence[Term], line: str, asked: int, accepted: int, seats: int) -> None:
        """People on a line whose rating is lower than it asks for."""
        many = self._give(
            "rating", line, asked, accepted - asked, most=seats, price=RATING * (asked - accepted), each=False
        )
        self.program.row([*below, (many, -1.0)], -INFINITY, 0)

    def slack(self, worth: Sequence[Term], least: int, slack: int) -> None:
        """A total rating that should be at least so much."""
        missing = self._give("slack", "", slack, 1, most=least, price=WISH)
        self.program.row([*worth, (missing, 1.0)], least, INFINITY)

    def _give(self, what: What, key: str, was: int, step: int, *, most: float, price: float, each: bool = True) -> int:
        most = max(0.0, most)
        amount, used = self.program.column(most, whole=True), self.program.column(1, whole=True)
        self.program.row([(amount, 1.0), (used, -most)], -INFINITY, 0)
        self._gives.append(_Give(what, key, was, step, each, amount, used))
        self._prices[amount] = price
        return amount

    def alternatives(self, limit: Limit) -> Iterator[tuple[Relaxation, ...]]:
        """Sets of relaxations, the cheapest first; none holds all that an earlier one holds. Raises OutOfTime."""
        while True:
            solver = Solver(self.program, limit, whole=True)
            solver.cost([-self._prices.get(column, 0.0) for column in range(len(self.program.most))])
            found = solver.solve()
            if found is None:
                return
            made = [(give, round(found.values[give.amount])) for give in self._gives]
            made = [(give, amount) for give, amount in made if amount]
            yield _least(give.relaxation(amount) for give, amount in made)
            if not made:
                return
            self.program.row([(give.used, 1.0) for give, _ in made], 0, len(made) - 1)


def _least(relaxations: Iterator[Relaxation]) -> tuple[Relaxation, ...]:
    """Once for each rule; of several ratings that a line accepts, the lowest."""
    found: dict[tuple[str, str], Relaxation] = {}
    for one in relaxations:
        before = found.get((one.what, one.key))
        if before is None or one.what != "rating" or one.becomes < before.becomes:
            found[one.what, one.key] = one
    return tuple(found.values())
