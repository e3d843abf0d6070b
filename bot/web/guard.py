"""The one guard in front of every page: host, size, origin, token, session, headers."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.datastructures import FormData, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web import health
from bot.web.pages import failed
from bot.web.session import Visitor, load, nobody

if TYPE_CHECKING:
    from bot.web.server import Web

FORM_LIMIT = 256_000
WITHIN = 10.0
FILES_WITHIN = 60.0
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # With "no-referrer" browsers send "Origin: null" with our own forms; this one tells other sites as little.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "x-content-type-options": "nosniff",
}


class NotTaken(Exception):
    """A request that is not taken; its status, and a reason for the page."""

    def __init__(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status_code = status
        self.headers = headers or {}


async def read_body(length: str, receive: Receive, limit: int, within: float = WITHIN) -> bytes:
    """The body, at most `limit` bytes and `within` so many seconds; `length` is what its header says.

    Raises NotTaken.
    """
    if not length.isdigit() or int(length) > limit:
        raise NotTaken(413)
    body, more = b"", True
    try:
        async with asyncio.timeout(within):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > limit:
                    raise NotTaken(413)
    except TimeoutError:
        raise NotTaken(408) from None
    return body


class Guard:
    """Pure ASGI, so that server-sent events stream through it."""

    def __init__(self, app: ASGIApp, web: Web) -> None:
        self.app = app
        self.web = web
        self.host = urlsplit(web.base_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        path = scope["path"]
        if path in health.PATHS:
            await self.app(scope, receive, send)
            return
        if request.headers.get("host") != self.host:
            await PlainTextResponse("Wrong address.", 421)(scope, receive, send)
            return
        started = False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not path.startswith("/static/"):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        state = scope.setdefault("state", {})
        try:
            state["visitor"] = nobody(self.web, request)
            if not path.startswith("/static/"):
                state["visitor"] = await load(self.web, request)
            await self.app(scope, receive, with_headers)
        except Exception as error:
            if started:
                raise
            response = await failed(request, error)
            await response(scope, receive, with_headers)


async def taken_form(request: Request, files: int = 0, largest: int = 0) -> FormData:
    """The form of a POST whose origin and token are ours, with at most so many `files`, `largest` bytes in all.

    Raises NotTaken for any other.
    """
    web = request.app.state.web
    origin = request.headers.get("origin")
    same_site = request.headers.get("sec-fetch-site") == "same-origin"
    if origin != web.base_url and not (origin is None and same_site):
        raise NotTaken(403)
    limit, within = FORM_LIMIT + largest, FILES_WITHIN if files else WITHIN
    body = await read_body(request.headers.get("content-length", "0"), request.receive, limit, within)
    form = await _parsed(request, body, files)
    visitor: Visitor = request.state.visitor
    if not hmac.compare_digest(str(form.get("csrf", "")).encode(), visitor.csrf.encode()):
        await form.close()
        raise NotTaken(403)
    return form


async def _parsed(request: Request, body: bytes, files: int) -> FormData:
    sent = False

    async def receive() -> Any:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    again = Request(request.scope, receive)
    return await again.form(max_files=files, max_fields=200)
