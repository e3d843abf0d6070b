"""The line to the Bot API for messages: plain JSON there, and no objects made of what comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import aiohttp
import orjson
from telegram.error import NetworkError
from yarl import URL

from bot.platforms.http import AioRequest, Unclear


class Trouble(Exception):
    """What the Bot API answers instead of a result."""

    def __init__(self, code: int, why: str, parameters: Mapping[str, Any]) -> None:
        super().__init__(why)
        self.code = code
        self.why = why
        self.parameters = parameters


class Wire:
    """Calls methods of one bot. Raises Trouble for what is refused, NetworkError where the line fails."""

    def __init__(self, request: AioRequest, root: str, token: str) -> None:
        self._request = request
        self._url = cache(lambda method: URL(f"{root}/bot{token}/{method}"))

    async def call(self, method: str, params: Mapping[str, Any], photo: bytes | None = None) -> Any:
        """The method's result."""
        if photo is None:
            data: Any = aiohttp.BytesPayload(orjson.dumps(params), content_type="application/json")
        else:
            data = _form(params, photo)
        status, body = await self._request.post_to(self._url(method), data)
        return _result(status, body)

    async def well(self) -> bool:
        """Whether the server knows us."""
        try:
            await self.call("getMe", {})
        except (Trouble, NetworkError):
            return False
        return True


def _form(params: Mapping[str, Any], photo: bytes) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in params.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    form.add_field("photo", photo, filename="image.png", content_type="image/png")
    return form


def _result(status: int, body: bytes) -> Any:
    try:
        answer = orjson.loads(body)
        if answer["ok"]:
            return answer["result"]
        code, why = int(answer.get("error_code", status)), str(answer.get("description", ""))
        parameters = answer.get("parameters") or {}
    except (ValueError, LookupError, TypeError, AttributeError):
        if status >= 400:
            raise Trouble(status, "", {}) from None
        raise Unclear("unreadable answer") from None
    raise Trouble(code, why, parameters)
