"""Where a meeting is, which door, who meets one there, and a phone that is answered."""

from __future__ import annotations

from bot.engine.errand import Errand
from bot.text import Lines, Words, _
from storage import committees
from storage.meetings import Meeting


def where(errand: Errand, meeting: Meeting) -> Words:
    """What one needs to find the way."""
    contact = committees.mandate(errand.tx, meeting.committee_id).contact
    return Lines(
        (
            _("Place and door: {place}", place=meeting.place),
            _(
                "{contact} meets you there. Call {phone} if you cannot find the way or cannot come.",
                contact=contact.name,
                phone=contact.phone,
            ),
        ),
        "\n",
    )
