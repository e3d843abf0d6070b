"""The HTTP server, which closes connections that bring their request slowly, and those first when there are many."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import contextmanager
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

log = structlog.get_logger()
WITHIN = 12.0  # a little more than a body has, so that its sender still reads why
MOST = 1_000
KEPT = 180  # s; proxies keep theirs for 60 to 120 s, and one that is closed as it is used answers somebody 502


class Connection(HttpToolsProtocol):
    """Uvicorn's own, that knows since when it waits for the rest of a request, or for the next one."""

    since: float | None = None
    idle: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody knocks, and has not asked for anything yet."""
        self.since = self.loop.time()
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Some of a request."""
        if self.since is None:
            self.since = self.loop.time()
        self.idle = None
        super().data_received(data)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self.since = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Nothing is asked of us for now, unless the next request has come already."""
        super().on_response_complete()
        if self.timeout_keep_alive_task is not None:
            self.idle = self.loop.time()


def shed(connections: Iterable[Any], now: float, most: int = MOST) -> int:
    """Close those that are too slow; while there are more than `most`, the longest idle, then the slowest.

    Returns how many were closed.

    A limit on connections would answer 503 to everybody: whoever opened them all would have shut the house.
    """
    found = list(connections)
    idle = sorted((one for one in found if getattr(one, "idle", None) is not None), key=lambda one: one.idle)
    slow = sorted((one for one in found if getattr(one, "since", None) is not None), key=lambda one: one.since)
    late = sum(now - one.since > WITHIN for one in slow)
    many = max(0, len(found) - late - most)
    closed = slow[:late] + (idle + slow[late:])[:many]
    for one in closed:
        one.transport.abort()
    return len(closed)


class Server(uvicorn.Server):
    """Uvicorn without signals of its own: ours end the service in order. Slow connections are shed as it goes."""

    @classmethod
    def of(cls, app: ASGIApp) -> Server:
        """A server of this application, set up as the service wants it."""
        config = uvicorn.Config(
            app,
            http=Connection,
            loop="none",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            timeout_keep_alive=KEPT,
            timeout_graceful_shutdown=3,
            proxy_headers=False,
        )
        return cls(config)

    @contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second."""
        if closed := shed(self.server_state.connections, asyncio.get_running_loop().time()):
            log.warning("slow connections closed", count=closed)
        return await super().on_tick(counter)
