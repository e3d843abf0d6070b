"""Text a person wrote that has no place yet; it lives seven days."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from storage import conversations
from storage.database import Tx

FORM = "unplaced"


class Text(NamedTuple):
    """What was written, and to which committee."""

    committee_id: int
    text: str


def keep(tx: Tx, person_id: int, committee_id: int, text: str, now: datetime) -> None:
    """Keep a text until its writer says what it is; a newer one replaces it."""
    conversations.keep(tx, person_id, FORM, 0, committee_id, {"text": text}, now)


def take(tx: Tx, person_id: int) -> Text | None:
    """Hand over the kept text, which is then kept no more."""
    row = conversations.find(tx, person_id, FORM, 0)
    if row is None or row.committee_id is None:
        return None
    conversations.end(tx, person_id, FORM, 0)
    return Text(row.committee_id, str(row.answers["text"]))
