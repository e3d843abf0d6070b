"""What a lottery means for each person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.selection.pool import Kind, Pool, Selection


def chance_of(selection: Selection, pool: Pool) -> Mapping[str, float]:
    """Each applicant's chance of a seat, 0 to 1, by id; empty for the hash-ordered lottery, where it is unknown."""
    if not selection.chances:
        return {}
    chances = {applicant.id: 0.0 for applicant in pool.applicants}
    for people, chance in zip(pool.kinds.values(), selection.chances, strict=True):
        chances.update((person.id, chance) for person in people)
    return chances


def without_chance(selection: Selection, pool: Pool) -> Sequence[Kind]:
    """The kinds that sit on no panel, although they fit a line."""
    return [kind for kind, chance in zip(pool.kinds, selection.chances, strict=False) if chance == 0]
