"""Hearing at once what another process has committed: one connection that listens, and comes back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress

import psycopg
import structlog
from psycopg import sql

from storage import news
from storage.database import Database

log = structlog.get_logger()
LONGEST_PAUSE = 15.0
# A server that has vanished without a word is noticed within half a minute.
ALIVE = {"keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3", "connect_timeout": "5"}


async def listen(database: Database, heard: Callable[[Collection[str] | None], None], stopping: asyncio.Event) -> None:
    """Call `heard` with the places where another process has left something new, until stopping.

    None stands for all of them: what was told before we listened, or while the database was away, is not known.
    """
    listening = asyncio.create_task(_again_and_again(database, heard))
    await stopping.wait()
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening


async def _again_and_again(database: Database, heard: Callable[[Collection[str] | None], None]) -> None:
    address, wait = database.plain_url(ALIVE), 1.0
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(news.CHANNEL)))
                log.info("listening to the other processes")
                wait = 1.0
                heard(None)
                async for notice in connection.notifies():
                    origin, places = news.read(notice.payload)
                    if origin != database.origin:
                        heard(places)
        except (psycopg.Error, OSError) as error:
            log.warning("not hearing other processes", error=type(error).__name__, seconds=wait)
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_PAUSE)
