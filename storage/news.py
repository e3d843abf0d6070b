"""What a transaction leaves for other processes: where there is something new, told by PostgreSQL as it commits.

A notice is lost where nobody listens, so nothing depends on it: whoever waits also looks by itself now and then.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, String, bindparam, func, select

from storage.prepared import Prepared

CHANNEL = "samskab"
DUE = "due"
NOTE = "samskab_news"  # where it is collected: on the object that stands for the transaction
_TELL = Prepared(select(func.pg_notify(bindparam("where", type_=String), bindparam("what", type_=String))))


def forget(tx: Connection) -> None:
    """Begin without news: a new transaction."""
    tx.__dict__[NOTE] = set()


def leave(tx: Connection, place: str) -> None:
    """There is something new for whoever sends from an account, shows the page `web`, or does what is DUE."""
    tx.__dict__.setdefault(NOTE, set()).add(place)


def left(tx: Connection) -> Collection[str]:
    """Where there is something new once this transaction is committed."""
    return frozenset(tx.__dict__.get(NOTE, ()))


def tell(tx: Connection, origin: str) -> None:
    """Tell the other processes at the commit; `origin` names our own, which knows already."""
    if (places := tx.__dict__.get(NOTE)) and tx.dialect.name != "sqlite":
        _TELL.all(tx, {"where": CHANNEL, "what": " ".join((origin, *sorted(places)))})


def read(payload: str) -> tuple[str, Collection[str]]:
    """Who tells, and of which places."""
    origin, *places = payload.split(" ")
    return origin, frozenset(places)
