"""Which events we have handled, so that a redelivery does nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Tx
from storage.tables import EventRow


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
