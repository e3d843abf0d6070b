"""What the database lets us do, where it may let us do less than we rely on."""

from __future__ import annotations

from sqlalchemy import text

from storage.database import Tx, is_sqlite


def may_tidy(tx: Tx) -> bool:
    """Whether the roll can be rewritten after a count: PostgreSQL only warns whoever does not own it, and skips it."""
    if is_sqlite(tx):
        return True
    owned = text("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('voter')")
    return tx.execute(owned).scalar() is not False
