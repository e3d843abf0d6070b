"""Reserves: who is asked when a seat falls empty, so that lines and rules are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.selection.drawing import reserve_order
from bot.domain.selection.pool import Applicant, Pool, Quota
from bot.domain.selection.seating import matching


@dataclass(frozen=True, slots=True)
class Replacement:
    """Who takes over, and who then sits where (seat to id); others move to another line only where they must."""

    id: str
    seats: Mapping[str, str]


def reserves(pool: Pool, sitting: Mapping[str, str], digest: str, seed: str) -> dict[str, tuple[str, ...]]:
    """For each seat the reserves in the order of the lottery; with any one of them lines and hard quotas are kept.

    `sitting` is the drawn panel (seat to pseudonym), `digest` the hash of the panels file, `seed` normalised. The
    others stay, though they may move to another line that they fit. The slack asks nothing of a reserve. A plainer rule
    than in Assos, Baharav, Flanigan and Procaccia, "Alternates, Assemble!", 2025, who weigh how likely each member is
    to leave.

    Who is drawn and not in the pool was erased since the freeze, and that seat is empty. Its reserves are the same as
    before, as a drawn panel keeps every rule and nothing of the one who leaves is asked for. For another seat the empty
    one stays empty, and the rules are kept as far as its next member could still keep them.
    """
    people = {one.id: one for one in pool.applicants}
    waiting = sorted(people.keys() - set(sitting.values()))
    erased = {seat for seat, id_ in sitting.items() if id_ not in people}
    found = {}
    for seat in sitting:
        empty = erased - {seat}
        others = [people[id_] for place, id_ in sitting.items() if place not in erased and place != seat]
        limits = {quota.key: (quota.least - len(empty), quota.most) for quota in pool.quotas}
        able = _able(pool.only(sitting.keys() - empty), others, limits, (people[id_] for id_ in waiting))
        found[seat] = reserve_order(digest, seed, seat, able)
    return found


def without_reserve(found: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The seats that nobody could take over: to be said before a panel is confirmed."""
    return tuple(seat for seat, able in found.items() if not able)


def replacement(pool: Pool, sitting: Mapping[str, str], leaving: str, order: Iterable[str]) -> Replacement | None:
    """The first in `order` (ids) who can take over from somebody who leaves the panel as it sits today.

    None where nobody can. A seat that is not in `sitting` is empty and stays so. Somebody appointed without having
    applied is in `pool` as an applicant for the line given, and where an appointment broke a hard quota, it need only
    get no worse. Raises KeyError for who is not in the pool or not on the panel.
    """
    pool = pool.only(sitting)
    people = {one.id: one for one in pool.applicants}
    seat = {id_: seat for seat, id_ in sitting.items()}[leaving]
    before = [people[id_] for id_ in sitting.values()]
    limits = {quota.key: _no_worse(quota, _count(quota, before)) for quota in pool.quotas}
    waiting = (people[id_] for id_ in people.keys() - set(sitting.values()))
    able = frozenset(_able(pool, [one for one in before if one.id != leaving], limits, waiting))
    for id_ in order:
        if id_ in able:
            return Replacement(id_, _moved(pool, people, {**sitting, seat: id_}))
    return None


def _no_worse(quota: Quota, was: int) -> tuple[int, int]:
    return min(quota.least, was), max(quota.most, was)


def _able(
    pool: Pool, others: Sequence[Applicant], limits: Mapping[str, tuple[int, int]], waiting: Iterable[Applicant]
) -> list[str]:
    """Who of those waiting could join the others, so that each hard quota stays within its limits."""
    open_lines = _open(pool, others)
    quotas = [(quota.key, _count(quota, others), *limits[quota.key]) for quota in pool.quotas if quota.hard]

    def keeps(one: Applicant) -> bool:
        return all(least <= rest + (key in one.groups) <= most for key, rest, least, most in quotas)

    return [one.id for one in waiting if open_lines & set(pool.fits(one)) and keeps(one)]


def _count(quota: Quota, people: Iterable[Applicant]) -> int:
    return sum(quota.key in one.groups for one in people)


def _open(pool: Pool, others: Sequence[Applicant]) -> frozenset[str]:
    """The lines that could take one more person, as they have a free seat or somebody on them could make room.

    Alternating paths (Berge, "Two Theorems in Graph Theory", 1957). Empty where the others cannot all be seated.
    """
    lines = matching(others, pool.lines, lambda one: dict.fromkeys(pool.fits(one), 0))
    if len(lines) < len(others):
        return frozenset()
    taken = list(lines.values())
    found = {line.key for line in pool.lines if taken.count(line.key) < line.seats}
    while more := {lines[one.id] for one in others if found & set(pool.fits(one))} - found:
        found |= more
    return frozenset(found)


def _moved(pool: Pool, people: Mapping[str, Applicant], wish: Mapping[str, str]) -> dict[str, str]:
    """Seats for these people, as near to the wish as the lines allow; of equal ways the one with the better ratings."""
    line_of = {id_: seat.rpartition(".")[0] for seat, id_ in wish.items()}
    best = 1 + sum(max(one.ratings.values(), default=0) for one in (people[id_] for id_ in wish.values()))
    lines = matching(
        [people[id_] for id_ in wish.values()],
        pool.lines,
        lambda one: {key: one.ratings[key] + best * (line_of[one.id] == key) for key in pool.fits(one)},
    )
    seats = {seat: id_ for seat, id_ in wish.items() if lines[id_] == line_of[id_]}
    movers = [id_ for id_ in wish.values() if lines[id_] != line_of[id_]]
    for seat in wish:
        if seat not in seats:
            mover = next(id_ for id_ in movers if lines[id_] == seat.rpartition(".")[0])
            movers.remove(mover)
            seats[seat] = mover
    return {seat: seats[seat] for seat in wish}
