"""What the Web API answers when it does not do as asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class ApiError(Exception):
    """An answer with ok=false; `broken` are the rules a bot must never break, which the test hears of at its end."""

    def __init__(
        self,
        code: str,
        *,
        status: int = 200,
        retry_after: int | None = None,
        messages: Sequence[str] = (),
        broken: Sequence[str] = (),
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.retry_after = retry_after
        self.messages = tuple(messages)
        self.broken = tuple(broken)

    def answer(self) -> dict[str, Any]:
        found: dict[str, Any] = {"ok": False, "error": self.code}
        if self.messages:
            found["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return found


def breach(code: str, *rules: str) -> ApiError:
    """A refusal for what no bot should ever send."""
    return ApiError(code, messages=rules, broken=rules or (code,))
