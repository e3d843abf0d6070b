"""One ASGI application: the platforms' doors, the health page, and everything people open in a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.chat.delivery import Accept, Door, Unavailable
from bot.engine.house import House
from bot.engine.receive import Engine
from bot.web import (
    ballots,
    calendars,
    desk,
    draws,
    groups,
    health,
    ledger,
    letters,
    mine,
    posters,
    public,
    records,
    results,
    signin,
    talk,
    voice,
)
from bot.web.doors import Doors
from bot.web.guard import Guard, NotTaken
from bot.web.live import Watch
from bot.web.pages import refused
from storage.database import Database, Tx
from storage.trouble import unwell

log = structlog.get_logger()
STATIC = Path(__file__).parent / "static"
PATIENCE = 10.0
T = TypeVar("T")


@dataclass(frozen=True)
class Web:
    """What the pages are handed by the composition root."""

    accept: Accept
    write: Callable[[Callable[[Tx], Any]], Awaitable[Any]]
    count: Callable[[int, bytes], Awaitable[bool]]
    database: Database
    engine: Engine
    house: House
    doors: Mapping[str, Door]
    clock: Callable[[], datetime]
    base_url: str
    demo: bool
    health: Callable[[], bool]
    ready: Callable[[], Awaitable[bool]]
    stopping: asyncio.Event
    watch: Watch
    welcome: Callable[[], bool] = lambda: True

    async def read(self, run: Callable[[Tx], T]) -> T:
        """Read from the database without holding up the loop. Raises Unavailable where that does not come in time."""

        def reading() -> T:
            with self.database.reading() as tx:
                return run(tx)

        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.to_thread(reading)
        except (TimeoutError, SQLAlchemyError) as error:
            if isinstance(error, SQLAlchemyError) and not unwell(error):
                raise
            log.warning("database not read", error=type(error).__name__)
            raise Unavailable from error


def build(web: Web) -> Doors:
    """The doors, and behind them the pages."""
    return Doors(pages(web), web.doors)


def pages(web: Web) -> Starlette:
    """The pages with their routes and their one guard."""
    routes = [
        *health.routes,
        *public.routes,
        *draws.routes,
        *posters.routes,
        *signin.routes,
        *talk.routes,
        *voice.routes,
        *groups.routes,
        *mine.routes,
        *desk.routes,
        *records.routes,
        *results.routes,
        *ledger.routes,
        *letters.routes,
        *ballots.routes,
        *calendars.routes,
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, web=web)],
        exception_handlers={404: refused, 405: refused, NotTaken: refused},
    )
    app.state.web = web
    return app


def health_only(web: Web) -> Starlette:
    """What a process answers that has no pages: whether it is well."""
    app = Starlette(routes=[*health.routes])
    app.state.web = web
    return app
