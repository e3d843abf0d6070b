"""Calendar addresses: a file for one meeting, and a person's own feed at an address of which only a hash is stored."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from bot.domain.people import MEMBERS, STAFF, Role
from storage.database import Tx, every, insert
from storage.sessions import digest
from storage.tables import Attendance, Feed, Meeting, RoleRow
from storage.vault import Vault


def path(vault: Vault, meeting_id: int) -> str:
    """Where the file of a meeting lies; whoever has the notice can open it, nobody can guess it."""
    return f"/meeting/{meeting_id}/{_proof(vault, meeting_id)}.ics"


def proven(vault: Vault, meeting_id: int, proof: str) -> bool:
    """Whether an address is one that we gave out."""
    return hmac.compare_digest(_proof(vault, meeting_id).encode(), proof.encode())


def _proof(vault: Vault, meeting_id: int) -> str:
    return vault.hash(f"meeting {meeting_id}")[:32]


def mint(tx: Tx, person_id: int, now: datetime) -> str:
    """A new secret address for a person, 256 bits; the old one is dead from here on."""
    token = secrets.token_urlsafe(32)
    values = {"hash": digest(token), "created_at": now}
    statement = insert(tx, Feed).values(person_id=person_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))
    return token


def revoke(tx: Tx, person_id: int) -> None:
    """End a person's address."""
    tx.execute(delete(Feed).where(Feed.person_id == person_id))


def has(tx: Tx, person_id: int) -> bool:
    """Whether a person has an address."""
    return tx.execute(select(Feed.person_id).where(Feed.person_id == person_id)).first() is not None


def owner(tx: Tx, token: str) -> int | None:
    """Whose calendar an address shows."""
    return tx.execute(select(Feed.person_id).where(Feed.hash == digest(token))).scalar()


def shown(tx: Tx, person_id: int) -> Sequence[Meeting]:
    """The meetings in a person's calendar: of every committee with a seat or a desk there, and those asked to alone."""
    roles = [str(role) for role in MEMBERS | STAFF]
    mine = select(RoleRow.committee_id).where(RoleRow.person_id == person_id, RoleRow.role.in_(roles))
    asked = select(Attendance.meeting_id).where(Attendance.person_id == person_id)
    spare = select(RoleRow.committee_id).where(RoleRow.person_id == person_id, RoleRow.role == Role.SUBSTITUTE)
    as_spare = Meeting.committee_id.in_(spare) & Meeting.id.in_(asked)
    statement = select(Meeting).where(Meeting.state.in_(("announced", "cancelled")))
    statement = statement.where(Meeting.committee_id.in_(mine) | as_spare)
    return every(tx, Meeting, statement.order_by(Meeting.starts_at, Meeting.id))
