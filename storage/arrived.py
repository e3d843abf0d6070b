"""The messages that a group of events is about, read at once: those pressed, and those that will be edited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, exists, select

from bot.chat.events import Address
from bot.domain.paper import ACCOUNT
from storage import memo
from storage.database import Tx
from storage.prepared import Prepared
from storage.tables import Outbox

TABLE = Outbox.__table__
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


def pressed(tx: Tx, this: Pressed) -> Any:
    """The row of a message that was pressed, where it is remembered."""
    return memo.all_of(tx, "pressed").get(this)


def take(tx: Tx, row_id: int) -> str | None:
    """The account from which a message came that has arrived and now is changed; None where that is not known."""
    account: str | None = memo.all_of(tx, "arrived").get(row_id)
    memo.drop(tx, "arrived", row_id)
    return account
