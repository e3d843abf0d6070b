"""Trials and draws of panels: what was frozen, who did which step, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, or_, select, update

from bot.domain.eligibility import REASONS
from storage import calls, news
from storage.database import Tx, every, find, first, insert
from storage.tables import Application, Appointment, Entrant, Reserve
from storage.tables import Draw as Draw
from storage.tables import Trial as Trial

PATIENCE = timedelta(minutes=10)  # after which another process computes what one has begun


class Panel(NamedTuple):
    """One of the panels that a seed drew: its number from 1, its place in the file, and who sits where (pseudonyms).

    A lottery that goes by order has no place in the file.
    """

    number: int
    place: int | None
    seats: Mapping[str, str]


class Waiting(NamedTuple):
    """How far the draw of the newest call has come, without its file."""

    id: int
    number: int
    state: str
    seed_at: datetime | None


def start_trial(
    tx: Tx, committee_id: int, call: int, changed: Sequence[Mapping[str, Any]], by: int, now: datetime
) -> int:
    """Ask for a trial; it is computed soon."""
    news.leave(tx, news.DUE)
    values = {"committee_id": committee_id, "call": call, "changed": list(changed), "state": "waiting"}
    statement = insert(tx, Trial).values(**values, started_by=by, started_at=now)
    return int(tx.execute(statement.returning(Trial.id)).scalar_one())


def last_trial(tx: Tx, committee_id: int, call: int) -> Trial | None:
    """The newest trial of a call."""
    statement = select(Trial).where(Trial.committee_id == committee_id, Trial.call == call)
    return first(tx, Trial, statement.order_by(Trial.id.desc()).limit(1))


def next_number(tx: Tx, committee_id: int, call: int) -> int:
    """The number of the next draw of a call; void ones keep theirs."""
    numbers = select(func.max(Draw.number)).where(Draw.committee_id == committee_id, Draw.call == call)
    return (tx.execute(numbers).scalar() or 0) + 1


def freeze(
    tx: Tx,
    committee_id: int,
    call: int,
    number: int,
    facts: Mapping[str, Any],
    seed: tuple[str, datetime],
    entrants: Sequence[Mapping[str, Any]],
    by: int,
    now: datetime,
) -> int:
    """Store a frozen pool; from here on later edits do not reach it. Its panels are computed soon."""
    news.leave(tx, news.DUE)
    statement = insert(tx, Draw).values(
        committee_id=committee_id,
        call=call,
        number=number,
        state="frozen",
        facts=dict(facts),
        seed_rule=seed[0],
        seed_source="",
        seed_at=seed[1],
        frozen_by=by,
        frozen_at=now,
        void_reason="",
    )
    draw_id = int(tx.execute(statement.returning(Draw.id)).scalar_one())
    tx.execute(insert(tx, Entrant), [{"draw_id": draw_id, **one} for one in entrants])
    return draw_id


def get(tx: Tx, draw_id: int) -> Draw | None:
    """A draw by its row."""
    return find(tx, Draw, draw_id)


def listed(tx: Tx, committee_id: int) -> Sequence[Draw]:
    """All draws of a committee, the oldest first."""
    return every(tx, Draw, select(Draw).where(Draw.committee_id == committee_id).order_by(Draw.id))


def any_announced(tx: Tx, committee_id: int) -> bool:
    """Whether a draw was announced, whatever became of it: a void one stays on the public page."""
    statement = select(Draw.id).where(Draw.committee_id == committee_id, Draw.announced_at.is_not(None))
    return tx.execute(statement.limit(1)).first() is not None


def entrants(tx: Tx, draw_id: int) -> Sequence[Entrant]:
    """Who is in a draw, by pseudonym."""
    return every(tx, Entrant, select(Entrant).where(Entrant.draw_id == draw_id).order_by(Entrant.pseudonym))


def own(tx: Tx, draw_id: int, person_id: int) -> Entrant | None:
    """A person's own place in a draw."""
    statement = (
        select(Entrant)
        .join(Application, Application.id == Entrant.application_id)
        .where(Entrant.draw_id == draw_id, Application.person_id == person_id)
    )
    return first(tx, Entrant, statement)


def _open(model: type[Trial] | type[Draw], now: datetime) -> Select[Any]:
    """What waits to be computed, or whose computing has taken too long, the oldest first."""
    begins = "waiting" if model is Trial else "frozen"
    open_now = or_(model.state == begins, (model.state == "computing") & (model.until < now))
    found: Select[Any] = select(model.id).where(open_now).order_by(model.id).limit(1)
    return found


def waits(tx: Tx, now: datetime) -> bool:
    """Whether anything waits to be computed."""
    return any(tx.execute(_open(model, now)).first() for model in (Trial, Draw))


def claim(tx: Tx, model: type[Trial] | type[Draw], owner: str, now: datetime) -> int | None:
    """Take the next trial or draw that waits to be computed."""
    found = tx.execute(_open(model, now).with_for_update(skip_locked=True)).scalar()
    if found is None:
        return None
    tx.execute(update(model).where(model.id == found).values(state="computing", owner=owner, until=now + PATIENCE))
    return int(found)


def settle_trial(tx: Tx, trial_id: int, owner: str, result: Mapping[str, Any]) -> bool:
    """Store what a trial showed; False where another process has taken it over."""
    mine = update(Trial).where(Trial.id == trial_id, Trial.owner == owner, Trial.state == "computing")
    return tx.execute(mine.values(state="done", result=dict(result), until=None)).rowcount == 1


def settle_draw(
    tx: Tx,
    draw_id: int,
    owner: str,
    file: bytes,
    digest: str,
    records: Mapping[str, bytes],
    result: Mapping[str, Any],
) -> bool:
    """Store the panels file, everybody's record and what else was found; False where another process took it over."""
    mine = update(Draw).where(Draw.id == draw_id, Draw.owner == owner, Draw.state == "computing")
    if tx.execute(mine.values(state="ready", file=file, hash=digest, result=dict(result), until=None)).rowcount != 1:
        return False
    for pseudonym, record in records.items():
        this = (Entrant.draw_id == draw_id, Entrant.pseudonym == pseudonym, Entrant.application_id.is_not(None))
        tx.execute(update(Entrant).where(*this).values(record=record))
    return True


def enter(tx: Tx, draw_id: int, state: str, *before: str, **values: Any) -> bool:
    """Let a draw enter a state; False where it is in none of the states `before`."""
    statement = update(Draw).where(Draw.id == draw_id, Draw.state.in_(before))
    return tx.execute(statement.values(state=state, **values)).rowcount == 1


def keep(tx: Tx, draw_id: int, **values: Any) -> None:
    """Note something of a draw without changing its state."""
    tx.execute(update(Draw).where(Draw.id == draw_id).values(**values))


def unpropose(tx: Tx, draw_id: int) -> None:
    """A void draw's proposal goes, as far as nobody was told of it; so do its reserves."""
    tx.execute(delete(Appointment).where(Appointment.drawn_in == draw_id, Appointment.announced_at.is_(None)))
    tx.execute(delete(Reserve).where(Reserve.draw_id == draw_id))


def newest_drawn(tx: Tx, committee_id: int) -> Draw | None:
    """The draw of the newest call that has been drawn and stands."""
    mine = (Draw.committee_id == committee_id, Draw.call == calls.number(tx, committee_id), Draw.state == "drawn")
    return first(tx, Draw, select(Draw).where(*mine).order_by(Draw.number.desc()).limit(1))


def underway(tx: Tx, committee_id: int) -> Waiting | None:
    """The draw of the newest call that is not void."""
    mine = (Draw.committee_id == committee_id, Draw.call == calls.number(tx, committee_id), Draw.state != "void")
    columns = select(Draw.id, Draw.number, Draw.state, Draw.seed_at).where(*mine)
    row = tx.execute(columns.order_by(Draw.number.desc()).limit(1)).first()
    return Waiting(*row) if row is not None else None


def seat_of(tx: Tx, appointment: Appointment) -> str | None:
    """The seat of the draw ("line.1") that an appointment fills, first hand or from whoever it took over from.

    None where it follows from no draw, where its line is another by now, or where the person drawn was erased.
    """
    first_hand: Appointment | None = appointment
    while first_hand is not None and first_hand.drawn_in is None:
        first_hand = find(tx, Appointment, first_hand.replaces) if first_hand.replaces is not None else None
    draw = get(tx, first_hand.drawn_in) if first_hand is not None and first_hand.drawn_in is not None else None
    if first_hand is None or draw is None:
        return None
    this = (Entrant.draw_id == draw.id, Entrant.application_id == first_hand.application_id)
    pseudonym = tx.execute(select(Entrant.pseudonym).where(*this)).scalar()
    panel = taken(draw)
    seats = panel.seats.items() if panel is not None else ()
    found = (seat for seat, who in seats if who == pseudonym and seat.rpartition(".")[0] == appointment.seat)
    return next(found, None)


def panels(draw: Draw) -> Sequence[Panel]:
    """All panels that the seed drew, the first one first; empty before that."""
    found = (draw.result or {}).get("panels") or ()
    return [Panel(number, one["index"], one["seats"]) for number, one in enumerate(found, 1)]


def taken(draw: Draw) -> Panel | None:
    """The drawn panel that is proposed: the first, unless those who decide took another."""
    number = (draw.result or {}).get("taken", 1)
    return next((one for one in panels(draw) if one.number == number), None)


def emptied(tx: Tx, draw: Draw) -> Mapping[str, str]:
    """The seats of the panel that was taken ("line.1") whose person is gone, each with how: erased or withdrawn."""
    panel = taken(draw)
    rows = select(Entrant.pseudonym, Application.state).join(Application, Application.id == Entrant.application_id)
    states = {row.pseudonym: row.state for row in tx.execute(rows.where(Entrant.draw_id == draw.id))}
    found = {seat: states.get(who, "erased") for seat, who in panel.seats.items()} if panel is not None else {}
    return {seat: state for seat, state in found.items() if state in ("erased", "withdrawn")}


def reasons(draw: Draw) -> Mapping[int, str]:
    """By application, why somebody had no chance in a draw, where its result says so under "reasons"."""
    found = (draw.result or {}).get("reasons") or {}
    return {int(number): str(reason) for number, reason in found.items() if reason in REASONS}
