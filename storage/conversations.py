"""Forms being filled: only the answers are stored, and at most one conversation of a person is open."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from storage import later, memo
from storage.database import Tx, every, insert, insert_on, value_of
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


def about(tx: Tx) -> Collection[Conversation]:
    """The conversations that are open of all who write just now."""
    known: Mapping[Any, Sequence[Conversation]] = memo.all_of(tx, "conversation")
    return [row for rows in known.values() for row in rows if row.open]


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
    later.put_off(
        tx,
        _saving(*sorted(values)),
        {**this, "now": now, **new},
        _row(person_id, conversation.form, conversation.subject),
    )
    conversation.__dict__.update(values, updated_at=now)  # the row that is remembered


def _row(person_id: int, form: str, subject: int) -> Hashable:
    return (TABLE.name, person_id, form, subject)


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
    later.put_off(tx, _END, {"who": person_id, "name": form, "about": subject}, _row(person_id, form, subject))
    memo.remember(tx, "conversation", person_id, _others(tx, person_id, form, subject))


def keep(
    tx: Tx, person_id: int, form: str, subject: int, committee_id: int, answers: Mapping[str, Any], now: datetime
) -> None:
    """Keep answers beside what is open, with nothing asked; a newer one replaces them."""
    key = {"person_id": person_id, "form": form, "subject": subject}
    new = {"committee_id": committee_id, "answers": dict(answers), "open": False, "updated_at": now}
    others = _others(tx, person_id, form, subject)
    later.put_off(tx, _keeping(tx.dialect.name), {**key, **new}, _row(person_id, form, subject))
    kept = {**key, **new, "shown": None}
    memo.remember(tx, "conversation", person_id, [*others, value_of(Conversation, tuple(kept), tuple(kept.values()))])


@cache
def _keeping(dialect: str) -> Prepared:
    key, new = ("person_id", "form", "subject"), ("committee_id", "answers", "open", "updated_at")
    fresh = insert_on(dialect, TABLE)
    upsert = fresh.on_conflict_do_update(index_elements=key, set_={name: fresh.excluded[name] for name in new})
    return Prepared(upsert.execution_options(**_KEEPING), (*key, *new), told_by=key)


def _others(tx: Tx, person_id: int, form: str, subject: int) -> Sequence[Conversation]:
    return [row for row in begun(tx, person_id) if (row.form, row.subject) != (form, subject)]


def end_all(tx: Tx, person_id: int, committee_id: int | None = None) -> None:
    """Give up every conversation of a person, or those of one committee."""
    statement = delete(Conversation).where(Conversation.person_id == person_id)
    if committee_id is not None:
        statement = statement.where(Conversation.committee_id == committee_id)
    tx.execute(statement)
