"""Applications for a committee, what was decided about them, and guardians of the young."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from storage.database import Tx, every, first, insert
from storage.tables import Application as Application
from storage.tables import Appointment as Appointment

ACTIVE = ("sent", "appointed", "not_appointed")


def of(tx: Tx, person_id: int, committee_id: int) -> Application | None:
    """A person's application to a committee, unless withdrawn."""
    statement = select(Application).where(Application.person_id == person_id, Application.committee_id == committee_id)
    return first(tx, Application, statement.where(Application.state.in_(ACTIVE)))


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


def listed(tx: Tx, committee_id: int, door: str | None = "seat") -> Sequence[Application]:
    """The applications to a committee, the oldest first; None for all doors."""
    statement = select(Application).where(Application.committee_id == committee_id, Application.state.in_(ACTIVE))
    if door is not None:
        statement = statement.where(Application.door == door)
    return every(tx, Application, statement.order_by(Application.id))


def decide(
    tx: Tx, application: Application, outcome: str, seat: str | None, reason: str, decided_by: int, now: datetime
) -> None:
    """Appoint to a seat or decline, with a reason; until it is announced it can be decided again."""
    values = {"seat": seat, "outcome": outcome, "reason": reason, "decided_by": decided_by, "decided_at": now}
    statement = insert(tx, Appointment).values(
        application_id=application.id, committee_id=application.committee_id, person_id=application.person_id, **values
    )
    tx.execute(statement.on_conflict_do_update(index_elements=["application_id"], set_=values))


def decision(tx: Tx, application_id: int) -> Appointment | None:
    """What was decided about an application."""
    return first(tx, Appointment, select(Appointment).where(Appointment.application_id == application_id))


def decisions(tx: Tx, committee_id: int) -> Mapping[int, Appointment]:
    """All decisions of a committee, by application."""
    rows = every(tx, Appointment, select(Appointment).where(Appointment.committee_id == committee_id))
    return {row.application_id: row for row in rows}


def filled(tx: Tx, committee_id: int) -> Mapping[str, int]:
    """How many are appointed to each profile line."""
    statement = select(Appointment.seat, func.count()).where(
        Appointment.committee_id == committee_id, Appointment.outcome == "appointed"
    )
    return {row[0]: row[1] for row in tx.execute(statement.group_by(Appointment.seat))}


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
