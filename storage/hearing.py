"""What people have heard unasked, what waits for their hour, and messages that bring several at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select, text, update

from bot.domain.paper import ACCOUNT
from storage import conversations, memo, outbox, schedules
from storage.among import among
from storage.database import Tx, is_sqlite
from storage.outbox import HOLD, SEVERAL
from storage.prepared import Prepared
from storage.tables import Body, Outbox, PersonRow

TABLE = Outbox.__table__
# Longer than any week and the quiet days around it.
LOOKED_BACK = timedelta(days=14)
KIND = "hour"
LOCK = 7291844  # PostgreSQL's advisory lock of whoever decides what people hear
BATCH = 50
EVENING = "evening"
MANY = 1000
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


def alone(tx: Tx, *, wait: bool = True) -> bool:
    """Until the transaction ends no other decides what people hear; False where one does and we do not `wait` for it.

    Two that decide side by side would each find that somebody has heard nothing today, and SQLite has one writer.
    """
    if is_sqlite(tx) or memo.all_of(tx, "alone"):
        return True
    locks = func.pg_advisory_xact_lock if wait else func.pg_try_advisory_xact_lock
    if tx.execute(select(locks(LOCK))).scalar() is False:
        return False
    memo.remember(tx, "alone", LOCK, True)
    return True


_HEARD = Prepared(
    select(TABLE.c.person_id, TABLE.c.state, TABLE.c.lane, TABLE.c.created_at, TABLE.c.due_at, TABLE.c.sent_at)
    .where(among(TABLE.c.person_id, "people"), OF_BUDGET, *PUSHED)
    .where(TABLE.c.state.in_(("ready", "leased", "sending", "sent", "uncertain")))
)


def heard(tx: Tx, people: Collection[int], now: datetime) -> Mapping[int, Heard]:
    """What these people were sent unasked lately; whoever heard nothing is not there. See `alone`."""
    alone(tx)
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


def stop_at(tx: Tx, about: tuple[str, int], evening: datetime, committee_id: int) -> None:
    """Have what of one thing is still on its way then look at the hour again."""
    if about[0] == "prompt":
        schedules.plan(tx, EVENING, about[1], evening, committee_id)


def _going(prompt_id: int) -> tuple[Any, ...]:
    """What of a prompt is on its way, alone or along with other things."""
    about = (TABLE.c.about == "prompt", TABLE.c.about_id == prompt_id)
    along = select(TABLE.c.target).where(*about, TABLE.c.target.is_not(None), TABLE.c.op == "send")
    this = or_(and_(*about), and_(TABLE.c.about == SEVERAL, TABLE.c.id.in_(along)))
    return this, READY, TABLE.c.lane < HOLD, OF_BUDGET, *PUSHED, TABLE.c.account != ACCOUNT


def zones_going(tx: Tx, prompt_id: int) -> Sequence[str | None]:
    """The time zones of those to whom something of a prompt is still on its way; None is the committee's own."""
    there = select(PersonRow.zone).join(TABLE, TABLE.c.person_id == PersonRow.id).where(*_going(prompt_id))
    return tx.execute(there.distinct()).scalars().all()


def stop_in(tx: Tx, prompt_id: int, zone: str | None, until: datetime) -> bool:
    """Hold what is still on its way to people of a zone, so much at a time; False where nothing was left."""
    there = select(PersonRow.id).where(PersonRow.zone.is_(None) if zone is None else PersonRow.zone == zone)
    some = select(TABLE.c.id).where(*_going(prompt_id), TABLE.c.person_id.in_(there)).order_by(TABLE.c.id).limit(MANY)
    found = tx.execute(some).scalars().all()
    keep(tx, found, until)
    return bool(found)


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
    """As `waiting`, for several people; for whom nothing waits is not there. See `alone`."""
    alone(tx)
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


def expire(tx: Tx, rows: Sequence[int]) -> None:
    """Say of these messages that their time is over."""
    if rows:
        tx.execute(update(TABLE).where(TABLE.c.id.in_(rows), READY).values(state="expired"))


_LET_GO = Prepared(
    update(TABLE).where(among(TABLE.c.id, "rows"), READY, HELD).values(lane=TABLE.c.lane - HOLD, due_at=bindparam("at"))
)


def let_go(tx: Tx, rows: Sequence[int], now: datetime) -> None:
    """Let these held messages go now."""
    if rows:
        _LET_GO.run(tx, {"rows": rows, "at": now})


_WENT = Prepared(update(TABLE).where(among(TABLE.c.id, "rows")).values(state="cancelled", target=bindparam("carrier")))
_BRINGS = Prepared(update(TABLE).where(TABLE.c.id == bindparam("carrier")).values(about=SEVERAL))


def go_along(tx: Tx, rows: Sequence[int], carrier: int, *, several: bool = False) -> None:
    """Say that these messages went along in another one; with `several` that one has no matter of its own."""
    _WENT.run(tx, {"rows": rows, "carrier": carrier})
    if several:
        _BRINGS.run(tx, {"carrier": carrier})
        memo.forget_table(tx, "several")


_SEVERAL = Prepared(
    select(TABLE.c.person_id).where(
        TABLE.c.person_id.in_(bindparam("people", expanding=True)), READY, OF_BUDGET, TABLE.c.about == SEVERAL
    )
)


def expects_several(tx: Tx, person_id: int) -> bool:
    """Whether an unsent message brings a person several things; read at once for all who write just now."""

    def read() -> bool:
        people = sorted({person_id, *conversations.remembered(tx)})
        found = {row.person_id for row in _SEVERAL.all(tx, {"people": people})}
        for one in people:
            memo.remember(tx, "several", one, one in found)
        return person_id in found

    return memo.once(tx, "several", person_id, read)


def withdraw(tx: Tx, about: tuple[str, int], now: datetime, person_id: int | None = None) -> None:
    """Cancel what has not been sent about one thing, to a person or to all; what went along with it waits alone again.

    An unsent message that brings several comes apart, and is put together anew without this at the next knock.
    """
    this = [TABLE.c.about == about[0], TABLE.c.about_id == about[1], TABLE.c.op == "send"]
    if person_id is not None:
        if not expects_several(tx, person_id):
            outbox.cancel(tx, person_id, about=about)
            return
        this.append(TABLE.c.person_id == person_id)
    tx.execute(update(TABLE).where(*this, TABLE.c.state == "ready").values(state="cancelled"))
    unsent = select(TABLE.c.id).where(READY, TABLE.c.about == SEVERAL)
    along = select(TABLE.c.target).where(*this, TABLE.c.state == "cancelled", TABLE.c.target.in_(unsent))
    carriers = tx.execute(along.distinct()).scalars().all()
    if not carriers:
        return
    tx.execute(update(TABLE).where(*this, TABLE.c.target.in_(carriers)).values(target=None))
    parts = [TABLE.c.target.in_(carriers), TABLE.c.about.is_distinct_from(SEVERAL)]
    held = case((TABLE.c.lane < HOLD, TABLE.c.lane + HOLD), else_=TABLE.c.lane)
    state = case((TABLE.c.expires_at > now, "ready"), else_="expired")
    tx.execute(update(TABLE).where(*parts).values(state=state, lane=held, due_at=now))
    tx.execute(update(TABLE).where(TABLE.c.id.in_(carriers)).values(state="cancelled"))
    wake_at(tx, now)
