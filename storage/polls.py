"""Dates to choose among: which fit whom is for the facilitator alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import select, update

from storage.database import Tx, every, find, first, insert
from storage.tables import DatePoll as DatePoll
from storage.tables import DateTick


def add(tx: Tx, committee_id: int, moments: Sequence[datetime], created_by: int, now: datetime) -> DatePoll:
    """A new question, sent to nobody yet."""
    values = {"moments": [one.astimezone(UTC).isoformat() for one in moments], "state": "draft"}
    statement = insert(tx, DatePoll).values(committee_id=committee_id, created_by=created_by, created_at=now, **values)
    added = find(tx, DatePoll, tx.execute(statement.returning(DatePoll.id)).scalar_one())
    assert added is not None
    return added


def moments(poll: DatePoll) -> list[datetime]:
    """The moments in their order."""
    return [datetime.fromisoformat(one) for one in poll.moments]


def enter(tx: Tx, poll_id: int, state: str, *before: str) -> bool:
    """Let a poll be sent, settled or given up; False where it no longer is in one of the states `before`."""
    statement = update(DatePoll).where(DatePoll.id == poll_id, DatePoll.state.in_(before))
    return tx.execute(statement.values(state=state)).rowcount == 1


def running(tx: Tx, committee_id: int) -> Sequence[DatePoll]:
    """The polls of a committee that are open, the newest first."""
    statement = select(DatePoll).where(DatePoll.committee_id == committee_id, DatePoll.state == "open")
    return every(tx, DatePoll, statement.order_by(DatePoll.id.desc()))


def tick(tx: Tx, poll_id: int, person_id: int, ticked: int) -> None:
    """Keep which moments fit somebody; sent again it replaces what was."""
    statement = insert(tx, DateTick).values(poll_id=poll_id, person_id=person_id, ticked=ticked)
    tx.execute(statement.on_conflict_do_update(index_elements=["poll_id", "person_id"], set_={"ticked": ticked}))


def ticks(tx: Tx, poll_id: int) -> Mapping[int, int]:
    """What fits whom, as bits, by person."""
    statement = select(DateTick.person_id, DateTick.ticked).where(DateTick.poll_id == poll_id)
    return {row.person_id: row.ticked for row in tx.execute(statement)}


def own(tx: Tx, poll_id: int, person_id: int) -> int:
    """What fits one person so far."""
    row = first(tx, DateTick, select(DateTick).where(DateTick.poll_id == poll_id, DateTick.person_id == person_id))
    return row.ticked if row else 0
