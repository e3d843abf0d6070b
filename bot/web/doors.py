"""The platforms' doors: their requests come by the thousand, so they pass by all that only pages need."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.chat.delivery import Answer, Door
from bot.web.guard import NotTaken, read_body

WEBHOOK_LIMIT = 1_000_000


class Doors:
    """Pure ASGI in front of the pages: a request to a door's path is the door's, anything else the pages'."""

    def __init__(self, pages: ASGIApp, doors: Mapping[str, Door]) -> None:
        self._pages = pages
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = self._doors.get(scope["path"]) if scope["type"] == "http" else None
        if door is None:
            await self._pages(scope, receive, send)
        else:
            await _said(await _asked(door, scope, receive), send)


async def _asked(door: Door, scope: Scope, receive: Receive) -> Answer:
    if scope["method"] != "POST":
        return Answer(405)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    try:
        body = await read_body(headers.get("content-length", "0"), receive, WEBHOOK_LIMIT)
    except NotTaken as error:
        return Answer(error.status_code)
    return await door(headers, body)


async def _said(answer: Answer, send: Send) -> None:
    headers = [(b"content-type", answer.content_type.encode()), (b"content-length", b"%d" % len(answer.body))]
    if answer.retry_after is not None:
        headers.append((b"retry-after", b"%d" % answer.retry_after))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
