"""Further calls of a committee: a line that is called again, a seat that fell empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from storage import memo
from storage.database import Tx, every, find, insert
from storage.tables import Application, Appointment
from storage.tables import Call as Call


def number(tx: Tx, committee_id: int) -> int:
    """The number of the newest call; 0 is the mandate's own."""
    return tx.execute(select(func.max(Call.number)).where(Call.committee_id == committee_id)).scalar() or 0


def listed(tx: Tx, committee_id: int) -> Sequence[Call]:
    """The further calls of a committee, the oldest first."""
    return every(tx, Call, select(Call).where(Call.committee_id == committee_id).order_by(Call.number))


def open_again(
    tx: Tx,
    committee_id: int,
    profiles: Sequence[str],
    opens_at: datetime,
    closes_at: datetime,
    answered_at: datetime,
    reason: str,
    opened_by: int,
    now: datetime,
) -> int:
    """Call some lines again, or all where none is named; from here on it is the mandate's call. Its number."""
    new = number(tx, committee_id) + 1
    tx.execute(
        insert(tx, Call).values(
            committee_id=committee_id,
            number=new,
            profiles=list(profiles),
            opens_at=opens_at,
            closes_at=closes_at,
            answered_at=answered_at,
            reason=reason,
            opened_by=opened_by,
            opened_at=now,
        )
    )
    memo.forget_table(tx, "mandate")
    return new


def took(
    tx: Tx,
    application_id: int,
    *,
    source_id: int | None = None,
    entered_by: int | None = None,
    entered_how: str | None = None,
) -> None:
    """An application was sent, or sent again, in the newest call: by which source, and who took it down for somebody.

    Where an earlier call ended without a seat, that answer no longer stands in the way; the record keeps it.
    """
    application = find(tx, Application, application_id)
    assert application is not None
    newest = number(tx, application.committee_id)
    if application.call < newest:
        told = (Appointment.outcome == "not_appointed", Appointment.announced_at.is_not(None))
        tx.execute(delete(Appointment).where(Appointment.application_id == application_id, *told))
    tx.execute(
        update(Application)
        .where(Application.id == application_id)
        .values(
            call=newest,
            source_id=source_id or application.source_id,
            entered_by=entered_by or application.entered_by,
            entered_how=entered_how or application.entered_how,
        )
    )
