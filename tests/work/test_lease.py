"""Who may send: one at a time, fenced off from a former owner, and handed over in order."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from math import inf

import pytest
from sqlalchemy import select

from bot.chat.delivery import Sent
from storage import sending
from storage.lock import Lock
from storage.tables import Lease
from tests.work.loft import ACCOUNT, Loft, Pigeon


async def landed(pigeon: Pigeon, many: int) -> None:
    """Let what was started come to the platform."""
    async with asyncio.timeout(5):
        while len(pigeon.carried) < many:  # noqa: ASYNC110 (a pigeon has no event for it)
            await asyncio.sleep(0.001)


def test_a_process_that_was_paused_past_its_lease_marks_nothing_more(loft: Loft) -> None:
    mass, reply = loft.put("to all", chat="1", lane=2, kind="prompt"), loft.put("to you", chat="2")

    async def play() -> None:
        old, new = Pigeon(Sent("old 1"), Sent("old 2")), Pigeon()
        paused, heir = loft.sender(old, "paused"), loft.sender(new, "heir")
        old.gate.clear()
        await paused.turn()
        await landed(old, 2)
        loft.now += timedelta(seconds=11)  # it is stopped here, in the midst of two calls

        await heir.turn()
        await landed(new, 1)
        await asyncio.sleep(0)
        await heir.turn()
        assert heir.figures.epoch == 2
        assert loft.states() == {mass: "uncertain", reply: "sent"}

        old.gate.set()  # and goes on as if nothing had been
        await asyncio.gather(*paused.busy.values())
        fresh = loft.put("later", chat="3")
        paused.wake()
        await paused.turn()
        assert paused.figures.epoch is None
        assert loft.states() == {mass: "uncertain", reply: "sent", fresh: "ready"}
        assert len(old.carried) == 2
        await paused.turn()
        assert loft.states()[fresh] == "ready"

    asyncio.run(play())
    with loft.db.reading() as tx:
        assert tx.execute(select(Lease.owner, Lease.epoch)).one() == ("heir", 2)


def test_with_the_lease_nearly_over_a_marked_row_is_not_sent_but_given_back(loft: Loft) -> None:
    async def play() -> None:
        pigeon = Pigeon()
        sender = loft.sender(pigeon)
        await sender.turn()
        row = loft.put("hello")
        sender.renew_at, held, sender.held_until = inf, sender.held_until, 0.0
        sender.wake()
        await sender.turn()
        assert loft.states() == {row: "sending"}
        sender.more = False
        await sender.turn()
        assert (loft.states(), loft.tries(row), pigeon.carried) == ({row: "ready"}, 0, [])
        sender.held_until = held
        sender.wake()
        await sender.turn()
        await landed(pigeon, 1)

    asyncio.run(play())


def test_a_lease_that_ran_out_while_nobody_wanted_it_goes_on(loft: Loft) -> None:
    async def play() -> None:
        sender = loft.sender(Pigeon())
        await sender.turn()
        loft.now += timedelta(minutes=2)
        sender.renew_at = 0.0
        await sender.turn()
        assert sender.figures.epoch == 1

    asyncio.run(play())


def test_a_lock_file_hands_the_lease_over_at_once(loft: Loft) -> None:
    """Only where all processes are on one machine: on PostgreSQL the lease has to run out."""

    async def play() -> None:
        first, second = Lock(loft.db, ACCOUNT), Lock(loft.db, ACCOUNT)
        former, heir = loft.sender(Pigeon(), "former", lock=first), loft.sender(Pigeon(), "heir", lock=second)
        await former.turn()
        await heir.turn()
        assert (former.figures.epoch, heir.figures.epoch) == (1, None)
        first.free()  # as the kernel does for a process that was killed
        heir.renew_at = 0.0
        await heir.turn()
        assert heir.figures.epoch == (2 if loft.db.sqlite else None)
        former.renew_at = 0.0
        await former.turn()
        assert former.figures.epoch == (None if loft.db.sqlite else 1)

    asyncio.run(play())


def test_whoever_lost_the_lease_gives_the_lock_up_and_does_not_force_its_way_back(loft: Loft) -> None:
    async def play() -> None:
        first, second = Lock(loft.db, ACCOUNT), Lock(loft.db, ACCOUNT)
        former, heir = loft.sender(Pigeon(), "former", lock=first), loft.sender(Pigeon(), "heir", lock=second)
        await former.turn()
        loft.now += timedelta(seconds=11)
        await heir.turn()
        former.renew_at = 0.0
        await former.turn()
        assert (former.figures.epoch, heir.figures.epoch) == (None, 2)
        assert second.take() == loft.db.sqlite

    asyncio.run(play())


def test_a_stop_finishes_what_is_in_flight_and_gives_the_lease_back(loft: Loft) -> None:
    rows = [loft.put(f"message {number}", chat=str(number % 2)) for number in range(4)]

    async def play() -> None:
        pigeon, stopping = Pigeon(), asyncio.Event()
        pigeon.gate.clear()
        running = asyncio.create_task(loft.sender(pigeon).run(stopping))
        await landed(pigeon, 2)
        stopping.set()
        asyncio.get_running_loop().call_later(0.05, pigeon.gate.set)
        await running
        assert len(pigeon.carried) == 2

    asyncio.run(play())
    assert sorted(loft.states().values()) == ["ready", "ready", "sent", "sent"] and len(rows) == 4
    with loft.db.transaction() as tx:
        assert sending.take_lease(tx, ACCOUNT, "next", loft.now, timedelta(seconds=10)) == 2


def test_a_stop_does_not_wait_for_a_platform_that_hangs(loft: Loft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.work.sender.DRAIN", 0.1)
    reply, mass = loft.put("to you", chat="1"), loft.put("to all", chat="2", lane=2, kind="prompt")

    async def play() -> None:
        pigeon, stopping = Pigeon(), asyncio.Event()
        pigeon.gate.clear()
        running = asyncio.create_task(loft.sender(pigeon).run(stopping))
        await landed(pigeon, 2)
        stopping.set()
        async with asyncio.timeout(2):
            await running

    asyncio.run(play())
    assert loft.states() == {reply: "ready", mass: "uncertain"}
    assert loft.tries(reply) == 1
