"""Which lottery a pool gets: the fairest there is, or the hash-ordered one where that cannot be had in time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from bot.domain.selection.feasible import panels_of
from bot.domain.selection.leximin import Leximin
from bot.domain.selection.limit import Limit
from bot.domain.selection.pool import Composition, Pool, Selection

SECONDS = 60.0
KINDS = 400
MOST_PANELS = 1000


def select(
    pool: Pool,
    *,
    limit_seconds: float = SECONDS,
    kinds_at_most: int = KINDS,
    now: Callable[[], float] = time.monotonic,
    progress: Callable[[float], None] | None = None,
) -> Selection:
    """The lottery of a pool, the same whenever and wherever it is computed, whatever names and order people have.

    Leximin; where `limit_seconds` pass, as many of its levels as are proven (only one is called maximin); where not
    even the smallest chance is, or there are more than `kinds_at_most` kinds, hash-ordered (see `serial`). A lottery
    that the limit cut short depends on how fast the machine is. `progress` hears the share that is done.
    Raises Infeasible where no panel keeps the hard rules; that is always found out, outside of the limit.
    """
    limit = Limit(limit_seconds, now)
    panels = panels_of(pool, Limit(math.inf))
    few = len(panels.kinds) <= min(kinds_at_most, MOST_PANELS - 1)  # a lottery needs no more panels than kinds, and one
    found = Leximin(panels, limit, progress).lottery() if few else None
    if found is None:
        return Selection("hash-ordered", not few, (), (), 0, limit.spent())
    compositions = tuple(map(Composition, found.panels, found.weights))
    chances = tuple(
        math.fsum(weight * panel[kind] for panel, weight in zip(found.panels, found.weights, strict=True)) / size
        for kind, size in enumerate(panels.sizes)
    )
    method = "leximin" if found.complete or found.levels > 1 else "maximin"
    return Selection(method, found.complete, compositions, chances, found.levels, limit.spent())
