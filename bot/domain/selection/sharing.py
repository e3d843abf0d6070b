"""From compositions to panels of people: everybody of a kind gets the same share of the kind's seats."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from itertools import accumulate, pairwise

from bot.domain.selection.dealing import PANELS, deal
from bot.domain.selection.pool import Composition, Pool

BILLION = 10**9
Run = tuple[Fraction, Fraction, str]  # from where to where of the lottery a person sits


@dataclass(frozen=True, slots=True)
class Share:
    """A panel of people, by id in order, and how likely it is."""

    members: tuple[str, ...]
    weight: float


def shares(pool: Pool, compositions: Sequence[Composition]) -> Sequence[Share]:
    """At most 1,000 panels of people, sorted, with weights that come to 1.

    Each person has exactly their kind's chance; where that takes more than 1,000 panels, weights are thousandths and
    people are dealt in turn, so that a chance may differ by a thousandth or two.
    """
    weights = [Fraction(one.weight) for one in compositions]
    weights = [weight / sum(weights) for weight in weights]
    edges = [Fraction(0), *accumulate(weights)]
    runs: list[Run] = []
    for number, people in enumerate(pool.kinds.values()):
        seats = [one.counts[number] for one in compositions]
        runs += _runs([person.id for person in people], list(pairwise(edges)), seats)
    cuts = sorted({*edges, *(start for start, _, _ in runs), *(end for _, end, _ in runs)})
    if len(cuts) > PANELS + 1:
        return _thousandths(pool, compositions)
    place = {cut: number for number, cut in enumerate(cuts)}
    members: list[list[str]] = [[] for _ in cuts[1:]]
    for start, end, person in runs:
        for piece in range(place[start], place[end]):
            members[piece].append(person)
    return _merged((who, end - start) for who, (start, end) in zip(members, pairwise(cuts), strict=True))


def _runs(people: Sequence[str], spans: Sequence[tuple[Fraction, Fraction]], seats: Sequence[int]) -> Iterator[Run]:
    """Wrap-around (McNaughton 1959): seats laid end to end, and a run of equal length for each person.

    The first seats of all panels, then the second seats, and so on. If a run were so long that somebody took two seats
    of one panel, each panel is laid out by itself, where that cannot be.
    """
    order = sorted((place for place, count in enumerate(seats) if count), key=lambda place: (-seats[place], place))
    layers = [[spans[place] for place in order if seats[place] > layer] for layer in range(max(seats, default=0))]
    lengths = [sum((end - start for start, end in layer), Fraction(0)) for layer in layers]
    if all(length >= sum(lengths) / len(people) for length in lengths[:-1]):
        yield from _laid([span for layer in layers for span in layer], people)
    else:
        for place in order:
            yield from _laid([spans[place]] * seats[place], people)


def _laid(spans: Sequence[tuple[Fraction, Fraction]], people: Sequence[str]) -> Iterator[Run]:
    each = sum((end - start for start, end in spans), Fraction(0)) / len(people)
    waiting = iter(people)
    left = Fraction(0)
    person = ""
    for start, end in spans:
        while start < end:
            if not left:
                person, left = next(waiting), each
            step = min(left, end - start)
            yield start, start + step, person
            start, left = start + step, left - step


def _thousandths(pool: Pool, compositions: Sequence[Composition]) -> Sequence[Share]:
    dealt = deal(pool, compositions, "")
    return _merged(([person.id for person in people], Fraction(1, PANELS)) for people in dealt)


def _merged(panels: Iterator[tuple[list[str], Fraction]]) -> Sequence[Share]:
    found: dict[tuple[str, ...], Fraction] = {}
    for who, weight in panels:
        members = tuple(sorted(who))
        found[members] = found.get(members, Fraction(0)) + weight
    return [Share(members, float(found[members])) for members in sorted(found)]


def list_hash(panels: Sequence[Share]) -> str:
    """SHA-256 of the list as canonical JSON (sorted, no spaces, UTF-8), with weights in billionths."""
    listed = [{"members": one.members, "weight": round(one.weight * BILLION)} for one in panels]
    return _digest(listed)


def pool_hash(pool: Pool) -> str:
    """SHA-256 of a pool, for the hash-ordered lottery, which has no list of panels: canonical JSON as above."""
    whole = {
        "applicants": sorted([one.id, sorted(one.ratings.items()), sorted(one.groups)] for one in pool.applicants),
        "lines": sorted([one.key, one.seats, pool.asked(one)] for one in pool.lines),
        "quotas": sorted([one.key, one.least, one.most, one.hard] for one in pool.quotas),
    }
    return _digest(whole)


def order(pool: Pool, digest: str, seed: str) -> Sequence[str]:
    """The order of a hash-ordered trial: by SHA-256("samskab/trial/1\\n" + hash + "\\n" + seed + "\\n" + id)."""
    ids = [applicant.id for applicant in pool.applicants]
    return sorted(ids, key=lambda one: sha256(f"samskab/trial/1\n{digest}\n{seed}\n{one}".encode()).digest())


def _digest(value: object) -> str:
    return sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def picked(panels: Sequence[Share], digest: str, seed: str) -> Share:
    """The panel that a seed picks in a trial.

    SHA-256("samskab/trial/1\\n" + list_hash + "\\n" + seed) as a number, modulo the sum of the weights in billionths,
    is counted down the list.
    """
    weights = [round(one.weight * BILLION) for one in panels]
    place = int(sha256(f"samskab/trial/1\n{digest}\n{seed}".encode()).hexdigest(), 16) % sum(weights)
    return next(one for one, end in zip(panels, accumulate(weights), strict=True) if place < end)
