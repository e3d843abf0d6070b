"""People, the addresses where we reach them, and their roles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, literal, select, update

from bot.chat.events import Address
from bot.domain.people import MEMBERS, STAFF, Person, Role
from storage import memo
from storage.among import among
from storage.database import Tx, every, find, first, insert, value_of
from storage.prepared import Prepared
from storage.tables import AddressRow, PersonRow, RoleRow, ToldRow
from storage.tables import ConsentRow as ConsentRow

Roles = Mapping[int | None, frozenset[Role]]
REPLIES = "replies"  # the state of an address where we answer, and never write first


def person_of(row: PersonRow) -> Person:
    """A row as the domain's value."""
    return Person(row.id, row.name, row.locale, row.zone, row.state, row.committee_id, row.paused_until)


def get(tx: Tx, person_id: int) -> Person:
    """A person by number. Raises LookupError where there is none."""
    row = find(tx, PersonRow, person_id)
    if row is None:
        raise LookupError(f"no person {person_id}")
    return person_of(row)


def add(tx: Tx, now: datetime, name: str = "", locale: str | None = None) -> Person:
    """A new person."""
    statement = insert(tx, PersonRow).values(name=name, locale=locale, state="active", created_at=now)
    return Person(tx.execute(statement.returning(PersonRow.id)).scalar_one(), name, locale)


def at(tx: Tx, addresses: Iterable[Address], now: datetime) -> dict[Address, int]:
    """The persons at these addresses, created where new and locked in one order until the transaction ends.

    What every event asks of its person, the roles too, is read here once for all of them.
    """
    wanted = _in_order(addresses)
    found = _known(tx, set(wanted))
    missing = [address for address in wanted if address not in found]
    for address in missing:
        person = add(tx, now)
        values = {"account": address.account, "chat": address.chat, "person_id": person.id}
        statement = insert(tx, AddressRow).values(**values, state="active", used_at=now).on_conflict_do_nothing()
        if tx.execute(statement.returning(AddressRow.id)).first() is None:
            tx.execute(delete(PersonRow).where(PersonRow.id == person.id))  # another process was first
    if missing:
        found = _known(tx, set(wanted))
    _read_roles(tx, sorted(set(found.values())))
    return found


def _in_order(addresses: Iterable[Address]) -> list[Address]:
    return sorted(set(addresses), key=lambda address: (address.account, address.chat))


_PERSON = PersonRow.__table__
_ADDRESS = AddressRow.__table__
_KNOWN = (
    select(_ADDRESS.c.id.label("address_id"), _ADDRESS.c.account, _ADDRESS.c.chat, *_PERSON.c)
    .join_from(_ADDRESS, _PERSON, _ADDRESS.c.person_id == _PERSON.c.id)
    .where(_ADDRESS.c.account.in_(bindparam("accounts", expanding=True)))
    .where(_ADDRESS.c.chat.in_(bindparam("chats", expanding=True)))
    .order_by(_PERSON.c.id)
)
# Locked by number in one statement, so that two writers cannot deadlock; SQLite has one writer and no such locks.
# No key of a person ever changes, and whoever writes to that person meanwhile need not wait for this transaction's end.
_LOCKED = Prepared(_KNOWN.with_for_update(of=_PERSON, key_share=True))


def _known(tx: Tx, addresses: Collection[Address]) -> dict[Address, int]:
    """The persons, remembered and locked."""
    there = {"accounts": {one.account for one in addresses}, "chats": {one.chat for one in addresses}}
    found = {}
    for row in _LOCKED.all(tx, {name: sorted(of) for name, of in there.items()}):
        address = Address(row.account, row.chat)
        if address in addresses:
            found[address] = row.id
            memo.remember(tx, "address", address, row.address_id)
            memo.remember(tx, "person", row.id, value_of(PersonRow, row._fields[3:], row[3:]))
    return found


def change(tx: Tx, person_id: int, **values: Any) -> None:
    """Set name, locale, zone, state or the committee last talked about."""
    tx.execute(update(PersonRow).where(PersonRow.id == person_id).values(**values))


_USED = Prepared(
    update(_ADDRESS)
    .where(_ADDRESS.c.id.in_(bindparam("numbers", expanding=True)))
    .values(
        used_at=bindparam("at"), state=case((_ADDRESS.c.state == REPLIES, literal(REPLIES)), else_=literal("active"))
    )
    .execution_options(**{memo.KEEPS: True})  # whose it is and its number stay
)


def used(tx: Tx, addresses: Iterable[Address], now: datetime) -> None:
    """Note that people, found by `at`, wrote from here: the address used last is where we answer."""
    numbers = memo.all_of(tx, "address")
    if wrote := sorted({numbers[address] for address in addresses}):
        _USED.run(tx, {"numbers": wrote, "at": now})


def reachable(tx: Tx, address: Address, yes: bool) -> None:
    """Note whether an address can be written to."""
    tx.execute(
        update(AddressRow)
        .where(AddressRow.account == address.account, AddressRow.chat == address.chat, AddressRow.state != REPLIES)
        .values(state="active" if yes else "gone")
    )


def addresses(tx: Tx, person_id: int) -> Sequence[AddressRow]:
    """A person's addresses, the one used last first."""
    return every(
        tx,
        AddressRow,
        select(AddressRow).where(AddressRow.person_id == person_id).order_by(AddressRow.used_at.desc(), AddressRow.id),
    )


_WAYS = Prepared(
    select(_ADDRESS.c.person_id, _ADDRESS.c.id, _ADDRESS.c.account)
    .where(among(_ADDRESS.c.person_id, "numbers"), _ADDRESS.c.state == "active")
    .order_by(_ADDRESS.c.used_at.desc(), _ADDRESS.c.id)
)


def ways(tx: Tx, numbers: Sequence[int], accounts: Collection[str]) -> Mapping[int, Sequence[tuple[int, str]]]:
    """By which addresses each of these people can be written to, the one used last first: their numbers and accounts.

    Only these `accounts` count; who has no such address is not there.
    """
    found: dict[int, list[tuple[int, str]]] = {}
    for person, number, account in _WAYS.all(tx, {"numbers": numbers}):
        if account in accounts:
            found.setdefault(person, []).append((number, account))
    return found


def give_address(tx: Tx, person_id: int, address: Address, now: datetime, sealed: bytes | None = None) -> bool:
    """Add an address to a person; False where it already is somebody's."""
    statement = insert(tx, AddressRow).values(
        account=address.account, chat=address.chat, person_id=person_id, state="active", sealed=sealed, used_at=now
    )
    row = tx.execute(statement.on_conflict_do_nothing().returning(AddressRow.id)).first()
    return row is not None


def owner_of(tx: Tx, address: Address) -> int | None:
    """Whose address this is."""
    return tx.execute(
        select(AddressRow.person_id).where(AddressRow.account == address.account, AddressRow.chat == address.chat)
    ).scalar()


_ROLE = RoleRow.__table__
_ROLES = Prepared(select(_ROLE).where(_ROLE.c.person_id.in_(bindparam("numbers", expanding=True))))


def held(tx: Tx, person_id: int) -> Sequence[RoleRow]:
    """A person's roles as they stand: in which committee, since when, on which seat."""
    return memo.once(tx, "role", person_id, lambda: _read_roles(tx, [person_id])[person_id])


def roles(tx: Tx, person_id: int) -> Roles:
    """A person's roles by committee; the owner's under None."""
    found: dict[int | None, frozenset[Role]] = {}
    for row in held(tx, person_id):
        found[row.committee_id] = found.get(row.committee_id, frozenset()) | {Role(row.role)}
    return found


_SOME_ROLES = Prepared(
    select(_ROLE.c.person_id, _ROLE.c.role).where(
        among(_ROLE.c.person_id, "numbers"),
        _ROLE.c.role.in_(bindparam("names", expanding=True)),
    )
)


def with_roles(tx: Tx, numbers: Sequence[int], names: Iterable[Role]) -> Mapping[int, frozenset[Role]]:
    """Who of these people holds one of these roles in any committee, and which."""
    found: dict[int, frozenset[Role]] = {}
    for row in _SOME_ROLES.all(tx, {"numbers": numbers, "names": sorted(names)}):
        found[row.person_id] = found.get(row.person_id, frozenset()) | {Role(row.role)}
    return found


def roles_in(tx: Tx, person_id: int, committee_id: int) -> frozenset[Role]:
    """A person's roles in one committee."""
    return roles(tx, person_id).get(committee_id, frozenset())


def _read_roles(tx: Tx, numbers: Sequence[int]) -> Mapping[int, Sequence[RoleRow]]:
    """Each one's roles, remembered."""
    found: dict[int, list[RoleRow]] = {number: [] for number in numbers}
    for row in every(tx, RoleRow, _ROLES, {"numbers": numbers}):
        found[row.person_id].append(row)
    for number, rows in found.items():
        memo.remember(tx, "role", number, rows)
    return found


def give_role(
    tx: Tx, person_id: int, committee_id: int | None, role: Role, now: datetime, seat: str | None = None
) -> bool:
    """Give a role; False where the person already has it."""
    held = select(RoleRow.id).where(RoleRow.person_id == person_id, RoleRow.role == role)
    held = held.where(RoleRow.committee_id == committee_id)
    if tx.execute(held).first():
        return False
    tx.execute(
        insert(tx, RoleRow).values(person_id=person_id, committee_id=committee_id, role=role, seat=seat, since=now)
    )
    return True


def take_role(tx: Tx, person_id: int, committee_id: int | None, *names: Role) -> int:
    """Take roles away; returns how many there were."""
    statement = delete(RoleRow).where(RoleRow.person_id == person_id, RoleRow.committee_id == committee_id)
    return tx.execute(statement.where(RoleRow.role.in_(names))).rowcount


def reseat(tx: Tx, person_id: int, committee_id: int, role: Role, seat: str) -> None:
    """Let somebody hold a role on another seat."""
    this = (RoleRow.person_id == person_id, RoleRow.committee_id == committee_id, RoleRow.role == role)
    tx.execute(update(RoleRow).where(*this).values(seat=seat))


def holding(tx: Tx, committee_id: int, names: Iterable[Role]) -> Sequence[Person]:
    """Everybody with one of these roles in a committee, in the order of their numbers."""
    values = {"committee": committee_id, "names": sorted(names)}
    return [person_of(row) for row in every(tx, PersonRow, _HOLDING, values)]


_HOLDERS = select(_ROLE.c.person_id).where(
    _ROLE.c.committee_id == bindparam("committee"), _ROLE.c.role.in_(bindparam("names", expanding=True))
)
_HOLDING = Prepared(
    select(_PERSON).where(_PERSON.c.id.in_(_HOLDERS), _PERSON.c.state != "forgotten").order_by(_PERSON.c.id)
)


def works_here(tx: Tx, person_id: int) -> bool:
    """Whether a person is administration in any committee, or the owner."""
    return any(held & STAFF for held in roles(tx, person_id).values())


def members(tx: Tx, committee_id: int) -> Sequence[Person]:
    """Citizen and politician members alike."""
    return holding(tx, committee_id, MEMBERS)


def told(tx: Tx, person_id: int, committee_id: int, version: int, now: datetime) -> None:
    """Store which version of the information text was told."""
    tx.execute(insert(tx, ToldRow).values(person_id=person_id, committee_id=committee_id, version=version, at=now))


def consented(
    tx: Tx, person_id: int, committee_id: int, purpose: str, version: int, given: bool, now: datetime
) -> None:
    """Store a consent given or refused."""
    tx.execute(
        insert(tx, ConsentRow).values(
            person_id=person_id, committee_id=committee_id, purpose=purpose, version=version, given=given, at=now
        )
    )


def may_write(
    tx: Tx, person_id: int, committee_id: int, platform: str, version: int, given: bool, now: datetime
) -> None:
    """Store whether we may write on a platform of our own accord; after a no we only reply there."""
    consented(tx, person_id, committee_id, platform, version, given, now)
    there = (AddressRow.person_id == person_id, AddressRow.account.startswith(f"{platform}:"))
    tx.execute(update(AddressRow).where(*there).values(state="active" if given else REPLIES))


def consents(tx: Tx, person_id: int) -> Sequence[ConsentRow]:
    """All consents of a person, newest last."""
    return every(tx, ConsentRow, select(ConsentRow).where(ConsentRow.person_id == person_id).order_by(ConsentRow.id))


_CONSENT = ConsentRow.__table__
_CONSENTED_LAST = Prepared(
    select(_CONSENT)
    .where(_CONSENT.c.person_id == bindparam("person"), _CONSENT.c.purpose == bindparam("purpose"))
    .order_by(_CONSENT.c.id.desc())
    .limit(1)
)


def consent(tx: Tx, person_id: int, purpose: str) -> ConsentRow | None:
    """What a person answered last for a purpose."""
    return first(tx, ConsentRow, _CONSENTED_LAST, {"person": person_id, "purpose": purpose})


def named(tx: Tx, name: str) -> Person | None:
    """A person by exact name, for the command line; None where none or several have it."""
    rows = every(tx, PersonRow, select(PersonRow).where(PersonRow.name == name).limit(2))
    return person_of(rows[0]) if len(rows) == 1 else None


def move(tx: Tx, account: str, old: str, new: str) -> None:
    """A chat has a new id."""
    tx.execute(update(AddressRow).where(AddressRow.account == account, AddressRow.chat == old).values(chat=new))


def sealed(tx: Tx, address: Address) -> bytes | None:
    """The encrypted address behind a keyed hash; None where the chat itself is the address."""
    if address.account != "mail":
        return None
    return tx.execute(
        select(AddressRow.sealed).where(AddressRow.account == address.account, AddressRow.chat == address.chat)
    ).scalar()


def facilitators(tx: Tx, committee_id: int) -> Sequence[Person]:
    """Those who prepare and send for a committee."""

    def read() -> Sequence[int]:
        return [person.id for person in holding(tx, committee_id, (Role.FACILITATOR,))]

    found = [get(tx, number) for number in memo.once(tx, "role", ("facilitators", committee_id), read)]
    return [person for person in found if person.state != "forgotten"]


def is_member(tx: Tx, person_id: int, committee_id: int) -> bool:
    """Whether a person has a seat in a committee."""
    return bool(roles(tx, person_id).get(committee_id, frozenset()) & MEMBERS)
