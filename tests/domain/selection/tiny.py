"""Pools so small that every panel can be tried, and lotteries over them without a solver."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import combinations, permutations, product

from hypothesis import strategies as st

from bot.domain.selection.commitments import Frozen, freeze
from bot.domain.selection.facts import Facts
from bot.domain.selection.file import HASH_ORDERED
from bot.domain.selection.pool import Applicant, Composition, Line, Pool, Quota, Selection
from bot.domain.selection.seeds import Source

SOURCE = Source("dice", datetime(2026, 12, 9, 19, 0, tzinfo=UTC))
FACTS = Facts("svelvik-ungdom", 1, 2, SOURCE, 60, "samskab 0.1.0", "highs 1.11.0")
SEED = "12345612345612345612"


def seatings(pool: Pool, people: Sequence[Applicant]) -> Iterator[tuple[str, ...]]:
    """Each way to give these people, in their order, the lines' seats, as the lines' keys."""
    slots = [line.key for line in pool.lines for _seat in range(line.seats)]
    if len(people) == len(slots):
        for lines in set(permutations(slots)):
            if all(one.ratings.get(line, 0) >= max(1, pool.threshold) for one, line in zip(people, lines, strict=True)):
                yield lines


def keeps(pool: Pool, people: Sequence[Applicant]) -> bool:
    """Does this panel keep seats and hard quotas? Found by trying, not by the code under test."""
    for quota in pool.quotas:
        if quota.hard and not quota.least <= sum(quota.key in one.groups for one in people) <= quota.most:
            return False
    return any(True for _seating in seatings(pool, people))


def panels(pool: Pool) -> list[tuple[Applicant, ...]]:
    """Every panel that keeps the rules."""
    return [people for people in combinations(pool.applicants, pool.seats) if keeps(pool, people)]


def compositions(pool: Pool) -> list[tuple[int, ...]]:
    """Every composition that keeps the rules."""
    kinds = list(pool.kinds.values())
    found = []
    for counts in product(*(range(min(len(people), pool.seats) + 1) for people in kinds)):
        if sum(counts) == pool.seats:
            some = [one for count, people in zip(counts, kinds, strict=True) for one in people[:count]]
            if keeps(pool, some):
                found.append(counts)
    return found


def lottery(pool: Pool, weights: Sequence[float] = ()) -> Selection:
    """A lottery over all compositions, with these weights, repeated as needed, or with equal ones."""
    every = compositions(pool)
    raw = [weights[n % len(weights)] if weights else 1.0 for n in range(len(every))]
    chosen = [Composition(counts, weight / sum(raw)) for counts, weight in zip(every, raw, strict=True)]
    return Selection("leximin", True, tuple(chosen), (0.0,) * len(pool.kinds), 1, 0.1)


ORDERED = Selection(HASH_ORDERED, True, (), (), 0, 0.1)


def frozen(pool: Pool, facts: Facts = FACTS, chance: int = 1) -> Frozen:
    """The pool frozen with a random source that can be repeated."""
    source = random.Random(chance)
    return freeze(pool, facts, source.shuffle, lambda: source.randbytes(32))


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """Up to eight people for up to four seats on up to three lines, with quotas that may be too much to ask."""
    lines = [Line(key, draw(st.integers(1, 2))) for key in ("a", "b", "c")[: draw(st.integers(1, 2))]]
    keys = [line.key for line in lines]
    seats = sum(line.seats for line in lines)
    rated = st.dictionaries(st.sampled_from(keys), st.sampled_from((0, 1, 2, 3, 3)), min_size=1)
    groups = st.frozensets(st.sampled_from(("young", "west")))
    people = draw(st.lists(st.tuples(rated, groups), min_size=seats, max_size=8))
    quotas = [
        Quota(key, least, draw(st.integers(max(least, seats - 1), seats)), draw(st.booleans()))
        for key in ("young", "west")
        for least in [draw(st.integers(0, 1))]
    ]
    return Pool(
        [Applicant(f"person {n}", ratings, of) for n, (ratings, of) in enumerate(people)],
        lines,
        quotas,
        draw(st.sampled_from((1, 2))),
    )


def youth() -> Pool:
    """Twelve young people, four seats on three lines, and two rules."""
    lines = [Line("pupil", 2), Line("sport", 1), Line("parent", 1)]
    quotas = [Quota("under19", 1, 3), Quota("north", 1, 2), Quota("women", 2, 2, hard=False)]
    people = [
        ("Ada", {"pupil": 3, "sport": 2}, {"under19", "women"}),
        ("Bo", {"pupil": 2}, {"under19"}),
        ("Cato", {"pupil": 3}, {"under19", "north"}),
        ("Dina", {"pupil": 2, "parent": 1}, {"women"}),
        ("Erik", {"sport": 3}, set()),
        ("Frøy", {"sport": 2, "pupil": 2}, {"north", "women"}),
        ("Geir", {"parent": 3}, {"north"}),
        ("Hilde", {"parent": 2, "sport": 2}, {"women"}),
        ("Ivar", {"parent": 3, "pupil": 1}, set()),
        ("Jorun", {"pupil": 3}, {"under19", "women"}),
        ("Kim", {"pupil": 2}, {"under19"}),
        ("Liv", {"parent": 0, "sport": 1}, {"women"}),
    ]
    return Pool([Applicant(name, ratings, frozenset(of)) for name, ratings, of in people], lines, quotas)
