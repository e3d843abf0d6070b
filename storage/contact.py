"""How to reach a person by e-mail or phone: the value is sealed, and found again by a keyed hash."""

from __future__ import annotations

from datetime import datetime

from bot.chat.events import Address
from bot.domain.people import Person
from bot.domain.questions import is_email
from storage import people
from storage.database import Tx
from storage.vault import Vault


def _address(vault: Vault, reach: str) -> Address:
    return Address("mail" if is_email(reach) else "phone", vault.hash(reach.strip().casefold()))


def find(tx: Tx, vault: Vault, reach: str) -> Person | None:
    """The person with this e-mail address or phone number."""
    person_id = people.owner_of(tx, _address(vault, reach))
    return None if person_id is None else people.get(tx, person_id)


def give(tx: Tx, vault: Vault, person_id: int, reach: str, now: datetime) -> bool:
    """Add an e-mail address or phone number to a person; False where somebody else has it."""
    address = _address(vault, reach)
    given = people.give_address(tx, person_id, address, now, vault.seal(reach.strip()))
    return given or people.owner_of(tx, address) == person_id


def give_letter(tx: Tx, vault: Vault, person_id: int, address: str, now: datetime) -> None:
    """Add an address for letters to a person; several people may live there."""
    there = Address("letter", vault.hash(f"{person_id} {address}"))
    people.give_address(tx, person_id, there, now, vault.seal(address))


def of(tx: Tx, vault: Vault, person_id: int) -> list[str]:
    """A person's e-mail addresses and phone numbers in clear, for those who may see them."""
    rows = [row for row in people.addresses(tx, person_id) if row.account in ("mail", "phone")]
    return [str(vault.open(row.sealed)) for row in rows if row.sealed is not None]
