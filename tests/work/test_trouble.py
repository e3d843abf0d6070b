"""When a platform is in trouble: what waits, what is tried again, and what is left in doubt."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.chat.delivery import Gone, Pace, Refused, RetryAfter, Uncertain
from bot.chat.events import Address, Press
from bot.chat.messages import Rendered
from bot.work import sender as senders
from storage import outbox, sending
from storage.tables import Outbox
from tests.work.loft import ACCOUNT, Loft, Pigeon


def test_told_to_wait_five_minutes_all_wait_and_nothing_fails(loft: Loft) -> None:
    rows = [loft.put("hello", str(chat)) for chat in range(5)]
    pigeon = Pigeon(*[RetryAfter(300)] * 5)
    sender = loft.sender(pigeon)
    loft.run(sender, until=lambda: pigeon.carried != [] and not sender.busy and not sender.back)
    assert set(loft.states().values()) == {"ready"} and [loft.tries(row) for row in rows] == [0] * 5
    assert 290 < sender.figures.paused_until - time.monotonic() <= 300
    assert len(pigeon.carried) == 5


def test_one_trouble_met_by_many_in_flight_is_one(loft: Loft) -> None:
    """Else the first cut of the line would silence the account for a minute."""
    for chat in range(20):
        loft.put("hello", str(chat))
    pigeon = Pigeon(*[RetryAfter()] * 20)
    sender = loft.sender(pigeon)
    loft.run(sender, until=lambda: len(pigeon.carried) >= 20 and not sender.busy and not sender.back)
    assert sender.figures.paused_until - time.monotonic() <= 1.0
    assert sender.troubles == 1


def test_after_trouble_one_message_goes_first(loft: Loft) -> None:
    for chat in range(10):
        loft.put("hello", str(chat))
    pigeon = Pigeon(*[RetryAfter(0.05)] * 10)
    sender = loft.sender(pigeon)
    under_way: list[int] = []

    def sent() -> bool:
        if len(pigeon.carried) > 10 and not pigeon.gate.is_set():
            under_way.append(len(pigeon.carried) - 10)
            pigeon.gate.set()
        elif len(pigeon.carried) == 10 and not sender.busy:
            pigeon.gate.clear()
        return set(loft.states().values()) == {"sent"}

    loft.run(sender, until=sent)
    assert under_way == [1]


def test_a_platform_that_is_unwell_is_asked_before_a_message_is_risked(loft: Loft) -> None:
    mass = [loft.put("to all", str(chat), lane=2, kind="prompt") for chat in range(3)]
    pigeon = Pigeon(Uncertain(), unwell=1, pace=Pace(rate=2))
    sender = loft.sender(pigeon)
    loft.run(sender, until=lambda: pigeon.unwell <= 0 and not sender.back)
    assert (len(pigeon.carried), loft.states()) == (1, {mass[0]: "uncertain", mass[1]: "ready", mass[2]: "ready"})
    loft.run(loft.sender(pigeon), until=lambda: "ready" not in loft.states().values())
    assert loft.states() == {mass[0]: "uncertain", mass[1]: "sent", mass[2]: "sent"}


def test_an_edit_in_doubt_is_done_again_until_it_is_done(loft: Loft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(senders, "ASIDE", 0.01)
    row = loft.put("first")
    pigeon = Pigeon()
    loft.run(loft.sender(pigeon), until=lambda: loft.states()[row] == "sent")
    with loft.db.transaction() as tx:
        outbox.edit(tx, row, Rendered("second"), loft.now)
    pigeon.answers = [Uncertain()] * 6
    loft.run(loft.sender(pigeon), until=lambda: set(loft.states().values()) == {"sent"})
    assert pigeon.texts == ["first"] + ["second"] * 7


def test_a_chat_rests_ever_longer_but_a_minute_at_most() -> None:
    assert [senders.aside(attempts) for attempts in (1, 2, 3, 4, 10_000)] == [2, 8, 32, 60, 60]


def test_what_a_platform_finds_by_itself_is_always_tried_again(loft: Loft) -> None:
    row = loft.put("to all", lane=2, kind="prompt")
    pigeon = Pigeon(Uncertain(), Uncertain())
    pigeon.finds = True
    loft.run(loft.sender(pigeon), until=lambda: loft.states()[row] == "sent")
    assert [delivery.tried for delivery in pigeon.carried] == [False, True, True]


def test_what_a_dead_process_left_is_settled_by_what_it_was(loft: Loft) -> None:
    mass, reply = loft.put("to all", lane=2, kind="prompt"), loft.put("to you")
    often, gone = loft.put("to you, often"), loft.put("to you")
    with loft.db.transaction() as tx:
        tx.execute(update(Outbox).where(Outbox.id == gone).values(op="delete", target=mass, attempts=5))
        tx.execute(update(Outbox).where(Outbox.id == often).values(attempts=4))
        sending.mark(tx, [mass, reply, often, gone], "dead", 1)
        sending.adopt(tx, ACCOUNT, 2, loft.now)
        assert loft.read(tx) == {mass: "uncertain", reply: "ready", often: "uncertain", gone: "ready"}
        tx.execute(update(Outbox).values(state="sending"))
        sending.adopt(tx, ACCOUNT, 2, loft.now, finds=True)
        assert set(loft.read(tx).values()) == {"ready"}


def test_a_limit_of_one_kind_of_call_holds_up_that_kind_alone(loft: Loft) -> None:
    row = loft.put("first")
    pigeon = Pigeon()
    loft.run(loft.sender(pigeon), until=lambda: loft.states()[row] == "sent")
    with loft.db.transaction() as tx:
        outbox.edit(tx, row, Rendered("changed"), loft.now)
    pigeon.answers = [RetryAfter(300, op="edit")]
    same, other = loft.put("second"), loft.put("third", chat="8")
    loft.run(loft.sender(pigeon), until=lambda: loft.states()[other] == loft.states()[same] == "sent")
    assert list(loft.states().values()) == ["sent", "ready", "sent", "sent"]


def test_an_edit_waits_while_its_message_may_yet_arrive_and_nobody_looks_at_it(loft: Loft) -> None:
    row = loft.put("first")
    with loft.db.transaction() as tx:
        sending.mark(tx, [row], "one", 1)
        outbox.edit(tx, row, Rendered("second"), loft.now)
        for state in ("sending", "uncertain"):
            tx.execute(update(Outbox).where(Outbox.id == row).values(state=state))
            assert sending.claim(tx, ACCOUNT, loft.now, 5) == sending.Found([], False)
        tx.execute(update(Outbox).where(Outbox.id == row).values(state="sent", platform_id="m1"))
        assert [one.target for one in sending.claim(tx, ACCOUNT, loft.now, 5).rows] == ["m1"]
        tx.execute(update(Outbox).where(Outbox.id == row).values(state="unreachable", platform_id=None))
        assert sending.claim(tx, ACCOUNT, loft.now, 5).rows == []
        assert list(loft.read(tx).values()) == ["unreachable", "cancelled"]


def test_a_press_settles_the_message_in_doubt_that_it_stood_on(loft: Loft) -> None:
    here, there = Address(ACCOUNT, "7"), Address(ACCOUNT, "8")
    known = loft.put("first")
    buttons = ({"label": "Answer", "data": "open:answers:3"},), ({"label": "Later", "data": "later:3"},)
    mass = loft.put("to all", lane=2, kind="prompt", buttons=buttons)
    twins = [loft.put("to all", "8", lane=2, kind="prompt", buttons=buttons) for _ in range(2)]
    answered, other = Press("open", ("answers", "3"), "m2"), Press("open", ("answers", "4"), "m2")
    with loft.db.transaction() as tx:
        tx.execute(update(Outbox).values(state="uncertain"))
        tx.execute(update(Outbox).where(Outbox.id == known).values(state="sent", platform_id="m1"))
        assert outbox.pressed(tx, here, loft.person.id, replace(answered, message="m1")) == known
        assert outbox.pressed(tx, here, loft.person.id, other) is None, "a copy of another message"
        assert loft.read(tx)[mass] == "uncertain"
        assert outbox.pressed(tx, here, loft.person.id, answered) == mass
        assert loft.read(tx)[mass] == "sent"
        assert outbox.pressed(tx, here, loft.person.id, other) == mass
        assert outbox.pressed(tx, there, loft.person.id, replace(answered, message="m3")) is None
        assert [loft.read(tx)[row] for row in twins] == ["uncertain", "uncertain"]


def test_boxes_ticked_on_a_message_in_doubt_settle_it_when_they_are_sent(loft: Loft) -> None:
    ticks = {"view": "tick", "send": "cast", "args": ["5"], "options": ["Trees", "Lamps"], "send_label": "Send"}
    ballot = loft.put("to all", lane=2, kind="prompt", ticks=ticks)
    with loft.db.transaction() as tx:
        tx.execute(update(Outbox).values(state="uncertain"))
        here = Address(ACCOUNT, "7")
        assert outbox.pressed(tx, here, loft.person.id, Press("cast", ("6", "2"), "m1")) is None
        assert outbox.pressed(tx, here, loft.person.id, Press("cast", ("5", "2"), "m1")) == ballot


def test_what_the_platform_refuses_for_good_fails_at_once(loft: Loft) -> None:
    row = loft.put("bad")
    pigeon = Pigeon(Refused("final"))
    loft.run(loft.sender(pigeon), until=lambda: loft.states()[row] == "failed")
    assert len(pigeon.carried) == 1


def test_a_broken_platform_of_ours_leaves_a_message_in_doubt_and_not_in_the_air(loft: Loft) -> None:
    class Broken(Pigeon):
        async def send(self, delivery: object) -> Gone:
            raise KeyError("our own fault")

    row = loft.put("to all", lane=2, kind="prompt")
    loft.run(loft.sender(Broken()), until=lambda: loft.states()[row] != "ready" and loft.states()[row] != "sending")
    assert loft.states() == {row: "uncertain"}


def test_what_expires_is_ended_without_a_try(loft: Loft) -> None:
    row = loft.put("late", expires_at=loft.now + timedelta(hours=1))
    loft.now += timedelta(hours=1)
    pigeon = Pigeon()
    loft.run(loft.sender(pigeon), until=lambda: loft.states()[row] == "expired")
    assert pigeon.carried == []
    with loft.db.reading() as tx:
        assert tx.execute(select(Outbox.attempts)).scalar() == 0
