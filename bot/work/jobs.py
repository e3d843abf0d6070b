"""What the writer is given to write, and how whoever waits for it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bot.chat.events import Event
from storage.database import Tx

# A thread waits for a future of its own kind; the loop's are all told at once, since waking it costs more than they do.
Reply = Future[Any] | asyncio.Future[Any]


@dataclass(slots=True)
class Job:
    """Something to write, and who waits for it; a `slow` one may take its time."""

    run: Callable[[Tx], Any] | None
    event: Event | None = None
    slow: bool = False
    reply: Reply = field(default_factory=Future)
    result: Any = None


def tell(replies: Sequence[tuple[Reply, Any]]) -> None:
    """Tell everybody what came of it: a result, or an error to raise; who has gone away is told nothing."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for reply, result in replies:
        if isinstance(reply, asyncio.Future):
            loops.setdefault(reply.get_loop(), []).append((reply, result))
        elif reply.set_running_or_notify_cancel():
            _set(reply, result)
    for loop, those in loops.items():
        with suppress(RuntimeError):  # the loop has ended, and nobody waits there
            loop.call_soon_threadsafe(_set_all, those)


def _set_all(replies: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for reply, result in replies:
        if not reply.done():
            _set(reply, result)


def _set(reply: Reply, result: Any) -> None:
    if isinstance(result, Exception):
        reply.set_exception(result)
    else:
        reply.set_result(result)
