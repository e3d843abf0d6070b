"""What people have heard unasked, what waits for their hour, and messages that bring several at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, literal_column, select, text, update

from storage import schedules
from storage.among import among
from storage.database import Tx
from storage.outbox import HOLD, SEVERAL
from storage.prepared import Prepared
from storage.tables import Body, Outbox

TABLE = Outbox.__table__
# Longer than any week and the quiet days around it.
LOOKED_BACK = timedelta(days=14)
KIND = "hour"
BATCH = 50
# In the very words of the partial indexes, or SQLite does not see that they serve.
OF_BUDGET = text("kind IN ('prompt','reminder')")
READY = TABLE.c.state == literal_column("'ready'")
HELD = TABLE.c.lane >= literal_column(str(HOLD))
PUSHED = (TABLE.c.op == "send", TABLE.c.account != "web")


@dataclass(slots=True)
class Heard:
    """What a person was sent unasked: the moments, whether more is `held`, and whether something `goes` and waits only
    for its sender."""

    moments: list[datetime] = field(default_factory=list)
    held: bool = False
    goes: bool = False


_HEARD = Prepared(
    select(TABLE.c.person_id, TABLE.c.state, TABLE.c.lane, TABLE.c.created_at, TABLE.c.due_at, TABLE.c.sent_at)
    .where(among(TABLE.c.person_id, "people"), OF_BUDGET, *PUSHED)
    .where(TABLE.c.state.in_(("ready", "leased", "sending", "sent", "uncertain")))
)


def heard(tx: Tx, people: Collection[int], now: datetime) -> Mapping[int, Heard]:
    """What these people were sent unasked lately; whoever heard nothing is not there."""
    found: dict[int, Heard] = {}
    for row in _HEARD.all(tx, {"people": list(people)}):
        one = found.setdefault(row.person_id, Heard())
        if row.state == "ready":
            one.held, one.goes = one.held or row.lane >= HOLD, one.goes or row.lane < HOLD
        moment = row.sent_at or row.due_at or row.created_at
        if row.lane < HOLD and moment > now - LOOKED_BACK:
            one.moments.append(moment)
    return found


def wake_at(tx: Tx, moment: datetime) -> None:
    """Have what is held until this moment released then."""
    schedules.again(tx, KIND, 0, moment)


def due(tx: Tx, now: datetime) -> Sequence[int]:
    """The next people for whom something is held no longer."""
    statement = select(TABLE.c.person_id).where(READY, HELD, TABLE.c.due_at <= now).distinct()
    return tx.execute(statement.order_by(TABLE.c.person_id).limit(BATCH)).scalars().all()


def hold(tx: Tx, person_id: int, moment: datetime) -> None:
    """Keep all that waits for a person until a moment."""
    keep(tx, [row.id for row in waiting(tx, person_id)], moment)


def keep(tx: Tx, rows: Sequence[int], moment: datetime) -> None:
    """Keep these messages until a moment."""
    if rows:
        these = update(TABLE).where(TABLE.c.id.in_(rows), READY)
        tx.execute(these.where(TABLE.c.lane < HOLD).values(due_at=moment, lane=TABLE.c.lane + HOLD))
        tx.execute(these.where(HELD).values(due_at=moment))
        wake_at(tx, moment)


_GATHER = Prepared(
    update(TABLE)
    .where(among(TABLE.c.person_id, "people"), OF_BUDGET, READY, *PUSHED, TABLE.c.lane < HOLD)
    .values(due_at=bindparam("at"), lane=TABLE.c.lane + HOLD)
)


def gather(tx: Tx, people: Sequence[int], now: datetime) -> None:
    """Keep what these people are about to be sent, so that all that waits for one of them is released together, now."""
    if people:
        _GATHER.run(tx, {"people": people, "at": now})
        wake_at(tx, now)


def waiting(tx: Tx, person_id: int) -> Sequence[Any]:
    """All that waits for a person and no sender has taken, the oldest first; locked until the transaction ends."""
    return waiting_for(tx, [person_id]).get(person_id, ())


_WAITING = Prepared(
    select(TABLE, Body.content.label("shared"))
    .outerjoin(Body, Body.id == TABLE.c.body_id)
    .where(among(TABLE.c.person_id, "people"), OF_BUDGET, READY, *PUSHED)
    .order_by(TABLE.c.lane, TABLE.c.id)
    .with_for_update(of=TABLE)
)


def waiting_for(tx: Tx, people: Sequence[int]) -> Mapping[int, Sequence[Any]]:
    """As `waiting`, for several people; for whom nothing waits is not there."""
    found: dict[int, list[Any]] = {}
    for row in _WAITING.all(tx, {"people": people}):
        found.setdefault(row.person_id, []).append(row)
    return found


def apart(tx: Tx, rows: Sequence[Any]) -> Sequence[Any]:
    """These messages, and instead of one that brings several what went along in it."""
    several = [row.id for row in rows if row.about == SEVERAL]
    if not several:
        return rows
    parts = select(TABLE, Body.content.label("shared")).outerjoin(Body, Body.id == TABLE.c.body_id)
    parts = parts.where(TABLE.c.target.in_(several), TABLE.c.op == "send", TABLE.c.about.is_distinct_from(SEVERAL))
    found = tx.execute(parts.order_by(TABLE.c.id)).all()
    return [*found, *(row for row in rows if row.id not in several)]


_LET_GO = Prepared(
    update(TABLE).where(among(TABLE.c.id, "rows"), READY, HELD).values(lane=TABLE.c.lane - HOLD, due_at=bindparam("at"))
)


def let_go(tx: Tx, rows: Sequence[int], now: datetime) -> None:
    """Let these held messages go now."""
    if rows:
        _LET_GO.run(tx, {"rows": rows, "at": now})


_WENT = Prepared(update(TABLE).where(among(TABLE.c.id, "rows")).values(state="cancelled", target=bindparam("carrier")))
_BRINGS = Prepared(update(TABLE).where(TABLE.c.id == bindparam("carrier")).values(about=SEVERAL))


def go_along(tx: Tx, rows: Sequence[int], carrier: int) -> None:
    """Say that these messages went along in another one, which brings several."""
    _WENT.run(tx, {"rows": rows, "carrier": carrier})
    _BRINGS.run(tx, {"carrier": carrier})
