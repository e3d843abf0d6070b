"""A committee's mandate as values: the task, the seats, the rules for who sits on them, and the municipality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from bot.domain.mandate.composition import (
    ADULT,
    CHILD,
    OWN_SAY,
    AgeBand,
    CompetenceProfile,
    District,
    Localized,
    Rule,
    RuleKind,
)
from bot.domain.mandate.legal import DEFAULTS, LegalForm
from bot.domain.mandate.selecting import USUAL, Selecting

TERMS = ("council", "committee", "standing_committee", "chief_executive", "chair")
INFORMATION = (
    "controller",
    "data_protection_contact",
    "legal_basis",
    "who_sees",
    "keep",
    "complaint_authority",
    "transfers",
)


class Country(StrEnum):
    """Whose holidays and law apply."""

    DK = "dk"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Term:
    """The municipality's own word: `{council}` is the indefinite form, `{the_council}` the definite one."""

    indefinite: Localized
    definite: Localized


@dataclass(frozen=True, slots=True)
class Municipality:
    """Whose committee it is. `information` is what people must be told about their data.

    `quiet_days`: nobody is written to unasked on Sundays and public holidays.
    """

    key: str
    name: Localized
    country: Country
    zone: str
    locales: tuple[str, ...]
    terms: Mapping[str, Term]
    information: Mapping[str, Localized]
    quiet_days: bool = True

    @property
    def the_council(self) -> Localized:
        """The council in the municipality's own words."""
        return self.terms["council"].definite


@dataclass(frozen=True, slots=True)
class Contact:
    """The named person to call or write to."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Call:
    """The sign-up: open from `opens` until `closes`; everybody is answered at `answered`. Aware moments.

    `profiles` are the lines that are called; empty means all of them.
    """

    opens: datetime
    closes: datetime
    answered: datetime
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseRule:
    """The council's own rule that lets a closed committee publish before delivery."""

    on: date
    text: Localized


class SecretOn(StrEnum):
    """Where secret votes are cast: on every platform, or on our own web page only."""

    EVERYWHERE = "everywhere"
    WEB = "web"


class SealedBy(StrEnum):
    """Who keeps the key to the votes until closing: the service, or the chair as a code on paper."""

    SERVICE = "service"
    CHAIR = "chair"


@dataclass(frozen=True, slots=True)
class Mandate:
    """What a committee is asked to do, by whom, until when, and who sits on it."""

    key: str
    municipality: Municipality
    locales: tuple[str, ...]
    title: Localized
    short_name: Localized
    legal_form: LegalForm
    proposed_by: Localized
    approved_by: Localized
    approved_on: date
    version: int
    background: Localized
    purpose: Localized
    fixed: Localized
    open: Localized
    tasks: tuple[Localized, ...]
    deliverable: Localized
    receiver: Localized
    start: date
    end: date
    meetings: int
    citizens: int
    politicians: int
    profiles: tuple[CompetenceProfile, ...]
    districts: tuple[District, ...]
    rules: tuple[Rule, ...]
    in_brief: Localized
    promise: Localized
    compensation: Localized
    practical: Localized
    contact: Contact
    call: Call
    release_rule: ReleaseRule | None = None
    secret_on: SecretOn = SecretOn.EVERYWHERE
    sealed_by: SealedBy = SealedBy.SERVICE
    selection: Selecting = USUAL
    population: Mapping[RuleKind, Mapping[str, int]] = field(default_factory=dict)

    @property
    def needs_age(self) -> bool:
        """Does a rule, a profile line or the legal form depend on people's age?"""
        lines = any(profile.ages for profile in self.profiles)
        return lines or self._has(RuleKind.AGE) or not DEFAULTS[self.legal_form].minors_allowed

    @property
    def needs_sex(self) -> bool:
        """Does a rule depend on people's sex?"""
        return self._has(RuleKind.SEX)

    @property
    def needs_district(self) -> bool:
        """Does a rule depend on where in the municipality people live?"""
        return self._has(RuleKind.DISTRICT)

    @property
    def needs_tie(self) -> bool:
        """Does a rule or the legal form depend on people's tie to the municipality?"""
        return self._has(RuleKind.TIE) or not DEFAULTS[self.legal_form].other_tie_allowed

    def _has(self, kind: RuleKind) -> bool:
        return any(rule.kind is kind for rule in self.rules)

    def age_bands(self) -> tuple[AgeBand, ...]:
        """All ages, cut at every limit of this mandate and at 13, 15 and 18, the youngest first."""
        ranges = [profile.ages for profile in self.profiles if profile.ages]
        ranges += [rule.ages for rule in self.rules if rule.ages]
        limits = {0, CHILD, OWN_SAY, ADULT}
        limits |= {one.lower for one in ranges} | {one.upper + 1 for one in ranges if one.upper is not None}
        starts = sorted(limits)
        return (*(AgeBand(low, nxt - 1) for low, nxt in pairwise(starts)), AgeBand(starts[-1]))

    def profile(self, key: str) -> CompetenceProfile:
        """The profile line with this key. Raises LookupError."""
        found = next((profile for profile in self.profiles if profile.key == key), None)
        if found is None:
            raise LookupError(key)
        return found

    def missing_information(self) -> tuple[str, ...]:
        """The keys that are empty in some language although people must be told before the call can open."""
        told = {f"municipality.information.{key}": self.municipality.information[key] for key in INFORMATION}
        told["in_brief"] = self.in_brief
        return tuple(key for key, words in told.items() if not all(words.get(locale) for locale in self.locales))
