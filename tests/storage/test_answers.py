"""Questions as they are read again and again within one transaction."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.questionnaire import UNNAMED
from storage import answers, audiences, prompts
from storage.database import Database, Tx, insert
from storage.tables import Committee, PersonRow, RoleRow

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def committee(tx: Tx) -> int:
    row = insert(tx, Committee).values(key="parks", created_at=NOW).returning(Committee.id)
    return int(tx.execute(row).scalar_one())


def person(tx: Tx, committee_id: int, *roles: str, state: str = "active", locale: str | None = None) -> int:
    values = {"name": "", "state": state, "locale": locale, "created_at": NOW}
    number = int(tx.execute(insert(tx, PersonRow).values(**values).returning(PersonRow.id)).scalar_one())
    for role in roles:
        tx.execute(insert(tx, RoleRow).values(person_id=number, committee_id=committee_id, role=role, since=NOW))
    return number


def test_a_change_of_who_sees_the_answers_holds_at_once(database: Database) -> None:
    with database.transaction() as tx:
        here = committee(tx)
        made = prompts.draft(tx, here, "questions", person(tx, here), NOW, text={"en": "Parks"})
        prompts.add_question(tx, made.id, "free_text", {"en": "What would you change?"}, {})
        assert not answers.questions(tx, made.id)[0].unsaid
        prompts.change(tx, made.id, seen_by=UNNAMED)
        assert answers.questions(tx, made.id)[0].unsaid


def test_an_audience_is_counted_once_a_person_and_without_those_who_are_gone(database: Database) -> None:
    with database.transaction() as tx:
        here = committee(tx)
        person(tx, here, "citizen", locale="da")
        chair = person(tx, here, "chair", "politician", "circle", state="silent")
        person(tx, here, "circle", "ad_hoc")
        person(tx, here, "citizen", state="forgotten")
        assert audiences.sizes(tx, here) == {"members": 2, "citizens": 1, "politicians": 1, "circle": 2}
        made = prompts.draft(tx, here, "prompt", chair, NOW, text={"en": "Hello"})
        assert audiences.states(tx, made) == {"active": 1, "silent": 1}
        assert audiences.locales(tx, made) == {"da": 1, None: 1}
