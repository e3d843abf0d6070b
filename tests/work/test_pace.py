"""How fast: evenly spaced slots, replies first, and each kind of call by its own limit."""

from __future__ import annotations

import asyncio
import time
from collections import deque

import pytest

from bot.chat.delivery import Delivery, Pace, Result
from bot.work.limits import Limits
from tests.work.loft import Loft, Pigeon

pytestmark = pytest.mark.alone


def starts(pace: Pace, seconds: float, op: str = "send", step: float = 0.001) -> list[float]:
    """When messages to ever new chats start, looking each `step`, with a backlog that never ends."""
    limits, now = Limits(pace), 1000.0
    found: list[float] = []
    while now < 1000 + seconds:
        limits.rested(now)
        room = limits.room(now, pace.in_flight)
        while op not in limits.resting("op") and (slot := room.admit(op, bulk=True)):
            limits.take(str(len(found)), op, now, paid=slot == "paid")
            found.append(now)
        now += step
    return found


def most_within(moments: list[float], seconds: float) -> int:
    """The most that fall in any window of so many seconds."""
    window: deque[float] = deque()
    most = 0
    for moment in moments:
        window.append(moment)
        while window[0] <= moment - seconds:
            window.popleft()
        most = max(most, len(window))
    return most


@pytest.mark.parametrize(("pace", "least", "most"), [(Pace(28), 27.5, 30), (Pace(28, paid_rate=940), 955, 1000)])
@pytest.mark.parametrize("step", [0.001, 0.005, 0.011])
def test_no_second_holds_more_than_the_platform_takes_and_none_is_wasted(
    pace: Pace, least: float, most: int, step: float
) -> None:
    found = starts(pace, 10, step=step)
    assert len(found) / 10 >= least
    assert most_within(found, 1) <= most


def test_a_kind_of_call_with_a_limit_a_minute_keeps_it() -> None:
    found = starts(Pace(20, ops={"edit": 50}), 300, "edit", step=0.05)
    assert 45 < most_within(found, 60) <= 50
    assert len(found) >= 195


def test_in_flight_is_what_half_a_second_holds_and_never_more_than_sixty_four() -> None:
    assert [Pace(rate).in_flight for rate in (1, 20, 28, 1000)] == [1, 10, 14, 64]
    assert (Pace(28, paid_rate=940).in_flight, Pace(28, paid_rate=940).bulk) == (64, 968)


def test_a_reply_overtakes_a_message_to_many(loft: Loft) -> None:
    for chat in range(300):
        loft.put("to all", str(chat), lane=2, kind="prompt")
    pigeon = Pigeon(pace=Pace(rate=100))
    before: list[int] = []

    def answered() -> bool:
        if len(pigeon.carried) >= 20 and not before:
            loft.put("to you", "me")
            before.append(len(pigeon.carried))
        return "to you" in pigeon.texts

    loft.run(loft.sender(pigeon), until=answered)
    assert pigeon.texts.index("to you") <= before[0] + 4


def test_somebody_with_much_waiting_holds_nobody_else_up(loft: Loft) -> None:
    for number in range(60):
        loft.put(f"message {number}", "7")
    loft.put("hello", "8")
    pigeon = Pigeon(pace=Pace(rate=1000, chat_rate=0.1, chat_burst=2))
    loft.run(loft.sender(pigeon), until=lambda: "hello" in pigeon.texts)
    assert pigeon.texts.count("hello") == 1 and len(pigeon.carried) == 3


def test_only_mass_messages_are_paid_for_and_only_where_no_free_slot_is_left(loft: Loft) -> None:
    for chat in range(30):
        loft.put("to all", str(chat), lane=2, kind="prompt")
    for chat in range(4):
        loft.put("to you", f"r{chat}")
    pigeon = Pigeon(pace=Pace(rate=20, paid_rate=1000))
    loft.run(loft.sender(pigeon), until=lambda: set(loft.states().values()) == {"sent"})
    paid = [delivery.paid for delivery in pigeon.carried if delivery.message.text == "to all"]
    assert not any(delivery.paid for delivery in pigeon.carried if delivery.message.text == "to you")
    assert 20 <= paid.count(True) <= 30
    assert pigeon.texts[:2] == ["to you", "to you"]


def test_each_further_part_of_a_long_message_takes_a_slot_of_its_own(loft: Loft) -> None:
    class Long(Pigeon):
        async def send(self, delivery: Delivery) -> Result:
            if delivery.message.text == "long":
                for _part in range(3):
                    await delivery.slot()
            return await super().send(delivery)

    loft.put("long", "1")
    pigeon = Long(pace=Pace(rate=20, chat_rate=1000, chat_burst=9))
    sender = loft.sender(pigeon)
    began = time.monotonic()
    loft.run(sender, until=lambda: set(loft.states().values()) == {"sent"})
    assert time.monotonic() - began >= 0.1  # two of the four slots are there at once
    assert sender.limits.room(time.monotonic(), 9).free == 0


def test_an_idle_sender_does_nothing_between_renewals(loft: Loft) -> None:
    async def play() -> int:
        sender, stopping = loft.sender(Pigeon()), asyncio.Event()
        running = asyncio.create_task(sender.run(stopping))
        while sender.figures.epoch is None or sender.more:  # noqa: ASYNC110 (until it is at rest)
            await asyncio.sleep(0.01)
        began = time.process_time()
        await asyncio.sleep(0.5)
        spent = time.process_time() - began
        stopping.set()
        await running
        return round(1000 * spent)

    assert asyncio.run(play()) < 50


def test_waiting_for_the_pace_is_counted(loft: Loft) -> None:
    for chat in range(6):
        loft.put("hello", str(chat))
    sender = loft.sender(Pigeon(pace=Pace(rate=20)))
    loft.run(sender, until=lambda: set(loft.states().values()) == {"sent"})
    assert 0.1 < sender.figures.limit_wait_seconds < 1
    assert (sender.figures.sent, sender.figures.retried, sender.figures.uncertain) == (6, 0, 0)
