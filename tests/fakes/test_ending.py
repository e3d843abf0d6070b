"""A stand-in ends, whatever its clients make of being cancelled."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from tests.fakes.ending import end, settle


async def stubborn(cancels: int) -> None:
    """Take the first cancels for timeouts, as a client does whose own timeout falls due just then."""
    for _time in range(cancels):
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
    await asyncio.sleep(3600)


def test_who_takes_a_cancel_for_a_timeout_ends_all_the_same() -> None:
    async def play() -> None:
        tasks = [asyncio.create_task(stubborn(cancels)) for cancels in (0, 1)]
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            await end(tasks)
        assert [task.cancelled() for task in tasks] == [True, True]

    asyncio.run(play())


def test_nothing_is_left_on_the_loop() -> None:
    async def play() -> None:
        task = asyncio.create_task(stubborn(1))
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            await settle()
        assert task.cancelled()

    asyncio.run(play())
