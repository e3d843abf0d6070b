"""Applications for a committee, what was decided about them, and guardians of the young."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, or_, select, update

from storage.database import Tx, every, first, insert
from storage.prepared import Prepared
from storage.tables import Application as Application
from storage.tables import Appointment as Appointment
from storage.tables import Nomination, Rating
from storage.tables import Reserve as Reserve

ACTIVE = ("sent", "appointed", "reserve", "not_appointed")
DECIDED_DOORS = ("seat", "named", "politics", "invited")


_APPLICATION = Application.__table__
_OF = Prepared(
    select(_APPLICATION).where(
        _APPLICATION.c.person_id == bindparam("person"),
        _APPLICATION.c.committee_id == bindparam("committee"),
        _APPLICATION.c.state.in_(ACTIVE),
    )
)


def of(tx: Tx, person_id: int, committee_id: int) -> Application | None:
    """A person's application to a committee, unless withdrawn."""
    return first(tx, Application, _OF, {"person": person_id, "committee": committee_id})


def get(tx: Tx, application_id: int) -> Application | None:
    """An application by number, unless withdrawn."""
    return first(
        tx, Application, select(Application).where(Application.id == application_id, Application.state.in_(ACTIVE))
    )


def by_person(tx: Tx, person_id: int) -> Sequence[Application]:
    """All applications of a person."""
    statement = select(Application).where(Application.person_id == person_id, Application.state.in_(ACTIVE))
    return every(tx, Application, statement.order_by(Application.id))


def save(
    tx: Tx,
    person_id: int,
    committee_id: int,
    *,
    door: str,
    answers: Mapping[str, Any],
    special: bytes | None,
    mandate_version: int,
    now: datetime,
) -> Application:
    """Store what was sent; one application a person and committee, so sending again changes it."""
    values = {
        "door": door,
        "state": "sent",
        "answers": dict(answers),
        "special": special,
        "mandate_version": mandate_version,
        "updated_at": now,
    }
    statement = insert(tx, Application).values(person_id=person_id, committee_id=committee_id, sent_at=now, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["person_id", "committee_id"], set_=values))
    found = of(tx, person_id, committee_id)
    assert found is not None
    return found


def withdraw(tx: Tx, application_id: int, now: datetime) -> None:
    """Take an application back: what was written is erased at once."""
    tx.execute(
        update(Application)
        .where(Application.id == application_id)
        .values(state="withdrawn", answers={}, special=None, guardian_id=None, updated_at=now)
    )
    tx.execute(delete(Rating).where(Rating.application_id == application_id))
    tx.execute(update(Reserve).where(Reserve.application_id == application_id).values(state="out"))
    undecide(tx, application_id)


def listed(tx: Tx, committee_id: int, door: str | None = "seat") -> Sequence[Application]:
    """The applications to a committee, the oldest first; None for all doors."""
    statement = select(Application).where(Application.committee_id == committee_id, Application.state.in_(ACTIVE))
    if door is not None:
        statement = statement.where(Application.door == door)
    return every(tx, Application, statement.order_by(Application.id))


def to_decide(tx: Tx, committee_id: int) -> Sequence[Application]:
    """All who are to be given a seat or an answer, by whichever door they came, the oldest first."""
    statement = select(Application).where(Application.committee_id == committee_id, Application.state.in_(ACTIVE))
    return every(tx, Application, statement.where(Application.door.in_(DECIDED_DOORS)).order_by(Application.id))


def decide(
    tx: Tx,
    application: Application,
    outcome: str,
    seat: str | None,
    reason: str,
    decided_by: int,
    now: datetime,
    *,
    drawn_in: int | None = None,
    replaces: int | None = None,
) -> Appointment:
    """Appoint to a seat, keep as a reserve or decline, with a reason; until it is announced it can be decided again."""
    values = {
        "seat": seat,
        "outcome": outcome,
        "reason": reason,
        "decided_by": decided_by,
        "decided_at": now,
        "drawn_in": drawn_in,
        "replaces": replaces,
        "announced_at": None,
        "reply": None,
        "reply_by": None,
        "replied_at": None,
    }
    statement = insert(tx, Appointment).values(
        application_id=application.id, committee_id=application.committee_id, person_id=application.person_id, **values
    )
    tx.execute(statement.on_conflict_do_update(index_elements=["application_id"], set_=values))
    decided = decision(tx, application.id)
    assert decided is not None
    return decided


def undecide(tx: Tx, application_id: int) -> None:
    """Take back a decision that was not announced."""
    mine = (Appointment.application_id == application_id, Appointment.announced_at.is_(None))
    tx.execute(delete(Appointment).where(*mine))


def _standing() -> Select[Any]:
    """Decisions that count: what was told to somebody who has applied again since then does not."""
    again = and_(Application.state == "sent", Appointment.announced_at.is_not(None))
    return select(Appointment).join(Application, Application.id == Appointment.application_id).where(~again)


def decision(tx: Tx, application_id: int) -> Appointment | None:
    """What was decided about an application."""
    return first(tx, Appointment, _standing().where(Appointment.application_id == application_id))


def decisions(tx: Tx, committee_id: int) -> Mapping[int, Appointment]:
    """All decisions of a committee, by application."""
    rows = every(tx, Appointment, _standing().where(Appointment.committee_id == committee_id))
    return {row.application_id: row for row in rows}


def seated(tx: Tx, committee_id: int) -> Sequence[Appointment]:
    """Who is appointed and has not given up the seat, in the order of the decisions."""
    holding = (Appointment.reply.is_(None), Appointment.reply == "accepted")
    statement = _standing().where(Appointment.committee_id == committee_id, Appointment.outcome == "appointed")
    return every(tx, Appointment, statement.where(or_(*holding)).order_by(Appointment.id))


def filled(tx: Tx, committee_id: int) -> Mapping[str, int]:
    """How many are appointed to each profile line."""
    return Counter(row.seat for row in seated(tx, committee_id) if row.seat is not None)


def nominated_seat(tx: Tx, application_id: int) -> str | None:
    """The line for which a body named this applicant."""
    statement = select(Nomination.seat).where(Nomination.application_id == application_id)
    return tx.execute(statement.where(Nomination.state == "confirmed").order_by(Nomination.id.desc())).scalar()


def propose(
    tx: Tx, committee_id: int, draw_id: int, seats: Mapping[int, str], reason: str, by: int, now: datetime
) -> None:
    """Enter a drawn panel: application to line. It takes the place of an earlier proposal; what is told stands."""
    earlier = (Appointment.committee_id == committee_id, Appointment.announced_at.is_(None))
    drawn = (Appointment.drawn_in.is_not(None), Appointment.application_id.not_in(list(seats)))
    tx.execute(delete(Appointment).where(*earlier, *drawn))
    for application_id, seat in seats.items():
        application, decided = get(tx, application_id), decision(tx, application_id)
        if application is not None and (decided is None or decided.announced_at is None):
            decide(tx, application, "appointed", seat, reason, by, now, drawn_in=draw_id)


def reserve(tx: Tx, draw_id: int, seat: str, application_ids: Sequence[int]) -> None:
    """Enter who comes next for a seat of a drawn panel ("line.1"), in lottery order; entered once."""
    for place, application_id in enumerate(application_ids, 1):
        row = insert(tx, Reserve).values(
            draw_id=draw_id, seat=seat, application_id=application_id, place=place, state="waiting"
        )
        tx.execute(row.on_conflict_do_nothing())


def unannounced(tx: Tx, committee_id: int) -> Sequence[Appointment]:
    """Decisions that have not been told."""
    statement = select(Appointment).where(Appointment.committee_id == committee_id, Appointment.announced_at.is_(None))
    return every(tx, Appointment, statement.order_by(Appointment.id))


def announced(tx: Tx, appointment: Appointment, now: datetime) -> None:
    """A decision is told: the application has its outcome."""
    tx.execute(update(Appointment).where(Appointment.id == appointment.id).values(announced_at=now))
    tx.execute(
        update(Application)
        .where(Application.id == appointment.application_id)
        .values(state=appointment.outcome, updated_at=now)
    )


def ask_guardian(tx: Tx, application_id: int, guardian_id: int, now: datetime) -> None:
    """Note who is asked, unless the same guardian has answered already."""
    tx.execute(
        update(Application)
        .where(Application.id == application_id)
        .where((Application.guardian_id != guardian_id) | Application.guardian_id.is_(None))
        .values(guardian="asked", guardian_id=guardian_id, updated_at=now)
    )


def guardian_says(tx: Tx, application_id: int, answer: str, now: datetime) -> None:
    """Store a guardian's yes or no."""
    tx.execute(update(Application).where(Application.id == application_id).values(guardian=answer, updated_at=now))
