"""What is due when: each row is one occurrence, claimed and fired by exactly one process."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import bindparam, delete, func, select, update

from storage import news
from storage.among import among
from storage.database import Tx, every, insert, insert_on
from storage.prepared import Prepared
from storage.tables import Schedule as Schedule

TABLE = Schedule.__table__
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
    given = {name: list(those) for name, those in (("kinds", kinds), ("rows", rows)) if those}
    due, values = _due(*given), {**given, "now": now, "limit": limit}
    while found := every(tx, Schedule, due, values):
        stale = [row.id for row in found if row.useful_until is not None and row.useful_until < now]
        fired = [row.id for row in found if row.id not in stale]
        if stale:
            _CLAIM.run(tx, {"rows": stale, "as_state": "missed", "now": now})
        if fired:
            _CLAIM.run(tx, {"rows": fired, "as_state": "fired", "now": now})
            return [row for row in found if row.id in fired]
    return []


@cache
def _due(*given: str) -> Prepared:
    """What is due, without those in the lists that are given: kinds, rows."""
    due = select(TABLE).where(TABLE.c.state == "waiting", TABLE.c.due_at <= bindparam("now", type_=TABLE.c.due_at.type))
    for name in given:
        column = TABLE.c.kind if name == "kinds" else TABLE.c.id
        due = due.where(column.not_in(bindparam(name, expanding=True)))
    due = due.order_by(TABLE.c.due_at, TABLE.c.id).limit(bindparam("limit"))
    return Prepared(due.with_for_update(skip_locked=True))


_CLAIM = Prepared(
    update(TABLE)
    .where(among(TABLE.c.id, "rows"))
    .values(state=bindparam("as_state"), fired_at=bindparam("now", type_=TABLE.c.fired_at.type))
)


def next_due(tx: Tx) -> datetime | None:
    """The nearest moment at which something is due."""
    return tx.execute(select(func.min(Schedule.due_at)).where(Schedule.state == "waiting")).scalar()


def waiting(tx: Tx, committee_id: int) -> Sequence[Schedule]:
    """What is planned for a committee, the next first."""
    statement = select(Schedule).where(Schedule.committee_id == committee_id, Schedule.state == "waiting")
    return every(tx, Schedule, statement.order_by(Schedule.due_at))
