"""Pools for the tests and the benchmark: small ones of every sort, and ones like those of a municipality."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from bot.domain.selection.pool import Applicant, Line, Pool, Quota

GROUPS = ("north", "south", "under 30")


@st.composite
def applicants(draw: st.DrawFn, lines: tuple[Line, ...], *, most: int) -> list[Applicant]:
    def one(number: int) -> Applicant:
        ratings = {line.key: draw(st.sampled_from((0, 0, 1, 2, 2, 3)), label="rating") for line in lines}
        groups = frozenset(group for group in GROUPS if draw(st.booleans(), label=group))
        return Applicant(f"P{number:03}", ratings, groups)

    return [one(number) for number in range(draw(st.integers(1, most), label="people"))]


@st.composite
def quotas(draw: st.DrawFn, seats: int, *, soft: bool) -> tuple[Quota, ...]:
    found = []
    for key in GROUPS:
        if draw(st.booleans(), label=f"a rule about {key}"):
            least = draw(st.integers(0, min(2, seats)), label="least")
            most = draw(st.integers(least, seats), label="most")
            found.append(Quota(key, least, most, hard=not (soft and draw(st.booleans(), label="soft"))))
    return tuple(found)


@st.composite
def pools(draw: st.DrawFn, *, most: int = 9, soft: bool = True, slack: bool = True) -> Pool:
    seats = draw(
        st.lists(st.integers(1, 2), min_size=1, max_size=3).filter(lambda found: sum(found) <= 4), label="seats"
    )
    lines = tuple(Line(f"line {number}", count) for number, count in enumerate(seats))
    return Pool(
        draw(applicants(lines, most=most)),
        lines,
        draw(quotas(sum(seats), soft=soft)),
        slack=draw(st.sampled_from((None, None, 0, 1)), label="slack") if slack else None,
    )


# What a municipality asks for, and who applies: more of the older, and of those who live near the town hall.
FEATURES = {
    "sex": {"woman": (49, 54), "man": (49, 45), "other": (2, 1)},
    "age": {"16-29": (20, 8), "30-44": (25, 17), "45-64": (32, 40), "65+": (23, 35)},
    "district": {"town": (25, 35), "north": (22, 28), "south": (20, 18), "east": (18, 12), "islands": (15, 7)},
}


def municipality(people: int, seats: int = 10, profiles: int = 5, seed: int = 1) -> Pool:
    """A pool of made-up applicants: each feature's values in proportion to the population, give or take one seat."""
    chance = random.Random(seed)
    lines = tuple(Line(f"profile {number}", seats // profiles) for number in range(1, profiles + 1))
    quotas = []
    for feature, values in FEATURES.items():
        for value, (share, _applying) in values.items():
            least = seats * share // 100
            quotas.append(Quota(f"{feature}: {value}", least, least + 1))
    applicants = []
    for number in range(1, people + 1):
        groups = frozenset(
            f"{feature}: {chance.choices(list(values), [weight for _share, weight in values.values()])[0]}"
            for feature, values in FEATURES.items()
        )
        ratings = {line.key: chance.choices(range(4), (70, 16, 8, 6))[0] for line in lines}
        applicants.append(Applicant(f"P{number:05}", ratings, groups))
    return Pool(tuple(applicants), lines, tuple(quotas))
