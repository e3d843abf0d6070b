"""Nominations: who was named by a body for a line, and what the person said to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from storage.database import Tx, every, first, insert
from storage.database import find as find_row
from storage.tables import Nomination as Nomination

LIVE = ("asked", "confirmed")


def add(
    tx: Tx, committee_id: int, seat: str, body: str, person_id: int, nominated_by: int, now: datetime
) -> Nomination:
    """A person is named for a line, and is to be asked."""
    statement = insert(tx, Nomination).values(
        committee_id=committee_id,
        seat=seat,
        body=body,
        person_id=person_id,
        nominated_by=nominated_by,
        state="asked",
        asked_at=now,
    )
    added = find(tx, tx.execute(statement.returning(Nomination.id)).scalar_one())
    assert added is not None
    return added


def find(tx: Tx, nomination_id: int) -> Nomination | None:
    """A nomination by number."""
    return find_row(tx, Nomination, nomination_id)


def listed(tx: Tx, committee_id: int) -> Sequence[Nomination]:
    """All nominations of a committee, the oldest first."""
    return every(
        tx, Nomination, select(Nomination).where(Nomination.committee_id == committee_id).order_by(Nomination.id)
    )


def live(tx: Tx, person_id: int, committee_id: int) -> Nomination | None:
    """The nomination of a person in a committee that was neither declined nor withdrawn."""
    mine = (Nomination.person_id == person_id, Nomination.committee_id == committee_id, Nomination.state.in_(LIVE))
    return first(tx, Nomination, select(Nomination).where(*mine).order_by(Nomination.id.desc()).limit(1))


def taken(tx: Tx, committee_id: int, seat: str) -> int:
    """How many seats of a line have somebody who was asked or has said yes."""
    this = (Nomination.committee_id == committee_id, Nomination.seat == seat, Nomination.state.in_(LIVE))
    return tx.execute(select(func.count()).select_from(Nomination).where(*this)).scalar_one()


def enter(tx: Tx, nomination_id: int, state: str, *before: str, **values: Any) -> bool:
    """Let a nomination enter a state; False where it no longer is in one of the states `before`."""
    statement = update(Nomination).where(Nomination.id == nomination_id, Nomination.state.in_(before))
    return tx.execute(statement.values(state=state, **values)).rowcount == 1
