"""Browsers and sign-in links: only hashes are stored, and a link works once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, or_, select, update

from bot.chat.events import Address
from storage import people
from storage.database import Tx, every, first, insert
from storage.tables import AddressRow, Login
from storage.tables import Session as Session

CITIZEN = timedelta(days=30)
STAFF = timedelta(hours=12)
FRESH = timedelta(minutes=15)


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
    if old:
        end(tx, digest(old))
    made = open_session(tx, now, person_id=row.person_id, chat=web_chat(tx, row.person_id, now), staff=row.staff)
    return Opened(made, row.path, row.staff)


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


def end(tx: Tx, hash: str, person_id: int | None = None) -> None:  # noqa: A002 - it is one
    """End a session; with a person, only one's own."""
    statement = delete(Session).where(Session.hash == hash)
    tx.execute(statement if person_id is None else statement.where(_own(person_id)))


def fresh(session: Session, now: datetime) -> bool:
    """Whether the sign-in is less than 15 minutes old."""
    return session.signed_in_at is not None and now - session.signed_in_at < FRESH
