"""The clock only knocks; the database decides what is due. A tick each 20 s, and one at the nearest due time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import OperationalError

from bot.engine.errand import Errand
from bot.engine.receive import Engine
from bot.work.writer import Writer
from storage import hearing, schedules
from storage.database import Tx
from storage.schedules import Schedule

log = structlog.get_logger()
T = TypeVar("T")
TICK = 20
AT_ONCE = 5
NEEDS_KEYS = ("ballot_open",)


class NotFired(Exception):
    """What a due row asks for could not be done; the cause says why."""

    def __init__(self, row: Schedule) -> None:
        super().__init__(row.kind)
        self.row = row


def fire_due(engine: Engine, tx: Tx, now: datetime, without: Collection[int] = ()) -> int:
    """Claim and do a few of the things that are due, in this one transaction; returns how many there were.

    None while another process is at it: at the same hour the same people are to hear several things as one. Rows
    that need the key folder are left to a process that has it. Raises NotFired, and then all is to be undone.
    """
    if not hearing.alone(tx, wait=False):
        return 0
    kinds = () if engine.house.has_keys else NEEDS_KEYS
    rows = schedules.claim_due(tx, now, AT_ONCE, kinds=kinds, rows=without)
    for row in rows:
        try:
            _fire(engine, tx, row, now)
        except OperationalError:
            raise  # the writer tries the whole again
        except Exception as error:
            raise NotFired(row) from error
    return len(rows)


def _fire(engine: Engine, tx: Tx, row: Schedule, now: datetime) -> None:
    errand = Errand(engine.house, engine.router, tx, now)
    if row.committee_id is not None:
        errand.about(row.committee_id)
    engine.router.timed[row.kind](errand, row.subject)


class Clock:
    """Knocks at the database's door, on the same loop as everything else."""

    def __init__(self, engine: Engine, writer: Writer, now: Callable[[], datetime], after: Callable[[], None]) -> None:
        self._engine = engine
        self._writer = writer
        self._now = now
        self._after = after
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True})
        self._lock = asyncio.Lock()
        self._knocked = False
        self._knocks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.add_job(
            self.tick, IntervalTrigger(seconds=TICK), id="tick", next_run_time=datetime.now().astimezone()
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more."""
        for knock in self._knocks:
            knock.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def knock(self) -> None:
        """Look soon, because another process has planned something."""
        if not self._knocked:
            self._knocked = True
            knock = asyncio.create_task(self.tick())
            self._knocks.add(knock)
            knock.add_done_callback(self._knocks.discard)

    async def tick(self) -> None:
        """Do all that is due, and knock again when the next thing is."""
        async with self._lock:
            self._knocked = False  # what is planned from here on asks for another look
            try:
                now = await self._fire_all()
                due = await self._write(schedules.next_due)
            except Exception as error:
                log.error("tick failed", error=type(error).__name__)
                return
            self._after()
        if due is not None and timedelta() < due - now < timedelta(seconds=TICK):
            at = datetime.now().astimezone() + (due - now)
            self._scheduler.add_job(self.tick, DateTrigger(at), id="nearest", replace_existing=True)

    async def _fire_all(self) -> datetime:
        """Do what is due, also what comes again at once; the moment at which nothing was.

        What cannot be done holds up nothing else, and is tried again at the next tick.
        """
        failed: set[int] = set()
        while True:
            now = self._now()
            try:
                if not await self._write(partial(fire_due, self._engine, now=now, without=failed)):
                    return now
            except NotFired as error:
                log.error("not done in time", kind=error.row.kind, error=type(error.__cause__).__name__)
                failed.add(error.row.id)

    async def _write(self, run: Callable[[Tx], T]) -> T:
        return await asyncio.wrap_future(self._writer.background(run))
