"""All of a person's committees on one page: the role, the next meeting, what is open, and whom to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.mandate import Mandate
from bot.domain.people import Role
from bot.text import Many, Words
from storage import committees, meetings, open_items, people
from storage.committees import Committee
from storage.database import Tx, find
from storage.meetings import Meeting
from storage.mydata import ROLES
from storage.open_items import Item


@dataclass(frozen=True, slots=True)
class Mine:
    """One committee as a person of it sees it."""

    committee: Committee
    mandate: Mandate
    roles: Sequence[Role]
    meeting: Meeting | None
    items: Sequence[Item]

    @property
    def role(self) -> Words:
        """The roles in words."""
        return Many(tuple(ROLES[role] for role in self.roles))


def of(tx: Tx, person_id: int, now: datetime) -> Sequence[Mine]:
    """The committees in which a person is something, the oldest first."""
    items = open_items.of(tx, person_id, now)
    found = []
    for number, held in sorted((number, held) for number, held in people.roles(tx, person_id).items() if number):
        committee = find(tx, Committee, number)
        assert committee is not None
        roles = [role for role in Role if role in held]
        own = [item for item in items if item.committee_id == number]
        found.append(Mine(committee, committees.mandate(tx, number), roles, meetings.upcoming(tx, number, now), own))
    return found
