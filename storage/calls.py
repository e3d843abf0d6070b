"""Further calls of a committee: a line that is called again, a seat that fell empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from storage import memo
from storage.database import Tx, every, insert
from storage.tables import Call as Call


def number(tx: Tx, committee_id: int) -> int:
    """The number of the newest call; 0 is the mandate's own."""
    return tx.execute(select(func.max(Call.number)).where(Call.committee_id == committee_id)).scalar() or 0


def listed(tx: Tx, committee_id: int) -> Sequence[Call]:
    """The further calls of a committee, the oldest first."""
    return every(tx, Call, select(Call).where(Call.committee_id == committee_id).order_by(Call.number))


def open_again(
    tx: Tx,
    committee_id: int,
    profiles: Sequence[str],
    opens_at: datetime,
    closes_at: datetime,
    answered_at: datetime,
    reason: str,
    opened_by: int,
    now: datetime,
) -> int:
    """Call some lines again, or all where none is named; from here on it is the mandate's call. Its number."""
    new = number(tx, committee_id) + 1
    tx.execute(
        insert(tx, Call).values(
            committee_id=committee_id,
            number=new,
            profiles=list(profiles),
            opens_at=opens_at,
            closes_at=closes_at,
            answered_at=answered_at,
            reason=reason,
            opened_by=opened_by,
            opened_at=now,
        )
    )
    memo.forget_table(tx, "mandate")
    return new
