"""Events whose handler failed: kept sealed for some days, shown to whoever operates the service, and replayed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from storage.database import Tx, every, first, insert
from storage.tables import Parked as Parked

ACCOUNT, EVENT = 60, 160  # as wide as the columns: a name too long may be the very fault


def park(tx: Tx, account: str, event: str, route: str, error: str, payload: bytes, now: datetime) -> None:
    """Keep an event: its route, the error's class, and the sealed payload."""
    values = {"route": route, "error": error[:80], "payload": payload, "at": now}
    tx.execute(insert(tx, Parked).values(account=account[:ACCOUNT], event_id=event[:EVENT], **values))


def listed(tx: Tx) -> Sequence[Parked]:
    """All that is parked, the oldest first."""
    return every(tx, Parked, select(Parked).order_by(Parked.id))


def count(tx: Tx) -> int:
    """How many events are parked."""
    return tx.execute(select(func.count()).select_from(Parked)).scalar_one()


def take(tx: Tx, number: int) -> Parked | None:
    """Take a row away; it is there again if the transaction is undone."""
    table = Parked.__table__
    return first(tx, Parked, delete(table).where(table.c.id == number).returning(*table.c))


def failure(tx: Tx, account: str, event: str) -> str | None:
    """The class of the error that has parked this event; None where it is not parked."""
    return tx.execute(select(Parked.error).where(Parked.account == account, Parked.event_id == event)).scalar()
