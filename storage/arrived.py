"""The messages that a group of events is about, read at once: those pressed, to be edited, or last in their chats."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, exists, select

from bot.chat.events import Address
from bot.chat.messages import Rendered
from bot.domain.paper import ACCOUNT
from storage import memo
from storage.database import Tx
from storage.prepared import Prepared
from storage.tables import AddressRow, Body, Outbox

TABLE = Outbox.__table__
_ADDRESS = AddressRow.__table__
# Their words are never edited where they went, or they are changed in place.
UNEDITED = ("web", "mail", ACCOUNT)
Pressed = tuple[Address, int, str]  # where, by whom, and the message's name on its platform


def _any(name: str) -> Any:
    return bindparam(name, expanding=True)


_PRESSED = Prepared(
    select(
        TABLE.c.id, TABLE.c.state, TABLE.c.about, TABLE.c.account, TABLE.c.chat, TABLE.c.person_id, TABLE.c.platform_id
    )
    .where(TABLE.c.op == "send", TABLE.c.person_id.in_(_any("people")), TABLE.c.account.in_(_any("accounts")))
    .where(TABLE.c.chat.in_(_any("chats")), TABLE.c.platform_id.in_(_any("names")))
)
_CHANGE = TABLE.alias("change")
_SENT = Prepared(
    select(TABLE.c.id, TABLE.c.account)
    .where(TABLE.c.id.in_(_any("numbers")), TABLE.c.state == "sent", TABLE.c.account.not_in(UNEDITED))
    .where(~exists().where(_CHANGE.c.target == TABLE.c.id, _CHANGE.c.state == "ready"))
)


def recall(tx: Tx, pressed: Iterable[Pressed], shown: Iterable[int]) -> None:
    """Remember which messages were pressed, and of them and those `shown` which have arrived and are not changing."""
    wanted, numbers = set(pressed), set(shown)
    if wanted:
        where = {
            "people": {person for _there, person, _named in wanted},
            "accounts": {there.account for there, _person, _named in wanted},
            "chats": {there.chat for there, _person, _named in wanted},
            "names": {named for _there, _person, named in wanted},
        }
        for row in _PRESSED.all(tx, {name: sorted(of) for name, of in where.items()}):
            memo.remember(tx, "pressed", (Address(row.account, row.chat), row.person_id, row.platform_id), row)
            numbers.add(row.id)
    if numbers:
        for row in _SENT.all(tx, {"numbers": sorted(numbers)}):
            memo.remember(tx, "arrived", row.id, row.account)


_NEWEST = (
    select(TABLE.c.id)
    .where(TABLE.c.account == _ADDRESS.c.account, TABLE.c.op == "send", TABLE.c.person_id == _ADDRESS.c.person_id)
    .where(TABLE.c.chat == _ADDRESS.c.chat)
    .order_by(TABLE.c.id.desc())
    .limit(1)
    .correlate(_ADDRESS)
    .scalar_subquery()
)
_SAID_LAST = TABLE.alias("said_last")
_LAST = Prepared(
    select(_ADDRESS.c.id, _SAID_LAST.c.content, Body.__table__.c.content.label("shared"))
    .join_from(_ADDRESS, _SAID_LAST, _SAID_LAST.c.id == _NEWEST)
    .outerjoin(Body, Body.id == _SAID_LAST.c.body_id)
    .where(_ADDRESS.c.id.in_(_any("numbers")))
)


def recall_last(tx: Tx, those: Iterable[tuple[Address, int]]) -> None:
    """Remember the newest message to each of these people in these chats; of a chat that is not theirs, nothing."""
    addresses = memo.all_of(tx, "address")
    wanted = {addresses[address]: (address, person_id) for address, person_id in those}
    if wanted:
        for row in _LAST.all(tx, {"numbers": sorted(wanted)}):
            memo.remember(tx, TABLE.name, wanted[row.id], Rendered.of(row.content or row.shared or {}))


def last(tx: Tx, address: Address, person_id: int) -> Rendered | None:
    """The newest message to a person in a chat, where it is remembered."""
    found: Rendered | None = memo.all_of(tx, TABLE.name).get((address, person_id))
    return found


def said(tx: Tx, address: Address, person_id: int) -> None:
    """There is a newer message to a person in a chat."""
    memo.drop(tx, TABLE.name, (address, person_id))


def pressed(tx: Tx, this: Pressed) -> Any:
    """The row of a message that was pressed, where it is remembered."""
    return memo.all_of(tx, "pressed").get(this)


def take(tx: Tx, row_id: int) -> str | None:
    """The account from which a message came that has arrived and now is changed; None where that is not known."""
    account: str | None = memo.all_of(tx, "arrived").get(row_id)
    memo.drop(tx, "arrived", row_id)
    return account
