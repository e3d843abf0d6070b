"""The panel as it is told: seats of citizens and politicians in words, and what stands behind each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.mandate import Mandate
from bot.domain.people import Role
from bot.domain.questions import FreeText
from bot.text import Words, _

# A politician's seat stands where a citizen's line stands; no line's key begins like this.
POLITICAL: Mapping[str, Role] = {"_chair": Role.CHAIR, "_deputy": Role.DEPUTY, "_pol": Role.POLITICIAN}
SEATS: Mapping[str, Words] = {
    "_chair": _("Chair"),
    "_deputy": _("Deputy chair"),
    "_pol": _("Politician member"),
}
# Reasons that we write ourselves; all others are somebody's own words.
WHY: Mapping[str, Words] = {
    "drawn": _("drawn by lot"),
    "named": _("named by the body that fills the seat"),
    "next": _("next in line when the seat fell empty"),
    "reserve": _("in line for a seat that falls empty"),
}
RESERVES = 2  # in line for a seat; all others are answered that they have none, and may follow along
REMINDED_BEFORE = timedelta(days=2)


def seat_label(mandate: Mandate, seat: str | None) -> Words:
    """What a seat is called."""
    if seat is None:
        return ""
    if seat in SEATS:
        return SEATS[seat]
    return next((profile.label for profile in mandate.profiles if profile.key == seat), seat)


def sensitive(mandate: Mandate, seat: str | None) -> bool:
    """Does it say something sensitive of a person to sit there?"""
    return any(one.key == seat and one.special is not None for one in mandate.profiles)


def shown_label(mandate: Mandate, seat: str | None, sees_special: bool) -> Words:
    """The seat beside a person's name, for those who may not see who has declared a sensitive line."""
    if sensitive(mandate, seat) and not sees_special:
        return _("a seat that only the secretariat sees")
    return seat_label(mandate, seat)


def reason_asked() -> FreeText:
    """Why somebody sits here and nobody else, for the record."""
    return FreeText(key="reason", text=_("Why? The reason stands in the record of the selection."), longest=500)


def role_of(seat: str | None) -> Role:
    """The role that a seat gives."""
    return POLITICAL.get(seat or "", Role.CITIZEN)


def seats_of(mandate: Mandate) -> Mapping[str, int]:
    """How many of each seat there are, citizens' lines first; chair and deputy are two of the politicians."""
    found = {profile.key: profile.seats for profile in mandate.profiles}
    if mandate.politicians:
        found["_chair"] = 1
    if mandate.politicians > 1:
        found["_deputy"] = 1
    if mandate.politicians > 2:
        found["_pol"] = mandate.politicians - 2
    return found


def answer_by(mandate: Mandate, now: datetime) -> datetime:
    """Until when an offered seat waits for an answer."""
    return now + timedelta(days=mandate.selection.reply_days)
