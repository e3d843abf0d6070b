"""What a database error means: the database is unwell, the statement took too long, or it is this event's own fault."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolExhausted

# SQLite: generic fault (a wrong statement), interrupted, too big, constraint, mismatch, misuse, range.
OWN_FAULTS = frozenset({1, 9, 18, 19, 20, 21, 25})
INTERRUPTED = 9
# PostgreSQL: connection, resources (a full disk), operator, system and internal trouble, by the class of the code.
UNWELL = ("08", "53", "57P", "58", "F0", "XX")
# Somebody else held the lock, a deadlock or a failed serialisation; and a server that has become read-only.
COME_AGAIN = ("55P03", "40P01", "40001", "25006")
CANCELED = "57014"


class Overrun(Exception):
    """A handler was stopped because its time was over."""


def stopped(error: BaseException) -> bool:
    """Whether this is the end of a handler, or of a statement of its, that took too long."""
    if isinstance(error, Overrun):
        return True
    origin = error.orig if isinstance(error, DBAPIError) else None
    return _sqlite_code(origin) == INTERRUPTED or getattr(origin, "sqlstate", None) == CANCELED


def of_database(error: BaseException) -> bool:
    """Whether the database said this, or it comes from a transaction whose connection has broken."""
    return isinstance(error, DBAPIError | PendingRollbackError)


def unwell(error: BaseException) -> bool:
    """Whether the database is in trouble, so that the very same may work later; else the fault lies in what was asked.

    Locked, full, gone or broken is unwell. A value that does not fit and a broken constraint are not.
    """
    if isinstance(error, PoolExhausted | PendingRollbackError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    origin = error.orig
    if isinstance(origin, sqlite3.Error):
        code = _sqlite_code(origin)
        return code is not None and code not in OWN_FAULTS
    state = getattr(origin, "sqlstate", None)
    if state is None:  # no server answered at all
        return type(error).__name__ in ("OperationalError", "InterfaceError")
    return bool(state.startswith(UNWELL) or state in COME_AGAIN)


def _sqlite_code(origin: BaseException | None) -> int | None:
    code = getattr(origin, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
