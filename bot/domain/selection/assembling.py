"""From a mandate and those who applied to a pool: the seats that are still free, and the rules for who sits on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bot.domain.coverage import Candidate, belongs, halves
from bot.domain.mandate import Mandate, Rule, Sex
from bot.domain.selection.pool import Applicant, Line, Pool, Quota


class Rated(NamedTuple):
    """A person who applied, with a rating (0-3) for each line declared."""

    candidate: Candidate
    ratings: Mapping[str, int]


class Seated(NamedTuple):
    """A person who has a seat already, on a line: named by a body, or appointed before."""

    candidate: Candidate
    line: str


def assemble(mandate: Mandate, applicants: Iterable[Rated], seated: Iterable[Seated] = ()) -> Pool:
    """The pool for the seats that are called and free; who sits already counts toward every rule.

    Applicants' ids are those of the candidates, as text. A nominated line is its body's and stays out.
    """
    sitting = list(seated)
    called = mandate.call.profiles or tuple(profile.key for profile in mandate.profiles)
    taken = [one.line for one in sitting]
    free = [
        Line(profile.key, profile.seats - taken.count(profile.key))
        for profile in mandate.profiles
        if profile.key in called and profile.nominated_by is None
    ]
    lines = tuple(line for line in free if line.seats > 0)
    keys = {line.key for line in lines}
    quotas = tuple(_quotas(mandate, sitting, sum(line.seats for line in lines)))
    people = tuple(
        Applicant(
            str(one.candidate.person),
            {key: value for key, value in one.ratings.items() if key in keys},
            frozenset(name for name, rule, sex in groups(mandate) if belongs(rule, one.candidate, sex)),
        )
        for one in applicants
    )
    rules = mandate.selection
    return Pool(people, lines, quotas, rules.threshold, rules.slack)


def groups(mandate: Mandate) -> Iterator[tuple[str, Rule, Sex | None]]:
    """The groups that rules are about, each with a key that stands in files: "age-2", "sex-3-woman"."""
    for number, rule in enumerate(mandate.rules, 1):
        for sex in halves(rule):
            half = f"-{sex}" if sex is not None and rule.sex is None else ""
            yield f"{rule.kind}-{number}{half}", rule, sex


def _quotas(mandate: Mandate, sitting: list[Seated], free: int) -> Iterator[Quota]:
    """What is still asked of the free seats; a rule that asks nothing of them stays out."""
    for key, rule, sex in groups(mandate):
        have = sum(belongs(rule, one.candidate, sex) for one in sitting)
        least = max(0, rule.least(mandate.citizens) - have)
        most = min(free, max(0, rule.most(mandate.citizens) - have))
        if least > 0 or most < free:
            yield Quota(key, least, most, rule.hard)
