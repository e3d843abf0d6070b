"""Where a meeting is, which door, who meets one there, a phone that is answered, and whether one comes."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.engine.errand import Errand
from bot.text import Lines, Words, _
from storage import committees
from storage.meetings import Meeting

REPLIES = {"yes": _("I am coming"), "late": _("I will be late"), "no": _("I cannot come")}


def replies(meeting: Meeting, *which: str) -> tuple[Button, ...]:
    """One tap each; all of them, or `which` where there is room for few."""
    return tuple(Button(REPLIES[one], "coming", meeting.id, one) for one in which or REPLIES)


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
