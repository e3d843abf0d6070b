"""Working groups: some people of a committee who work on one thing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from bot.domain.people import FOLLOWERS, MEMBERS, Person
from storage import people
from storage.database import Tx, every, insert
from storage.database import find as find_row
from storage.tables import GroupMember
from storage.tables import WorkingGroup as WorkingGroup


def get(tx: Tx, group_id: int) -> WorkingGroup | None:
    """A group by number."""
    return find_row(tx, WorkingGroup, group_id)


def add(tx: Tx, committee_id: int, name: str, created_by: int, now: datetime) -> WorkingGroup | None:
    """A new group with nobody in it; None where the committee has one of this name."""
    same = select(WorkingGroup.id).where(
        WorkingGroup.committee_id == committee_id, func.lower(WorkingGroup.name) == name.lower()
    )
    if tx.execute(same).first():
        return None
    values = {"committee_id": committee_id, "name": name, "created_by": created_by, "created_at": now}
    number = tx.execute(insert(tx, WorkingGroup).values(values).returning(WorkingGroup.id)).scalar_one()
    return get(tx, number)


def listed(tx: Tx, committee_id: int) -> Sequence[WorkingGroup]:
    """All groups of a committee, the oldest first."""
    statement = select(WorkingGroup).where(WorkingGroup.committee_id == committee_id)
    return every(tx, WorkingGroup, statement.order_by(WorkingGroup.id))


def candidates(tx: Tx, committee_id: int) -> Sequence[Person]:
    """Whoever can be in a group: members, and those who are with the committee for an evening or a working group."""
    return people.holding(tx, committee_id, MEMBERS | FOLLOWERS)


def members(tx: Tx, group: WorkingGroup) -> Sequence[Person]:
    """Those in a group who still belong to the committee."""
    inside = frozenset(tx.execute(select(GroupMember.person_id).where(GroupMember.group_id == group.id)).scalars())
    return [person for person in candidates(tx, group.committee_id) if person.id in inside]


def join(tx: Tx, group_id: int, person_id: int, now: datetime) -> None:
    """Put somebody in a group; twice is once."""
    values = {"group_id": group_id, "person_id": person_id, "since": now}
    tx.execute(insert(tx, GroupMember).values(values).on_conflict_do_nothing())


def leave(tx: Tx, group_id: int, person_id: int) -> None:
    """Take somebody out of a group."""
    tx.execute(delete(GroupMember).where(GroupMember.group_id == group_id, GroupMember.person_id == person_id))
