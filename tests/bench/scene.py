"""A database with many people in it, each in the middle of answering the same questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, text

from bot.domain.mandate import parse
from bot.domain.people import Role
from storage import prompts, schedules
from storage.committees import load_mandate
from storage.database import Database, Tx
from storage.migrate import upgrade
from storage.tables import AddressRow, Committee, Conversation, Outbox, PersonRow, Prompt, QuestionRow, RoleRow
from tests.world import DEMO

ACCOUNT = "telegram:123456"
FIRST_CHAT = 1000
QUESTIONS = 3
BATCH = 5000
WORDS = {"nb": "Møtet er på torsdag kl. 18 på biblioteket. Ta med det dere har hørt siden sist."}


def fill(database: Database, people: int, *, kind: str = "free_text", committees: int = 1, shown: bool = False) -> None:
    """Fill an empty database: `people` in all, over so many committees, each asked the first of three questions.

    `kind` is the questions' own: "free_text" or "yes_no". A person n has the chat FIRST_CHAT + n. Where the question is
    `shown` it stands there as the platform's message n, which an answer changes; else one message comes of an answer.
    """
    upgrade(database, explicit=True)
    now = datetime.now(UTC)
    with database.transaction() as tx:
        numbers = _committees(tx, committees, now)
        questionnaires = [
            {"id": number, "committee_id": number, "kind": "questions", "state": "open", "text": {"nb": "Tema"},
             "audience": "members", "deadline_at": now + timedelta(days=3), "created_by": 1, "created_at": now,
             "cursor": 0}
            for number in numbers
        ]  # fmt: skip
        each = range(1, people + 1)
        place = {person: numbers[person % len(numbers)] for person in each}
        _many(tx, PersonRow, ({"id": n, "name": f"P{n}", "locale": "nb", "state": "active", "committee_id": place[n],
                               "created_at": now} for n in each))  # fmt: skip
        _many(tx, AddressRow, ({"account": ACCOUNT, "chat": str(FIRST_CHAT + n), "person_id": n, "state": "active",
                                "used_at": now} for n in each))  # fmt: skip
        _many(tx, RoleRow, ({"person_id": n, "committee_id": place[n], "role": Role.CITIZEN, "since": now}
                            for n in each))  # fmt: skip
        _many(tx, Prompt, iter(questionnaires))
        _many(tx, QuestionRow, ({"prompt_id": prompt, "position": position, "kind": kind, "settings": {},
                                 "text": {"nb": f"Hva tenker du om {position}?"}}
                                for prompt in numbers for position in range(1, QUESTIONS + 1)))  # fmt: skip
        _many(tx, Outbox, ({"id": n, "account": ACCOUNT, "chat": str(FIRST_CHAT + n), "person_id": n,
                            "kind": "reply", "lane": 0, "op": "send", "content": {"text": "1/3 · Hva?"},
                            "state": "sent", "epoch": 1, "attempts": 1, "created_at": now, "sent_at": now,
                            "expires_at": now + timedelta(days=1), "platform_id": str(n)} for n in each))  # fmt: skip
        _many(tx, Conversation, ({"person_id": n, "form": "answers", "subject": place[n], "committee_id": place[n],
                                  "answers": {}, "open": True, "shown": n if shown else None, "updated_at": now}
                                 for n in each))  # fmt: skip
        for table in (PersonRow, Prompt, Outbox):
            _count_on(tx, table)
        if tx.dialect.name != "sqlite":
            tx.execute(text("ANALYZE"))  # as the server itself does within a minute


def _committees(tx: Tx, many: int, now: datetime) -> list[int]:
    source = _by_day((DEMO / "svelvik-ungdom.toml").read_text(encoding="utf-8"), now)
    first, _new = load_mandate(tx, parse(source, now.date()), source, now.date(), now)
    for number in range(2, many + 1):
        named = source.replace('key = "svelvik-ungdom"', f'key = "svelvik-{number}"', 1)
        load_mandate(tx, parse(named, now.date()), named, now.date(), now)
    found = list(tx.execute(select(Committee.id).order_by(Committee.id)).scalars())
    assert len(found) == many and found[0] == first.id
    return found


def _by_day(source: str, now: datetime) -> str:
    """The same task where it is midday now, and no day is quiet: a benchmark is not held up by quiet hours."""
    east = 12 - now.hour
    zone = f"Etc/GMT{-east:+d}" if east else "Etc/GMT"
    return source.replace('zone = "Europe/Oslo"', f'zone = "{zone}"\nwrite_on_holidays = true', 1)


def waiting(database: Database, people: int, *, lane: int = 2) -> None:
    """Put one message in the outbox for each of so many people."""
    now = datetime.now(UTC)
    with database.transaction() as tx:
        words = {"text": "Møtet er på torsdag kl. 18 på biblioteket. Ta med det dere har hørt siden sist."}
        _many(tx, Outbox, ({"account": ACCOUNT, "chat": str(FIRST_CHAT + n), "person_id": n, "kind": "prompt",
                            "lane": lane, "op": "send", "content": words, "state": "ready", "epoch": 0, "attempts": 0,
                            "created_at": now, "expires_at": now + timedelta(days=1)}
                           for n in range(1, people + 1)))  # fmt: skip


def _many(tx: Tx, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    while batch := [row for _place, row in zip(range(BATCH), rows, strict=False)]:
        tx.execute(insert(table), batch)


def _count_on(tx: Tx, table: Any) -> None:
    """Let PostgreSQL number new rows after those that were given a number here."""
    if tx.dialect.name == "sqlite":
        return
    name = table.__tablename__
    last = tx.execute(select(func.max(table.id))).scalar()
    tx.execute(text(f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), {last or 1})"))


def left(database: Database) -> int:
    """How many messages are not settled yet."""
    statement = select(func.count()).select_from(Outbox).where(Outbox.state.in_(("ready", "leased", "sending")))
    with database.reading() as tx:
        return int(tx.execute(statement).scalar_one())


def kept(database: Database, messages: int, people: int) -> None:
    """Let so many messages have been sent before, a month ago at the most."""
    now = datetime.now(UTC)
    with database.transaction() as tx:
        words = {"text": "Takk for svaret."}
        first = 1 + (tx.execute(select(func.max(Outbox.id))).scalar() or 0)
        _many(tx, Outbox, ({"id": first + n, "account": ACCOUNT, "chat": str(FIRST_CHAT + 1 + n % people),
                            "person_id": 1 + n % people, "kind": "reply", "lane": 0, "op": "send", "content": words,
                            "state": "sent", "epoch": 1, "attempts": 1, "created_at": now, "sent_at": now,
                            "expires_at": now, "platform_id": str(first + n)} for n in range(messages)))  # fmt: skip
        _count_on(tx, Outbox)


def send_to_all(database: Database, words: Mapping[str, str] = WORDS) -> int:
    """Let a message to all members of the first committee be due now; its number."""
    now = datetime.now(UTC)
    with database.transaction() as tx:
        prompt = prompts.draft(tx, 1, "prompt", 1, now, text=words, audience="members", state="sending", sent_at=now)
        schedules.plan(tx, "prompt", prompt.id, now, 1)
    return prompt.id
