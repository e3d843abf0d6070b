"""Seats offered: what people answered, who gave a seat up, and who waits in line for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update

from bot.domain.panel import RESERVES
from storage.applications import Appointment, Reserve
from storage.database import Tx, every, first
from storage.tables import Application, Draw

GIVEN_UP = ("declined", "expired", "left")


def get(tx: Tx, appointment_id: int) -> Appointment | None:
    """A decision by number."""
    return first(tx, Appointment, select(Appointment).where(Appointment.id == appointment_id))


def offered(tx: Tx, appointment_id: int, reply_by: datetime) -> None:
    """A seat is offered, and waits for an answer until then."""
    tx.execute(update(Appointment).where(Appointment.id == appointment_id).values(reply_by=reply_by))


def reply(tx: Tx, appointment: Appointment, answer: str, now: datetime) -> bool:
    """Note the answer to an offered seat; False where there is one already, which then stands."""
    waiting = (Appointment.id == appointment.id, Appointment.reply.is_(None), Appointment.announced_at.is_not(None))
    changed = tx.execute(update(Appointment).where(*waiting).values(reply=answer, replied_at=now)).rowcount == 1
    if changed:
        _settle(tx, appointment.application_id, "seated" if answer == "accepted" else "out", answer, now)
    return changed


def left(tx: Tx, person_id: int, committee_id: int, now: datetime) -> int | None:
    """A member gives up an accepted seat; the number of the appointment, where there is one."""
    mine = (Appointment.person_id == person_id, Appointment.committee_id == committee_id)
    row = first(tx, Appointment, select(Appointment).where(*mine, Appointment.reply == "accepted"))
    if row is None:
        return None
    tx.execute(update(Appointment).where(Appointment.id == row.id).values(reply="left", replied_at=now))
    _settle(tx, row.application_id, "out", "left", now)
    return row.id


def unanswered(tx: Tx, person_id: int) -> Sequence[Appointment]:
    """Seats that were offered to a person and wait for an answer."""
    offered_here = (Appointment.outcome == "appointed", Appointment.announced_at.is_not(None))
    mine = select(Appointment).where(Appointment.person_id == person_id, *offered_here, Appointment.reply.is_(None))
    return every(tx, Appointment, mine.order_by(Appointment.id))


def _settle(tx: Tx, application_id: int, reserve: str, answer: str, now: datetime) -> None:
    tx.execute(update(Reserve).where(Reserve.application_id == application_id).values(state=reserve))
    if answer in GIVEN_UP:
        values = {"state": "not_appointed", "updated_at": now}
        tx.execute(update(Application).where(Application.id == application_id).values(**values))


def asked(tx: Tx, application_id: int) -> None:
    """A reserve is asked, and is next for nothing else meanwhile."""
    tx.execute(update(Reserve).where(Reserve.application_id == application_id).values(state="asked"))


def successor(tx: Tx, appointment_id: int) -> Appointment | None:
    """Who was asked to take over a seat and has not said no."""
    holding = or_(Appointment.reply.is_(None), Appointment.reply == "accepted")
    return first(tx, Appointment, select(Appointment).where(Appointment.replaces == appointment_id, holding).limit(1))


def places(tx: Tx, committee_id: int) -> Mapping[int, int]:
    """By application, the best place in line for any seat, of those who still wait and are near enough to be asked."""
    found: dict[int, int] = {}
    for row in waiting(tx, committee_id):
        if row.place <= RESERVES:
            found.setdefault(row.application_id, row.place)  # the best places come first
    return found


def waiting(tx: Tx, committee_id: int) -> Sequence[Reserve]:
    """The reserves who still wait, of the newest draw of each line, the best places first."""
    mine = select(Reserve.draw_id, Reserve.seat).join(Draw, Draw.id == Reserve.draw_id)
    mine = mine.where(Draw.committee_id == committee_id).distinct().order_by(Reserve.draw_id)
    newest = {seat.partition(".")[0]: draw_id for draw_id, seat in tx.execute(mine)}
    statement = select(Reserve).where(Reserve.draw_id.in_(newest.values()), Reserve.state == "waiting")
    rows = every(tx, Reserve, statement.order_by(Reserve.place, Reserve.seat, Reserve.application_id))
    return [row for row in rows if row.draw_id == newest[row.seat.partition(".")[0]]]


def reserves(tx: Tx, committee_id: int, line: str) -> Sequence[int]:
    """The applications that wait for a seat of a line, whoever is next first, each once."""
    rows = [row for row in waiting(tx, committee_id) if row.seat.partition(".")[0] == line]
    return list(dict.fromkeys(row.application_id for row in rows))
