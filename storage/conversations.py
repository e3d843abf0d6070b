"""Forms being filled: only the answers are stored, and at most one conversation of a person is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from storage import later, memo
from storage.database import Tx, every, insert
from storage.prepared import Prepared
from storage.tables import Conversation as Conversation

TABLE = Conversation.__table__
_OF = Prepared(select(TABLE).where(TABLE.c.person_id.in_(bindparam("people", expanding=True))))
_THIS = (
    TABLE.c.person_id == bindparam("who"),
    TABLE.c.form == bindparam("name"),
    TABLE.c.subject == bindparam("about"),
)
# What one person's event writes leaves what is remembered of the others as it is.
_KEEPING = {memo.KEEPS: True}
_PAUSE = Prepared(
    update(TABLE)
    .where(TABLE.c.person_id == bindparam("who"), TABLE.c.open)
    .values(open=False, updated_at=bindparam("now"))
    .execution_options(**_KEEPING)
)
_END = Prepared(delete(TABLE).where(*_THIS).execution_options(**_KEEPING))


def recall(tx: Tx, people: Iterable[int]) -> Sequence[int]:
    """Read what several people have begun at once; the messages with the questions they are at."""
    found: dict[int, list[Conversation]] = {number: [] for number in people}
    for row in every(tx, Conversation, _OF, {"people": sorted(found)}):
        found[row.person_id].append(row)
    for number, rows in found.items():
        memo.remember(tx, "conversation", number, rows)
    return [row.shown for rows in found.values() for row in rows if row.open and row.shown is not None]


def remembered(tx: Tx) -> Collection[int]:
    """Those of whom it is remembered what they have begun: whoever writes just now."""
    known: Mapping[Any, Any] = memo.all_of(tx, "conversation")
    return known.keys()


def begun(tx: Tx, person_id: int) -> Sequence[Conversation]:
    """Everything a person has begun and not sent, open or paused."""
    return memo.once(tx, "conversation", person_id, lambda: list(every(tx, Conversation, _OF, {"people": [person_id]})))


def find(tx: Tx, person_id: int, form: str, subject: int) -> Conversation | None:
    """A person's conversation of a form about a subject, open or paused."""
    return next((row for row in begun(tx, person_id) if (row.form, row.subject) == (form, subject)), None)


def at_it(tx: Tx, form: str, subject: int) -> Sequence[int]:
    """Of the people whose conversations are remembered, those who have begun this form."""
    known = [row for rows in memo.all_of(tx, "conversation").values() for row in rows]
    return [row.person_id for row in known if (row.form, row.subject) == (form, subject)]


def current(tx: Tx, person_id: int) -> Conversation | None:
    """The one open conversation of a person."""
    return next((row for row in begun(tx, person_id) if row.open), None)


def paused(tx: Tx, person_id: int) -> Conversation | None:
    """The conversation a person paused last."""
    return max((row for row in begun(tx, person_id) if not row.open), key=lambda row: row.updated_at, default=None)


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
    _PAUSE.run(tx, {"who": person_id, "now": now})
    values = {"person_id": person_id, "form": form, "subject": subject, "committee_id": committee_id}
    statement = insert(tx, Conversation).values(**values, answers=dict(answers or {}), open=True, updated_at=now)
    upsert = statement.on_conflict_do_update(
        index_elements=["person_id", "form", "subject"], set_={"open": True, "updated_at": now}
    )
    tx.execute(upsert.execution_options(**_KEEPING))
    memo.drop(tx, "conversation", person_id)
    found = find(tx, person_id, form, subject)
    assert found is not None
    return found


def save(tx: Tx, conversation: Conversation, now: datetime, **values: Any) -> None:
    """Change the answers, what was shown, or whether it is open."""
    person_id = conversation.person_id
    this = {"who": person_id, "name": conversation.form, "about": conversation.subject}
    new = {f"new_{name}": values[name] for name in values}
    later.put_off(tx, _saving(*sorted(values)), {**this, "now": now, **new})
    conversation.__dict__.update(values, updated_at=now)  # the row that is remembered


def note(conversation: Conversation, answers: Mapping[str, Any]) -> None:
    """Change the answers for the rest of this transaction; `save` stores them."""
    conversation.__dict__.update(answers=answers)


@cache
def _saving(*names: str) -> Prepared:
    new = {name: bindparam(f"new_{name}", type_=TABLE.c[name].type) for name in names}
    saving = update(TABLE).where(*_THIS).values(updated_at=bindparam("now", type_=TABLE.c.updated_at.type), **new)
    return Prepared(saving.execution_options(**_KEEPING))


def end(tx: Tx, person_id: int, form: str, subject: int) -> None:
    """A form was sent or given up: its answers are kept elsewhere, or not at all."""
    later.put_off(tx, _END, {"who": person_id, "name": form, "about": subject})
    left = [row for row in begun(tx, person_id) if (row.form, row.subject) != (form, subject)]
    memo.remember(tx, "conversation", person_id, left)


def end_all(tx: Tx, person_id: int, committee_id: int | None = None) -> None:
    """Give up every conversation of a person, or those of one committee."""
    statement = delete(Conversation).where(Conversation.person_id == person_id)
    if committee_id is not None:
        statement = statement.where(Conversation.committee_id == committee_id)
    tx.execute(statement)
