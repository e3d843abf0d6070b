"""Every table says how long its rows are kept, and every night ends what is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from bot.domain.retention import PARTS, RULES
from storage import attendance, meetings, polls, retention, surveys, tables
from storage.database import Database, Tx, insert
from tests.world import World

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
OLD = timedelta(minutes=1)


def test_every_table_names_a_rule_and_every_rule_has_a_table() -> None:
    named = {name: table.info.get("retention") for name, table in SQLModel.metadata.tables.items()}
    assert {name for name, rule in named.items() if rule not in RULES} == set()
    assert set(named.values()) == set(RULES)


def test_a_rule_without_a_clock_ends_nothing() -> None:
    with pytest.raises(ValueError, match="no clock"):
        RULES["record"].before(NOW)


@pytest.fixture
def tx(database: Database) -> Iterator[Tx]:
    with database.transaction() as open_tx:
        yield open_tx


def put(tx: Tx, model: Any, **values: Any) -> int:
    key = next(iter(model.__table__.primary_key.columns))
    number: int = tx.execute(insert(tx, model).values(**values).returning(key)).scalar_one()
    return number


def person(tx: Tx) -> int:
    return put(tx, tables.PersonRow, name="", state="active", created_at=NOW)


def committee(tx: Tx, key: str = "hall") -> int:
    return put(tx, tables.Committee, key=key, created_at=NOW)


def application(tx: Tx, **values: Any) -> int:
    given = {"door": "seat", "state": "not_appointed", "answers": {"why": "because"}, "mandate_version": 1}
    who, where = person(tx), committee(tx)
    return put(
        tx, tables.Application, person_id=who, committee_id=where, sent_at=NOW, updated_at=NOW, **{**given, **values}
    )


def decided(tx: Tx, number: int, told: datetime, seat: str | None = None) -> None:
    row = tx.execute(select(tables.Application).where(tables.Application.id == number)).one()
    put(
        tx,
        tables.Appointment,
        application_id=number,
        committee_id=row.committee_id,
        person_id=row.person_id,
        seat=seat,
        outcome="appointed" if seat else "not_appointed",
        reason="lot",
        decided_by=row.person_id,
        decided_at=told,
        announced_at=told,
    )


def rows(tx: Tx, model: Any) -> int:
    return tx.execute(select(func.count()).select_from(model)).scalar_one()


def message(tx: Tx, when: datetime, state: str = "sent", **values: Any) -> int:
    given = {"account": "telegram:1", "chat": "p1", "content": {"text": "hello"}, "created_at": when, "state": state}
    return put(tx, tables.Outbox, person_id=person(tx), **{**given, **values})


@pytest.mark.parametrize(
    ("model", "rule", "values"),
    [
        (tables.EventRow, "event", lambda when: {"account": "web", "id": "1", "day": when.date()}),
        (
            tables.Parked,
            "parked",
            lambda when: {"account": "a", "event_id": "1", "route": "r", "error": "E", "at": when},
        ),
        (tables.Audit, "audit", lambda when: {"at": when, "action": "opened", "object": "ballot:1"}),
        (tables.Forgotten, "audit", lambda when: {"person_id": 1, "at": when}),
        (
            tables.Blob,
            "blob",
            lambda when: {"sha256": "f", "mime": "image/png", "content": b"x", "expires_at": when},
        ),
        (
            tables.Schedule,
            "schedule",
            lambda when: {"kind": "k", "subject": 1, "due_at": when, "state": "fired"},
        ),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_row_lives_as_long_as_its_rule(tx: Tx, model: Any, rule: str, values: Any) -> None:
    length = RULES[rule].length
    put(tx, model, **values(NOW))
    retention.clean(tx, NOW + length)
    assert rows(tx, model) == 1
    retention.clean(tx, NOW + length + timedelta(days=1))
    assert rows(tx, model) == 0


def test_what_is_still_to_happen_is_never_cleaned_up(tx: Tx) -> None:
    put(tx, tables.Schedule, kind="k", subject=1, due_at=NOW, state="waiting")
    message(tx, NOW, state="ready")
    retention.clean(tx, NOW + timedelta(days=400))
    assert rows(tx, tables.Schedule) == 1
    assert tx.execute(select(tables.Outbox.content)).scalar_one() == {"text": "hello"}


def test_the_text_of_a_message_goes_first_and_a_shared_text_with_its_last_reader(tx: Tx) -> None:
    body = put(tx, tables.Body, key="prompt:1:nb", content={"text": "shared"})
    sent = message(tx, NOW)
    shared = message(tx, NOW, content=None, body_id=body)
    retention.clean(tx, NOW + PARTS["text of a message"].length)
    assert rows(tx, tables.Body) == 1
    retention.clean(tx, NOW + PARTS["text of a message"].length + OLD)
    assert tx.execute(select(tables.Outbox.id).where(tables.Outbox.content.is_not(None))).first() is None
    assert {row.id for row in tx.execute(select(tables.Outbox.id))} == {sent, shared}
    assert rows(tx, tables.Body) == 0
    retention.clean(tx, NOW + RULES["message"].length + OLD)
    assert rows(tx, tables.Outbox) == 0


def test_on_the_web_page_a_message_can_be_read_for_a_month(tx: Tx) -> None:
    message(tx, NOW, account="web")
    retention.clean(tx, NOW + RULES["message"].length)
    assert tx.execute(select(tables.Outbox.content)).scalar_one() == {"text": "hello"}
    retention.clean(tx, NOW + RULES["message"].length + OLD)
    assert rows(tx, tables.Outbox) == 0


def test_an_application_that_gave_no_seat_is_emptied_and_the_record_stays(tx: Tx) -> None:
    number = application(tx, special=b"sealed")
    decided(tx, number, NOW)
    retention.clean(tx, NOW + PARTS["special-category line"].length + OLD)
    kept = tx.execute(select(tables.Application)).one()
    assert kept.special is None
    assert kept.answers == {"why": "because"}
    retention.clean(tx, NOW + RULES["application"].length + OLD)
    kept = tx.execute(select(tables.Application)).one()
    assert (kept.answers, kept.state) == ({}, "erased")
    assert rows(tx, tables.Appointment) == 1


def test_a_member_s_application_is_kept(tx: Tx) -> None:
    number = application(tx, state="appointed")
    decided(tx, number, NOW, seat="a")
    retention.clean(tx, NOW + timedelta(days=700))
    assert tx.execute(select(tables.Application.answers)).scalar_one() == {"why": "because"}


def test_a_withdrawn_application_leaves_nothing(tx: Tx) -> None:
    application(tx, state="withdrawn", answers={})
    retention.clean(tx, NOW + PARTS["withdrawn application"].length)
    assert rows(tx, tables.Application) == 1
    retention.clean(tx, NOW + PARTS["withdrawn application"].length + OLD)
    assert rows(tx, tables.Application) == 0


def test_following_along_ends_unless_it_is_said_again(tx: Tx) -> None:
    application(tx, door="follow", state="sent")
    retention.clean(tx, NOW + PARTS["wish to follow along"].length + OLD)
    assert tx.execute(select(tables.Application.state)).scalar_one() == "erased"


@pytest.mark.parametrize(
    ("form", "rule"), [("answers", RULES["conversation"]), ("unplaced", PARTS["text without a place"])]
)
def test_an_unfinished_conversation_ends(tx: Tx, form: str, rule: Any) -> None:
    who = person(tx)
    put(
        tx,
        tables.Conversation,
        person_id=who,
        form=form,
        subject=0,
        answers={"text": "mine"},
        open=False,
        updated_at=NOW,
    )
    retention.clean(tx, NOW + rule.length)
    assert rows(tx, tables.Conversation) == 1
    retention.clean(tx, NOW + rule.length + OLD)
    assert rows(tx, tables.Conversation) == 0


@pytest.mark.parametrize(("state", "left"), [("released", 0), ("void", 0), ("open", 1), ("closing", 1), ("counted", 1)])
def test_the_roll_of_a_ballot_goes_once_its_result_is_out(tx: Tx, state: str, left: int) -> None:
    who = person(tx)
    ballot = put(
        tx,
        tables.Ballot,
        committee_id=committee(tx),
        title={},
        method="approval",
        state=state,
        options=[],
        opens_at=NOW,
        closes_at=NOW,
        entitled=1,
        created_by=who,
        created_at=NOW,
    )
    put(tx, tables.Voter, ballot_id=ballot, person_id=who)
    retention.clean(tx, NOW + RULES["roll"].length)
    assert rows(tx, tables.Voter) == 1
    retention.clean(tx, NOW + RULES["roll"].length + OLD)
    assert rows(tx, tables.Voter) == left


def test_the_night_cleans_and_plans_the_next(world: World) -> None:
    from handlers import housekeeping

    with world.db.transaction() as tx:
        housekeeping.plan(tx, world.now, "Europe/Oslo")
        housekeeping.plan(tx, world.now, "Europe/Oslo")
        put(tx, tables.Audit, at=world.now - timedelta(days=2000), action="x", object="y")
    world.wait(timedelta(days=3))
    with world.db.transaction() as tx:
        assert rows(tx, tables.Audit) == 0
        waiting = tx.execute(select(tables.Schedule.due_at).where(tables.Schedule.state == "waiting")).scalars().all()
    assert len(waiting) == 1
    assert world.now < waiting[0] <= world.now + timedelta(days=2)


def test_attendance_and_surveys_taken_go_a_while_after_the_committee_has_ended(world: World) -> None:
    ola = world.member("Ola")
    with world.db.transaction() as tx:
        made = meetings.add(tx, 1, NOW, {}, {}, ola.id, NOW)
        attendance.reply(tx, made.id, ola.id, "yes")
        poll = polls.add(tx, 1, [NOW, NOW + OLD], ola.id, NOW)
        polls.tick(tx, poll.id, ola.id, 1)
        survey = surveys.open_one(tx, 1, "first")
        assert survey is not None and surveys.answer(tx, survey.id, ola.id, 3)
    end = datetime.combine(world.mandate.end, datetime.min.time(), UTC)
    for days, left in ((90, 1), (92, 0)):
        with world.db.transaction() as tx:
            retention.clean(tx, end + timedelta(days=days))
            for model in (tables.Attendance, tables.DateTick, tables.SurveyTaken):
                assert rows(tx, model) == left, model
            assert rows(tx, tables.Meeting) == rows(tx, tables.Survey) == 1
