"""The same by brute force: every panel of a small pool, person by person, and leximin over all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations

from bot.domain.selection.limit import Limit
from bot.domain.selection.pool import Applicant, Pool
from bot.domain.selection.program import INFINITY, Program, Solver

SAME = 1e-6


def rating(pool: Pool, people: Sequence[Applicant]) -> int | None:
    """The best total rating with which these people take all seats; None where they cannot."""
    seats = [line.key for line in pool.lines for _seat in range(line.seats)]
    totals = [
        sum(person.ratings[seat] for person, seat in zip(order, seats, strict=True))
        for order in permutations(people)
        if all(seat in pool.fits(person) for person, seat in zip(order, seats, strict=True))
    ]
    return max(totals, default=None)


def shortfall(pool: Pool, people: Sequence[Applicant], *, hard: bool) -> int:
    """By how many people the hard, or the soft, rules are missed."""
    found = 0
    for quota in pool.quotas:
        if quota.hard == hard:
            count = sum(quota.key in person.groups for person in people)
            found += max(0, quota.least - count) + max(0, count - quota.most)
    return found


def all_panels(pool: Pool) -> list[frozenset[str]]:
    """Every panel that keeps the hard rules, with the least shortfall of the soft ones, and rated well enough."""
    found = [
        (shortfall(pool, people, hard=False), -total, frozenset(person.id for person in people))
        for people in combinations(pool.applicants, pool.seats)
        if (total := rating(pool, people)) is not None and not shortfall(pool, people, hard=True)
    ]
    if not found:
        return []
    short = min(found)[0]
    best = min(total for missed, total, _ in found if missed == short)
    enough = INFINITY if pool.slack is None else best + pool.slack
    return [people for missed, total, people in found if missed == short and total <= enough]


def leximin(panels: Sequence[frozenset[str]]) -> dict[str, float]:
    """The chances of the people on these panels: each level raised, and whoever cannot have more kept there."""
    people = sorted({person for panel in panels for person in panel})
    fixed: dict[str, float] = {}
    while len(fixed) < len(people):
        level = most(panels, people, fixed, None, 0.0)
        for person in [one for one in people if one not in fixed]:
            if most(panels, people, fixed, person, level) <= level + SAME:
                fixed[person] = level
    return fixed


def most(
    panels: Sequence[frozenset[str]], people: Sequence[str], fixed: dict[str, float], person: str | None, least: float
) -> float:
    """The greatest chance of one person, or of the worst off, while the fixed keep theirs and the others `least`."""
    program = Program()
    weights = [program.column(1.0) for _panel in panels]
    chance = program.column(1.0)
    program.row([(column, 1.0) for column in weights], 1.0, 1.0)
    for one in people:
        sits = [(column, 1.0) for column, panel in zip(weights, panels, strict=True) if one in panel]
        raised = one == person or (person is None and one not in fixed)
        program.row(
            [*sits, (chance, -1.0 if raised else 0.0)], 0.0 if raised else fixed.get(one, least) - SAME / 1000, INFINITY
        )
    solver = Solver(program, Limit(60))
    solver.cost([0.0] * len(weights) + [1.0])
    found = solver.solve()
    assert found is not None
    return found.objective


def entering(panels: Sequence[frozenset[str]], order: Sequence[str]) -> set[str]:
    """Who is on the panel if each in turn enters as long as some panel holds all who have."""
    entered: set[str] = set()
    for person in order:
        if any(entered | {person} <= panel for panel in panels):
            entered.add(person)
    return entered
