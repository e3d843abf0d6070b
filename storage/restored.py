"""What is put right in a database that stands as it stood earlier: nothing is sent twice, nobody erased is back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from storage import erasure
from storage.database import Tx, is_sqlite
from storage.tables import AddressRow, Forgotten, Lease, LinkCode, Login, Outbox, PersonRow, Schedule, Session

# A process that still holds a lease of the lost database has a lower number than any that will be given.
EPOCHS = 1000


def forgotten(tx: Tx) -> Sequence[tuple[int, datetime]]:
    """Everybody who was erased: number and moment."""
    return [(row.person_id, row.at) for row in tx.execute(select(Forgotten).order_by(Forgotten.at))]


def forget(tx: Tx, erased: Iterable[tuple[int, datetime]]) -> int:
    """Erase again whoever was erased; how many came back with the backup. A number given anew is somebody else."""
    again = 0
    for person_id, at in erased:
        row = tx.execute(select(PersonRow.state, PersonRow.created_at).where(PersonRow.id == person_id)).first()
        if row is not None and row.state != "forgotten" and row.created_at <= at:
            erasure.erase(tx, person_id, at)
            again += 1
    return again


def hold_messages(tx: Tx, *, all_of_them: bool) -> int:
    """What may have been sent is uncertain: what a sender had in its hands, or everything that waited."""
    states = ("ready", "leased", "sending") if all_of_them else ("sending",)
    held = update(Outbox).where(Outbox.state.in_(states), Outbox.account != "web")
    count = tx.execute(held.values(state="uncertain")).rowcount
    tx.execute(update(Outbox).where(Outbox.state == "leased").values(state="ready"))
    return count


def end_leases(tx: Tx, now: datetime) -> None:
    """Nobody sends for any account."""
    tx.execute(update(Lease).values(owner="", until=now, epoch=Lease.epoch + EPOCHS))


def sign_out(tx: Tx) -> None:
    """End every session, link and code: some were used or ended since."""
    for model in (Login, LinkCode, Session):
        tx.execute(delete(model))


def overdue(tx: Tx, now: datetime) -> int:
    """How many things are due already."""
    late = select(func.count()).select_from(Schedule).where(Schedule.state == "waiting", Schedule.due_at <= now)
    return tx.execute(late).scalar_one()


def sealed_sample(tx: Tx) -> bytes | None:
    """Any one sealed value, to see whether the secret key fits."""
    found: bytes | None = tx.execute(select(AddressRow.sealed).where(AddressRow.sealed.is_not(None)).limit(1)).scalar()
    return found


def serving(tx: Tx, now: datetime) -> list[str]:
    """The accounts that a running process sends for."""
    return list(tx.execute(select(Lease.account).where(Lease.until > now).order_by(Lease.account)).scalars())


def ahead_of(tx: Tx, now: Callable[[], datetime]) -> float | None:
    """How many seconds our clock is ahead of the database server's; SQLite has none of its own."""
    if is_sqlite(tx):
        return None
    theirs: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
    return (now() - theirs).total_seconds()
