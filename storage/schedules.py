"""What is due when: each row is one occurrence, claimed and fired by exactly one process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from storage.database import Tx, every, insert, is_sqlite
from storage.tables import Schedule


def plan(
    tx: Tx,
    kind: str,
    subject: int,
    due_at: datetime,
    committee_id: int | None = None,
    useful_until: datetime | None = None,
) -> None:
    """Have something happen at a moment; the same occurrence twice is one. Past `useful_until` it is marked missed."""
    values = {"kind": kind, "subject": subject, "due_at": due_at, "committee_id": committee_id}
    tx.execute(
        insert(tx, Schedule).values(**values, useful_until=useful_until, state="waiting").on_conflict_do_nothing()
    )


def drop(tx: Tx, subject: int, *kinds: str) -> None:
    """Forget what was planned and has not happened."""
    tx.execute(
        delete(Schedule).where(Schedule.subject == subject, Schedule.kind.in_(kinds), Schedule.state == "waiting")
    )


def claim_due(tx: Tx, now: datetime, limit: int = 20) -> Sequence[Schedule]:
    """Take what is due, the oldest first; what is stale is marked missed and not returned."""
    due = (
        select(Schedule)
        .where(Schedule.state == "waiting", Schedule.due_at <= now)
        .order_by(Schedule.due_at, Schedule.id)
    )
    due = due.limit(limit)
    rows = every(tx, Schedule, due if is_sqlite(tx) else due.with_for_update(skip_locked=True))
    stale = [row.id for row in rows if row.useful_until is not None and row.useful_until < now]
    fired = [row.id for row in rows if row.id not in stale]
    tx.execute(update(Schedule).where(Schedule.id.in_(stale)).values(state="missed", fired_at=now))
    tx.execute(update(Schedule).where(Schedule.id.in_(fired)).values(state="fired", fired_at=now))
    return [row for row in rows if row.id in fired]


def next_due(tx: Tx) -> datetime | None:
    """The nearest moment at which something is due."""
    return tx.execute(select(func.min(Schedule.due_at)).where(Schedule.state == "waiting")).scalar()


def waiting(tx: Tx, committee_id: int) -> Sequence[Schedule]:
    """What is planned for a committee, the next first."""
    statement = select(Schedule).where(Schedule.committee_id == committee_id, Schedule.state == "waiting")
    return every(tx, Schedule, statement.order_by(Schedule.due_at))
