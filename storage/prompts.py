"""What facilitators send: messages and questions, to whom, how far the sending has come, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from bot.domain.people import Person
from storage import audiences, hearing
from storage.among import among
from storage.database import Tx, every, insert, is_sqlite
from storage.database import find as find_row
from storage.prepared import Prepared
from storage.tables import Conversation, PersonRow, QuestionRow
from storage.tables import Prompt as Prompt

TABLE = Prompt.__table__
BATCH = 200  # where somebody waits for the press to be answered; by the clock it is `many`


def draft(tx: Tx, committee_id: int, kind: str, created_by: int, now: datetime, **values: Any) -> Prompt:
    """A new message or set of questions, sent to nobody yet."""
    statement = insert(tx, Prompt).values(
        committee_id=committee_id,
        kind=kind,
        created_by=created_by,
        created_at=now,
        **{"state": "draft", "audience": "members", "cursor": 0, **values},
    )
    added = get(tx, tx.execute(statement.returning(Prompt.id)).scalar_one())
    assert added is not None
    return added


def copy(tx: Tx, prompt: Prompt, created_by: int, now: datetime, deadline: datetime) -> Prompt:
    """A draft of the same questions to the same people, to be compared with the first answers."""
    same = ("text", "audience", "audience_of", "seen_by", "stand_in", "background")
    values = {name: getattr(prompt, name) for name in same}
    added = draft(
        tx, prompt.committee_id, "questions", created_by, now, **values, before_id=prompt.id, deadline_at=deadline
    )
    for row in questions(tx, prompt.id):
        add_question(tx, added.id, row.kind, row.text, row.settings)
    return added


def get(tx: Tx, prompt_id: int) -> Prompt | None:
    """A message or set of questions by number."""
    return find_row(tx, Prompt, prompt_id)


def change(tx: Tx, prompt_id: int, **values: Any) -> None:
    """Set what a draft says, or when it is due."""
    tx.execute(update(Prompt).where(Prompt.id == prompt_id).values(**values))


def enter(tx: Tx, prompt_id: int, state: str, *before: str, **values: Any) -> bool:
    """Let a prompt enter a state; False where it no longer is in one of the states `before`."""
    statement = update(Prompt).where(Prompt.id == prompt_id, Prompt.state.in_(before))
    return tx.execute(statement.values(state=state, **values)).rowcount == 1


def listed(tx: Tx, committee_id: int, kind: str, limit: int = 10) -> Sequence[Prompt]:
    """The newest prompts of a kind, without those cancelled before anybody got them."""
    statement = select(Prompt).where(Prompt.committee_id == committee_id, Prompt.kind == kind)
    seen = (Prompt.state != "cancelled") | Prompt.sent_at.is_not(None)
    return every(tx, Prompt, statement.where(seen).order_by(Prompt.id.desc()).limit(limit))


def following(tx: Tx, meeting_id: int) -> Sequence[Prompt]:
    """The messages that are to go out some days before a meeting and have not yet."""
    statement = select(Prompt).where(Prompt.meeting_id == meeting_id, Prompt.kind == "prompt")
    return every(tx, Prompt, statement.where(Prompt.state == "scheduled").order_by(Prompt.id))


def planned(tx: Tx, committee_id: int, after: datetime, before: datetime) -> datetime | None:
    """When the next message is to go out to a committee between two moments."""
    here = (Prompt.committee_id == committee_id, Prompt.kind == "prompt", Prompt.state == "scheduled")
    return tx.execute(select(func.min(Prompt.due_at)).where(*here, Prompt.due_at.between(after, before))).scalar()


def asked_before(tx: Tx, meeting_id: int) -> Sequence[Prompt]:
    """The questions before a meeting that are not sent yet, or can still be answered."""
    statement = select(Prompt).where(Prompt.meeting_id == meeting_id, Prompt.kind == "questions")
    return every(tx, Prompt, statement.where(Prompt.state.in_(("draft", "open"))).order_by(Prompt.id))


# Questions ---------------------------------------------------------------------------------------------------


def questions(tx: Tx, prompt_id: int) -> Sequence[QuestionRow]:
    """The questions as stored, in order."""
    statement = select(QuestionRow).where(QuestionRow.prompt_id == prompt_id)
    return every(tx, QuestionRow, statement.order_by(QuestionRow.position))


def count_questions(tx: Tx, prompt_id: int) -> int:
    """How many questions there are so far."""
    return tx.execute(select(func.count()).where(QuestionRow.prompt_id == prompt_id)).scalar_one()


def add_question(tx: Tx, prompt_id: int, kind: str, text: Mapping[str, str], settings: Mapping[str, Any]) -> None:
    """Put a question last."""
    values = {"kind": kind, "text": dict(text), "settings": dict(settings)}
    position = count_questions(tx, prompt_id) + 1
    tx.execute(insert(tx, QuestionRow).values(prompt_id=prompt_id, position=position, **values))


def remove_question(tx: Tx, prompt_id: int, position: int) -> bool:
    """Take a question out and move up those after it; False where there is none.

    What was asked only after an answer to it is then asked of all.
    """
    here = QuestionRow.prompt_id == prompt_id
    gone = tx.execute(delete(QuestionRow).where(here, QuestionRow.position == position)).rowcount
    # One by one, in order, so that no two ever share a position.
    for place in (
        tx.execute(
            select(QuestionRow.position).where(here, QuestionRow.position > position).order_by(QuestionRow.position)
        )
        .scalars()
        .all()
    ):
        tx.execute(update(QuestionRow).where(here, QuestionRow.position == place).values(position=place - 1))
    for number, condition in conditions(tx, prompt_id).items() if gone else ():
        if condition["q"] == position:
            set_condition(tx, prompt_id, number, None)
        elif condition["q"] > position:
            set_condition(tx, prompt_id, number, {**condition, "q": condition["q"] - 1})
    return bool(gone)


def conditions(tx: Tx, prompt_id: int) -> Mapping[int, Mapping[str, Any]]:
    """After which answers to which earlier question each question is asked, by position; those asked of all are out."""
    return conditions_of(questions(tx, prompt_id))


def conditions_of(rows: Sequence[QuestionRow]) -> Mapping[int, Mapping[str, Any]]:
    """As `conditions`, of questions that are read already."""
    return {row.position: row.settings["when"] for row in rows if row.settings.get("when")}


def set_condition(tx: Tx, prompt_id: int, position: int, condition: Mapping[str, Any] | None) -> None:
    """Have a question asked only after some answers, {"q": position, "is": option keys}, or of all."""
    for row in questions(tx, prompt_id):
        if row.position == position:
            settings = {name: value for name, value in row.settings.items() if name != "when"}
            settings |= {"when": dict(condition)} if condition else {}
            tx.execute(update(QuestionRow).where(QuestionRow.id == row.id).values(settings=settings))


# Sending -----------------------------------------------------------------------------------------------------


def many(tx: Tx) -> int:
    """How many people get a message at once by the clock: as many as hold the writer for some 35 milliseconds."""
    return 1000 if is_sqlite(tx) else 500


def batch(tx: Tx, prompt: Prompt, size: int = BATCH) -> tuple[Sequence[Person], bool]:
    """The next people to send to after the saved cursor, which moves on to the last of them; and whether more come."""
    numbers = audiences.page(tx, prompt, prompt.cursor, size)
    if numbers:
        _MOVE_ON.run(tx, {"number": prompt.id, "last": numbers[-1]})
    found = _SOME.all(tx, {"numbers": numbers}) if numbers else ()
    return [Person(*row) for row in found], len(numbers) == size


_MOVE_ON = Prepared(update(TABLE).where(TABLE.c.id == bindparam("number")).values(cursor=bindparam("last")))
_PERSON = PersonRow.__table__
_SOME = Prepared(
    select(*(_PERSON.c[one.name] for one in fields(Person)))
    .where(among(_PERSON.c.id, "numbers"), _PERSON.c.state != "forgotten")
    .order_by(_PERSON.c.id)
)


def busy(tx: Tx, person_ids: Sequence[int]) -> frozenset[int]:
    """Those among these people who have a form open."""
    statement = select(Conversation.person_id).where(Conversation.person_id.in_(list(person_ids)), Conversation.open)
    return frozenset(tx.execute(statement).scalars())


def withdraw(tx: Tx, prompt_id: int, now: datetime, *forms: str) -> None:
    """Cancel what has not been sent of a prompt, and end the forms that were being filled about it."""
    hearing.withdraw(tx, ("prompt", prompt_id), now)
    end_forms(tx, prompt_id, *forms)


def end_forms(tx: Tx, prompt_id: int, *forms: str) -> None:
    """End these forms about a prompt, whoever is filling them."""
    tx.execute(delete(Conversation).where(Conversation.subject == prompt_id, Conversation.form.in_(forms)))
