"""The hash-ordered lottery replayed without a solver.

Random serial dictatorship over feasible panels (Abdulkadiroglu and Sonmez, "Random Serial Dictatorship and the Core
from Random Endowments in House Allocation Problems", Econometrica 66(3), 1998): people come in an order that the seed
gives, and each enters where some panel that keeps all rules holds everybody before and this person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from bot.domain.selection.completing import Completion, TooLarge
from bot.domain.selection.pool import Kind, Pool

# From a pool and everybody in order to the ids of those who enter: as many as there are seats, or none at all.
Replay = Callable[[Pool, Sequence[str]], Sequence[str]]


def replay(pool: Pool, order: Sequence[str]) -> tuple[str, ...]:
    """Who enters, in the order of entering; empty where no panel keeps all rules.

    Exact, as each search for a panel either finds one or has tried all. Raises TooLarge where that would take too long,
    and for pools with a slack, as only a solver knows the best total rating.
    """
    if pool.slack is not None:
        raise TooLarge
    kinds = {one.id: kind for kind, people in pool.kinds.items() for one in people}
    search = Completion(pool)
    inside: Counter[Kind] = Counter()
    entered: list[str] = []
    refused: set[Kind] = set()  # who is like somebody refused is refused, as rules only get tighter
    for id_ in order:
        kind = kinds.get(id_)
        if kind is None or kind in refused:
            continue
        inside[kind] += 1
        if search.possible(inside):
            entered.append(id_)
        else:
            inside[kind] -= 1
            refused.add(kind)
        if len(entered) == pool.seats:
            break
    return tuple(entered)
