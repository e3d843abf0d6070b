"""Messages in a sender's hands: the lease of an account, and two marks of each row, before its call and after.

The statements are built once: they run for every message, and building them would cost more than running them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, cast, literal_column, or_, select, text, update

from bot.chat.events import Address
from storage import news
from storage.among import among, beside
from storage.database import Tx, insert
from storage.outbox import HEARD, HOLD
from storage.prepared import Prepared
from storage.tables import AddressRow, Body, Lease, Outbox, PersonRow

OPEN = ("ready", "leased", "sending")
# In the very words of the partial indexes, or SQLite does not see that they serve.
READY = Outbox.state == literal_column("'ready'")
HELD = text("state IN ('leased','sending','uncertain')")
# How often a person's own message is sent while it is not known whether it arrived.
MOST_ATTEMPTS = 5
GOAL = Outbox.__table__.alias("goal")
IN_DOUBT = (*OPEN, "uncertain")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row in a sender's hands; `target` is the platform's id of the message to edit or delete."""

    id: int
    op: str
    address: Address
    person_id: int
    committee_id: int | None
    lane: int
    attempts: int
    content: Mapping[str, Any]
    target: str | None
    sealed: bytes | None

    @property
    def bulk(self) -> bool:
        """Whether it is one of a message to many."""
        return self.lane >= 2


@dataclass(frozen=True, slots=True)
class Found:
    """The next rows to send, and whether there may be more."""

    rows: Sequence[Claimed]
    more: bool


def take_lease(
    tx: Tx, account: str, owner: str, now: datetime, lasting: timedelta, *, alone: bool = False
) -> int | None:
    """Take or renew the right to send for an account; the epoch, or None while another process holds it.

    `alone`: the former owner is known to have ended, so that its time need not run out.
    """
    # Who finds it locked has come too late, and waits for nobody: several accounts change hands in one transaction.
    this = select(Lease.owner, Lease.epoch, Lease.until).where(Lease.account == account)
    row = tx.execute(this).first()
    if row is not None and (row.owner == owner or row.until <= now or alone):
        row = tx.execute(this.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
    until = now + lasting
    if row is None:
        made = insert(tx, Lease).values(account=account, owner=owner, epoch=1, until=until).on_conflict_do_nothing()
        return tx.execute(made.returning(Lease.epoch)).scalar()
    if row.owner == owner:
        tx.execute(update(Lease).where(Lease.account == account).values(until=until))
        return int(row.epoch)
    if row.until > now and not alone:
        return None
    tx.execute(update(Lease).where(Lease.account == account).values(owner=owner, epoch=row.epoch + 1, until=until))
    return int(row.epoch) + 1


# FOR SHARE: until the transaction ends nobody else takes the lease, so all its marks are of a living epoch.
HOLDS = Prepared(
    select(Lease.account)
    .where(
        Lease.account == bindparam("account"), Lease.owner == bindparam("owner"), Lease.epoch == bindparam("of_epoch")
    )
    .with_for_update(read=True, skip_locked=True)
)


def holds(tx: Tx, account: str, owner: str, epoch: int | None) -> bool:
    """Whether the lease is still of this epoch, and stays so until the transaction ends."""
    return HOLDS.first(tx, {"account": account, "owner": owner, "of_epoch": epoch}) is not None


def drop_lease(tx: Tx, account: str, owner: str, now: datetime) -> None:
    """Give the right to send back, so that another process need not wait."""
    news.leave(tx, account)
    tx.execute(update(Lease).where(Lease.account == account, Lease.owner == owner).values(until=now))


def adopt(tx: Tx, account: str, epoch: int, now: datetime, *, finds: bool = False) -> None:
    """Settle what a dead owner left: what may have been sent is uncertain.

    A person's own dialogue would stall on a lost message, so that one is sent again, MOST_ATTEMPTS times in all; a mass
    message is not, unless the platform `finds` what has arrived. Doing an edit or a
    deletion again does no harm.
    """
    older = (Outbox.account == account, Outbox.epoch < epoch, HELD)
    tx.execute(update(Outbox).where(*older, Outbox.state == "leased").values(state="ready"))
    sending = update(Outbox).where(*older, Outbox.state == "sending")
    again = (
        sending
        if finds
        else sending.where(or_(Outbox.op != "send", and_(Outbox.lane < 2, Outbox.attempts < MOST_ATTEMPTS)))
    )
    tx.execute(again.values(state="ready"))
    tx.execute(sending.values(state="uncertain"))
    expire(tx, account, now)


EXPIRE = (
    update(Outbox)
    .where(Outbox.account == bindparam("of_account"), READY, Outbox.expires_at <= bindparam("now"))
    .values(state="expired")
)


def expire(tx: Tx, account: str, now: datetime) -> None:
    """End what is too old to be of use."""
    tx.execute(EXPIRE, {"of_account": account, "now": now})


NEXT = (
    select(
        Outbox.id,
        Outbox.op,
        Outbox.chat,
        Outbox.person_id,
        Outbox.committee_id,
        Outbox.kind,
        Outbox.lane,
        Outbox.attempts,
        Outbox.content,
        Body.content.label("shared"),
        PersonRow.state.label("person_state"),
        GOAL.c.platform_id.label("goal"),
        AddressRow.sealed,
    )
    .join(PersonRow, PersonRow.id == Outbox.person_id)
    .outerjoin(Body, Body.id == Outbox.body_id)
    .outerjoin(GOAL, GOAL.c.id == Outbox.target)
    .outerjoin(AddressRow, and_(AddressRow.account == Outbox.account, AddressRow.chat == Outbox.chat))
    .where(Outbox.account == bindparam("account"), READY, Outbox.lane >= bindparam("lane"), Outbox.lane < HOLD)
    .where(Outbox.expires_at > bindparam("now"), or_(Outbox.due_at.is_(None), Outbox.due_at <= bindparam("now")))
    # What is to change a message waits until that message has an id, or surely will have none.
    .where(or_(Outbox.target.is_(None), GOAL.c.platform_id.is_not(None), text(f"goal.state NOT IN {IN_DOUBT}")))
    .order_by(Outbox.lane, Outbox.id)
    .limit(bindparam("limit"))
    .with_for_update(of=Outbox, skip_locked=True)
)


@cache
def _next(chats: bool, ops: bool) -> Prepared:
    """The statement with no more filters than are used: a filter by a list costs something even where it is empty."""
    statement = NEXT.where(Outbox.chat.not_in(bindparam("chats", expanding=True))) if chats else NEXT
    return Prepared(statement.where(Outbox.op.not_in(bindparam("ops", expanding=True))) if ops else statement)


def claim(
    tx: Tx,
    account: str,
    now: datetime,
    limit: int,
    *,
    lane: int = 0,
    chats: Collection[str] = (),
    ops: Collection[str] = (),
) -> Found:
    """The next rows to send, replies first, without some chats and ops; what is no longer wanted is cancelled here."""
    values: dict[str, Any] = {"account": account, "now": now, "limit": limit, "lane": lane}
    lists = {name: list(those) for name, those in (("chats", chats), ("ops", ops)) if those}
    found = _next(bool(chats), bool(ops)).all(tx, values | lists)
    unwanted = [row.id for row in found if not _wanted(row)]
    if unwanted:
        tx.execute(update(Outbox).where(Outbox.id.in_(unwanted)).values(state="cancelled"))
    return Found([_claimed(account, row) for row in found if row.id not in unwanted], len(found) >= limit)


def _wanted(row: Any) -> bool:
    """Whether the person still wants to hear it, and the message to change has arrived."""
    heard = HEARD.get(row.person_state)
    return (heard is None or row.kind in heard) and (row.op not in ("edit", "delete") or row.goal is not None)


def _claimed(account: str, row: Any) -> Claimed:
    return Claimed(
        row.id,
        row.op,
        Address(account, row.chat),
        row.person_id,
        row.committee_id,
        row.lane,
        row.attempts,
        row.content or row.shared or {},
        row.goal,
        row.sealed,
    )


# One statement for all: the driver hands the processor over at each, and others would take it as often.
MARK = Prepared(
    update(Outbox)
    .where(among(Outbox.__table__.c.id, "rows"), READY)
    .values(state="sending", owner=bindparam("of_owner"), epoch=bindparam("of_epoch"), attempts=Outbox.attempts + 1)
)


def mark(tx: Tx, rows: Sequence[int], owner: str, epoch: int) -> None:
    """Say, before the calls, that these rows are being sent."""
    if rows:
        MARK.run(tx, {"rows": rows, "of_owner": owner, "of_epoch": epoch})


MINE = (Outbox.epoch == bindparam("of_epoch"), Outbox.state == "sending")
OF_ROW = update(Outbox).where(Outbox.id == bindparam("row"), *MINE)


@cache
def _sent(dialect: str) -> Prepared:
    named = beside(dialect, "names", "named")
    return Prepared(
        update(Outbox)
        .where(Outbox.id == cast(named.c.key, BigInteger), *MINE)
        .values(state="sent", sent_at=bindparam("now"), platform_id=named.c.value)
    )


def sent(tx: Tx, names: Mapping[int, str], epoch: int, now: datetime) -> None:
    """Say that rows have arrived, and what the platform calls them. No mark of an old epoch lands."""
    if names:
        _sent(tx.dialect.name).run(tx, {"names": json.dumps(names), "of_epoch": epoch, "now": now})


def settle(tx: Tx, row: int, epoch: int, state: str, *, free: bool = False) -> bool:
    """Say what else came of a row; `free` takes the attempt back. No mark of an old epoch lands."""
    values: dict[str, Any] = {"state": state}
    if free:
        values["attempts"] = Outbox.attempts - 1
    return tx.execute(OF_ROW.values(**values), {"row": row, "of_epoch": epoch}).rowcount == 1


def move_chat(tx: Tx, account: str, old: str, new: str) -> None:
    """A chat has a new id."""
    tx.execute(
        update(Outbox).where(Outbox.account == account, Outbox.chat == old, Outbox.state.in_(OPEN)).values(chat=new)
    )
