"""What waits for a person beside the conversation: things open, meetings to come, and what a politician can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import POLITICIANS, Role
from bot.text import Words, _
from storage import committees, meetings, open_items, people
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Ahead:
    """What waits for a person, each with the committee's short name, and the meetings to come."""

    items: Sequence[tuple[open_items.Item, Words]]
    meetings: Sequence[meetings.Meeting]
    choosing: Sequence[tuple[str, Words]] = ()


def ahead(tx: Tx, person_id: int, now: datetime) -> Ahead:
    """What a person can do now and where to be next, over all committees."""
    items = [item for item in open_items.of(tx, person_id, now) if item.kind in ("questions", "ballot")]
    held = sorted(number for number in people.roles(tx, person_id) if number is not None)
    upcoming = [meeting for number in held if (meeting := meetings.upcoming(tx, number, now))]
    return Ahead(
        [(item, committees.mandate(tx, item.committee_id).short_name) for item in items],
        sorted(upcoming, key=lambda meeting: meeting.starts_at),
        choosing(tx, person_id),
    )


def choosing(tx: Tx, person_id: int) -> list[tuple[str, Words]]:
    """Commands of politicians who choose members, and of a chair who draws: they have no desk to find them on."""
    found: dict[str, Words] = {}
    for number, roles in people.roles(tx, person_id).items():
        if number is None or not roles & POLITICIANS:
            continue
        if committees.mandate(tx, number).selection.by_politicians:
            found |= {"assess": _("Assess applications"), "applications": _("See the applications")}
        if Role.CHAIR in roles:
            found["draw"] = _("All about the draw")
    return list(found.items())
