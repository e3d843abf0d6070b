"""What stands in the database, counted for whoever watches the service: numbers by account, never anybody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.paper import ACCOUNT
from storage.database import Tx
from storage.tables import Lease, Outbox, Parked, Schedule

WAITING = ("ready", "leased", "sending")


@dataclass(frozen=True, slots=True)
class Standing:
    """Rows of the outbox by (account, state, lane); the oldest that waits and the lease, by account."""

    outbox: Sequence[tuple[str, str, int, int]]
    oldest: Sequence[tuple[str, float]]
    leases: Sequence[tuple[str, int, bool]]
    parked: int
    late: float


def standing(tx: Tx, now: datetime) -> Standing:
    """Count. Times are in seconds."""
    groups = (Outbox.account, Outbox.state, Outbox.lane)
    counted = tx.execute(select(*groups, func.count()).group_by(*groups).order_by(*groups)).all()
    waiting = (
        Outbox.state.in_(WAITING),
        Outbox.due_at.is_(None) | (Outbox.due_at <= now),
        Outbox.account != ACCOUNT,
    )  # paper waits for people
    oldest = select(Outbox.account, func.min(Outbox.created_at).label("since")).where(*waiting)
    leases = tx.execute(select(Lease.account, Lease.epoch, Lease.until).order_by(Lease.account)).all()
    due = tx.execute(select(func.min(Schedule.due_at)).where(Schedule.state == "waiting")).scalar()
    return Standing(
        outbox=[(row[0], row[1], row[2], row[3]) for row in counted],
        oldest=[
            (row.account, max(0.0, (now - row.since).total_seconds()))
            for row in tx.execute(oldest.group_by(Outbox.account).order_by(Outbox.account))
        ],
        leases=[(row.account, row.epoch, row.until > now) for row in leases],
        parked=tx.execute(select(func.count()).select_from(Parked)).scalar_one(),
        late=max(0.0, (now - due).total_seconds()) if due else 0.0,
    )
