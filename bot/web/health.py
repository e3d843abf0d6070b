"""Whether the service lives and whether it is ready, for whoever watches it; not a word more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

# The database is asked at most this often, for anybody may ask us.
SECONDS = 2.0


class Cached:
    """An answer that is looked up once for all who ask within two seconds."""

    def __init__(self, look: Callable[[], bool]) -> None:
        self._look = look
        self._until = 0.0
        self._answer = False
        self._lock = asyncio.Lock()

    async def __call__(self) -> bool:
        async with self._lock:
            if time.monotonic() >= self._until:
                self._answer = await asyncio.to_thread(self._look)
                self._until = time.monotonic() + SECONDS
            return self._answer


async def health(request: Request) -> Response:
    """Says ok, or that the database is unwell."""
    return _said(request.app.state.web.health())


async def live(request: Request) -> Response:
    """The loop runs, or nobody would answer."""
    return _said(True)


async def ready(request: Request) -> Response:
    """The database answers, and its tables are those of this program."""
    return _said(await request.app.state.web.ready())


def _said(well: bool) -> Response:
    return PlainTextResponse("ok" if well else "unwell", 200 if well else 503)


routes = [
    Route("/health", health, methods=["GET"]),
    Route("/livez", live, methods=["GET"]),
    Route("/readyz", ready, methods=["GET"]),
]
PATHS = frozenset(route.path for route in routes)
