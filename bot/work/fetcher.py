"""Fetches what people spoke from its platform, after the event that names it is committed; again until it is here.

Several processes may look for the same account: each recording is taken by one of them for a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

import structlog

from bot.chat.delivery import Fetched, Found, RetryAfter
from bot.domain.voice import LARGEST
from bot.engine.errand import Errand
from bot.engine.receive import Engine
from bot.text import _
from bot.work.writer import Writer
from handlers import recordings as speaking
from storage import recordings
from storage.database import Database, Tx
from storage.recordings import Recording

log = structlog.get_logger()
T = TypeVar("T")
LOOK_AGAIN = 15.0
TAKEN = timedelta(minutes=2)
PAUSE = 15.0  # seconds after the first try; twice as long after each further one
LONGEST_PAUSE = 1200.0
TRIES = 10  # in about an hour and a half


class Source(Protocol):
    """A platform that keeps what people send until we fetch it."""

    @property
    def account(self) -> str:
        """Our own account there."""

    async def fetch(self, reference: str, largest: int) -> Found:
        """The bytes of what a person sent, at most so many; never raises for what the platform answers."""


def take(tx: Tx, account: str, now: datetime) -> Sequence[Recording]:
    """What we fetch now, and nobody else."""
    return [row for row in recordings.due(tx, account, now) if recordings.take(tx, row, now + TAKEN)]


def settle(engine: Engine, row: Recording, found: Found, now: datetime, tx: Tx) -> None:
    """Keep what was fetched, say that it is lost, or come again later; `row` is as it was before it was taken."""
    errand = Errand(engine.house, engine.router, tx, now)
    tries = row.tries + 1
    if isinstance(found, Fetched):
        speaking.kept(errand, row, found.data)
    elif isinstance(found, RetryAfter) and tries < TRIES:
        pause = max(found.seconds or 0.0, min(PAUSE * 2 ** (tries - 1), LONGEST_PAUSE))
        recordings.postpone(tx, row.id, now + timedelta(seconds=pause))
    elif isinstance(found, RetryAfter) or not found.large:
        speaking.lost(errand, row, _("We could not get your recording."))
    else:
        speaking.too_large(errand, row)


class Fetcher:
    """Fetches for one account, one recording after another."""

    def __init__(
        self, source: Source, database: Database, writer: Writer, engine: Engine, now: Callable[[], datetime]
    ) -> None:
        self.account = source.account
        self._source = source
        self._database = database
        self._writer = writer
        self._engine = engine
        self._now = now
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something may be there."""
        self._woken.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Fetch until stopping; what is not finished then is taken up again by the next process."""
        stop = asyncio.create_task(stopping.wait())
        try:
            while not stopping.is_set():
                self._woken.clear()
                try:
                    fetched = await self._some(stop)
                except Exception as error:
                    log.error("recordings not fetched", account=self.account, error=type(error).__name__)
                    fetched = False
                if not fetched and not stopping.is_set():
                    await self._rest(stop)
        finally:
            stop.cancel()

    async def _rest(self, stop: asyncio.Task[bool]) -> None:
        woken = asyncio.create_task(self._woken.wait())
        await asyncio.wait([woken, stop], timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()

    async def _some(self, stop: asyncio.Task[bool]) -> bool:
        """Fetch what is due; False where there was nothing."""
        if not await asyncio.to_thread(self._any):
            return False
        rows = await self._write(lambda tx: take(tx, self.account, self._now()))
        for row in rows:
            fetching = asyncio.create_task(self._source.fetch(row.reference, LARGEST))
            await asyncio.wait([fetching, stop], return_when=asyncio.FIRST_COMPLETED)
            if not fetching.done():
                fetching.cancel()
                with suppress(asyncio.CancelledError):
                    await fetching
                return False
            await self._write(partial(settle, self._engine, row, fetching.result(), self._now()))
        return bool(rows)

    def _any(self) -> bool:
        with self._database.reading() as tx:
            return bool(recordings.due(tx, self.account, self._now()))

    async def _write(self, run: Callable[[Tx], T]) -> T:
        return await asyncio.wrap_future(self._writer.background(run))
