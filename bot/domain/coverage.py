"""How a group of people covers the lines and rules of a mandate, whoever of them is chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.domain.eligibility import fits
from bot.domain.mandate import AgeBand, CompetenceProfile, Localized, Mandate, Rule, RuleKind, Sex
from bot.text import Lines, Words, _


class Candidate(NamedTuple):
    """One person's answers, as far as seats and rules look at them."""

    person: str | int
    profiles: Collection[str]
    age_band: str | None = None
    sex: str | None = None
    district: str | None = None
    tie: str | None = None


class State(StrEnum):
    """How a rule stands with the people at hand."""

    OK = "ok"
    SHORT = "short"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class LineCoverage:
    """A profile line: its seats, and how many people picked it and fit it."""

    profile: CompetenceProfile
    wanted: int
    fit: int


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """A rule: how many people of a group are wanted at least, how many there are, and how many can be seated at once.

    `short`: too few people yet. `impossible`: people enough, but the lines they picked have not the seats for them.
    `sex` tells the two halves of a rule on each sex apart. `rest` is about a rule's upper bound: the group is then
    everybody outside it. A soft rule is never more than a warning.
    """

    rule: Rule
    wanted: int
    have: int
    seatable: int
    sex: Sex | None = None
    rest: bool = False

    @property
    def state(self) -> State:
        """How the rule stands."""
        if self.seatable >= self.wanted:
            return State.OK
        return State.SHORT if self.have < self.wanted else State.IMPOSSIBLE

    @property
    def blocks(self) -> bool:
        """Does it stand in the way, rather than only warn?"""
        return self.rule.hard and self.state is not State.OK

    @property
    def description(self) -> Localized:
        """The rule in the municipality's own words."""
        return self.rule.description


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a group of people covers a mandate."""

    lines: tuple[LineCoverage, ...]
    rules: tuple[RuleCoverage, ...]

    @property
    def warnings(self) -> tuple[RuleCoverage, ...]:
        """The rules that do not hold yet and do not have to."""
        return tuple(one for one in self.rules if one.state is not State.OK and not one.rule.hard)


def coverage(mandate: Mandate, applications: Iterable[Candidate]) -> Coverage:
    """How far these people can fill the lines and keep the rules, whoever of them is chosen."""
    people = list(applications)
    lines = tuple(
        LineCoverage(profile, profile.seats, sum(_picks(one, profile) for one in people))
        for profile in mandate.profiles
    )
    return Coverage(lines, tuple(part for rule in mandate.rules for part in _rule_coverage(mandate, rule, people)))


def _picks(one: Candidate, profile: CompetenceProfile) -> bool:
    return profile.key in one.profiles and fits(profile, one.age_band)


def _rule_coverage(mandate: Mandate, rule: Rule, people: Sequence[Candidate]) -> Iterable[RuleCoverage]:
    least, most = rule.least(mandate.citizens), rule.most(mandate.citizens)
    for sex in halves(rule):
        inside = [one for one in people if belongs(rule, one, sex)]
        if least or most == mandate.citizens:
            yield RuleCoverage(rule, least, len(inside), seatable(mandate, inside), sex)
        if most < mandate.citizens:
            outside = [one for one in people if not belongs(rule, one, sex)]
            yield RuleCoverage(rule, mandate.citizens - most, len(outside), seatable(mandate, outside), sex, rest=True)


def halves(rule: Rule) -> tuple[Sex | None, ...]:
    """The groups that a rule is about: women and men each, or the one it names."""
    return (Sex.WOMAN, Sex.MAN) if rule.kind is RuleKind.SEX and rule.sex is None else (rule.sex,)


HALVES: Mapping[Sex, Words] = {Sex.WOMAN: _("women"), Sex.MAN: _("men")}


def rule_words(rule: Rule, sex: Sex | None) -> Words:
    """A rule, or one half of it, in the municipality's own words."""
    return Lines((rule.description, HALVES[sex]), ", ") if sex is not None else rule.description


def belongs(rule: Rule, one: Candidate, sex: Sex | None) -> bool:
    """Is this person of the group that the rule, or this half of it, is about?"""
    if rule.kind is RuleKind.AGE:
        return rule.ages is not None and one.age_band is not None and rule.ages.covers(AgeBand.of(one.age_band))
    if rule.kind is RuleKind.SEX:
        return one.sex == sex
    return one.district == rule.district if rule.kind is RuleKind.DISTRICT else one.tie in rule.ties


def seatable(mandate: Mandate, people: Sequence[Candidate]) -> int:
    """How many of these people can sit at the same time, each on a line they picked and fit.

    A largest matching by augmenting paths (H. W. Kuhn, "The Hungarian method for the assignment problem", 1955).
    """
    sitting: dict[str, list[Candidate]] = {profile.key: [] for profile in mandate.profiles}

    def seat(one: Candidate, tried: set[str]) -> bool:
        for profile in mandate.profiles:
            if profile.key in tried or not _picks(one, profile):
                continue
            tried.add(profile.key)
            row = sitting[profile.key]
            if len(row) < profile.seats:
                row.append(one)
                return True
            for n, other in enumerate(row):
                if seat(other, tried):
                    row[n] = one
                    return True
        return False

    return sum(seat(one, set()) for one in people)
