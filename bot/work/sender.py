"""Empties the outbox of one account: claim, wait for the limit, mark, send, settle; one sender per account."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from typing import Any

import structlog

from bot.chat.delivery import Delivery, Gone, Moved, Platform, Refused, Result, RetryAfter, Sent, Uncertain
from bot.chat.events import Address
from bot.chat.messages import Rendered
from bot.work.limits import Limits
from bot.work.writer import Writer
from storage import outbox, people
from storage.database import Tx
from storage.outbox import Claimed

log = structlog.get_logger()
LEASE = 10.0
RENEW, EARLY = 0.3, 0.2  # of a lease
IDLE = 5.0
LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Post:
    """What the sender needs beside a platform: `mint` makes a secret's value, `gone` tells of somebody unreachable,
    `reveal` unseals an address that no row may show."""

    mint: Callable[[Tx, int, str, str], str]
    gone: Callable[[Tx, Claimed], None]
    now: Callable[[], datetime]
    reveal: Callable[[Address, bytes | None], Address]


class Sender:
    """Sends for one account while it holds the account's lease."""

    def __init__(self, platform: Platform, writer: Writer, post: Post, owner: str, *, lease: float = LEASE) -> None:
        self.platform = platform
        self.writer = writer
        self.post = post
        self.owner = owner
        self.lease = lease
        self.limits = Limits(platform.pace)
        self.epoch: int | None = None
        self.held_until = 0.0
        self.pending: list[Claimed] = []
        self.busy: dict[str, asyncio.Task[None]] = {}
        self.paused_until = 0.0
        self.backoff = 1.0
        self._wake = asyncio.Event()
        self.at_most = max(1, ceil(platform.pace.rate * 0.5))

    def wake(self) -> None:
        """There may be something new to send."""
        self._wake.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Send until stopping, then finish what is in flight and give the rest and the lease back."""
        while not stopping.is_set():
            self._wake.clear()
            try:
                wait = await self._step()
            except Exception as error:
                log.error("sender failed", account=self.platform.account, error=type(error).__name__)
                wait = 1.0
            await self._sleep(wait, stopping)
        if self.busy:
            await asyncio.wait(self.busy.values(), timeout=8)
        await self._give_back()
        await self._write(lambda tx: outbox.drop_lease(tx, self.platform.account, self.owner, self.post.now()))

    async def _step(self) -> float:
        """Do what can be done now; returns how long there is nothing to do."""
        now = time.monotonic()
        if now > self.held_until - self.lease * (1 - RENEW) and not await self._lease():
            return self.lease * RENEW
        if now < self.paused_until:
            await self._give_back()
            return self.paused_until - now
        if len(self.pending) < self.at_most:
            await self._claim()
        return self._start_some()

    def _start_some(self) -> float:
        """Start every send that the limits allow; returns the seconds until the next may start."""
        while self.pending and len(self.busy) < self.at_most:
            now = time.monotonic()
            wait = self.limits.account.wait(now)
            if wait > 0:
                return wait
            blocked: set[str] = set()
            row = next((row for row in self.pending if self._may_go(row, now, blocked)), None)
            if row is None:
                waits = [self.limits.chat_wait(item.address.chat, now) for item in self.pending]
                return max(0.02, min(waits)) if not self.busy else 0.05
            self.pending.remove(row)
            self.limits.take(row.address.chat, now)
            task = asyncio.create_task(self._deliver(row))
            self.busy[row.address.chat] = task
            task.add_done_callback(partial(self._done, row.address.chat))
        return IDLE

    def _may_go(self, row: Claimed, now: float, blocked: set[str]) -> bool:
        """Whether a row can start: nothing of its chat is in flight, waiting before it, or over the limit."""
        chat = row.address.chat
        free = chat not in blocked and chat not in self.busy and self.limits.chat_wait(chat, now) == 0
        blocked.add(chat)
        return free

    def _done(self, chat: str, task: asyncio.Task[None]) -> None:
        self.busy.pop(chat, None)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("not delivered", account=self.platform.account, error=type(error).__name__)

    async def _lease(self) -> bool:
        """Take or renew the lease, and end what is too old; with a new epoch, settle what the former owner left."""
        asked = time.monotonic()
        account, now = self.platform.account, self.post.now()

        def hold(tx: Tx) -> int | None:
            epoch = outbox.take_lease(tx, account, self.owner, now, timedelta(seconds=self.lease))
            if epoch is not None and epoch != self.epoch:
                outbox.adopt(tx, account, epoch, now)
            elif epoch is not None:
                outbox.expire(tx, account, now)
            return epoch

        epoch = await self._write(hold, quiet=True)
        if epoch != self.epoch:
            self.epoch, self.pending = epoch, []
        self.held_until = asked + self.lease if epoch is not None else 0.0
        return epoch is not None

    async def _claim(self) -> None:
        limit = self.at_most - len(self.pending)
        epoch = self.epoch or 0
        rows = await self._write(
            lambda tx: outbox.claim(tx, self.platform.account, self.owner, epoch, self.post.now(), limit), quiet=True
        )
        self.pending.extend(rows)
        self.pending.sort(key=lambda row: (row.lane, row.id))

    async def _give_back(self) -> None:
        rows, self.pending = self.pending, []
        if rows:
            await self._write(lambda tx: outbox.give_back(tx, [row.id for row in rows]), quiet=True)

    async def _deliver(self, row: Claimed) -> None:
        epoch = self.epoch or 0
        if time.monotonic() > self.held_until - self.lease * EARLY:
            self.pending.insert(0, row)  # it stays ours if the lease is renewed in time
            return
        prepared = await self._write(lambda tx: self._prepare(tx, row, epoch), quiet=True)
        if prepared is None:
            return
        result = await self.platform.send(prepared)
        await self._write(lambda tx: self._settle(tx, row, epoch, result))
        if isinstance(result, RetryAfter | Uncertain):
            await self._pause(result.seconds if isinstance(result, RetryAfter) else None)
        else:
            self.backoff = 1.0

    def _prepare(self, tx: Tx, row: Claimed, epoch: int) -> Delivery | None:
        """Mark a row as being sent, and put in what no row may hold."""
        if not outbox.mark_sending(tx, row.id, row.address.account, epoch):
            return None
        message = Rendered.of(row.content)
        if message.secrets:
            minted = {
                name: self.post.mint(tx, row.person_id, secret["kind"], secret["path"])
                for name, secret in message.secrets.items()
            }
            message = _reveal(message, minted)
        image = outbox.blob(tx, message.image["blob"]) if message.image else None
        address = self.post.reveal(row.address, people.sealed(tx, row.address))
        return Delivery(row.id, row.op, address, message, row.target, image[1] if image else None)

    def _settle(self, tx: Tx, row: Claimed, epoch: int, result: Result) -> None:
        now = self.post.now()
        account = row.address.account
        if isinstance(result, Sent):
            outbox.settle(tx, row.id, epoch, "sent", now, result.id)
        elif isinstance(result, RetryAfter):
            outbox.settle(tx, row.id, epoch, "ready", now, free=True)
        elif isinstance(result, Moved):
            people.move(tx, account, row.address.chat, result.chat)
            outbox.settle(tx, row.id, epoch, "ready", now, free=True)
            outbox.move_chat(tx, account, row.address.chat, result.chat)
        elif isinstance(result, Gone):
            outbox.settle(tx, row.id, epoch, "unreachable", now)
            people.reachable(tx, row.address, False)
            self.post.gone(tx, row)
        elif isinstance(result, Refused):
            log.warning("message refused", account=account, why=result.why, row=row.id)
            outbox.settle(tx, row.id, epoch, "ready" if row.attempts < 2 and result.why != "final" else "failed", now)
        elif isinstance(result, Uncertain):
            again = (row.lane < 2 or row.op != "send") and row.attempts < 1
            outbox.settle(tx, row.id, epoch, "ready" if again else "uncertain", now)

    async def _pause(self, told: float | None) -> None:
        """The account is in trouble: all rows wait, as long as the platform said or ever longer."""
        seconds = told if told is not None else self.backoff
        self.backoff = 1.0 if told is not None else min(self.backoff * 2, LONGEST_PAUSE)
        self.paused_until = max(self.paused_until, time.monotonic() + seconds)
        await self._give_back()

    async def _write(self, run: Callable[[Tx], Any], *, quiet: bool = False) -> Any:
        return await asyncio.wrap_future(self.writer.submit(run, quiet=quiet))

    async def _sleep(self, seconds: float, stopping: asyncio.Event) -> None:
        waiting = [asyncio.create_task(self._wake.wait()), asyncio.create_task(stopping.wait())]
        try:
            await asyncio.wait(waiting, timeout=max(seconds, 0.001), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()


def _reveal(message: Rendered, minted: dict[str, str]) -> Rendered:
    """Replace each secret's placeholder by the value minted for this sending."""
    rows = tuple(
        tuple({"label": one["label"], "url": minted[one["secret"]]} if "secret" in one else one for one in row)
        for row in message.buttons
    )
    text = message.text
    for name, value in minted.items():
        text = text.replace(f"⟦{name}⟧", value)
    return replace(message, text=text, buttons=rows, secrets={name: {"value": value} for name, value in minted.items()})
