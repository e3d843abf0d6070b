"""Messages on their way: put in the transaction that caused them, claimed, marked and settled one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select, update

from bot.chat.events import Address
from bot.chat.messages import Rendered
from storage import news
from storage.database import Tx, insert, is_sqlite
from storage.tables import Blob, Body, Lease, Outbox, PersonRow

OPEN = ("ready", "leased", "sending")
# What a person still hears at each setting of /stop; a reply to one's own message always arrives.
HEARD = {"active": None, "necessary": ("reply", "necessary"), "silent": ("reply",), "forgotten": ("reply",)}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row in a sender's hands."""

    id: int
    op: str
    address: Address
    person_id: int
    committee_id: int | None
    lane: int
    attempts: int
    content: Mapping[str, Any]
    target: str | None


def put(
    tx: Tx,
    address: Address,
    person_id: int,
    message: Rendered | None,
    now: datetime,
    *,
    committee_id: int | None = None,
    kind: str = "reply",
    lane: int = 0,
    dedupe: str | None = None,
    about: tuple[str, int] | None = None,
    expires_at: datetime | None = None,
    body_id: int | None = None,
) -> int | None:
    """Add a message; None where the dedupe key is already there. On the web it is delivered by this commit."""
    web = address.account == "web"
    values = {
        "account": address.account,
        "chat": address.chat,
        "person_id": person_id,
        "committee_id": committee_id,
        "about": about[0] if about else None,
        "about_id": about[1] if about else None,
        "kind": kind,
        "lane": lane,
        "op": "send",
        "content": None if message is None else message.content(),
        "body_id": body_id,
        "dedupe": dedupe,
        "state": "sent" if web else "ready",
        "epoch": 0,
        "attempts": 0,
        "created_at": now,
        "sent_at": now if web else None,
        "expires_at": expires_at or now + timedelta(days=1),
    }
    news.leave(tx, address.account)
    statement = insert(tx, Outbox).values(values).on_conflict_do_nothing().returning(Outbox.id)
    return tx.execute(statement).scalar()


def body(tx: Tx, key: str, message: Rendered) -> int:
    """The shared body with this key, made where it is new."""
    known: int | None = tx.execute(select(Body.id).where(Body.key == key)).scalar()
    if known is not None:
        return known
    made: int = tx.execute(insert(tx, Body).values(key=key, content=message.content()).returning(Body.id)).scalar_one()
    return made


def edit(tx: Tx, row_id: int, message: Rendered, now: datetime) -> None:
    """Replace what a message says: in place while it is unsent or on the web, else by an edit of what was sent."""
    target = tx.execute(
        select(Outbox.account, Outbox.chat, Outbox.person_id, Outbox.state, Outbox.committee_id).where(
            Outbox.id == row_id
        )
    ).first()
    if target is None or target.state in ("failed", "unreachable", "cancelled", "expired"):
        return
    if target.account == "web" or target.state == "ready":
        tx.execute(update(Outbox).where(Outbox.id == row_id).values(content=message.content(), body_id=None))
        return
    if target.account == "mail":
        return
    newer = tx.execute(
        update(Outbox)
        .where(Outbox.target == row_id, Outbox.op == "edit", Outbox.state == "ready")
        .values(content=message.content())
    )
    news.leave(tx, target.account)
    if newer.rowcount == 0:
        values = {"account": target.account, "chat": target.chat, "person_id": target.person_id, "target": row_id}
        tx.execute(
            insert(tx, Outbox).values(
                **values,
                committee_id=target.committee_id,
                kind="reply",
                lane=0,
                op="edit",
                content=message.content(),
                state="ready",
                epoch=0,
                attempts=0,
                created_at=now,
                expires_at=now + timedelta(days=1),
            )
        )


def home(tx: Tx, address: Address, person_id: int, message: Rendered, now: datetime) -> None:
    """Show a person's home page on a platform that has one; the last state wins."""
    key = f"home:{person_id}"
    tx.execute(update(Outbox).where(Outbox.dedupe == key).values(dedupe=None))
    tx.execute(
        update(Outbox)
        .where(Outbox.op == "home", Outbox.person_id == person_id, Outbox.state == "ready")
        .values(state="cancelled")
    )
    row = put(tx, address, person_id, message, now, dedupe=key)
    tx.execute(update(Outbox).where(Outbox.id == row).values(op="home"))


def row_of(tx: Tx, address: Address, person_id: int, platform_id: str) -> int | None:
    """The row of a message as the platform names it; on the web that is the row's own number."""
    statement = select(Outbox.id).where(
        Outbox.account == address.account, Outbox.op == "send", Outbox.person_id == person_id
    )
    if address.account == "web":
        number = int(platform_id) if platform_id.isascii() and platform_id.isdigit() and len(platform_id) < 19 else 0
        return tx.execute(statement.where(Outbox.id == number)).scalar()
    return tx.execute(statement.where(Outbox.platform_id == platform_id, Outbox.chat == address.chat)).scalar()


def settle_pressed(tx: Tx, address: Address, platform_id: str) -> None:
    """A press proves that its message arrived."""
    tx.execute(
        update(Outbox)
        .where(Outbox.account == address.account, Outbox.chat == address.chat, Outbox.platform_id == platform_id)
        .where(Outbox.state == "uncertain")
        .values(state="sent")
    )


def content_of(tx: Tx, row_id: int) -> Rendered | None:
    """What a message says."""
    row = tx.execute(
        select(Outbox.content, Body.content.label("shared"))
        .outerjoin(Body, Body.id == Outbox.body_id)
        .where(Outbox.id == row_id)
    ).first()
    if row is None or not (row.content or row.shared):
        return None
    return Rendered.of(row.content or row.shared)


def last(tx: Tx, address: Address) -> Rendered | None:
    """The newest message in a chat, so that its buttons can also be typed."""
    statement = select(Outbox.id).where(
        Outbox.account == address.account, Outbox.chat == address.chat, Outbox.op == "send"
    )
    row = tx.execute(statement.order_by(Outbox.id.desc()).limit(1)).scalar()
    return None if row is None else content_of(tx, row)


def thread(tx: Tx, person_id: int, limit: int = 60) -> Sequence[Any]:
    """The newest messages on a person's web page, oldest first: (id, content, sent_at)."""
    statement = (
        select(
            Outbox.id, Outbox.content, Body.content.label("shared"), Outbox.sent_at, Outbox.committee_id, Outbox.kind
        )
        .outerjoin(Body, Body.id == Outbox.body_id)
        .where(Outbox.person_id == person_id, Outbox.account == "web", Outbox.op == "send", Outbox.state == "sent")
        .order_by(Outbox.id.desc())
        .limit(limit)
    )
    return list(reversed(tx.execute(statement).all()))


def newest(tx: Tx, person_id: int) -> int:
    """The number of the newest message on a person's web page."""
    statement = select(func.max(Outbox.id)).where(Outbox.person_id == person_id, Outbox.account == "web")
    return tx.execute(statement).scalar() or 0


def cancel(tx: Tx, person_id: int, *, kinds: tuple[str, ...] = (), about: tuple[str, int] | None = None) -> int:
    """Cancel what has not been sent to a person: all of some kinds, or all about one thing."""
    statement = update(Outbox).where(Outbox.person_id == person_id, Outbox.state == "ready")
    if kinds:
        statement = statement.where(Outbox.kind.in_(kinds))
    if about:
        statement = statement.where(Outbox.about == about[0], Outbox.about_id == about[1])
    return tx.execute(statement.values(state="cancelled")).rowcount


def counts(tx: Tx, about: tuple[str, int], kind: str | None = None) -> Mapping[str, int]:
    """How many messages about a thing are in each state."""
    statement = select(Outbox.state, func.count()).where(Outbox.about == about[0], Outbox.about_id == about[1])
    if kind:
        statement = statement.where(Outbox.kind == kind)
    return {row[0]: row[1] for row in tx.execute(statement.where(Outbox.op == "send").group_by(Outbox.state))}


def take_lease(tx: Tx, account: str, owner: str, now: datetime, lasting: timedelta) -> int | None:
    """Take or renew the right to send for an account; the epoch, or None while another process holds it."""
    row = tx.execute(
        select(Lease.owner, Lease.epoch, Lease.until).where(Lease.account == account).with_for_update()
    ).first()
    until = now + lasting
    if row is None:
        made = insert(tx, Lease).values(account=account, owner=owner, epoch=1, until=until).on_conflict_do_nothing()
        return tx.execute(made.returning(Lease.epoch)).scalar()
    if row.owner == owner:
        tx.execute(update(Lease).where(Lease.account == account).values(until=until))
        return int(row.epoch)
    if row.until > now:
        return None
    tx.execute(update(Lease).where(Lease.account == account).values(owner=owner, epoch=row.epoch + 1, until=until))
    return int(row.epoch) + 1


def drop_lease(tx: Tx, account: str, owner: str, now: datetime) -> None:
    """Give the right to send back, so that another process need not wait."""
    news.leave(tx, account)
    tx.execute(update(Lease).where(Lease.account == account, Lease.owner == owner).values(until=now))


def adopt(tx: Tx, account: str, epoch: int, now: datetime) -> None:
    """Settle what a dead owner left: unsent rows are ready again; what may have been sent is uncertain.

    A person's own dialogue would stall on a lost message, so that one is sent once more; a mass message is not.
    """
    older = (Outbox.account == account, Outbox.epoch < epoch)
    tx.execute(update(Outbox).where(*older, Outbox.state == "leased").values(state="ready"))
    again = (Outbox.lane < 2) | (Outbox.op != "send")
    tx.execute(
        update(Outbox).where(*older, Outbox.state == "sending", again, Outbox.attempts < 2).values(state="ready")
    )
    tx.execute(update(Outbox).where(*older, Outbox.state == "sending").values(state="uncertain"))
    expire(tx, account, now)


def expire(tx: Tx, account: str, now: datetime) -> None:
    """End what is too old to be of use."""
    tx.execute(
        update(Outbox)
        .where(Outbox.account == account, Outbox.state == "ready", Outbox.expires_at <= now)
        .values(state="expired")
    )


def claim(tx: Tx, account: str, owner: str, epoch: int, now: datetime, limit: int) -> list[Claimed]:
    """Take the next rows to send, replies first; what the person no longer wants to hear is cancelled here."""
    ready = (
        select(Outbox.id)
        .where(Outbox.account == account, Outbox.state == "ready", Outbox.expires_at > now)
        .where((Outbox.due_at.is_(None)) | (Outbox.due_at <= now))
        .order_by(Outbox.lane, Outbox.id)
        .limit(limit)
    )
    if not is_sqlite(tx):
        ready = ready.with_for_update(skip_locked=True)
    mine = exists(select(Lease.account).where(Lease.account == account, Lease.owner == owner, Lease.epoch == epoch))
    taken = (
        update(Outbox)
        .where(Outbox.id.in_(ready.scalar_subquery()), mine)
        .values(state="leased", owner=owner, epoch=epoch)
        .returning(Outbox.id)
    )
    ids = sorted(tx.execute(taken).scalars())
    return [row for row in map(_wanted(tx), _rows(tx, ids)) if row is not None]


def _rows(tx: Tx, ids: Sequence[int]) -> Sequence[Any]:
    if not ids:
        return []
    goal = Outbox.__table__.alias("goal")
    statement = (
        select(
            Outbox,
            Body.content.label("shared"),
            PersonRow.state.label("person_state"),
            goal.c.platform_id.label("goal"),
            goal.c.state.label("goal_state"),
        )
        .join(PersonRow, PersonRow.id == Outbox.person_id)
        .outerjoin(Body, Body.id == Outbox.body_id)
        .outerjoin(goal, goal.c.id == Outbox.target)
        .where(Outbox.id.in_(ids))
        .order_by(Outbox.lane, Outbox.id)
    )
    return tx.execute(statement).all()


def _wanted(tx: Tx) -> Any:
    def wanted(row: Any) -> Claimed | None:
        heard = HEARD.get(row.person_state)
        if heard is not None and row.kind not in heard:
            release(tx, row.id, "cancelled")
            return None
        if row.op in ("edit", "delete") and row.goal is None:
            release(tx, row.id, "ready" if row.goal_state in OPEN else "cancelled")
            return None
        address = Address(row.account, row.chat)
        return Claimed(
            row.id,
            row.op,
            address,
            row.person_id,
            row.committee_id,
            row.lane,
            row.attempts,
            row.content or row.shared or {},
            row.goal,
        )

    return wanted


def release(tx: Tx, row_id: int, state: str) -> None:
    """Let a row go that was not sent."""
    tx.execute(update(Outbox).where(Outbox.id == row_id).values(state=state))


def give_back(tx: Tx, row_ids: Sequence[int]) -> None:
    """Rows that were claimed and not sent are ready for whoever comes next."""
    tx.execute(update(Outbox).where(Outbox.id.in_(row_ids), Outbox.state == "leased").values(state="ready"))


def mark_sending(tx: Tx, row_id: int, account: str, epoch: int) -> bool:
    """Say, before the call, that a row is being sent; False where the lease has gone to another."""
    mine = exists(select(Lease.account).where(Lease.account == account, Lease.epoch == epoch))
    statement = update(Outbox).where(Outbox.id == row_id, Outbox.epoch == epoch, Outbox.state == "leased", mine)
    return tx.execute(statement.values(state="sending", attempts=Outbox.attempts + 1)).rowcount == 1


def settle(
    tx: Tx, row_id: int, epoch: int, state: str, now: datetime, platform_id: str | None = None, *, free: bool = False
) -> bool:
    """Say what came of a row; `free` takes the attempt back. No mark of an old epoch lands."""
    values: dict[str, Any] = {"state": state}
    if state == "sent":
        values["sent_at"] = now
    if platform_id is not None:
        values["platform_id"] = platform_id
    if free:
        values["attempts"] = Outbox.attempts - 1
    statement = update(Outbox).where(Outbox.id == row_id, Outbox.epoch == epoch, Outbox.state == "sending")
    return tx.execute(statement.values(**values)).rowcount == 1


def move_chat(tx: Tx, account: str, old: str, new: str) -> None:
    """A chat has a new id."""
    tx.execute(
        update(Outbox).where(Outbox.account == account, Outbox.chat == old, Outbox.state.in_(OPEN)).values(chat=new)
    )


def put_blob(tx: Tx, sha256: str, mime: str, content: bytes, expires_at: datetime) -> None:
    """Keep a file's bytes under their own hash."""
    values = {"sha256": sha256, "mime": mime, "content": content, "expires_at": expires_at}
    tx.execute(insert(tx, Blob).values(**values).on_conflict_do_nothing())


def blob(tx: Tx, sha256: str) -> tuple[str, bytes] | None:
    """A file's type and bytes."""
    row = tx.execute(select(Blob.mime, Blob.content).where(Blob.sha256 == sha256)).first()
    return None if row is None else (row.mime, row.content)


def visible_to(tx: Tx, sha256: str, person_id: int) -> bool:
    """Whether a picture was sent to this person."""
    rows = tx.execute(
        select(Outbox.content).where(
            Outbox.person_id == person_id, Outbox.account == "web", Outbox.content.is_not(None)
        )
    )
    return any((row.content.get("image") or {}).get("blob") == sha256 for row in rows)
