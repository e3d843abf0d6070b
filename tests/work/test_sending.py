"""From the outbox to a platform: states, edits, and what is never sent twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.chat.delivery import Gone, Refused, RetryAfter, Sent, Uncertain
from bot.chat.events import Address
from bot.chat.messages import Rendered
from bot.engine.house import House
from bot.engine.receive import Engine
from bot.engine.router import Router
from bot.work import sender
from bot.work.writer import Writer
from storage import news, outbox, people, sending
from storage.tables import Outbox
from storage.vault import Vault
from tests.work.loft import ACCOUNT, NOW, Loft, Pigeon


def test_what_is_in_the_outbox_is_sent_once_and_in_order(loft: Loft) -> None:
    rows = [loft.put(f"message {number}") for number in range(30)]
    pigeon = Pigeon()
    loft.run(loft.sender(pigeon), until=lambda: set(loft.states().values()) == {"sent"})
    assert [delivery.row for delivery in pigeon.carried] == rows


def test_looking_for_work_wakes_nobody(loft: Loft) -> None:
    """Else a sender with nothing to send would wake itself for ever."""
    woken: list[Collection[str]] = []
    loft.db.heard = woken.append
    writer = Writer(loft.db, Engine(Router(), House(Vault("k" * 40), Path(), "")), lambda: NOW)
    writer.start()
    writer.submit(lambda tx: sending.claim(tx, ACCOUNT, NOW, 5)).result(10)
    assert woken == []
    writer.submit(lambda tx: news.leave(tx, ACCOUNT)).result(10)
    assert woken == [{ACCOUNT}]
    writer.stop()


def test_replies_go_before_bulk(loft: Loft) -> None:
    bulk = loft.put("to everybody", chat="1", lane=2, kind="prompt")
    reply = loft.put("to you", chat="2", lane=0)
    pigeon = Pigeon()
    loft.run(loft.sender(pigeon), until=lambda: set(loft.states().values()) == {"sent"})
    assert [delivery.row for delivery in pigeon.carried] == [reply, bulk]


def test_trouble_of_the_account_costs_a_row_no_attempt(loft: Loft) -> None:
    row = loft.put("hello")
    pigeon = Pigeon(*[RetryAfter(0.01)] * 6)
    loft.run(loft.sender(pigeon), until=lambda: loft.states()[row] == "sent")
    with loft.db.reading() as tx:
        assert tx.execute(select(Outbox.attempts).where(Outbox.id == row)).scalar() == 1


def test_a_message_the_platform_refuses_fails_after_three_tries(loft: Loft) -> None:
    row = loft.put("bad")
    pigeon = Pigeon(*[Refused("bad request")] * 5)
    loft.run(loft.sender(pigeon), until=lambda: loft.states()[row] == "failed")
    assert len(pigeon.carried) == 3


def test_somebody_who_blocked_us_is_unreachable_and_the_facilitator_hears(loft: Loft) -> None:
    row = loft.put("hello")
    pigeon = Pigeon(Gone())
    loft.run(loft.sender(pigeon), until=lambda: loft.states()[row] == "unreachable")
    assert loft.told == [loft.person.id]


def test_an_uncertain_reply_is_sent_again_and_a_mass_message_is_not(loft: Loft) -> None:
    reply, mass = loft.put("to you", chat="1"), loft.put("to all", chat="2", lane=2, kind="prompt")
    pigeon = Pigeon(Uncertain(), Uncertain(), Sent("m"))
    loft.run(loft.sender(pigeon), until=lambda: set(loft.states().values()) <= {"sent", "uncertain"})
    assert loft.states() == {reply: "sent", mass: "uncertain"}
    assert len(pigeon.carried) == 3


@pytest.mark.parametrize(("broken", "state"), [(4, "sent"), (5, "uncertain")])
def test_a_reply_is_tried_five_times_where_the_line_breaks_each_time(
    loft: Loft, monkeypatch: pytest.MonkeyPatch, broken: int, state: str
) -> None:
    monkeypatch.setattr(sender, "ASIDE", 0.01)
    row = loft.put("to you")
    pigeon = Pigeon(*[Uncertain()] * broken)
    loft.run(loft.sender(pigeon), until=lambda: loft.states()[row] in ("sent", "uncertain"))
    assert (loft.states()[row], len(pigeon.carried)) == (state, 5)


def test_while_a_message_is_in_doubt_again_its_chat_waits_and_others_go(
    loft: Loft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "ASIDE", 0.4)
    first, second = loft.put("first", "1"), loft.put("second", "1")
    others = [loft.put("to you", "2") for _other in range(3)]
    pigeon = Pigeon(Uncertain(), Sent("m"), Uncertain())
    loft.run(loft.sender(pigeon), until=lambda: set(loft.states().values()) == {"sent"})
    carried = [delivery.row for delivery in pigeon.carried]
    assert carried == [first, others[0], first, others[1], others[2], first, second]


def test_after_stop_nothing_unasked_is_sent(loft: Loft) -> None:
    asked, unasked = loft.put("a reply"), loft.put("a prompt", kind="prompt", lane=1)
    with loft.db.transaction() as tx:
        people.change(tx, loft.person.id, state="silent")
    pigeon = Pigeon()
    loft.run(loft.sender(pigeon), until=lambda: set(loft.states().values()) <= {"sent", "cancelled"})
    assert loft.states() == {asked: "sent", unasked: "cancelled"}


def test_what_is_too_old_is_not_sent(loft: Loft) -> None:
    row = loft.put("old", expires_at=NOW + timedelta(hours=1))
    loft.now = NOW + timedelta(hours=2)
    pigeon = Pigeon()
    fresh = loft.put("new")
    loft.run(loft.sender(pigeon), until=lambda: loft.states()[fresh] == "sent")
    assert [delivery.row for delivery in pigeon.carried] == [fresh]
    assert loft.states()[row] in ("ready", "expired")


def test_two_senders_never_both_send(loft: Loft) -> None:
    for number in range(40):
        loft.put(f"message {number}", chat=str(number % 5))
    one, two = Pigeon(), Pigeon()
    loft.run(loft.sender(one, "one"), loft.sender(two, "two"), until=lambda: set(loft.states().values()) == {"sent"})
    assert not one.carried or not two.carried
    assert len(one.carried) + len(two.carried) == 40


def test_no_mark_of_an_old_epoch_lands(loft: Loft) -> None:
    row = loft.put("hello")
    later = loft.now + timedelta(seconds=11)
    lasting = timedelta(seconds=10)
    with loft.db.transaction() as tx:
        assert sending.take_lease(tx, ACCOUNT, "one", loft.now, lasting) == 1
        assert [claimed.id for claimed in sending.claim(tx, ACCOUNT, loft.now, 5).rows] == [row]
        sending.mark(tx, [row], "one", 1)
        assert sending.take_lease(tx, ACCOUNT, "two", loft.now, lasting) is None
        assert sending.take_lease(tx, ACCOUNT, "two", later, lasting) == 2
        sending.adopt(tx, ACCOUNT, 2, later)
        assert not sending.holds(tx, ACCOUNT, "one", 1)
        sending.mark(tx, [row], "two", 2)
        sending.sent(tx, {row: "m1"}, 1, later)
        assert not sending.settle(tx, row, 1, "failed")
        assert loft.read(tx) == {row: "sending"}
        sending.sent(tx, {row: "m2"}, 2, later)
        assert loft.read(tx) == {row: "sent"}


def test_an_edit_waits_for_its_message_and_replaces_what_is_unsent(loft: Loft) -> None:
    row = loft.put("first")
    with loft.db.transaction() as tx:
        outbox.edit(tx, row, Rendered("second"), loft.now)
    pigeon = Pigeon()
    loft.run(loft.sender(pigeon), until=lambda: loft.states()[row] == "sent")
    assert [delivery.message.text for delivery in pigeon.carried] == ["second"]
    with loft.db.transaction() as tx:
        outbox.edit(tx, row, Rendered("third"), loft.now)
        outbox.edit(tx, row, Rendered("fourth"), loft.now)
    loft.run(loft.sender(pigeon), until=lambda: set(loft.states().values()) == {"sent"})
    assert [(delivery.op, delivery.message.text, delivery.target) for delivery in pigeon.carried[1:]] == [
        ("edit", "fourth", f"m{row}")
    ]


def test_an_edit_of_what_never_arrived_is_dropped(loft: Loft) -> None:
    row = loft.put("lost")
    with loft.db.transaction() as tx:
        tx.execute(update(Outbox).where(Outbox.id == row).values(state="failed"))
        outbox.edit(tx, row, Rendered("changed"), loft.now)
    assert loft.states() == {row: "failed"}


def test_a_secret_is_minted_as_it_is_sent_and_stands_in_no_row(loft: Loft) -> None:
    content = Rendered(
        "Sign in", (({"label": "Go", "secret": "login"},),), secrets={"login": {"kind": "login", "path": "/"}}
    )
    with loft.db.transaction() as tx:
        row = outbox.put(tx, Address(ACCOUNT, "7"), loft.person.id, content, loft.now)
    pigeon = Pigeon()
    loft.run(loft.sender(pigeon), until=lambda: set(loft.states().values()) == {"sent"})
    assert pigeon.carried[0].message.buttons[0][0]["url"] == "http://localhost:8000/login/login"
    with loft.db.reading() as tx:
        assert "localhost" not in str(tx.execute(select(Outbox.content).where(Outbox.id == row)).scalar())


def test_what_grows_too_old_while_the_platform_is_down_ends(loft: Loft) -> None:
    rows = [loft.put("late", str(chat)) for chat in range(2)]
    pigeon = Pigeon(*[RetryAfter(600)] * 20)
    sender = loft.sender(pigeon)

    def ended() -> bool:
        if sender.figures.paused_until > 0 and loft.now == NOW:
            loft.now += timedelta(days=2)
            sender.renew_at = sender.expire_at = 0.0
        return set(loft.states().values()) == {"expired"}

    loft.run(sender, until=ended)
    assert set(loft.states()) == set(rows)
