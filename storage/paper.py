"""Tasks for facilitators: messages to people who are reached by phone or letter, done when somebody ticks them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from bot.chat.messages import Rendered
from bot.domain.paper import ACCOUNT
from storage import people
from storage.database import Tx, find
from storage.outbox import HOLD, SEVERAL, content_of
from storage.tables import AddressRow, Outbox, PersonRow
from storage.vault import Vault

Task = Outbox
WAYS = ("phone", "letter")


@dataclass(frozen=True, slots=True)
class Listed:
    """A task as it is listed: for whom, and until when it is of use."""

    id: int
    name: str
    until: datetime


def on_paper(tx: Tx, person_id: int) -> bool:
    """Whether a person has given us a phone number or an address for letters, and nothing else works without them."""
    return any(row.account in WAYS for row in people.addresses(tx, person_id))


def those_on_paper(tx: Tx, people_ids: Collection[int]) -> Collection[int]:
    """Who of these people has given us a phone number or an address for letters."""
    if not people_ids:
        return frozenset()
    statement = select(AddressRow.person_id).where(AddressRow.person_id.in_(people_ids), AddressRow.account.in_(WAYS))
    return frozenset(tx.execute(statement).scalars())


def tasks(tx: Tx, committee_id: int, now: datetime, limit: int = 50) -> Sequence[Listed]:
    """What waits for a facilitator of a committee, what is due first on top."""
    statement = (
        select(Task.id, PersonRow.name, Task.expires_at)
        .join(PersonRow, PersonRow.id == Task.person_id)
        .where(*_open(committee_id, now))
        .order_by(Task.expires_at, Task.id)
        .limit(limit)
    )
    return [Listed(row.id, row.name, row.expires_at) for row in tx.execute(statement)]


def count(tx: Tx, committee_id: int, now: datetime, since: datetime | None = None) -> int:
    """How many tasks wait; with `since`, of those alone that have come up after that moment."""
    found = select(func.count()).select_from(Task).where(*_open(committee_id, now))
    if since is not None:
        found = found.where(func.coalesce(Task.due_at, Task.created_at) > since)
    return tx.execute(found).scalar_one()


def committees_with(tx: Tx, now: datetime) -> Sequence[int]:
    """The committees in which a task waits."""
    waiting = (Task.account == ACCOUNT, Task.op == "send", Task.state == "ready", Task.expires_at > now)
    found = select(Task.committee_id).where(*waiting, Task.committee_id.is_not(None)).distinct()
    return tx.execute(found.order_by(Task.committee_id)).scalars().all()


def coded(tx: Tx, task_id: int, committee_id: int) -> Task | None:
    """A committee's task by the number on its slip, or the one in which that went along since."""
    found = find(tx, Task, task_id)
    while found is not None and found.target is not None:
        found = find(tx, Task, found.target)
    return found if found is not None and (found.account, found.committee_id) == (ACCOUNT, committee_id) else None


def waits(task: Task, now: datetime) -> bool:
    """Whether this row is a task that somebody still has to do."""
    until = task.expires_at
    return task.account == ACCOUNT and task.state == "ready" and until is not None and until > now


def text_of(tx: Tx, task_id: int) -> Rendered:
    """What is to be said, in the person's language."""
    return content_of(tx, task_id) or Rendered("")


def parts(tx: Tx, task: Task) -> Sequence[tuple[str, int]]:
    """What a task is about: (kind, number), each once, several where it brings several things."""
    along = (Task.target == task.id, Task.op == "send", Task.about.is_not(None), Task.about != SEVERAL)
    found = tx.execute(select(Task.about, Task.about_id).where(*along).order_by(Task.id)).all()
    if found or task.about == SEVERAL:
        return list(dict.fromkeys((str(row.about), int(row.about_id)) for row in found))
    return [(task.about, task.about_id)] if task.about and task.about_id else []


def settle(tx: Tx, task_id: int, now: datetime, by: int) -> bool:
    """Say that it was read aloud or posted; False where it was done before."""
    values = {"state": "sent", "sent_at": now, "platform_id": f"by {by}"}
    return tx.execute(update(Task).where(Task.id == task_id, Task.state == "ready").values(**values)).rowcount == 1


def tried(tx: Tx, task_id: int) -> None:
    """Note that the person was not reached; the task stays."""
    tx.execute(update(Task).where(Task.id == task_id).values(attempts=Task.attempts + 1))


def reach(tx: Tx, vault: Vault, person_id: int) -> Sequence[tuple[str, str]]:
    """How to reach a person: ("phone" or "letter", the number or address in clear)."""
    rows = [row for row in people.addresses(tx, person_id) if row.account in WAYS and row.sealed is not None]
    return [(row.account, str(vault.open(row.sealed))) for row in rows if row.sealed is not None]


def _open(committee_id: int, now: datetime) -> tuple[object, ...]:
    return (
        Task.committee_id == committee_id,
        Task.account == ACCOUNT,
        Task.op == "send",
        Task.state == "ready",
        Task.lane < HOLD,
        Task.expires_at > now,
    )
