"""Which events we have handled, so that a redelivery does nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import bindparam

from storage.database import Tx, insert_on
from storage.prepared import Prepared
from storage.tables import EventRow


def first_time(tx: Tx, ids: Iterable[tuple[str, str]], today: date) -> set[tuple[str, str]]:
    """Note (account, id) pairs and return those never seen before; sorted, so that two writers cannot deadlock."""
    pairs = sorted(set(ids))
    if not pairs:
        return set()
    size = 1 << (len(pairs) - 1).bit_length()  # few statements of different length: the last pair stands again
    values: dict[str, Any] = {"today": today}
    for place, (account, event) in enumerate(pairs + [pairs[-1]] * (size - len(pairs))):
        values |= {f"account_{place}": account, f"id_{place}": event}
    return {(row.account, row.id) for row in _first_time(tx.dialect.name, size).all(tx, values)}


@cache
def _first_time(dialect: str, size: int) -> Prepared:
    table = EventRow.__table__
    statement = insert_on(dialect, table)
    rows: list[dict[str, Any]] = [
        {"account": bindparam(f"account_{place}"), "id": bindparam(f"id_{place}"), "day": bindparam("today")}
        for place in range(size)
    ]
    return Prepared(statement.values(rows).on_conflict_do_nothing().returning(table.c.account, table.c.id))
