"""A facilitator sees what became of a sending: who has it and who waits; sends again what is uncertain, or stops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select, text

from bot.chat.events import Address
from bot.domain.people import Role
from bot.work.clock import fire_due
from storage import people, prompts, sending
from storage.tables import Outbox
from tests.conftest import playing
from tests.databases import fresh
from tests.doors.stage import Stage
from tests.doors.telegram import Telegrammer
from tests.fakes.telegram import TelegramFake
from tests.world import Someone, World

SECOND = timedelta(seconds=1)
SLOW = "pigeon:1"


class Pigeons:
    """A platform that carries as much as it is told, by the steps of the real sender."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.engine.house.accounts.add(SLOW)
        world.engine.house.paces[SLOW] = 1.0
        with world.db.transaction() as tx:
            self.epoch = sending.take_lease(tx, SLOW, "one", world.now, timedelta(days=30)) or 0

    def members(self, *names: str) -> dict[str, int]:
        """Members who are reached by pigeon."""
        made = {}
        with self.world.db.transaction() as tx:
            for name in names:
                made[name] = people.add(tx, self.world.now, name, "en").id
                people.give_role(tx, made[name], 1, Role.CITIZEN, self.world.now)
                people.give_address(tx, made[name], Address(SLOW, name), self.world.now)
        return made

    def carry(self, *ends: str) -> None:
        """Claim, mark and settle the next rows, each with its end."""
        with self.world.db.transaction() as tx:
            rows = sending.claim(tx, SLOW, self.world.now, len(ends)).rows
            sending.mark(tx, [row.id for row in rows], "one", self.epoch)
            for row, end in zip(rows, ends, strict=True):
                if end == "sent":
                    sending.sent(tx, {row.id: f"pigeon {row.id}"}, self.epoch, self.world.now)
                else:
                    assert sending.settle(tx, row.id, self.epoch, end)

    def states(self) -> list[str]:
        with self.world.db.reading() as tx:
            return list(tx.execute(select(Outbox.state).where(Outbox.account == SLOW).order_by(Outbox.id)).scalars())


def sends(frida: Someone, count: int, words: str = "Velkommen") -> Someone:
    """Write a message to all members and send it."""
    frida.says("/prompt").answers(words, words, words).presses(f"all members ({count})").presses("Now")
    return frida.presses("Send now").hears("It is on its way.")


def asks(world: World, frida: Someone, count: int) -> Someone:
    """Ask members one question."""
    frida.says("/ask").answers("Not before a meeting", "Kveldene", "Kveldane", "The evenings", "2026-03-20 12:00")
    frida.presses("Add a question").answers("In one's own words", "Hva mangler?", "Kva manglar?", "Hva mangler?")
    return frida.presses(f"Send to {count} members")


def record(world: World) -> list[tuple[str, str]]:
    with world.db.reading() as tx:
        return [(row.action, row.reason) for row in tx.execute(text("SELECT action, reason FROM audit ORDER BY id"))]


def test_one_message_says_how_far_it_has_come_and_when_it_is_done(world: World) -> None:
    frida = world.facilitator()
    pigeons = Pigeons(world)
    pigeons.members("Ann", "Bo", "Cai")
    world.member("Ola")
    sends(frida, 4)
    count = len(frida.messages)
    world.wait(6 * SECOND)
    assert "Sent to 1 of 4. 3 are waiting. Done about Monday 2 March at 10:01." in frida.last
    pigeons.carry("sent", "sent")
    world.wait(timedelta(minutes=1))
    assert "Sent to 3 of 4. 1 is waiting." in frida.last
    pigeons.carry("sent")
    world.wait(timedelta(minutes=1))
    assert "It is sent.\n\nSent to 4 of 4." in frida.last
    assert "Stop sending" not in frida.labels
    assert len(frida.messages) == count, "it is one message, edited"


def test_a_long_queue_before_it_and_people_still_to_come_make_it_later(world: World) -> None:
    frida = world.facilitator()
    pigeons = Pigeons(world)
    pigeons.members(*(f"Member {number}" for number in range(prompts.BATCH + 100)))
    sends(frida, 300)
    frida.presses("How did it arrive?").hears("Sent to 0 of 300. 300 are waiting.", "Monday 2 March at 10:05")


def test_a_platform_that_does_not_answer_is_said_instead_of_a_time(world: World) -> None:
    frida = world.facilitator()
    Pigeons(world).members("Ann")
    sends(frida, 1)
    world.wait(timedelta(minutes=10))
    assert "Pigeon does not answer just now. We keep trying until Thursday 5 March" in frida.last


def test_those_who_need_help_come_first_by_name(world: World) -> None:
    frida = world.facilitator()
    pigeons = Pigeons(world)
    pigeons.members("Ann", "Bo", "Cai", "Dag")
    sends(frida, 4)
    pigeons.carry("sent", "unreachable", "uncertain")
    frida.presses("How did it arrive?").hears("Sent to 1 of 4. 1 is waiting.", "1 cannot be reached.")
    names = frida.last.splitlines()[-4:]
    assert [name.partition(" (")[0] for name in names] == [
        "Bo: cannot be reached, please ask another way",
        "Cai: perhaps has it",
        "Dag: waiting",
        "Ann: has it",
    ]


def test_a_person_with_a_page_and_a_mail_is_one_person(world: World) -> None:
    frida = world.facilitator()
    ida = world.member("Ida")
    with world.db.transaction() as tx:
        tx.execute(text("DELETE FROM address WHERE person_id = :id"), {"id": ida.id})
        people.give_address(tx, 2, Address("mail", "ida"), world.now)
    sends(frida, 1)
    frida.presses("How did it arrive?").hears("Sent to 0 of 1. 1 is waiting.", "Ida: waiting (mail)")


def test_what_is_uncertain_is_sent_again_by_one_tap_and_only_once(world: World) -> None:
    frida = world.facilitator()
    pigeons = Pigeons(world)
    pigeons.members("Ann", "Bo")
    sends(frida, 2)
    pigeons.carry("sent", "uncertain")
    world.wait(6 * SECOND)
    assert "1 perhaps has it: the line broke, so we do not know." in frida.last
    frida.presses("Send again").hears("It goes once more to 1 person.")
    assert pigeons.states() == ["sent", "ready"]
    frida.presses_data("resend:1").hears("Nothing is left to send again.")
    pigeons.carry("sent")
    world.wait(timedelta(minutes=1))
    frida.hears("It is sent.\n\nSent to 2 of 2.")
    assert record(world)[-1] == ("sent again", "1 messages")


def test_whoever_has_answered_is_not_asked_twice(world: World) -> None:
    frida = world.facilitator()
    pigeons = Pigeons(world)
    numbers = pigeons.members("Ann", "Bo")
    asks(world, frida, 2)
    pigeons.carry("uncertain", "uncertain")
    with world.db.transaction() as tx:
        values = {"id": numbers["Ann"], "at": world.now}
        tx.execute(
            text(
                'INSERT INTO answer (prompt_id, person_id, "values", state, sent_at) '
                "VALUES (1, :id, '{}', 'sent', :at)"
            ),
            values,
        )
    world.wait(6 * SECOND)
    frida.presses("Send again").hears("It goes once more to 1 person.")
    assert pigeons.states() == ["sent", "ready"]


def test_a_broadcast_is_stopped_half_way(world: World) -> None:
    frida = world.facilitator()
    pigeons = Pigeons(world)
    pigeons.members(*(f"Member {number:03}" for number in range(prompts.BATCH * 2 + 50)))
    sends(frida, 450)
    pigeons.carry(*["sent"] * 120)
    frida.presses("How did it arrive?").presses("Stop sending")
    frida.hears("120 have it already and keep it.", "330 would not get it.", "This cannot be undone.")
    assert "cancelled" not in pigeons.states(), "it asks before"
    frida.presses("Yes, stop").hears("You stopped this message half-way.", "Sent to 120 of 450. 330 do not get it.")
    world.wait(timedelta(days=1))
    assert pigeons.states() == ["sent"] * 120 + ["cancelled"] * 80, "the rest of the list is never come to"
    assert record(world)[-1] == ("message stopped", "120 of 450 had it")
    frida.presses_data("halt:1").hears("That is not here any more")
    frida.presses_data("resend:1").hears("closed or stopped")
    frida.says("/prompts")
    assert any("stopped half-way" in label for label in frida.labels)


def test_a_batch_being_written_while_it_is_stopped_goes_to_nobody(world: World) -> None:
    frida = world.facilitator()
    pigeons = Pigeons(world)
    pigeons.members(*(f"Member {number:03}" for number in range(prompts.BATCH * 2)))
    sends(frida, 400)
    stopping = Thread(target=lambda: frida.presses_data("halt:1"))
    with world.db.transaction() as tx:
        fire_due(world.engine, tx, world.now + SECOND)
        stopping.start()
        stopping.join(0.5)
        assert stopping.is_alive(), "it waits for the batch"
    stopping.join(10)
    assert pigeons.states() == ["cancelled"] * 400
    assert record(world)[-1] == ("message stopped", "0 of 400 had it")


def test_what_is_out_cannot_be_stopped(world: World) -> None:
    frida = world.facilitator()
    world.member("Ola")
    sends(frida, 1)
    frida.presses_data("stop:1").hears("There is nothing left to stop")
    frida.presses_data("halt:1").hears("There is nothing left to stop")
    frida.says("/prompts")
    assert not any("stopped" in label for label in frida.labels)


def test_only_those_who_look_after_this_committee_see_and_do_it(world: World) -> None:
    frida, ola = world.facilitator(), world.member("Ola")
    siri = world.secretariat("Siri")
    sends(frida, 1)
    siri.presses_data("arrived:1").hears("Sent to 1 of 1.", "Ola: has it")
    other = world.load("gentofte-biblioteker")
    gerda = world.facilitator("Gerda", committee=other)
    for someone in (ola, gerda):
        for data in ("arrived:1", "reached:1:0", "resend:1", "stop:1", "halt:1"):
            someone.presses_data(data).hears("That is not here any more")


def test_what_failed_is_told_once_a_sending_and_not_once_a_person(world: World) -> None:
    frida = world.facilitator()
    pigeons = Pigeons(world)
    pigeons.members("Ann", "Bo", "Cai")
    sends(frida, 3)
    count = len(frida.messages)
    pigeons.carry("failed", "uncertain")
    world.wait(timedelta(hours=1))
    assert len(frida.messages) == count, "one is still waiting"
    world.wait(timedelta(days=5))
    assert len(frida.messages) == count + 1
    assert "What you sent did not reach everybody." in frida.last
    assert "1 was refused. 1 was not sent in time. 1 perhaps has it" in frida.last
    frida.presses("Send again")
    pigeons.carry("uncertain")
    count = len(frida.messages)
    world.wait(timedelta(hours=1))
    assert len(frida.messages) == count, "it is known by now"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Stage]:
    """The whole service with the strict Telegram beside it."""
    database = fresh(tmp_path)
    with TelegramFake() as fake:
        fake.limits = False
        with playing(Stage(database, tmp_path, telegram=fake, people_are=Telegrammer)) as stage:
            stage.load()
            yield stage
    database.close()


def test_on_telegram_a_broken_line_and_a_block_are_seen_and_mended(town: Stage) -> None:
    assert town.telegram is not None
    frida = town.facilitator()
    ola, kari = town.member("Ola"), town.member("Kari")
    assert isinstance(kari, Telegrammer)
    kari.phone.blocks_bot()
    town.settle()
    frida.says("/prompt").answers("Velkommen", "Velkomen", "Velkommen").presses("all members (2)").presses("Now")
    with town.db.transaction() as tx:  # Telegram told us of the block; a sender meets one it was not told of
        tx.execute(text("UPDATE address SET state = 'active'"))
    town.telegram.fail(
        "sendMessage", 403, description="Forbidden: bot was blocked by the user", chat=int(kari.address.chat)
    )
    town.telegram.reset("sendMessage", before=False)
    frida.presses("Send now")
    town.wait(10 * SECOND)
    frida.presses("How did it arrive?").hears("Ola: perhaps has it", "Kari: cannot be reached")
    frida.presses("Send again").hears("It goes once more to 1 person.")
    town.wait(timedelta(minutes=1))
    frida.presses("How did it arrive?").hears("Sent to 1 of 2.", "Ola: has it (Telegram")
    assert sum("Velkommen" in words for words in ola.everything()) == 2
