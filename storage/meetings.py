"""Meetings: when, where and about what, in the facilitator's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage.database import Tx, every, first, insert
from storage.database import find as find_row
from storage.tables import Meeting as Meeting


def add(
    tx: Tx,
    committee_id: int,
    starts_at: datetime,
    place: Mapping[str, str],
    agenda: Mapping[str, str],
    created_by: int,
    now: datetime,
) -> Meeting:
    """A new meeting, not announced yet."""
    values = {"starts_at": starts_at, "place": dict(place), "agenda": dict(agenda), "state": "draft"}
    statement = insert(tx, Meeting).values(committee_id=committee_id, created_by=created_by, created_at=now, **values)
    added = get(tx, tx.execute(statement.returning(Meeting.id)).scalar_one())
    assert added is not None
    return added


def get(tx: Tx, meeting_id: int | None) -> Meeting | None:
    """A meeting by number."""
    return None if meeting_id is None else find_row(tx, Meeting, meeting_id)


def change(tx: Tx, meeting_id: int, **values: Any) -> None:
    """Give a meeting another time, length, place, link or agenda; calendars take it for newer than what they have."""
    tx.execute(update(Meeting).where(Meeting.id == meeting_id).values(sequence=Meeting.sequence + 1, **values))


def enter(tx: Tx, meeting_id: int, state: str, *before: str) -> bool:
    """Let a meeting be announced or cancelled; False where it no longer is in one of the states `before`."""
    statement = update(Meeting).where(Meeting.id == meeting_id, Meeting.state.in_(before))
    return tx.execute(statement.values(state=state, sequence=Meeting.sequence + 1)).rowcount == 1


def upcoming(tx: Tx, committee_id: int, now: datetime) -> Meeting | None:
    """The next meeting that members know of."""
    statement = select(Meeting).where(Meeting.committee_id == committee_id, Meeting.starts_at > now)
    return first(tx, Meeting, statement.where(Meeting.state == "announced").order_by(Meeting.starts_at).limit(1))


def announced_between(tx: Tx, first: datetime, last: datetime) -> Sequence[Meeting]:
    """The announced meetings of all committees that start between two moments."""
    statement = select(Meeting).where(
        Meeting.state == "announced", Meeting.starts_at > first, Meeting.starts_at <= last
    )
    return every(tx, Meeting, statement.order_by(Meeting.starts_at, Meeting.id))


def is_first(tx: Tx, meeting: Meeting) -> bool:
    """Whether no announced meeting of the committee was before this one."""
    statement = select(Meeting.id).where(Meeting.committee_id == meeting.committee_id, Meeting.state == "announced")
    return tx.execute(statement.where(Meeting.starts_at < meeting.starts_at).limit(1)).first() is None


def planned(tx: Tx, committee_id: int, now: datetime) -> Sequence[Meeting]:
    """All meetings still to come, announced or not, the next first."""
    statement = select(Meeting).where(Meeting.committee_id == committee_id, Meeting.starts_at > now)
    return every(
        tx, Meeting, statement.where(Meeting.state.in_(("draft", "announced"))).order_by(Meeting.starts_at, Meeting.id)
    )


def held(tx: Tx, committee_id: int, now: datetime, limit: int = 5) -> Sequence[Meeting]:
    """The announced meetings that have begun, the newest first."""
    statement = select(Meeting).where(Meeting.committee_id == committee_id, Meeting.starts_at <= now)
    statement = statement.where(Meeting.state == "announced").order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    return every(tx, Meeting, statement.limit(limit))
