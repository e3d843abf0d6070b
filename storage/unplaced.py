"""Text a person wrote that has no place yet; it lives seven days."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from storage import conversations
from storage.database import Tx, insert
from storage.tables import Conversation

FORM = "unplaced"


class Text(NamedTuple):
    """What was written, and to which committee."""

    committee_id: int
    text: str


def keep(tx: Tx, person_id: int, committee_id: int, text: str, now: datetime) -> None:
    """Keep a text until its writer says what it is; a newer one replaces it."""
    values = {"committee_id": committee_id, "answers": {"text": text}, "updated_at": now}
    statement = insert(tx, Conversation).values(person_id=person_id, form=FORM, subject=0, open=False, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["person_id", "form", "subject"], set_=values))


def take(tx: Tx, person_id: int) -> Text | None:
    """Hand over the kept text, which is then kept no more."""
    row = conversations.find(tx, person_id, FORM, 0)
    if row is None or row.committee_id is None:
        return None
    conversations.end(tx, person_id, FORM, 0)
    return Text(row.committee_id, str(row.answers["text"]))
