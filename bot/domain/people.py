"""Roles in a committee, and the rules that say who may do what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person is in a committee; the owner belongs to the whole service."""

    APPLICANT = "applicant"
    CITIZEN = "citizen"
    POLITICIAN = "politician"
    CHAIR = "chair"
    DEPUTY = "deputy"
    SUBSTITUTE = "substitute"
    FACILITATOR = "facilitator"
    SECRETARIAT = "secretariat"
    AD_HOC = "ad_hoc"
    CIRCLE = "circle"
    OWNER = "owner"


MEMBERS = frozenset({Role.CITIZEN, Role.POLITICIAN, Role.CHAIR, Role.DEPUTY})
POLITICIANS = frozenset({Role.POLITICIAN, Role.CHAIR, Role.DEPUTY})
# They have these roles because they said that we may write, and lose them when they say no.
FOLLOWERS = frozenset({Role.CIRCLE, Role.AD_HOC})
OFFICE = frozenset({Role.FACILITATOR, Role.SECRETARIAT})
STAFF = OFFICE | {Role.OWNER}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes to us.

    `locale` is None until known; `state` is active, necessary (only what must be said), silent or forgotten.
    Until `paused_until` only the necessary is said.
    """

    id: int
    name: str = ""
    locale: str | None = None
    zone: str | None = None
    state: str = "active"
    committee_id: int | None = None
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a `who=` rule decides on: the person's roles in the committee at hand, and the object pressed."""

    roles: frozenset[Role]
    objects: tuple[object, ...] = field(default=())


Who = Callable[[Standing], bool]


def anyone(standing: Standing) -> bool:
    """Everybody, also those we have never seen."""
    return True


def member(standing: Standing) -> bool:
    """Citizen and politician members alike, chair and deputy chair among them."""
    return bool(standing.roles & MEMBERS)


def politician(standing: Standing) -> bool:
    """The politicians of a committee, chair and deputy chair among them."""
    return bool(standing.roles & POLITICIANS)


def follower(standing: Standing) -> bool:
    """Whoever follows along, or is with the committee for an evening or a working group."""
    return bool(standing.roles & FOLLOWERS)


def substitute(standing: Standing) -> bool:
    """Somebody who can be asked to come where a politician cannot; of the committee only for that meeting."""
    return Role.SUBSTITUTE in standing.roles


def voter(standing: Standing) -> bool:
    """A member who is not also administration: facilitators never vote."""
    return member(standing) and not standing.roles & STAFF


def chair(standing: Standing) -> bool:
    """Whoever chairs the committee."""
    return Role.CHAIR in standing.roles


def facilitator(standing: Standing) -> bool:
    """The facilitator of the committee."""
    return Role.FACILITATOR in standing.roles


def secretariat(standing: Standing) -> bool:
    """Those who appoint and keep the records."""
    return Role.SECRETARIAT in standing.roles


def office(standing: Standing) -> bool:
    """Those who look after a committee: facilitator or secretariat."""
    return bool(standing.roles & OFFICE)


def staff(standing: Standing) -> bool:
    """Administration of any kind: facilitator, secretariat or owner."""
    return bool(standing.roles & STAFF)


def owner(standing: Standing) -> bool:
    """Whoever set the service up."""
    return Role.OWNER in standing.roles


def either(*rules: Who) -> Who:
    """Those who satisfy at least one of the rules."""
    return lambda standing: any(rule(standing) for rule in rules)
