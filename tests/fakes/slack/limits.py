"""How often each method may be called, and who comes again too early."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

MINUTE = 60.0
PER_MINUTE = {
    "chat.update": 50,
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "conversations.open": 50,
    "conversations.history": 50,
    "conversations.info": 50,
    "users.info": 100,
    "views.open": 100,
    "views.update": 100,
    "views.push": 100,
    "views.publish": 100,
    "files.getUploadURLExternal": 100,
    "files.completeUploadExternal": 100,
    "apps.connections.open": 50,
    "oauth.v2.access": 100,
    "api.test": 100,
}
POST_RATE, POST_BURST = 1.0, 3
SLACK = 0.05  # seconds by which two clocks may differ


@dataclass
class Bucket:
    """What is left of the burst of one conversation."""

    tokens: float
    at: float


@dataclass
class Limits:
    """The account's pace; `wait` says how long a call must wait, and notes whoever did not wait."""

    clock: Callable[[], float]
    on: bool = True
    calls: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    buckets: dict[str, Bucket] = field(default_factory=dict)
    blocked: dict[str, float] = field(default_factory=dict)

    def early(self, key: str) -> float | None:
        """The seconds still to wait of a Retry-After that was not respected."""
        left = self.blocked.get(key, 0) - self.clock()
        return left if left > SLACK else None

    def block(self, key: str, seconds: float) -> int:
        whole = max(1, math.ceil(seconds))
        self.blocked[key] = max(self.blocked.get(key, 0), self.clock() + whole)
        return whole

    def wait(self, method: str, channel: str) -> float:
        """Zero where the call may go on now."""
        if not self.on:
            return 0
        if method == "chat.postMessage":
            return self._post(channel)
        return self._tier(method)

    def _post(self, channel: str) -> float:
        now = self.clock()
        bucket = self.buckets.setdefault(channel, Bucket(POST_BURST, now))
        bucket.tokens = min(POST_BURST, bucket.tokens + (now - bucket.at) * POST_RATE)
        bucket.at = now
        if bucket.tokens < 1 - SLACK:
            return (1 - bucket.tokens) / POST_RATE
        bucket.tokens -= 1
        return 0

    def _tier(self, method: str) -> float:
        if method not in PER_MINUTE:
            return 0
        now, calls = self.clock(), self.calls[method]
        while calls and calls[0] <= now - MINUTE:
            calls.popleft()
        if len(calls) >= PER_MINUTE[method]:
            return calls[0] + MINUTE - now
        calls.append(now)
        return 0
