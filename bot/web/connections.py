"""Connections that bring their request slowly: they are closed in time, and first of all when there are many."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

WITHIN = 12.0  # a little more than a body has, so that its sender still reads why
MOST = 1_000


class Connection(HttpToolsProtocol):
    """Uvicorn's own, that knows since when it waits for the rest of a request."""

    since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody knocks, and has not asked for anything yet."""
        self.since = self.loop.time()
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Some of a request."""
        if self.since is None:
            self.since = self.loop.time()
        super().data_received(data)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self.since = None
        super().on_message_complete()


def shed(connections: Iterable[Any], now: float, most: int = MOST) -> int:
    """Close those that are too slow, and the slowest while there are more than `most`; how many were closed.

    A limit on connections would answer 503 to everybody: whoever opened them all would have shut the house.
    """
    found = list(connections)
    slow = sorted((one for one in found if getattr(one, "since", None) is not None), key=lambda one: one.since)
    late = [one for one in slow if now - one.since > WITHIN]
    many = slow[: max(0, len(found) - most)]
    closed = late if len(late) > len(many) else many
    for one in closed:
        one.transport.abort()
    return len(closed)
