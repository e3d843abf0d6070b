"""The only way to write: a thread that takes what is waiting and commits it as one group."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.chat.delivery import Unavailable
from bot.chat.events import Event, Outcome
from bot.engine.receive import Engine
from storage.database import Database, Tx, savepoint

log = structlog.get_logger()
T = TypeVar("T")
GROUP = 64
TRIES = 3


@dataclass(slots=True)
class Job:
    """Something to write, and who waits for it. A `quiet` one leaves nothing new to send or to show."""

    run: Callable[[Tx], Any] | None
    event: Event | None = None
    quiet: bool = False
    future: Future[Any] = field(default_factory=Future)
    result: Any = None


class Writer:
    """Commits events and marks in groups of at most 64, with at most one background job in each."""

    def __init__(
        self, database: Database, engine: Engine, now: Callable[[], datetime], committed: Callable[[], None]
    ) -> None:
        self._database = database
        self._engine = engine
        self._now = now
        self._committed = committed
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._background: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._held: list[Job | None] = []
        self._thread = threading.Thread(target=self._loop, name="writer", daemon=True)
        self.well = True

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Commit what is waiting, then end."""
        self._waiting.put(None)
        self._thread.join(timeout)

    def accept(self, event: Event) -> Future[Outcome]:
        """Have an event handled; the outcome is there once it is committed."""
        job = Job(None, event)
        self._waiting.put(job)
        return job.future

    def submit(self, run: Callable[[Tx], T], *, quiet: bool = False) -> Future[T]:
        """Have a small change written soon; a quiet one wakes nobody, and is what a sender needs to look for work."""
        job = Job(run, quiet=quiet)
        self._waiting.put(job)
        return job.future

    def background(self, run: Callable[[Tx], T]) -> Future[T]:
        """Have a change written when nobody is waiting for an answer; at most one of these a group."""
        job = Job(run)
        self._background.put(job)
        self._waiting.put(Job(_nothing))
        return job.future

    def alone(self, run: Callable[[Database], T]) -> Future[T]:
        """Have something done by the writer outside any transaction, such as a VACUUM."""
        job = Job(None)
        job.result = run
        self._waiting.put(job)
        return job.future

    def _loop(self) -> None:
        while True:
            group = self._next_group()
            if group is None:
                return
            if not group[0].event and group[0].run is None:
                self._run_alone(group[0])
                continue
            if not self._background.empty():
                group.append(self._background.get())
            self._commit(group)

    def _next_group(self) -> list[Job] | None:
        first = self._held.pop() if self._held else self._waiting.get()
        if first is None:
            return None
        group = [first]
        if _lonely(first):
            return group
        while len(group) < GROUP:
            try:
                job = self._waiting.get_nowait()
            except queue.Empty:
                break
            if job is None or _lonely(job):
                self._held.append(job)
                break
            group.append(job)
        return group

    def _run_alone(self, job: Job) -> None:
        try:
            job.future.set_result(job.result(self._database))
        except Exception as error:
            log.error("background work failed", error=type(error).__name__)
            job.future.set_exception(error)
        self._committed()

    def _commit(self, group: list[Job]) -> None:
        try:
            self._transact(group)
        except Exception as error:
            if len(group) == 1:
                self._again(group[0], error)
            else:
                for job in group:
                    self._commit_one(job)
        else:
            self._settle(group)

    def _commit_one(self, job: Job) -> None:
        try:
            self._transact([job])
        except Exception as error:
            self._again(job, error)
        else:
            self._settle([job])

    def _again(self, job: Job, error: Exception) -> None:
        for _try in range(TRIES - 1):
            if not isinstance(error, DBAPIError):
                break
            try:
                self._transact([job])
            except Exception as next_error:
                error = next_error
            else:
                self._settle([job])
                return
        log.error("not written", error=type(error).__name__, cause=type(error.__cause__).__name__)
        if isinstance(error, OperationalError):
            self.well = False
        job.future.set_exception(Unavailable() if job.event else error)

    def _transact(self, group: Sequence[Job]) -> None:
        with self._database.transaction() as tx:
            events = [job for job in group if job.event]
            if events:
                outcomes = self._engine.receive(tx, [job.event for job in events if job.event], self._now())
                for job, outcome in zip(events, outcomes, strict=True):
                    job.result = outcome
            for job in group:
                if job.run is not None:
                    with savepoint(tx):
                        job.result = job.run(tx)

    def _settle(self, group: Sequence[Job]) -> None:
        self.well = True
        if not all(job.quiet for job in group):
            self._committed()
        for job in group:
            if not job.future.cancelled():
                job.future.set_result(job.result)


def _lonely(job: Job) -> bool:
    return job.event is None and job.run is None


def _nothing(tx: Tx) -> None:
    return None
