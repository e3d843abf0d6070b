"""Politicians' questions to a committee before its item is treated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import update

from storage.database import Tx, insert
from storage.database import find as find_row
from storage.tables import Inquiry as Inquiry


def add(
    tx: Tx, committee_id: int, asked_by: int, treated_on: date, prompt_ids: Sequence[int], now: datetime
) -> Inquiry:
    """A question is asked; the drafts of it wait for the facilitator."""
    values = {"committee_id": committee_id, "asked_by": asked_by, "treated_on": treated_on, "prompts": list(prompt_ids)}
    number = tx.execute(insert(tx, Inquiry).values(**values, asked_at=now).returning(Inquiry.id)).scalar_one()
    added = get(tx, number)
    assert added is not None
    return added


def get(tx: Tx, number: int) -> Inquiry | None:
    """A question by its row's number."""
    return find_row(tx, Inquiry, number)


def told(tx: Tx, number: int, now: datetime) -> bool:
    """The politician has the answers; False where that was so before."""
    waiting = (Inquiry.id == number, Inquiry.told_at.is_(None))
    return tx.execute(update(Inquiry).where(*waiting).values(told_at=now)).rowcount == 1
