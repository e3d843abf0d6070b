"""Forms being filled: only the answers are stored, and at most one conversation of a person is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from storage.database import Tx, first, insert
from storage.tables import Conversation as Conversation


def find(tx: Tx, person_id: int, form: str, subject: int) -> Conversation | None:
    """A person's conversation of a form about a subject, open or paused."""
    return first(
        tx,
        Conversation,
        select(Conversation).where(
            Conversation.person_id == person_id, Conversation.form == form, Conversation.subject == subject
        ),
    )


def current(tx: Tx, person_id: int) -> Conversation | None:
    """The one open conversation of a person."""
    return first(tx, Conversation, select(Conversation).where(Conversation.person_id == person_id, Conversation.open))


def paused(tx: Tx, person_id: int) -> Conversation | None:
    """The conversation a person paused last."""
    statement = select(Conversation).where(Conversation.person_id == person_id, Conversation.open.is_(False))
    return first(tx, Conversation, statement.order_by(Conversation.updated_at.desc()).limit(1))


def start(
    tx: Tx,
    person_id: int,
    form: str,
    subject: int,
    committee_id: int | None,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
) -> Conversation:
    """Open a conversation, going on where it was paused; whatever else was open is paused."""
    tx.execute(
        update(Conversation)
        .where(Conversation.person_id == person_id, Conversation.open)
        .values(open=False, updated_at=now)
    )
    values = {"person_id": person_id, "form": form, "subject": subject, "committee_id": committee_id}
    statement = insert(tx, Conversation).values(
        **values, answers=dict(answers or {}), open=True, reviewing=False, updated_at=now
    )
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "form", "subject"], set_={"open": True, "updated_at": now}
        )
    )
    found = find(tx, person_id, form, subject)
    assert found is not None
    return found


def save(tx: Tx, conversation: Conversation, now: datetime, **values: Any) -> None:
    """Change the answers, what was shown, or whether it is open."""
    tx.execute(
        update(Conversation)
        .where(
            Conversation.person_id == conversation.person_id,
            Conversation.form == conversation.form,
            Conversation.subject == conversation.subject,
        )
        .values(updated_at=now, **values)
    )
    for name, value in values.items():
        setattr(conversation, name, value)


def end(tx: Tx, person_id: int, form: str, subject: int) -> None:
    """A form was sent or given up: its answers are kept elsewhere, or not at all."""
    tx.execute(
        delete(Conversation).where(
            Conversation.person_id == person_id, Conversation.form == form, Conversation.subject == subject
        )
    )


def end_all(tx: Tx, person_id: int, committee_id: int | None = None) -> None:
    """Give up every conversation of a person, or those of one committee."""
    statement = delete(Conversation).where(Conversation.person_id == person_id)
    if committee_id is not None:
        statement = statement.where(Conversation.committee_id == committee_id)
    tx.execute(statement)
