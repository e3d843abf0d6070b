"""How a stand-in ends: what still runs on its loop is cancelled until it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel these, and once more whoever took that for a timeout of its own, as a client may, and went on."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        over, left = await asyncio.wait(left, timeout=0.5)
        await asyncio.gather(*over, return_exceptions=True)


async def settle() -> None:
    """End what is left on this loop, so that no connection outlives it half closed."""
    await end(asyncio.all_tasks() - {asyncio.current_task()})
    # A transport that was closed lets go of its socket in the turns after.
    for _ in range(5):
        await asyncio.sleep(0)
