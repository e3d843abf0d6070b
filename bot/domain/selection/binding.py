"""Which rules bind on a panel: what a seat's reason can say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain.selection.pool import Pool


@dataclass(frozen=True, slots=True)
class Binding:
    """A quota that is just met, or a soft one that is missed: no fewer (`least`) or no more (`most`) could be there."""

    quota: str
    edge: Literal["least", "most"]
    count: int


def binding(pool: Pool, people: Collection[str]) -> Sequence[Binding]:
    """The quotas that bind on a panel of these people (ids), in the order of the pool's quotas.

    Who counts toward a quota that binds at its least is needed for it; who would count toward one that binds at its
    most had no place.
    """
    panel = [applicant for applicant in pool.applicants if applicant.id in people]
    found = []
    for quota in pool.quotas:
        count = sum(quota.key in applicant.groups for applicant in panel)
        if 0 < quota.least >= count:
            found.append(Binding(quota.key, "least", count))
        if quota.most <= count:
            found.append(Binding(quota.key, "most", count))
    return found
