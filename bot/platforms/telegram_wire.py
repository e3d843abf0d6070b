"""The line to the Bot API for messages: plain JSON there, and no objects made of what comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson
from telegram.error import NetworkError
from yarl import URL

from bot.chat.delivery import Fetched, Found, Lost, RetryAfter
from bot.platforms.http import AioRequest, Unclear
from bot.platforms.line import Lines


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
        self._lines = Lines(root)
        self._path = f"/bot{token}/"
        self._root = root
        self._files = f"{root}/file/bot{token}/"

    async def call(self, method: str, params: Mapping[str, Any], photo: bytes | None = None) -> Any:
        """The method's result."""
        if photo is None:
            status, body = await self._lines.post(self._path + method, orjson.dumps(params))
        else:
            address = URL(f"{self._root}{self._path}{method}")
            status, body = await self._request.post_to(address, _form(params, photo))
        return _result(status, body)

    def close(self) -> None:
        """Close the connections that messages went over."""
        self._lines.close()

    async def fetch(self, file_id: str, largest: int) -> Found:
        """The bytes of a file that a person sent. Its address holds the token, so it is never said anywhere."""
        try:
            about = await self.call("getFile", {"file_id": file_id})
            if int(about.get("file_size") or 0) > largest:
                return Lost(large=True)
            status, data = await self._request.get_from(URL(self._files + str(about["file_path"])), largest)
        except Trouble as trouble:
            if trouble.code == 429 or trouble.code >= 500:
                return RetryAfter(float(trouble.parameters.get("retry_after") or 0) or None)
            return Lost(large="too big" in trouble.why)
        except (NetworkError, LookupError, ValueError):
            return RetryAfter()
        if status != 200:
            return Lost() if status == 404 else RetryAfter()
        return Lost(large=True) if len(data) > largest else Fetched(data)

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
