"""Which events we have handled, so that a redelivery does nothing; and those whose handler failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Tx, insert
from storage.tables import EventRow, Parked


def first_time(tx: Tx, ids: Iterable[tuple[str, str]], today: date) -> set[tuple[str, str]]:
    """Note (account, id) pairs and return those never seen before; sorted, so that two writers cannot deadlock."""
    rows = [{"account": account, "id": event, "day": today} for account, event in sorted(set(ids))]
    if not rows:
        return set()
    return {(row.account, row.id) for row in tx.execute(_first_time(tx.dialect.name), rows)}


@cache
def _first_time(dialect: str) -> Any:
    table = EventRow.__table__
    statement = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return statement.on_conflict_do_nothing().returning(table.c.account, table.c.id)


def park(tx: Tx, account: str, event: str, route: str, error: str, payload: bytes | None, now: datetime) -> None:
    """Keep an event whose handler failed: its route, the error's class, and the sealed payload where allowed."""
    tx.execute(
        insert(tx, Parked).values(account=account, event_id=event, route=route, error=error, payload=payload, at=now)
    )
