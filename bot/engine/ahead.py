"""What the events of a group are about, read at once for all of them, before the first is handled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.chat.events import Address, Event, Press, Reached, Said
from storage import answers, arrived, committees, conversations, people
from storage.database import Tx


def read(tx: Tx, events: Sequence[Event], now: datetime) -> Mapping[Address, int]:
    """Who each event comes from, with a new row for whom nobody knows; the rest is remembered by the transaction."""
    known = people.at(tx, [event.address for event in events], now)
    people.used(tx, [event.address for event in events if not isinstance(event.what, Reached)], now)
    shown = conversations.recall(tx, [known[event.address] for event in events])
    arrived.recall(tx, [one for event in events if (one := _pressed(event, known[event.address]))], shown)
    said = [(event.address, known[event.address]) for event in events if isinstance(event.what, Said)]
    arrived.recall_last(tx, [(there, who) for there, who in said if conversations.current(tx, who) is None])
    _forms(tx)
    return known


def _forms(tx: Tx) -> None:
    """What the open forms are about; where that is one thing, whoever asks first reads it."""
    before = conversations.about(tx)
    home = {row.committee_id for row in before if row.committee_id is not None}
    asked = {row.subject for row in before if row.form == answers.FORM}
    if len(home) > 1:
        committees.recall(tx, home)
    if len(asked) > 1:
        answers.recall(tx, asked)


def _pressed(event: Event, person_id: int) -> arrived.Pressed | None:
    """The message whose button was pressed, where the platform names it."""
    what = event.what
    if not isinstance(what, Press) or what.message is None or event.address.account == "web":
        return None
    return event.address, person_id, what.message
