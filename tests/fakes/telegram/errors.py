"""The refusals of the Bot API, and which of them a correct bot never causes."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An answer other than ok; `fault` marks those that only a mistake in the bot can bring about."""

    def __init__(self, code: int, description: str, *, fault: bool = False, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.fault = fault
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def mistake(sentence: str) -> ApiError:
    """A request that no state of the chat could make right."""
    return ApiError(400, f"Bad Request: {sentence}", fault=True)


def refused(sentence: str) -> ApiError:
    """A request that is well formed, but does not fit what has happened meanwhile."""
    return ApiError(400, f"Bad Request: {sentence}")


def forbidden(sentence: str) -> ApiError:
    return ApiError(403, f"Forbidden: {sentence}")


def too_many(seconds: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
