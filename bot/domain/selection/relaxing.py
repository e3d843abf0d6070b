"""What may give in a rule, as values: a rule made wider, a seat left empty, a lower rating accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.selection.pool import Line, Pool, Quota

What = Literal["least", "most", "seats", "rating", "slack"]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One thing that gives: a quota's `least` or `most`, a line's `seats` or the `rating` it asks for, the `slack`.

    `key` names the quota or the line (nothing for the slack); `was` and `becomes` are people, seats or points of
    rating.
    """

    what: What
    key: str
    was: int
    becomes: int


def relaxed(pool: Pool, relaxations: Sequence[Relaxation]) -> Pool:
    """The pool with these relaxations made."""
    by = {(one.what, one.key): one.becomes for one in relaxations}

    def quota(one: Quota) -> Quota:
        return replace(one, least=by.get(("least", one.key), one.least), most=by.get(("most", one.key), one.most))

    def line(one: Line) -> Line:
        seats, rating = by.get(("seats", one.key), one.seats), by.get(("rating", one.key), one.threshold)
        return replace(one, seats=seats, threshold=rating)

    return replace(
        pool,
        lines=tuple(map(line, pool.lines)),
        quotas=tuple(map(quota, pool.quotas)),
        slack=by.get(("slack", ""), pool.slack),
    )
