"""The legal form of a committee, and what follows from it unless the owner has decided otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum


class LegalForm(StrEnum):
    """By which rule a committee exists. Each municipality has its own lawyer say which one fits."""

    DK_17_4 = "dk_17_4"
    NO_MEDVIRKNING = "no_medvirkning"
    NO_5_7 = "no_5_7"

    @property
    def country(self) -> str:
        """The country whose law knows this form."""
        return self.value[:2]


@dataclass(frozen=True, slots=True)
class Switches:
    """The effects of a legal form, each of which the owner can change.

    `members_exchange_between_meetings`: ideas between members, seconding, statements and ballots outside a meeting.
    `written_consent`: a member agrees in writing to be elected. `other_tie_allowed`: a member need not live there.
    """

    closed: bool
    members_exchange_between_meetings: bool
    answers_to_facilitator_only: bool
    publishing_needs_rule: bool
    minors_allowed: bool
    other_tie_allowed: bool
    written_consent: bool
    ballot_in_meeting_only: bool


PARTICIPATION = Switches(
    closed=False,
    members_exchange_between_meetings=True,
    answers_to_facilitator_only=False,
    publishing_needs_rule=False,
    minors_allowed=True,
    other_tie_allowed=True,
    written_consent=False,
    ballot_in_meeting_only=False,
)
DEFAULTS = {
    LegalForm.DK_17_4: replace(PARTICIPATION, closed=True, publishing_needs_rule=True),
    LegalForm.NO_MEDVIRKNING: PARTICIPATION,
    LegalForm.NO_5_7: Switches(
        closed=False,
        members_exchange_between_meetings=False,
        answers_to_facilitator_only=True,
        publishing_needs_rule=False,
        minors_allowed=False,
        other_tie_allowed=False,
        written_consent=True,
        ballot_in_meeting_only=True,
    ),
}
SWITCHES = tuple(field.name for field in fields(Switches))


def switches(form: LegalForm, changed: Mapping[str, bool]) -> Switches:
    """What follows from a legal form, with the owner's own changes. Raises ValueError for an unknown switch."""
    if unknown := sorted(set(changed) - set(SWITCHES)):
        raise ValueError(f"unknown switch: {', '.join(unknown)}")
    return replace(DEFAULTS[form], **changed)
