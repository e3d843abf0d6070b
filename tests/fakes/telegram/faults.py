"""Trouble made on purpose: refusals, broken lines, slowness, broken answers and absent methods."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.wire import Call

SENTENCES = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    429: "Too Many Requests: retry after {seconds}",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request; the effect takes place unless `before` or `error` says otherwise."""

    error: ApiError | None = None
    reset: bool = False
    before: bool = False
    seconds: float = 0
    truncate: bool = False


@dataclass
class Faults:
    """Faults waiting for their method, first come first served; `*` is any method."""

    waiting: dict[str, deque[tuple[Fault, int | None]]] = field(default_factory=lambda: defaultdict(deque))
    lacking: set[str] = field(default_factory=set)

    def plan(self, method: str, fault: Fault, times: int, chat: int | None = None) -> None:
        self.waiting[method.lower()].extend([(fault, chat)] * times)

    def take(self, call: Call) -> Fault:
        for name in (call.method.lower(), "*"):
            queue = self.waiting[name]
            for entry in queue:
                fault, chat = entry
                if chat is None or str(call.values.get("chat_id")) == str(chat):
                    queue.remove(entry)
                    return fault
        return Fault()


def refusal(status: int, retry_after: int | None, description: str | None, parameters: dict[str, Any]) -> Fault:
    if status == 429:
        retry_after = 1 if retry_after is None else retry_after
    if retry_after is not None:
        parameters = {"retry_after": retry_after} | parameters
    sentence = description or SENTENCES.get(status, "Internal Server Error").format(seconds=retry_after)
    return Fault(error=ApiError(status, sentence, **parameters))
