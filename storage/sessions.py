"""Browsers, sign-in links and codes: only hashes are stored, and each link or code works once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from bot.chat.events import Address
from storage import people
from storage.database import Tx, every, first, insert
from storage.tables import AddressRow, Login
from storage.tables import Session as Session
from storage.vault import Vault

CITIZEN = timedelta(days=30)
STAFF = timedelta(hours=12)
FRESH = timedelta(minutes=15)
CODE = timedelta(minutes=15)
TRIES = 5  # for one code
TRIES_A_DAY = 10  # for one person, over all codes: six digits are few


class Opened(NamedTuple):
    """A session just opened: the id for the cookie, and where to go."""

    id: str
    path: str
    staff: bool


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def mint_login(
    tx: Tx,
    person_id: int,
    now: datetime,
    *,
    path: str = "/talk",
    staff: bool = False,
    minutes: int = 24 * 60,
    reusable: bool = False,
) -> str:
    """A new sign-in link's token, 256 bits; `staff` gives the rights of staff, `reusable` is for the demo."""
    token = secrets.token_urlsafe(32)
    tx.execute(
        insert(tx, Login).values(
            hash=digest(token),
            person_id=person_id,
            path=path,
            staff=staff,
            reusable=reusable,
            tries=0,
            expires_at=now + timedelta(minutes=minutes),
        )
    )
    return token


def live_login(tx: Tx, token: str, now: datetime) -> Login | None:
    """The link behind a token, if it can still be used."""
    row = first(tx, Login, select(Login).where(Login.hash == digest(token), Login.expires_at > now))
    return row if row is not None and (row.reusable or row.used_at is None) else None


def consume(tx: Tx, token: str, now: datetime, old: str | None) -> Opened | None:
    """Use a sign-in link: a new session for its person, the old one ended. None where the link is used or too old."""
    used = update(Login).where(Login.hash == digest(token), Login.expires_at > now)
    used = used.where(Login.used_at.is_(None) | Login.reusable).values(used_at=now)
    row = tx.execute(used.returning(Login.person_id, Login.path, Login.staff)).first()
    if row is None:
        return None
    return _opened(tx, row.person_id, row.path, row.staff, now, old)


def _opened(tx: Tx, person_id: int, path: str, staff: bool, now: datetime, old: str | None) -> Opened:
    """A new session in place of the old one."""
    if old:
        end(tx, digest(old))
    made = open_session(tx, now, person_id=person_id, chat=web_chat(tx, person_id, now), staff=staff)
    return Opened(made, path, staff)


def mint_code(tx: Tx, vault: Vault, person_id: int, now: datetime, *, path: str, staff: bool) -> str:
    """Six digits to type where the mail was asked for; an older code of the person is void from here on."""
    tx.execute(update(Login).where(_codes(person_id), Login.used_at.is_(None)).values(used_at=now))
    code = f"{secrets.randbelow(1_000_000):06}"
    tx.execute(
        insert(tx, Login).values(
            hash=digest(secrets.token_urlsafe(32)),  # no link leads here
            person_id=person_id,
            path=path,
            code=_sealed(vault, person_id, code),
            staff=staff,
            reusable=False,
            tries=0,
            expires_at=now + CODE,
        )
    )
    return code


def consume_code(
    tx: Tx, vault: Vault, person_id: int, code: str, now: datetime, old: str | None = None
) -> Opened | None:
    """Use a code as one uses a link. Each try counts; after the fifth a code is void, after the tenth a day's codes."""
    recent = select(func.sum(Login.tries)).where(_codes(person_id), Login.expires_at > now - timedelta(days=1))
    if (tx.execute(recent).scalar() or 0) >= TRIES_A_DAY:
        return None
    live = (_codes(person_id), Login.used_at.is_(None), Login.expires_at > now, Login.tries < TRIES)
    tried = update(Login).where(*live).values(tries=Login.tries + 1)
    row = tx.execute(tried.returning(Login.hash, Login.code, Login.path, Login.staff)).first()
    if row is None or not hmac.compare_digest(row.code, _sealed(vault, person_id, code)):
        return None
    tx.execute(delete(Login).where(Login.hash == row.hash))
    return _opened(tx, person_id, row.path, row.staff, now, old)


def _codes(person_id: int) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = and_(Login.person_id == person_id, Login.code.is_not(None))
    return mine


def _sealed(vault: Vault, person_id: int, code: str) -> str:
    """A keyed hash: a plain one of six digits is undone in a second."""
    return vault.hash(f"code {person_id} {code}")


def web_chat(tx: Tx, person_id: int, now: datetime) -> str:
    """The person's own address on the web, made where there is none."""
    statement = select(AddressRow.chat).where(AddressRow.person_id == person_id, AddressRow.account == "web")
    chat: str | None = tx.execute(statement.order_by(AddressRow.id).limit(1)).scalar()
    if chat is None:
        chat = f"p{person_id}"
        people.give_address(tx, person_id, Address("web", chat), now)
    return chat


def open_session(
    tx: Tx,
    now: datetime,
    *,
    person_id: int | None = None,
    chat: str = "",
    staff: bool = False,
    locale: str | None = None,
) -> str:
    """A new session; without a person it is a visitor's, who becomes a person by the first thing done."""
    token = secrets.token_urlsafe(32)
    tx.execute(
        insert(tx, Session).values(
            hash=digest(token),
            person_id=person_id,
            chat=chat or secrets.token_urlsafe(16),
            csrf=secrets.token_urlsafe(24),
            locale=locale,
            staff=staff,
            created_at=now,
            signed_in_at=now if person_id else None,
            expires_at=now + (STAFF if staff else CITIZEN),
        )
    )
    return token


def find(tx: Tx, token: str, now: datetime) -> Session | None:
    """The session of a cookie, while it lasts."""
    return first(tx, Session, select(Session).where(Session.hash == digest(token), Session.expires_at > now))


def speak(tx: Tx, session: Session, locale: str) -> None:
    """The language of a session."""
    tx.execute(update(Session).where(Session.hash == session.hash).values(locale=locale))


def _own(person_id: int) -> ColumnElement[bool]:
    """Sessions of a person: signed in by a link, or begun without one at an address that is now the person's."""
    chats = select(AddressRow.chat).where(AddressRow.person_id == person_id, AddressRow.account == "web")
    return or_(Session.person_id == person_id, Session.chat.in_(chats))


def of(tx: Tx, person_id: int, now: datetime) -> Sequence[Session]:
    """A person's live sessions, the newest first."""
    statement = select(Session).where(_own(person_id), Session.expires_at > now)
    return every(tx, Session, statement.order_by(Session.created_at.desc()))


def end_all(tx: Tx, person_id: int) -> None:
    """End every session of a person, and every link and code that would open one."""
    tx.execute(delete(Session).where(_own(person_id)))
    tx.execute(delete(Login).where(Login.person_id == person_id))


def end(tx: Tx, hash: str, person_id: int | None = None) -> None:  # noqa: A002 - it is one
    """End a session; with a person, only one's own."""
    statement = delete(Session).where(Session.hash == hash)
    tx.execute(statement if person_id is None else statement.where(_own(person_id)))


def fresh(session: Session, now: datetime) -> bool:
    """Whether the sign-in is less than 15 minutes old."""
    return session.signed_in_at is not None and now - session.signed_in_at < FRESH
