"""Telling open pages that there may be something new."""

from __future__ import annotations

import asyncio


class Watch:
    """Wakes every page that waits; each takes `changed` before it looks, so that nothing is missed."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()

    def notify(self) -> None:
        """Something was committed."""
        self.changed.set()
        self.changed = asyncio.Event()


async def first(*events: asyncio.Event, seconds: float) -> None:
    """Wait until one of these happens, at most so long."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
