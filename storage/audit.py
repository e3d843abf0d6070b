"""The record of who did what to which object, and why: numbers for people, never their names or what they wrote.

The one exception is a reason or purpose that somebody of the administration, or who appoints, gave for what they did:
the record of a selection needs those words. They stay when the person concerned is erased, and go with the entry.
"""

from __future__ import annotations

from datetime import datetime

from storage.database import Tx, insert
from storage.tables import Application, Audit


def log(
    tx: Tx,
    now: datetime,
    person_id: int | None,
    committee_id: int | None,
    action: str,
    what: str,
    reason: str = "",
) -> None:
    """Add a line to the record."""
    tx.execute(
        insert(tx, Audit).values(
            at=now, person_id=person_id, committee_id=committee_id, action=action, object=what, reason=reason
        )
    )


def special_line_read(tx: Tx, now: datetime, reader_id: int, application: Application) -> None:
    """Somebody reads which line that says something sensitive an applicant declared or sits on; noted each time."""
    log(tx, now, reader_id, application.committee_id, "special line read", f"application:{application.id}")
