"""Who of a panel takes which seat, why, and whether a panel keeps the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from bot.domain.selection.pool import Applicant, Line, Pool

# What it is worth to have a person on a line; None where the person cannot sit there.
Worth = Callable[[Applicant, Line], int | None]


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
    seated: dict[str, list[Applicant]] = {line.key: [] for line in lines}
    for person in people:
        _add(person, lines, worth, seated)
    return {person.id: key for key, sitting in seated.items() for person in sitting}


def _add(person: Applicant, lines: Sequence[Line], worth: Worth, seated: dict[str, list[Applicant]]) -> None:
    gain: dict[str, int] = {}
    mover: dict[str, tuple[Applicant, str | None]] = {}  # who would come to a line, and from which other line
    for line in lines:
        value = worth(person, line)
        if value is not None:
            gain[line.key], mover[line.key] = value, (person, None)
    changed = True
    while changed:  # Bellman-Ford; no cycle gains, as those who sit already sit as well as they can
        changed = False
        for source in [line for line in lines if line.key in gain]:
            for other in seated[source.key]:
                leaving = worth(other, source) or 0
                for target in lines:
                    value = None if target is source else worth(other, target)
                    if value is None:
                        continue
                    total = gain[source.key] - leaving + value
                    if target.key not in gain or total > gain[target.key]:
                        gain[target.key], mover[target.key] = total, (other, source.key)
                        changed = True
    free = [line.key for line in lines if line.key in gain and len(seated[line.key]) < line.seats]
    place: str | None = max(free, key=lambda key: gain[key]) if free else None
    while place is not None:
        comer, source_key = mover[place]
        if source_key is not None:
            seated[source_key].remove(comer)
        seated[place].append(comer)
        place = source_key


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
    fits = {one.id: frozenset(pool.fits(one)) for one in ordered}

    def worth(one: Applicant, line: Line) -> int | None:
        if line.key not in fits[one.id]:
            return None
        return one.ratings[line.key] * whole + place[line.key] * digit[one.id]

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
    lines = list(matching(people, pool.lines, lambda one, line: 0 if line.key in pool.fits(one) else None).values())
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
