"""What is open for a person over all committees: one list for /status, App Home and the web page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from storage import answers, applications, ballots, committees
from storage.database import Tx


class Item(NamedTuple):
    """Something to do or to change: its kind, its committee, until when, and its button's route and arguments."""

    kind: str
    committee_id: int
    until: datetime
    button: tuple[str, ...]


def of(tx: Tx, person_id: int, now: datetime) -> Sequence[Item]:
    """Everything open for a person, the nearest deadline first."""
    items = []
    for prompt in answers.open_for(tx, person_id, now):
        items.append(Item("questions", prompt.committee_id, prompt.deadline_at, ("open", answers.FORM, str(prompt.id))))
    for prompt in answers.editable(tx, person_id, now):
        items.append(Item("answered", prompt.committee_id, prompt.deadline_at, ("reopen", str(prompt.id))))
    for ballot in ballots.open_for(tx, person_id, now):
        items.append(Item("ballot", ballot.committee_id, ballot.closes_at, ("vote", str(ballot.id))))
    for application in applications.by_person(tx, person_id):
        call = committees.mandate(tx, application.committee_id).call
        if application.state == "sent" and now < call.closes:
            items.append(
                Item("application", application.committee_id, call.closes, ("reapply", str(application.committee_id)))
            )
    return sorted(items, key=lambda item: item.until)
