"""Who is to sit on a committee: ages, profile lines with their seats, and the rules for all seats together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

# A municipality's own words by language, the committee's first language among them; empty means "nothing to say".
Localized = Mapping[str, str]

CHILD, OWN_SAY, ADULT, OLDEST = 13, 15, 18, 150
BAND = re.compile(r"(\d{1,3})(?:-(\d{1,3})|(\+))?", re.ASCII)


class SpecialKind(StrEnum):
    """What a profile line reveals where it asks for special-category data."""

    HEALTH = "health"
    ORIGIN = "origin"
    BELIEF = "belief"
    UNION = "union"
    SEXUALITY = "sexuality"
    POLITICS = "politics"


class RuleKind(StrEnum):
    """What a rule of composition looks at."""

    AGE = "age"
    SEX = "sex"
    DISTRICT = "district"
    TIE = "tie"


class Sex(StrEnum):
    """What one may answer; `other` (or will not say) is never refused and counts toward no share."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"


class Tie(StrEnum):
    """What ties a person to the municipality: a home, work, a school, an association, or none of these."""

    LIVES = "lives"
    WORKS = "works"
    LEARNS = "learns"
    ACTIVE = "active"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class AgeRange:
    """Whole years on the day the call closes, both ends included; `upper` None means no limit."""

    lower: int = 0
    upper: int | None = None

    @property
    def last(self) -> int:
        """The oldest age in the range."""
        return OLDEST if self.upper is None else self.upper

    def covers(self, other: AgeRange) -> bool:
        """Is everybody of the other range in this one?"""
        return self.lower <= other.lower and other.last <= self.last

    def meets(self, other: AgeRange) -> bool:
        """Can anybody be in both?"""
        return self.lower <= other.last and other.lower <= self.last


@dataclass(frozen=True, slots=True)
class AgeBand(AgeRange):
    """One answer to "how old are you"; no limit of the mandate falls inside it."""

    @property
    def key(self) -> str:
        """The stable key, of at most 8 characters: "13-14", "18" or "26+"."""
        if self.upper is None:
            return f"{self.lower}+"
        return str(self.lower) if self.lower == self.upper else f"{self.lower}-{self.upper}"

    @classmethod
    def of(cls, key: str) -> AgeBand:
        """The band with this key. Raises LookupError where no band could have it."""
        found = BAND.fullmatch(key)
        if found is None:
            raise LookupError(key)
        lower, upper, open_end = found.groups()
        return cls(int(lower), None if open_end else int(upper or lower))


@dataclass(frozen=True, slots=True)
class CompetenceProfile:
    """A line of seats; `key` is stable. A nominated line is not open to applicants."""

    key: str
    label: Localized
    seats: int
    ages: AgeRange | None = None
    special: SpecialKind | None = None
    nominated_by: Localized | None = None


@dataclass(frozen=True, slots=True)
class District:
    """A part of the municipality that a rule speaks of."""

    key: str
    label: Localized


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule for the citizens' seats together: so many of a group, at least or at most.

    The group is an age range, a sex (None: women and men, each), a district, or certain ties. `min_share` and
    `max_share` are percent of all citizen seats. A hard rule must hold; a soft one only warns.
    """

    kind: RuleKind
    hard: bool
    description: Localized
    ages: AgeRange | None = None
    sex: Sex | None = None
    district: str | None = None
    ties: frozenset[Tie] = frozenset()
    min_seats: int | None = None
    max_seats: int | None = None
    min_share: int | None = None
    max_share: int | None = None

    @property
    def everyone(self) -> bool:
        """Must each member belong to the group? Then a hard rule decides on a single person."""
        return self.min_share == 100

    def least(self, citizens: int) -> int:
        """How many seats the group needs at least."""
        return max(self.min_seats or 0, ceil((self.min_share or 0) * citizens / 100))

    def most(self, citizens: int) -> int:
        """How many seats the group may have at most."""
        share = citizens if self.max_share is None else self.max_share * citizens // 100
        return min(citizens if self.max_seats is None else self.max_seats, share)
