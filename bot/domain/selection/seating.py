"""Who of a panel takes which seat, why, and whether a panel keeps the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from bot.domain.selection.pool import Applicant, Line, Pool

# What it is worth to have a person on each line that the person fits.
Worth = Callable[[Applicant], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Violation:
    """What a panel breaks: its `size`, a `quota` by its key, or a `line` whose seats cannot all be filled.

    `found` people are there, where at least `least` and at most `most` should be.
    """

    what: Literal["size", "quota", "line"]
    key: str
    found: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody has a seat: the line, the rating on it (0-3), and the `others` of the lines that would fit too."""

    seat: str
    id: str
    line: str
    rating: int
    others: tuple[str, ...]


def seat_names(lines: Sequence[Line]) -> tuple[str, ...]:
    """The seats in the lines' order, counted from 1 on each line: "parent.1", "parent.2", "youth.1"."""
    return tuple(f"{line.key}.{n}" for line in lines for n in range(1, line.seats + 1))


def matching(people: Sequence[Applicant], lines: Sequence[Line], worth: Worth) -> dict[str, str]:
    """Give people lines, at most as many as a line has seats, so that the total worth is greatest: id to line's key.

    Who cannot be added to those before is left out, so everybody is in the answer where everybody can have a seat;
    only then is the worth the greatest, and in any case as many as possible are seated.

    Each person is added by a best augmenting path: successive shortest paths for the assignment problem (Ahuja,
    Magnanti and Orlin, "Network Flows", 1993, sections 9.7 and 12.4), here over the few lines, not the many seats.
    """
    table = {one.id: worth(one) for one in people}
    sitting: dict[str, list[str]] = {line.key: [] for line in lines}
    seats = {line.key: line.seats for line in lines}
    for one in people:
        _add(one.id, table, seats, sitting)
    return {id_: key for key, them in sitting.items() for id_ in them}


def _add(
    comer: str, table: Mapping[str, Mapping[str, int]], seats: Mapping[str, int], sitting: dict[str, list[str]]
) -> None:
    """Seat one more by the best path: the comer on a line, somebody of that line on another, until a seat was free."""
    steps = {
        (source, target): max(
            ((table[id_][target] - table[id_][source], id_) for id_ in them if target in table[id_]),
            key=lambda step: step[0],  # of equals the first, whatever their names
            default=None,
        )
        for source, them in sitting.items()
        for target in seats
        if source != target
    }
    gain = dict(table[comer])
    came: dict[str, tuple[str, str | None]] = dict.fromkeys(gain, (comer, None))  # who, and from which line
    changed = True
    while changed:  # Bellman-Ford; no cycle gains anything, as those who sit already sit as well as they can
        changed = False
        for (source, target), step in steps.items():
            if step and source in gain and gain[source] + step[0] > gain.get(target, gain[source] + step[0] - 1):
                gain[target], came[target] = gain[source] + step[0], (step[1], source)
                changed = True
    free = [key for key in seats if key in gain and len(sitting[key]) < seats[key]]
    place = max(free, key=gain.__getitem__) if free else None
    while place:
        who, source_of = came[place]
        if source_of:
            sitting[source_of].remove(who)
        sitting[place].append(who)
        place = source_of


def seated(pool: Pool, people: Sequence[Applicant], salt: str) -> dict[str, str] | None:
    """Each seat's person (seat to id), with the greatest total of ratings; None where not all seats can be filled so.

    Ties: the people are put in the order of SHA-256("samskab/seat/1\\n" + salt + "\\n" + id), and the first of them has
    the earliest line, in the pool's order, that an assignment with the greatest total allows, then the second, and so
    on. Seats of one line go in the same order. So nobody's name or place in a file counts, and the answer is unique.
    """
    ordered = sorted(people, key=lambda one: sha256(f"samskab/seat/1\n{salt}\n{one.id}".encode()).digest())
    # One number holds both: the rating, and below it a digit for each person, the first person's the highest.
    base = len(pool.lines) + 1
    whole: int = base ** len(ordered)
    digit: dict[str, int] = {one.id: base ** (len(ordered) - 1 - n) for n, one in enumerate(ordered)}
    place = {line.key: len(pool.lines) - n for n, line in enumerate(pool.lines)}

    def worth(one: Applicant) -> dict[str, int]:
        return {key: one.ratings[key] * whole + place[key] * digit[one.id] for key in pool.fits(one)}

    lines = matching(ordered, pool.lines, worth)
    if not len(lines) == len(people) == pool.seats:
        return None
    sitting = sorted(ordered, key=lambda one: -place[lines[one.id]])  # a stable sort keeps the order on each line
    return {seat: one.id for seat, one in zip(seat_names(pool.lines), sitting, strict=True)}


def meets(pool: Pool, people: Sequence[Applicant]) -> tuple[Violation, ...]:
    """What a panel of these people breaks of the seats and the hard quotas; empty where it keeps them all.

    Somebody named twice sits once.
    """
    people = list({one.id: one for one in people}.values())
    broken = []
    if len(people) != pool.seats:
        broken.append(Violation("size", "", len(people), pool.seats, pool.seats))
    lines = list(matching(people, pool.lines, lambda one: dict.fromkeys(pool.fits(one), 0)).values())
    for line in pool.lines:
        if lines.count(line.key) < line.seats:
            broken.append(Violation("line", line.key, lines.count(line.key), line.seats, line.seats))
    for quota in pool.quotas:
        found = sum(quota.key in one.groups for one in people)
        if quota.hard and not quota.least <= found <= quota.most:
            broken.append(Violation("quota", quota.key, found, quota.least, quota.most))
    return tuple(broken)


def reasons(pool: Pool, sitting: Mapping[str, str]) -> tuple[Reason, ...]:
    """Why each has the seat (seat to id), in the order of `sitting`. Raises KeyError for who is not in the pool."""
    people = {one.id: one for one in pool.applicants}
    found = []
    for seat, id_ in sitting.items():
        line = seat.rpartition(".")[0]
        others = tuple(key for key in pool.fits(people[id_]) if key != line)
        found.append(Reason(seat, id_, line, people[id_].ratings.get(line, 0), others))
    return tuple(found)
