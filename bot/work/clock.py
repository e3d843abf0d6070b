"""The clock only knocks; the database decides what is due. A tick each 20 s, and one at the nearest due time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.engine.errand import Errand
from bot.engine.receive import Engine
from bot.work.writer import Writer
from storage import schedules
from storage.database import Tx

log = structlog.get_logger()
T = TypeVar("T")
TICK = 20
AT_ONCE = 5


def fire_due(engine: Engine, tx: Tx, now: datetime) -> int:
    """Claim and do a few of the things that are due, in this one transaction; returns how many there were."""
    rows = schedules.claim_due(tx, now, AT_ONCE)
    for row in rows:
        handler = engine.router.timed[row.kind]
        errand = Errand(engine.house, engine.router, tx, now)
        if row.committee_id is not None:
            errand.about(row.committee_id)
        handler(errand, row.subject)
    return len(rows)


class Clock:
    """Knocks at the database's door, on the same loop as everything else."""

    def __init__(self, engine: Engine, writer: Writer, now: Callable[[], datetime], after: Callable[[], None]) -> None:
        self._engine = engine
        self._writer = writer
        self._now = now
        self._after = after
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True})
        self._lock = asyncio.Lock()

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.add_job(
            self.tick, IntervalTrigger(seconds=TICK), id="tick", next_run_time=datetime.now().astimezone()
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """Do all that is due, and knock again when the next thing is."""
        async with self._lock:
            now = self._now()
            try:
                while await self._write(lambda tx: fire_due(self._engine, tx, now)):
                    pass
                due = await self._write(schedules.next_due)
            except Exception as error:
                log.error("tick failed", error=type(error).__name__)
                return
            self._after()
        if due is not None and timedelta() < due - now < timedelta(seconds=TICK):
            at = datetime.now().astimezone() + (due - now)
            self._scheduler.add_job(self.tick, DateTrigger(at), id="nearest", replace_existing=True)

    async def _write(self, run: Callable[[Tx], T]) -> T:
        return await asyncio.wrap_future(self._writer.background(run))
