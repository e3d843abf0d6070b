"""Empties the outbox of one account: mark, send, settle; one sender per account, at the pace the platform allows.

It remembers nothing but what is in flight: each turn asks the outbox anew, so that a reply overtakes a message to many,
and what was cancelled is not sent.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from bot.chat.delivery import Delivery, Platform, Result, RetryAfter, Sent, Uncertain
from bot.work.limits import Limits, Room
from bot.work.turn import Back, Going, Next, Turn
from bot.work.turn import Post as Post
from bot.work.writer import Writer
from storage import sending
from storage.lock import Lock
from storage.sending import Claimed

log = structlog.get_logger()
LEASE = 10.0
BEAT = 0.004  # seconds: what comes within them shares a commit
DRAIN = 8.0
LONGEST_PAUSE = 60.0
ASIDE = 4.0  # 2, 8 and 32 seconds between the tries of a row whose first two are in doubt
EXPIRE_EVERY = 6  # leases: to look through all that waits takes as long as much does


def aside(attempts: int) -> float:
    """Seconds for which a chat rests whose message is in doubt after so many tries before this one."""
    return min(ASIDE ** min(attempts, 9) / 2, LONGEST_PAUSE)  # an edit is tried for ever, and no power holds that


@dataclass(slots=True)
class Figures:
    """What a sender has done since it began, and how it is."""

    sent: int = 0
    retried: int = 0
    uncertain: int = 0
    limit_wait_seconds: float = 0.0
    paused_until: float = 0.0
    epoch: int | None = None


class Sender:
    """Sends for one account while it holds the account's lease."""

    def __init__(
        self,
        platform: Platform,
        writer: Writer,
        post: Post,
        owner: str,
        *,
        lease: float = LEASE,
        lock: Lock | None = None,
    ) -> None:
        self.platform = platform
        self.writer = writer
        self.post = post
        self.owner = owner
        self.lease = lease
        self.lock = lock
        self.limits = Limits(platform.pace)
        self.figures = Figures()
        self.held_until = 0.0
        self.renew_at = self.expire_at = 0.0
        self.busy: dict[str, asyncio.Task[None]] = {}
        self.back: list[Back] = []
        self.more = True
        self.troubles = 0
        self.unwell = False
        self.draining = False
        self._limited = False
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be something new to send."""
        self.more = True
        self._wake.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Send until stopping, then finish what is in flight and give the lease back."""
        watching = asyncio.create_task(self._wake_at(stopping))
        try:
            while not stopping.is_set():
                await self._turn_and_rest()
            await self._drain()
        finally:
            watching.cancel()

    async def _wake_at(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        self._wake.set()

    async def _turn_and_rest(self, longest: float = LEASE) -> None:
        self._wake.clear()
        try:
            await self.turn()
            wait = self._until_next()
        except Exception as error:
            log.error("sender failed", account=self.platform.account, error=type(error).__name__)
            wait = 1.0
        began, limited = time.monotonic(), self._limited
        await asyncio.sleep(BEAT)
        with suppress(TimeoutError):
            async with asyncio.timeout(min(wait, longest) - BEAT):
                await self._wake.wait()
        if limited:
            self.figures.limit_wait_seconds += time.monotonic() - began

    async def turn(self) -> None:
        """Write what is to be written, and start what may start."""
        now = time.monotonic()
        renewing = now >= self.renew_at
        self.more = self.more or renewing  # the tick that finds what no wake-up told of
        room = await self._room()
        if not (renewing or self.back or room) or (self.figures.epoch is None and not renewing):
            return
        back, self.back = self.back, []
        turn = Turn(
            account=self.platform.account,
            owner=self.owner,
            post=self.post,
            finds=self.platform.finds,
            epoch=self.figures.epoch,
            lease=timedelta(seconds=self.lease) if renewing else None,
            expires=renewing and now >= self.expire_at,
            alone=renewing and self.lock is not None and self.lock.take(),
            back=back,
            room=room,
            chats=[*self.busy, *self.limits.resting("chat")],
            ops=self.limits.resting("op"),
        )
        self.more = self.more and room is None
        try:
            done = await self._write(turn)
        except BaseException:
            self.back, self.more = back + self.back, True
            raise
        self._follow(done, now, turn)

    async def _write(self, turn: Turn) -> Next:
        return await self.writer.written(turn.run)

    def _follow(self, done: Next, asked: float, turn: Turn) -> None:
        """Take note of the lease, and start what was marked; just before, the lease is looked at once more."""
        self.more = self.more or done.more or done.epoch != self.figures.epoch
        if turn.lease is not None:
            self.renew_at = asked + 0.3 * self.lease
            self.held_until = asked + self.lease
        if turn.expires:
            self.expire_at = asked + EXPIRE_EVERY * self.lease
        if done.epoch is None:
            self.back[:0] = turn.back  # settled once the lease is ours again, where nobody else has settled them
            self.held_until = 0.0
            if self.lock is not None:
                self.lock.free()
        self.figures.epoch = done.epoch
        sure = time.monotonic() < self.held_until - 0.2 * self.lease
        for going in done.going:
            if sure and not self.draining:
                self._start(going)
            else:
                self.back.append(Back(going.row, done.epoch or 0, RetryAfter()))

    def _start(self, going: Going) -> None:
        row = going.row
        self.limits.take(row.address.chat, row.op, time.monotonic(), paid=going.paid)
        self.figures.retried += row.attempts > 0
        self.busy[row.address.chat] = asyncio.create_task(self._deliver(going, self.figures.epoch or 0))

    async def _deliver(self, going: Going, epoch: int) -> None:
        row = going.row

        async def slot() -> None:
            await asyncio.sleep(self.limits.take(row.address.chat, row.op, time.monotonic(), paid=going.paid))

        delivery = Delivery(
            row.id, row.op, going.address, going.message, row.target, going.image, going.paid, row.attempts > 0, slot
        )
        result: Result = Uncertain()
        try:
            result = await self.platform.send(delivery)
        except Exception as error:
            log.error("not delivered", account=self.platform.account, error=type(error).__name__)
        finally:
            self.busy.pop(row.address.chat, None)
            self.back.append(Back(row, epoch, result))
            self._heed(row, result)
            self.wake()

    def _heed(self, row: Claimed, result: Result) -> None:
        """What a result says about the account, and of a row that is in doubt again, about its chat.

        Else one row would meet all of a line's trouble, and its tries would be over before the line is mended.
        """
        now = time.monotonic()
        self.figures.sent += isinstance(result, Sent)
        self.figures.uncertain += isinstance(result, Uncertain)
        if isinstance(result, RetryAfter) and result.op and result.seconds is not None:
            self.limits.hold("op", result.op, now, result.seconds)
        elif isinstance(result, RetryAfter):
            self._pause(now, result.seconds)
        elif isinstance(result, Uncertain):
            self.unwell = True
            if result.unwell:
                self._pause(now, None)
            if row.attempts:
                self.limits.hold("chat", row.address.chat, now, aside(row.attempts))
        elif now >= self.figures.paused_until:
            self.troubles = 0

    def _pause(self, now: float, told: float | None) -> None:
        """The account is in trouble: all rows wait, as long as the platform said or ever longer."""
        paused = now < self.figures.paused_until
        if told is None and paused:
            return  # others that were in flight met the same trouble
        seconds = min(2.0 ** min(self.troubles, 9), LONGEST_PAUSE) if told is None else told
        self.unwell = self.unwell or told is None
        self.troubles += not paused
        self.figures.paused_until = max(self.figures.paused_until, now + seconds)

    async def _room(self) -> Room | None:
        """What may start now; None where nothing may, or nothing waits."""
        if not self.more or self.draining or time.monotonic() < self.figures.paused_until:
            return None
        if self.unwell:
            # A platform in trouble is asked something harmless first, so that no message is put in doubt.
            self.unwell = not await self._well()
            if self.unwell:
                self._pause(time.monotonic(), None)
                return None
        room = self.limits.room(time.monotonic(), self._at_most() - len(self.busy))
        return room if room.size > 0 else None

    def _at_most(self) -> int:
        """How many may be under way; after trouble one alone, as a probe."""
        return 1 if self.troubles else self.platform.pace.in_flight

    async def _well(self) -> bool:
        try:
            async with asyncio.timeout(0.3 * self.lease):
                return await self.platform.well()
        except TimeoutError:
            return False

    def _until_next(self) -> float:
        """Seconds until there is something to do, unless it is woken before."""
        now = time.monotonic()
        self.more = self.limits.rested(now) or self.more
        ours = self.figures.epoch is not None
        limit = self._limit(now) if self.more and ours else None
        self._limited = bool(limit)
        waits = [self.renew_at - now, self.limits.rest(now), limit, 0.0 if self.back and ours else None]
        return max(BEAT, min(wait for wait in waits if wait is not None))

    def _limit(self, now: float) -> float | None:
        """Seconds until the pace, or a pause, lets something start; None where only the end of a call does."""
        if self.draining or len(self.busy) >= self._at_most():
            return None
        return max(self.figures.paused_until - now, self.limits.wait(now))

    async def _drain(self) -> None:
        """Finish what is in flight; what the platform does not answer in time is left uncertain by rule."""
        self.draining = True
        end = time.monotonic() + DRAIN
        while self.busy and time.monotonic() < end:
            await self._turn_and_rest(end - time.monotonic())
        tasks = list(self.busy.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await self.turn()
            now = self.post.now()
            drop = partial(sending.drop_lease, account=self.platform.account, owner=self.owner, now=now)
            await self.writer.written(drop)
        except Exception as error:
            # The next owner finds the rows in flight as a crash would leave them.
            log.error("lease not given back", account=self.platform.account, error=type(error).__name__)
        finally:
            if self.lock is not None:
                self.lock.free()
