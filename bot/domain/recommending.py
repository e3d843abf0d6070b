"""Recommendations as values: their states, what follows from them, and what the council can answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from bot.domain.people import Role, Standing
from bot.text import Day, Lines, Words, _


class State(StrEnum):
    """How far a recommendation has come."""

    DRAFT = "draft"
    AGREED = "agreed"
    DELIVERED = "delivered"


class Outcome(StrEnum):
    """What the council can answer to a recommendation."""

    ADOPTED = "adopted"
    CHANGED = "changed"
    REJECTED = "rejected"
    UNDEALT = "undealt"


STATES: Mapping[str, Words] = {
    State.DRAFT: _("a draft"),
    State.AGREED: _("the committee stands behind it"),
    State.DELIVERED: _("delivered"),
}
OUTCOMES: Mapping[str, Words] = {
    Outcome.ADOPTED: _("Adopted"),
    Outcome.CHANGED: _("Adopted with changes"),
    Outcome.REJECTED: _("Not adopted"),
    Outcome.UNDEALT: _("Not treated"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that follows: what, who carries it out, the next step, and by which day.

    Texts are by language. `key` stays the same for as long as the recommendation lives, so that what becomes of the
    action can be followed by (recommendation, key).
    """

    key: str
    what: Mapping[str, str]
    carried_by: Mapping[str, str]
    next_step: Mapping[str, str] = field(default_factory=dict)
    on: date | None = None

    def stored(self) -> dict[str, Any]:
        """As plain data."""
        return {**asdict(self), "on": self.on.isoformat() if self.on else None}

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Action:
        """Read what `stored` wrote. Raises TypeError for anything else."""
        return cls(**{**row, "on": date.fromisoformat(row["on"]) if row["on"] else None})


def next_key(actions: Sequence[Action]) -> str:
    """A key that no action of this recommendation has: "a1", "a2" and on."""
    return f"a{max((int(one.key[1:]) for one in actions), default=0) + 1}"


def answered(outcome: str, decided_on: date, reason: Words) -> Words:
    """What the council has answered, as everybody reads it."""
    return Lines((_("The answer, {day}: {outcome}.", day=Day(decided_on), outcome=OUTCOMES[outcome]), reason), " ")


HEADS = frozenset({Role.CHAIR, Role.DEPUTY})


def heads(standing: Standing) -> bool:
    """Chair and deputy chair: they say what the committee stands behind, and release it."""
    return bool(standing.roles & HEADS)
