"""Questions that a member asks the others through the facilitator."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from storage import memo
from storage.database import Tx, first, insert
from storage.database import find as find_row
from storage.prepared import Prepared
from storage.tables import AskBack as AskBack


def add(tx: Tx, committee_id: int, person_id: int, text: str, now: datetime, *, named: bool) -> AskBack:
    """A new question, which waits for the facilitator."""
    values = {"committee_id": committee_id, "person_id": person_id, "text": text, "named": named, "asked_at": now}
    statement = insert(tx, AskBack).values(**values, state="waiting", reason="").returning(AskBack.id)
    found = find_row(tx, AskBack, tx.execute(statement).scalar_one())
    assert found is not None
    return found


def enter(tx: Tx, ask_id: int, state: str, *before: str, **values: Any) -> bool:
    """Let a question enter a state; False where it no longer is in one of the states `before`."""
    statement = update(AskBack).where(AskBack.id == ask_id, AskBack.state.in_(before))
    return tx.execute(statement.values(state=state, **values)).rowcount == 1


def behind(tx: Tx, prompt_id: int) -> AskBack | None:
    """The member's question that a facilitator's questions were made of."""
    return memo.once(tx, "ask_back", ("behind", prompt_id), lambda: first(tx, AskBack, _BEHIND, {"of": prompt_id}))


_ASKBACK = AskBack.__table__
_BEHIND = Prepared(select(_ASKBACK).where(_ASKBACK.c.prompt_id == bindparam("of")))
