"""One message to many people: a text for each language and zone, and one statement for all who get it at one hour."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

import orjson
from sqlalchemy import BigInteger, String, bindparam, cast, literal, select

from bot.chat.messages import Rendered
from storage import news
from storage.among import beside
from storage.database import Tx, insert, insert_on
from storage.outbox import HOLD
from storage.prepared import Prepared
from storage.tables import AddressRow, Body, Outbox, PersonRow

TABLE, ADDRESS, PERSON = Outbox.__table__, AddressRow.__table__, PersonRow.__table__


@dataclass(frozen=True, slots=True)
class Way:
    """How many people get a message alike: from which account, and not before which `hour`; None is at once.

    It goes to addresses, or to the pages of people who have none; see `of`. A web page has it at once all the same.
    """

    of: Literal["address", "person"]
    account: str
    hour: datetime | None

    @property
    def suffix(self) -> str:
        """What tells the mail beside a page from the page's own row."""
        return ":mail" if self.account == "mail" else ""


@dataclass(frozen=True, slots=True)
class Cause:
    """What a message to many is about; `dedupe` is completed with each person's number."""

    committee_id: int
    about: tuple[str, int]
    dedupe: str
    lane: int = 2


def bodies(tx: Tx, cause: Cause, names: Collection[str]) -> dict[str, int]:
    """Those of these texts of a message that are there already, by their names."""
    keys = {f"{cause.dedupe}{name}": name for name in names}
    return {keys[key]: number for key, number in _BODIES.all(tx, {"keys": sorted(keys)})}


_BODY = Body.__table__
_BODIES = Prepared(select(_BODY.c.key, _BODY.c.id).where(_BODY.c.key.in_(bindparam("keys", expanding=True))))


def add_body(tx: Tx, cause: Cause, name: str, message: Rendered) -> int:
    """Add a text under a new name."""
    values = {"key": f"{cause.dedupe}{name}", "content": message.content()}
    number: int = tx.execute(insert(tx, Body).values(**values).returning(Body.id)).scalar_one()
    return number


def put(tx: Tx, way: Way, cause: Cause, now: datetime, body_of: Mapping[int, int], *, expires_at: datetime) -> None:
    """Add a message of the kind `prompt` for each of these numbers, of addresses or people, with its shared body.

    Those whose dedupe key is already there are left out.
    """
    news.leave(tx, way.account)
    web = way.account == "web"
    hold = None if web else way.hour
    values = {
        "from_account": way.account,
        "of_committee": cause.committee_id,
        "of_about": cause.about[0],
        "of_about_id": cause.about[1],
        "in_lane": cause.lane if hold is None else cause.lane + HOLD,
        "before": cause.dedupe,
        "after": way.suffix,
        "as_state": "sent" if web else "ready",
        "at": now,
        "hold": hold,
        "came": now if web else None,
        "until": expires_at,
        "bodies": orjson.dumps(body_of, option=orjson.OPT_NON_STR_KEYS).decode(),
    }
    _putting(tx.dialect.name, way.of).run(tx, values)


@cache
def _putting(dialect: str, of: str) -> Prepared:
    table, person, chat = (
        (ADDRESS, ADDRESS.c.person_id, ADDRESS.c.chat)
        if of == "address"
        else (PERSON, PERSON.c.id, literal("p") + cast(PERSON.c.id, String))
    )
    body = beside(dialect, "bodies", "body_of")
    key = bindparam("before", type_=String) + cast(person, String) + bindparam("after", type_=String)
    columns: dict[str, Any] = {
        "account": _given("account", "from_account"),
        "chat": chat,
        "person_id": person,
        "committee_id": _given("committee_id", "of_committee"),
        "about": _given("about", "of_about"),
        "about_id": _given("about_id", "of_about_id"),
        "kind": literal("prompt"),
        "lane": _given("lane", "in_lane"),
        "op": literal("send"),
        "body_id": cast(body.c.value, BigInteger),
        "dedupe": key,
        "state": _given("state", "as_state"),
        "epoch": literal(0),
        "attempts": literal(0),
        "created_at": _given("created_at", "at"),
        "due_at": _given("due_at", "hold"),
        "sent_at": _given("sent_at", "came"),
        "expires_at": _given("expires_at", "until"),
    }
    those = select(*columns.values()).where(table.c.id == cast(body.c.key, BigInteger)).order_by(person)
    fresh = insert_on(dialect, TABLE)
    return Prepared(fresh.from_select(list(columns), those).on_conflict_do_nothing())


def _given(column: str, name: str) -> Any:
    return bindparam(name, type_=TABLE.c[column].type)
