"""The record of who did what to which object, and why; never words or names of people."""

from __future__ import annotations

from datetime import datetime

from storage.database import Tx, insert
from storage.tables import Audit


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
