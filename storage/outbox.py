"""Messages on their way: put in the transaction that caused them, changed or cancelled while they are unsent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, column, func, literal, or_, select, text, update
from sqlalchemy import insert as core_insert

from bot.chat.events import Address, Press
from bot.chat.messages import Rendered
from bot.domain.paper import ACCOUNT
from storage import arrived, later, memo, news
from storage.database import Tx, insert, insert_on, is_sqlite
from storage.prepared import Prepared
from storage.tables import Blob, Body, Outbox

TABLE = Outbox.__table__
# A row that waits for its person's hour has this much added to its lane, and no sender takes it.
HOLD = 10
# What is said last in the other chats stays as it is remembered.
_KEEPING = {memo.KEEPS: True}
SEVERAL = "several"  # what a message is about that brings several
# What a person still hears at each setting of /stop; a reply to one's own message always arrives.
HEARD = {"active": None, "necessary": ("reply", "necessary"), "silent": ("reply",), "forgotten": ("reply",)}


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
    hold_until: datetime | None = None,
) -> int | None:
    """Add a message; None where the dedupe key is already there. On the web it is delivered by this commit.

    With `hold_until` it stays until it is released, at that moment or earlier.
    """
    web = address.account == "web"
    all_values = {
        "account": address.account,
        "chat": address.chat,
        "person_id": person_id,
        "committee_id": committee_id,
        "about": about[0] if about else None,
        "about_id": about[1] if about else None,
        "kind": kind,
        "lane": lane if hold_until is None else lane + HOLD,
        "op": "send",
        "content": None if message is None else message.content(),
        "body_id": body_id,
        "dedupe": dedupe,
        "state": "sent" if web else "ready",
        "epoch": 0,
        "attempts": 0,
        "created_at": now,
        "due_at": hold_until,
        "sent_at": now if web else None,
        "expires_at": expires_at or (hold_until or now) + timedelta(days=1),
    }
    values = {name: value for name, value in all_values.items() if value is not None}
    news.leave(tx, address.account)
    arrived.said(tx, address, person_id)
    number = _number(tx) if dedupe is None else None
    if number is not None:
        values["id"] = number
        later.put_off(tx, _numbered(tuple(values)), values)
        return number
    made: int | None = _putting(tx.dialect.name, tuple(values)).scalar(tx, values)
    return made


def keep_numbers(tx: Tx, many: int) -> None:
    """Keep numbers for so many rows, which then can wait to be written; nobody else is ever given one of them."""
    if not many:
        return
    if is_sqlite(tx):
        last = _COUNT_ON.scalar(tx, {"many": many}) or 0
        numbers = list(range(last - many + 1, last + 1)) if last else []  # not counted before the first row
    else:
        numbers = [row.number for row in _TAKE.all(tx, {"many": many})]
    later.of(tx).numbers = sorted(numbers, reverse=True)


def _number(tx: Tx) -> int | None:
    """A number that was kept; rows stand in the order they were said: once the database was asked, it numbers them."""
    kept = later.of(tx)
    return kept.numbers.pop() if kept.numbers and not kept.said else None


_COUNT_ON = Prepared(
    text("UPDATE sqlite_sequence SET seq = seq + :many WHERE name = 'outbox' RETURNING seq").columns(column("seq"))
)
_TAKE = Prepared(
    select(func.nextval(func.pg_get_serial_sequence("outbox", "id")).label("number")).select_from(
        func.generate_series(1, bindparam("many", type_=Integer))
    )
)


@cache
def _numbered(columns: tuple[str, ...]) -> Prepared:
    return Prepared(core_insert(TABLE).execution_options(**_KEEPING), columns)


@cache
def _putting(dialect: str, columns: tuple[str, ...]) -> Prepared:
    fresh = insert_on(dialect, TABLE).on_conflict_do_nothing().returning(TABLE.c.id)
    return Prepared(fresh.execution_options(**_KEEPING), columns)


def edit(tx: Tx, row_id: int, message: Rendered, now: datetime) -> None:
    """Replace what a message says: in place while it is unsent or on the web, else by an edit of what was sent."""
    values = {"number": row_id, "new": message.content()}
    lasting = {**values, "now": now, "end": now + timedelta(days=1)}
    account = arrived.take(tx, row_id)
    number = None if account is None else _number(tx)
    if number is not None:
        later.put_off(tx, _EDIT_LATER, {**lasting, "id": number})
    elif _REPLACE.run(tx, values) == 0:
        account = _EDIT.scalar(tx, lasting)
    if account is not None:
        news.leave(tx, account)


_NEW = bindparam("new", type_=TABLE.c.content.type)
# The message itself while it can still be changed, or the edit of it that has not gone out.
_REPLACE = Prepared(
    update(TABLE)
    .where(or_(TABLE.c.id == bindparam("number"), TABLE.c.target == bindparam("number")), TABLE.c.op != "delete")
    .where(or_(TABLE.c.account == "web", TABLE.c.state == "ready"))
    .values(content=_NEW, body_id=None)
)
_COPIED = ("account", "chat", "person_id", "committee_id")
_FIXED = {"kind": "reply", "lane": 0, "op": "edit", "state": "ready", "epoch": 0, "attempts": 0}


def _editing(**numbered: Any) -> Any:
    """Where the message never arrived, or was a mail, there is nothing to edit."""
    return core_insert(TABLE).from_select(
        [*numbered, *_COPIED, "target", "content", "created_at", "expires_at", *_FIXED],
        select(
            *numbered.values(),
            *(TABLE.c[name] for name in _COPIED),
            TABLE.c.id,
            _NEW,
            bindparam("now", type_=TABLE.c.created_at.type),
            bindparam("end", type_=TABLE.c.expires_at.type),
            *(literal(value) for value in _FIXED.values()),
        ).where(
            TABLE.c.id == bindparam("number"),
            TABLE.c.account.not_in(("mail", ACCOUNT)),
            TABLE.c.state.not_in(("failed", "unreachable", "cancelled", "expired")),
        ),
    )


_EDIT = Prepared(_editing().returning(TABLE.c.account))
_EDIT_LATER = Prepared(_editing(id=bindparam("id", type_=TABLE.c.id.type)).execution_options(**_KEEPING))
_ROW = select(TABLE.c.id, TABLE.c.state, TABLE.c.about).where(
    TABLE.c.account == bindparam("of"), TABLE.c.op == "send", TABLE.c.person_id == bindparam("who")
)
_ROW_BY_NUMBER = Prepared(_ROW.where(TABLE.c.id == bindparam("number")))
# In the very words of the partial index, or SQLite does not see that it serves.
_IN_DOUBT = Prepared(
    _ROW.add_columns(TABLE.c.content, Body.content.label("shared"))
    .outerjoin(Body, Body.id == TABLE.c.body_id)
    .where(
        TABLE.c.chat == bindparam("there"),
        TABLE.c.state == "uncertain",
        TABLE.c.platform_id.is_(None),
        text("state IN ('leased','sending','uncertain')"),
    )
)
_ROW_BY_PLATFORM = Prepared(_ROW.where(TABLE.c.platform_id == bindparam("named"), TABLE.c.chat == bindparam("there")))


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


def pressed(tx: Tx, address: Address, person_id: int, press: Press) -> int | None:
    """The row of a message as the platform names it, on the web by its number; the press proves that it arrived.

    A message in doubt has no name yet: a press under an unknown name is its own where no other has that button.
    None also where it brings several, of which a press settles only one.
    """
    values = {"of": address.account, "who": person_id}
    named = press.message or ""
    if address.account == "web":
        number = int(named) if named.isascii() and named.isdigit() and len(named) < 19 else 0
        row = _ROW_BY_NUMBER.first(tx, {**values, "number": number})
    else:
        row = arrived.pressed(tx, (address, person_id, named))
        if row is None:
            row = _ROW_BY_PLATFORM.first(tx, {**values, "named": named, "there": address.chat})
        if row is None:
            doubted = _IN_DOUBT.all(tx, {**values, "there": address.chat})
            row = _only([one for one in doubted if _message(one).carries(press.route, press.args)])
    if row is not None and row.state == "uncertain":
        tx.execute(update(TABLE).where(TABLE.c.id == row.id).values(state="sent", platform_id=named))
        news.leave(tx, address.account)  # edits of it have waited
    return None if row is None or row.about == SEVERAL else row.id


def _message(row: Any) -> Rendered:
    return Rendered.of(row.content or row.shared or {})


def _only(rows: Sequence[Any]) -> Any:
    return rows[0] if len(rows) == 1 else None


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


def last(tx: Tx, address: Address, person_id: int) -> Rendered | None:
    """The newest message to a person in a chat, so that its buttons can also be typed."""
    if (found := arrived.last(tx, address, person_id)) is not None:
        return found
    row = _LAST.scalar(tx, {"of": address.account, "there": address.chat, "who": person_id})
    return None if row is None else content_of(tx, row)


_LAST = Prepared(_ROW.where(TABLE.c.chat == bindparam("there")).order_by(TABLE.c.id.desc()).limit(1))


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


_CANCEL = update(TABLE).where(TABLE.c.person_id == bindparam("who"), TABLE.c.state == "ready").values(state="cancelled")
_CANCEL_KINDS = Prepared(_CANCEL.where(TABLE.c.kind.in_(bindparam("kinds", expanding=True))))
_CANCEL_ABOUT = Prepared(_CANCEL.where(TABLE.c.about == bindparam("thing"), TABLE.c.about_id == bindparam("of")))


def cancel(tx: Tx, person_id: int, *, kinds: Sequence[str] = (), about: tuple[str, int] | None = None) -> None:
    """Cancel what has not been sent to a person: all of some kinds, or all about one thing."""
    if kinds:
        _CANCEL_KINDS.run(tx, {"who": person_id, "kinds": kinds})
    if about:
        later.put_off(tx, _CANCEL_ABOUT, {"who": person_id, "thing": about[0], "of": about[1]})


def counts(tx: Tx, about: tuple[str, int], kind: str | None = None) -> Mapping[str, int]:
    """How many messages about a thing are in each state."""
    statement = select(Outbox.state, func.count()).where(Outbox.about == about[0], Outbox.about_id == about[1])
    if kind:
        statement = statement.where(Outbox.kind == kind)
    return {row[0]: row[1] for row in tx.execute(statement.where(Outbox.op == "send").group_by(Outbox.state))}


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
