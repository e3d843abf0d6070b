"""The hash-ordered lottery: people enter in a random order, as long as a panel remains possible."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.domain.selection.feasible import panels_of
from bot.domain.selection.limit import Limit
from bot.domain.selection.pool import Pool
from bot.domain.selection.search import Search


def entering(pool: Pool, order: Sequence[str], limit: Limit | None = None) -> tuple[str, ...]:
    """Who is on the panel, in the order of their entrance: random serial dictatorship over the panels.

    `order` names every applicant by id. Going down it, a person enters if some panel holds them and all who entered
    before; else all of their kind are out, for what is impossible now stays so. Everybody who is on some panel is
    therefore chosen at least when they come first. (Abdulkadiroğlu and Sönmez, Econometrica 66, 1998.)
    Raises Infeasible, OutOfTime; ValueError where the order leaves out those without whom no panel is full.
    """
    limit = limit or Limit(math.inf)
    number = {kind: place for place, kind in enumerate(pool.kinds)}
    kind_of = {person.id: number[kind] for kind, people in pool.kinds.items() for person in people}
    search = Search(panels_of(pool, limit), limit)
    bounds = search.bounds()
    possible = search.any()
    out: set[int] = set()
    entered: dict[str, None] = {}
    for person in order:
        kind = kind_of.get(person)
        if kind is None or kind in out or person in entered:
            continue
        assert possible is not None
        if possible[kind] == bounds.least[kind]:
            bounds.least[kind] += 1
            search.within(bounds)
            found = search.any() if bounds.least[kind] <= bounds.most[kind] else None
            bounds.least[kind] -= 1
            if found is None:
                out.add(kind)
                continue
            possible = found
        bounds.least[kind] += 1
        entered[person] = None
        if len(entered) == pool.seats:
            return tuple(entered)
    raise ValueError("the order leaves out people whom every panel needs")
