"""What is due when: each row is one occurrence, claimed and fired by exactly one process."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import delete, func, select, update

from storage import news
from storage.database import Tx, every, insert, insert_on, is_sqlite
from storage.prepared import Prepared
from storage.tables import Schedule as Schedule

# What comes again at once needs a moment of its own: an occurrence happens once.
SOON = timedelta(microseconds=1)


def plan(
    tx: Tx,
    kind: str,
    subject: int,
    due_at: datetime,
    committee_id: int | None = None,
    useful_until: datetime | None = None,
) -> None:
    """Have something happen at a moment; the same occurrence twice is one. Past `useful_until` it is marked missed."""
    news.leave(tx, news.DUE)
    values = {"kind": kind, "subject": subject, "due_at": due_at, "committee_id": committee_id}
    _planning(tx.dialect.name).run(tx, {**values, "useful_until": useful_until})


@cache
def _planning(dialect: str) -> Prepared:
    fresh = insert_on(dialect, Schedule)
    columns = ("kind", "subject", "due_at", "committee_id", "useful_until")
    return Prepared(fresh.values(state="waiting").on_conflict_do_nothing(), columns)


def again(tx: Tx, kind: str, subject: int, due_at: datetime) -> None:
    """Have something happen at a moment even where it has happened at that very moment before."""
    news.leave(tx, news.DUE)
    values = {"kind": kind, "subject": subject, "due_at": due_at}
    statement = insert(tx, Schedule).values(**values, state="waiting")
    once_more = {"state": "waiting", "fired_at": None}
    tx.execute(statement.on_conflict_do_update(index_elements=["kind", "subject", "due_at"], set_=once_more))


def drop(tx: Tx, subject: int, *kinds: str) -> None:
    """Forget what was planned and has not happened."""
    tx.execute(
        delete(Schedule).where(Schedule.subject == subject, Schedule.kind.in_(kinds), Schedule.state == "waiting")
    )


def claim_due(
    tx: Tx, now: datetime, limit: int, *, kinds: Collection[str] = (), rows: Collection[int] = ()
) -> Sequence[Schedule]:
    """Take what is due, the oldest first, but leave some `kinds` and `rows` to others; what is stale is marked missed
    and not returned.

    No other process waits for what is taken here, nor takes it: it passes over these rows until we commit.
    """
    due = select(Schedule).where(Schedule.state == "waiting", Schedule.due_at <= now)
    due = due.where(Schedule.kind.not_in(kinds), Schedule.id.not_in(rows))
    due = due.order_by(Schedule.due_at, Schedule.id).limit(limit)
    while found := every(tx, Schedule, due if is_sqlite(tx) else due.with_for_update(skip_locked=True)):
        stale = [row.id for row in found if row.useful_until is not None and row.useful_until < now]
        fired = [row.id for row in found if row.id not in stale]
        if stale:
            tx.execute(update(Schedule).where(Schedule.id.in_(stale)).values(state="missed", fired_at=now))
        if fired:
            tx.execute(update(Schedule).where(Schedule.id.in_(fired)).values(state="fired", fired_at=now))
            return [row for row in found if row.id in fired]
    return []


def next_due(tx: Tx) -> datetime | None:
    """The nearest moment at which something is due."""
    return tx.execute(select(func.min(Schedule.due_at)).where(Schedule.state == "waiting")).scalar()


def waiting(tx: Tx, committee_id: int) -> Sequence[Schedule]:
    """What is planned for a committee, the next first."""
    statement = select(Schedule).where(Schedule.committee_id == committee_id, Schedule.state == "waiting")
    return every(tx, Schedule, statement.order_by(Schedule.due_at))
