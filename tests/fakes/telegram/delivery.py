"""Bringing updates to the bot as Telegram does: one under way per queue, in order inside it, again until accepted."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.fakes.ending import end

MESSAGE, INLINE, PRESS, MEMBER = 0, 1 << 33, 3 << 33, 5 << 33
LIFETIME_SECONDS = {"callback_query": 150.0, "inline_query": 30.0}
LONGEST_RETRY_AFTER = 3600
READ_TIMEOUT_SECONDS = 60
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
ONLY_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass
class Update:
    id: int
    kind: str
    key: int
    body: dict[str, Any]
    expires_at: float
    copies: int = 1
    failures: int = 0


@dataclass(frozen=True)
class Attempt:
    """One delivery to the webhook; `status` 0 is a line that broke, `wait` the unscaled pause that follows."""

    update_id: int
    status: int
    wait: float | None = None


@dataclass
class Webhook:
    url: str = ""
    secret: str | None = None
    max_connections: int = 40
    allowed: list[str] = field(default_factory=list)
    last_error: str | None = None
    last_error_at: int = 0


Reply = Callable[[Any], Awaitable[None]]


class Delivery:
    """The queues, and the lanes that empty them into the webhook."""

    def __init__(self, clock: Callable[[], float], retry_scale: float, reply: Reply) -> None:
        self.clock = clock
        self.retry_scale = retry_scale
        self.webhook = Webhook()
        self.attempts: list[Attempt] = []
        self.held: set[int] = set()
        self.lifetimes = dict(LIFETIME_SECONDS)
        self.duplicates = 1
        self.doors: list[str] = []  # where a load balancer leads, by turns; else straight to the webhook's address
        self.under_way = 0
        self.most_under_way = 0
        self.arrived = asyncio.Event()
        self._reply = reply
        self._next_id = random.randrange(1, 1 << 28)
        self._queues: dict[int, deque[Update]] = {}
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._places = asyncio.Semaphore(40)

    @property
    def pending(self) -> list[Update]:
        """What the bot has not accepted yet, oldest first, without what is expired."""
        now = self.clock()
        for queue in self._queues.values():
            while queue and queue[0].expires_at <= now:
                queue.popleft()
        return sorted((update for queue in self._queues.values() for update in queue), key=lambda update: update.id)

    @property
    def waiting(self) -> list[Update]:
        return [update for update in self.pending if update.key not in self.held]

    def add(self, kind: str, key: int, content: dict[str, Any]) -> None:
        unwanted = self.webhook.allowed and kind not in self.webhook.allowed
        if unwanted or self._unasked(kind):
            return
        self._next_id += 1
        expires_at = self.clock() + self.lifetimes.get(kind, 86400.0)
        body = {"update_id": self._next_id, kind: content}
        update = Update(self._next_id, kind, key, body, expires_at, self.duplicates)
        self.duplicates = 1
        self._queues.setdefault(key, deque()).append(update)
        self.arrived.set()
        self.start(key)

    def _unasked(self, kind: str) -> bool:
        return kind in ONLY_ON_REQUEST and kind not in self.webhook.allowed

    def confirm(self, update: Update) -> None:
        """The bot has it; a duplicate stays for one more time."""
        update.copies -= 1
        if update.copies < 1:
            with suppress(ValueError):
                self._queues[update.key].remove(update)

    def clear(self) -> None:
        for queue in self._queues.values():
            queue.clear()

    async def set_webhook(self, webhook: Webhook) -> None:
        await self.stop()
        self.webhook = webhook
        self._places = asyncio.Semaphore(webhook.max_connections)
        for key in list(self._queues):
            self.start(key)

    async def stop(self) -> None:
        # Taken away before anything is waited for: what begins meanwhile has a session of its own.
        lanes, self._lanes = list(self._lanes.values()), {}
        session, self._session = self._session, None
        # The request that asks for this may have come from a lane itself, in the body of an answer.
        await end(lane for lane in lanes if lane is not asyncio.current_task())
        if session:
            await session.close()

    def hold(self, key: int) -> None:
        self.held.add(key)

    def release(self, key: int) -> None:
        self.held.discard(key)
        self.start(key)

    def start(self, key: int) -> None:
        if self.webhook.url and key not in self.held and key not in self._lanes and self._queues.get(key):
            self._lanes[key] = asyncio.get_running_loop().create_task(self._run(key))

    async def _run(self, key: int) -> None:
        """Empty one queue; only the first update of it is ever under way."""
        queue = self._queues[key]
        while queue and key not in self.held:
            if queue[0].expires_at <= self.clock():
                queue.popleft()
                continue
            wait = await self._deliver(queue[0])
            if wait:
                await asyncio.sleep(wait * self.retry_scale)
        self._lanes.pop(key, None)

    async def _deliver(self, update: Update) -> float:
        async with self._places:
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
            try:
                status, retry_after, body = await self._post(update)
            finally:
                self.under_way -= 1
        if 200 <= status < 300:
            self.attempts.append(Attempt(update.id, status))
            self.confirm(update)
            if isinstance(body, dict) and "method" in body:
                await self._reply(body)
            return 0.0
        wait = _pause(update.failures, retry_after)
        update.failures += 1
        self.attempts.append(Attempt(update.id, status, wait))
        self.webhook.last_error = f"Wrong response from the webhook: {status}" if status else "Connection refused"
        self.webhook.last_error_at = int(self.clock())
        return wait

    async def _post(self, update: Update) -> tuple[int, float | None, Any]:
        headers = {SECRET_HEADER: self.webhook.secret} if self.webhook.secret else {}
        url = random.choice(self.doors) if self.doors else self.webhook.url
        try:
            async with self.session().post(url, json=update.body, headers=headers) as answer:
                return answer.status, _seconds(answer.headers.get("Retry-After")), await _json(answer)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, None, None

    def session(self) -> aiohttp.ClientSession:
        """One session for all, so that connections stay open as those of Telegram do."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
            timeout = aiohttp.ClientTimeout(total=READ_TIMEOUT_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)
        return self._session


def _pause(failures: int, retry_after: float | None) -> float:
    """The wait before the next try: as the bot asks, else 0, 2, 4, 8 ... up to a minute or two."""
    if retry_after is not None:
        return min(retry_after, LONGEST_RETRY_AFTER)
    if failures == 0:
        return 0.0
    return float(2**failures) if 2**failures < 60 else random.uniform(60, 120)


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isdigit() else None


async def _json(answer: aiohttp.ClientResponse) -> Any:
    try:
        return await answer.json(content_type=None)
    except ValueError:
        return None
