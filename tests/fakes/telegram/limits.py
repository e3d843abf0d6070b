"""How much a bot may send: sliding windows per bot, chat and group, and the watch over those who do not wait."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from tests.fakes.telegram.errors import ApiError, too_many

COUNTED = ("send", "edit", "delete", "copy", "forward")
UNCOUNTED = {"sendchataction", "deletewebhook", "deletemycommands"}
BOT, GROUP, PAID = (30, 1.0), (20, 60.0), (1000, 1.0)
# A chat takes one message a second; three may come at once if it was quiet. The slack is for the jitter of the wire.
CHAT_BURST, CHAT_SLACK_SECONDS = 3, 0.05
# Requests that were on their way when the whole bot was told to wait are refused, but are nobody's mistake.
UNDER_WAY_SECONDS = 0.05

Scope = Hashable


@dataclass
class Wait:
    """Until when a scope must be silent, and when (real time) the bot was told."""

    until: float
    told: float


@dataclass
class Limiter:
    """Counts by the clock it is given."""

    clock: Callable[[], float]
    on: bool = True
    _sent: dict[Scope, deque[float]] = field(default_factory=dict)
    _paid_up: dict[int, float] = field(default_factory=dict)
    _waits: dict[Scope, Wait] = field(default_factory=dict)

    def admit(self, method: str, chat: int | None, paid: bool) -> None:
        """Count one request, or raise 429."""
        if not self.on or not counts(method):
            return
        now = self.clock()
        self._refuse_impatience(chat, now)
        windows = _windows(chat, paid)
        waits = {scope: self._until_free(scope, most, span, now) for scope, (most, span) in windows.items()}
        if chat is not None:
            waits["chat", chat] = self._until_quiet(chat, now)
        if max(waits.values()) > 0:
            seconds = max(1, math.ceil(max(waits.values())))
            self.must_wait(seconds, {scope for scope, wait in waits.items() if wait > 0} | {("chat", chat)})
            raise too_many(seconds)
        for scope in windows:
            self._sent[scope].append(now)
        if chat is not None:
            self._paid_up[chat] = max(self._paid_up.get(chat, now), now) + 1

    def must_wait(self, seconds: float, scopes: set[Scope]) -> None:
        for scope in scopes:
            self._waits[scope] = Wait(self.clock() + seconds, time.monotonic())

    def _refuse_impatience(self, chat: int | None, now: float) -> None:
        for scope in (("chat", chat), ("group", chat), "bot", "paid"):
            wait = self._waits.get(scope)
            if wait is None or now >= wait.until:
                self._waits.pop(scope, None)
                continue
            left = wait.until - now
            error = too_many(max(1, math.ceil(left)))
            on_its_way = scope in ("bot", "paid") and time.monotonic() - wait.told < UNDER_WAY_SECONDS
            raise error if on_its_way else ImpatientError(scope, left, error)

    def _until_free(self, scope: Scope, most: int, span: float, now: float) -> float:
        sent = self._sent.setdefault(scope, deque())
        while sent and sent[0] <= now - span:
            sent.popleft()
        return sent[0] + span - now if len(sent) >= most else 0.0

    def _until_quiet(self, chat: int, now: float) -> float:
        ahead = self._paid_up.get(chat, now) - now - (CHAT_BURST - 1)
        return ahead if ahead > CHAT_SLACK_SECONDS else 0.0


class ImpatientError(ApiError):
    """A request sent before the time it was told to wait had passed."""

    def __init__(self, scope: Scope, left: float, error: ApiError) -> None:
        super().__init__(error.code, error.description, **error.parameters)
        self.complaint = f"came back {left:.2f} s before retry_after had passed for {scope}"


def counts(method: str) -> bool:
    name = method.lower()
    return name.startswith(COUNTED) and name not in UNCOUNTED


def _windows(chat: int | None, paid: bool) -> dict[Scope, tuple[int, float]]:
    windows: dict[Scope, tuple[int, float]] = {"paid": PAID} if paid else {"bot": BOT}
    if chat is not None and chat < 0:
        windows["group", chat] = GROUP
    return windows
