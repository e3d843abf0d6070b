"""Who says they come to a meeting, and who was there: for the facilitator alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from storage.database import Tx, every, first, insert
from storage.tables import Attendance as Attendance
from storage.tables import Meeting


def of(tx: Tx, meeting_id: int) -> Mapping[int, Attendance]:
    """What is known of a meeting, by person."""
    found = every(tx, Attendance, select(Attendance).where(Attendance.meeting_id == meeting_id))
    return {row.person_id: row for row in found}


def replies(tx: Tx, meeting_id: int) -> Mapping[int, str]:
    """What people have said about coming to a meeting; whoever has said nothing is not there."""
    return {person: row.reply for person, row in of(tx, meeting_id).items() if row.reply}


def absent(tx: Tx, meeting_id: int) -> frozenset[int]:
    """Those ticked as not there; who was not on the list is neither."""
    return frozenset(person for person, row in of(tx, meeting_id).items() if row.there is False)


def own(tx: Tx, meeting_id: int, person_id: int) -> Attendance | None:
    """What is known of one person at a meeting."""
    this = (Attendance.meeting_id == meeting_id, Attendance.person_id == person_id)
    return first(tx, Attendance, select(Attendance).where(*this))


def reply(tx: Tx, meeting_id: int, person_id: int, said: str | None) -> None:
    """Keep what somebody says about coming; None is somebody who was asked. The newest word counts."""
    _put(tx, meeting_id, person_id, {"reply": said})


def tick(tx: Tx, meeting_id: int, asked: Iterable[int], there: Iterable[int]) -> None:
    """Note who of those on the list was there, and who was not."""
    came = frozenset(there)
    for person_id in sorted(asked):
        _put(tx, meeting_id, person_id, {"there": person_id in came})


def _put(tx: Tx, meeting_id: int, person_id: int, values: Mapping[str, str | bool | None]) -> None:
    statement = insert(tx, Attendance).values(meeting_id=meeting_id, person_id=person_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["meeting_id", "person_id"], set_=dict(values)))


def history(tx: Tx, committee_id: int, before: datetime) -> Mapping[int, Sequence[bool]]:
    """For each person whether they were there at the committee's meetings so far, the oldest first."""
    statement = (
        select(Attendance.person_id, Attendance.there)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Meeting.committee_id == committee_id, Meeting.state == "announced", Meeting.starts_at < before)
        .where(Attendance.there.is_not(None))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    found: dict[int, list[bool]] = {}
    for row in tx.execute(statement):
        found.setdefault(row.person_id, []).append(row.there)
    return found
