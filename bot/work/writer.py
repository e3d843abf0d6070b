"""The only way to write: a thread that takes what is waiting and commits it as one group."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

from bot.chat.delivery import Unavailable
from bot.chat.events import Event, Outcome
from bot.engine.receive import Engine
from bot.work.fair import Turns
from bot.work.jobs import Job, tell
from storage.database import Database, Tx, unlimited
from storage.later import savepoint
from storage.trouble import stopped, unwell

log = structlog.get_logger()
T = TypeVar("T")
GROUP = 64
TRIES = 3
# Seconds between two looks at what waits: as long as more comes meanwhile it goes on coming, and all of it shares one
# group, which costs as much as several events do; and for how long at most.
LOOK, GATHER = 0.0005, 0.01
# Seconds for which background work stands back after the last of it, so that people go first; and for which it does
# not begin after they were answered, since what is said to them is marked and sent at once.
FIRST, BREATH = 0.1, 0.01


class Writer:
    """Commits events and marks in groups of at most 64, with at most one background job in each."""

    def __init__(self, database: Database, engine: Engine, now: Callable[[], datetime]) -> None:
        self._database = database
        self._engine = engine
        self._now = now
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._background: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._turns: Turns[Job] = Turns()
        self._small: deque[Job] = deque()
        self._held: deque[Job | None] = deque()
        self._stopping = threading.Event()
        self._answered = self._served = 0.0
        self._thread = threading.Thread(target=self._loop, name="writer", daemon=True)
        self.well = True

    def start(self) -> None:
        self._thread.start()
        watch = self._engine.budget.watch
        threading.Thread(target=watch, args=(self._stopping,), name="watchdog", daemon=True).start()

    def stop(self, timeout: float = 10.0) -> None:
        """Commit what is waiting, then end."""
        self._waiting.put(None)
        self._thread.join(timeout)
        self._stopping.set()

    def accept(self, event: Event) -> Future[Outcome]:
        """Have an event handled; the outcome is there once it is committed."""
        reply: Future[Outcome] = Future()
        self._waiting.put(Job(None, event, reply=reply))
        return reply

    def submit(self, run: Callable[[Tx], T]) -> Future[T]:
        """Have a small change written soon."""
        reply: Future[T] = Future()
        self._waiting.put(Job(run, reply=reply))
        return reply

    async def accepted(self, event: Event) -> Outcome:
        """As `accept`, for who waits on a loop."""
        reply: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.put(Job(None, event, reply=reply))
        return await reply

    async def written(self, run: Callable[[Tx], T]) -> T:
        """As `submit`, for who waits on a loop."""
        reply: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.put(Job(run, reply=reply))
        return await reply

    def background(self, run: Callable[[Tx], T]) -> Future[T]:
        """Have a change written when nobody is waiting for an answer; at most one of these a group."""
        reply: Future[T] = Future()
        self._background.put(Job(run, slow=True, reply=reply))
        self._waiting.put(Job(_nothing))
        return reply

    def alone(self, run: Callable[[Database], T]) -> Future[T]:
        """Have something done by the writer outside any transaction, such as a VACUUM."""
        reply: Future[T] = Future()
        self._waiting.put(Job(None, reply=reply, result=run))
        return reply

    def _loop(self) -> None:
        while True:
            group = self._next_group()
            if group is None:
                return
            if group and not group[0].event and group[0].run is None:
                self._run_alone(group[0])
                continue
            slow = not self._background.empty() and not self._first(group)
            if slow:
                group.append(self._background.get())
            if group:
                self._commit(group)
            now = time.monotonic()
            if slow:
                self._served = now
            if any(job.event for job in group):
                self._answered = now

    def _first(self, group: Sequence[Job]) -> bool:
        """Whether background work stands back for this group."""
        return bool(group) and time.monotonic() < self._served + FIRST

    def _next_group(self) -> list[Job] | None:
        """What is written together: the events of as many people as possible, and small changes beside them."""
        if not (self._turns or self._small or self._held):
            breath = None if self._background.empty() else max(0.0, self._answered + BREATH - time.monotonic())
            with suppress(queue.Empty):
                self._sort(self._waiting.get(timeout=breath))
        self._sort_all()
        self._gather()
        group = [self._small.popleft() for _small in range(min(len(self._small), GROUP // 2))]
        group += self._turns.take(GROUP - len(group))
        if group or not self._held or not self._background.empty():  # with an empty group, background work is waiting
            return group
        alone = self._held.popleft()
        return None if alone is None else [alone]

    def _gather(self) -> None:
        """Wait for events that come together with those here."""
        here, until = 0, time.monotonic() + GATHER
        while here < len(self._turns) < GROUP and time.monotonic() < until:
            here = len(self._turns)
            time.sleep(LOOK)
            self._sort_all()

    def _sort_all(self) -> None:
        while not self._held:  # nothing overtakes what has to be done alone
            try:
                self._sort(self._waiting.get_nowait())
            except queue.Empty:
                return

    def _sort(self, job: Job | None) -> None:
        if job is None or _lonely(job):
            self._held.append(job)
        elif job.run is _nothing:
            pass  # it only says that background work has come
        elif job.event is None:
            self._small.append(job)
        else:
            self._turns.put(job.event.address, job.event.order, job)

    def _run_alone(self, job: Job) -> None:
        try:
            result = job.result(self._database)
        except Exception as error:
            log.error("background work failed", error=type(error).__name__)
            tell([(job.reply, error)])
        else:
            tell([(job.reply, result)])

    def _commit(self, group: list[Job]) -> None:
        """Write a group; where one of it breaks the whole, each by itself."""
        # SQLite has waited for its lock already, and has one writer: the same again would end the same.
        error = self._tried(group, 1 if self._database.sqlite or not self.well else TRIES)
        if error is None:
            self._settle(group)
        elif unwell(error):
            self._give_up(group, error)
        elif len(group) > 1:
            for job in group:
                self._commit([job])
        elif group[0].event is not None:
            self._set_aside(group[0], group[0].event, error)
        else:
            log.error("not written", error=type(error).__name__, cause=type(error.__cause__).__name__)
            tell([(group[0].reply, error)])

    def _tried(self, group: Sequence[Job], tries: int) -> Exception | None:
        """Write a group, again where the same may go well the next time; the last error where it never does."""
        error: Exception | None = None
        for _try in range(tries):
            try:
                self._transact(group)
            except Exception as found:
                error = found
                alone = len(group) == 1 and isinstance(error, DBAPIError) and not stopped(error)
                if not (alone or unwell(error)):
                    break
            else:
                return None
        return error

    def _give_up(self, group: Sequence[Job], error: Exception) -> None:
        """Whoever waits is told so at once, and platforms bring it again."""
        log.error("not written", error=type(error).__name__, cause=type(error.__cause__).__name__)
        self.well = self.well and not unwell(error)
        self._engine.figures.unavailable += sum(job.event is not None for job in group)
        tell([(job.reply, Unavailable() if job.event else error) for job in group])

    def _set_aside(self, job: Job, event: Event, error: Exception) -> None:
        """Park an event that no transaction can take; with a word to its person if that can be written."""
        last: Exception = error
        for told in (True, False):
            try:
                with self._database.transaction(limited=True) as tx:
                    job.result = self._engine.set_aside(tx, event, error, self._now(), told=told)
            except Exception as found:
                last = found
            else:
                self._settle([job])
                return
        self._give_up([job], last)

    def _transact(self, group: Sequence[Job]) -> None:
        with self._database.transaction(limited=True) as tx:
            events = [job for job in group if job.event]
            if events:
                outcomes = self._engine.receive(tx, [job.event for job in events if job.event], self._now())
                for job, outcome in zip(events, outcomes, strict=True):
                    job.result = outcome
            for job in group:
                if job.slow:
                    unlimited(tx)
                if job.run is not None:
                    with savepoint(tx):
                        job.result = job.run(tx)

    def _settle(self, group: Sequence[Job]) -> None:
        self.well = True
        figures = self._engine.figures
        for job in group:
            if job.event is not None:
                figures.committed += 1
                figures.duplicates += job.result.duplicate
        tell([(job.reply, job.result) for job in group])


def _lonely(job: Job) -> bool:
    return job.event is None and job.run is None


def _nothing(tx: Tx) -> None:
    return None
