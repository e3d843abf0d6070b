"""Joining two platforms of one person by a code: only the address moves, and it can be undone for seven days."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select, update

from bot.chat.events import Address
from bot.domain import codes
from storage.database import Tx, first, insert
from storage.tables import (
    AddressRow,
    AnswerRow,
    Application,
    LinkCode,
    Nomination,
    PersonRow,
    RoleRow,
    Voter,
    WrongCode,
)
from storage.vault import Vault

LIVES = timedelta(minutes=10)
UNDO = timedelta(days=7)
TRIES = 5


def mint(tx: Tx, vault: Vault, person_id: int, now: datetime) -> str:
    """A new code of eight letters; an earlier one of the same person is void."""
    code = codes.new(8)
    tx.execute(delete(LinkCode).where(LinkCode.person_id == person_id, LinkCode.joined_at.is_(None)))
    values = {
        "hash": vault.hash(code),
        "expires_at": now + LIVES,
        "claimant": None,
        "previous": None,
        "joined_at": None,
    }
    statement = insert(tx, LinkCode).values(person_id=person_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))
    return code


def address_id(tx: Tx, address: Address) -> int:
    """The number of a known address."""
    same = (AddressRow.account == address.account, AddressRow.chat == address.chat)
    number: int = tx.execute(select(AddressRow.id).where(*same)).scalar_one()
    return number


def tries_left(tx: Tx, address: int, now: datetime) -> int:
    """How many wrong codes an address may still type this hour."""
    since = now - timedelta(hours=1)
    used = select(func.count()).where(WrongCode.address_id == address, WrongCode.at > since)
    return TRIES - tx.execute(used).scalar_one()


def wrong(tx: Tx, address: int, now: datetime) -> None:
    """Count a wrong try."""
    tx.execute(insert(tx, WrongCode).values(address_id=address, at=now))


def claim(tx: Tx, vault: Vault, code: str, address: int, now: datetime) -> int | None:
    """Note which address typed a live code; the person it belongs to, who must confirm. None for a wrong code."""
    statement = update(LinkCode).where(
        LinkCode.hash == vault.hash(codes.tidy(code)), LinkCode.expires_at > now, LinkCode.claimant.is_(None)
    )
    return tx.execute(statement.values(claimant=address).returning(LinkCode.person_id)).scalar()


def waiting(tx: Tx, person_id: int, now: datetime) -> LinkCode | None:
    """The claim a person is asked to confirm."""
    statement = select(LinkCode).where(LinkCode.person_id == person_id, LinkCode.claimant.is_not(None))
    return first(tx, LinkCode, statement.where(LinkCode.joined_at.is_(None), LinkCode.expires_at > now - LIVES))


def owner(tx: Tx, address: int) -> tuple[int, str]:
    """Whose an address is, and its account."""
    row = tx.execute(select(AddressRow.person_id, AddressRow.account).where(AddressRow.id == address)).one()
    return row.person_id, row.account


def stands_for_something(tx: Tx, person_id: int) -> bool:
    """Whether a person has a role, an application, a nomination, an answer or a place on a roll.

    Such two are never joined.
    """
    has = or_(
        exists(select(RoleRow.id).where(RoleRow.person_id == person_id)),
        exists(
            select(Application.id).where(
                Application.person_id == person_id, Application.state.not_in(("withdrawn", "erased"))
            )
        ),
        exists(
            select(Nomination.id).where(Nomination.person_id == person_id, Nomination.state.in_(("asked", "confirmed")))
        ),
        exists(select(AnswerRow.prompt_id).where(AnswerRow.person_id == person_id)),
        exists(select(Voter.ballot_id).where(Voter.person_id == person_id)),
    )
    return bool(tx.execute(select(has)).scalar())


def join(tx: Tx, code: LinkCode, now: datetime) -> None:
    """Move the claiming address to the person who confirmed."""
    previous, _account = owner(tx, code.claimant)
    tx.execute(update(AddressRow).where(AddressRow.id == code.claimant).values(person_id=code.person_id))
    tx.execute(update(LinkCode).where(LinkCode.person_id == code.person_id).values(previous=previous, joined_at=now))


def undo(tx: Tx, person_id: int, now: datetime) -> bool:
    """Move the address back within seven days; False where there is nothing to undo."""
    row = first(tx, LinkCode, select(LinkCode).where(LinkCode.person_id == person_id, LinkCode.joined_at > now - UNDO))
    if row is None or row.previous is None:
        return False
    tx.execute(update(AddressRow).where(AddressRow.id == row.claimant).values(person_id=row.previous))
    tx.execute(delete(LinkCode).where(LinkCode.person_id == person_id))
    return tx.execute(select(PersonRow.id).where(PersonRow.id == row.previous)).first() is not None


def refuse(tx: Tx, person_id: int) -> None:
    """The claim was not the person's own: the code is void."""
    tx.execute(delete(LinkCode).where(LinkCode.person_id == person_id, LinkCode.joined_at.is_(None)))
