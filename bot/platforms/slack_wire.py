"""The line to Slack's Web API: one session, no retries of its own, and every trouble told apart."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.urls import safe
from bot.platforms.http import beginning

# The libraries' own messages can hold payloads and tickets, so they are never heard.
SILENT = logging.getLogger("samskab.slack.silent")
SILENT.setLevel(logging.CRITICAL + 1)
TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=5)
# Nothing was written where the connection itself failed.
UNWRITTEN = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


class Failure(Exception):
    """A call that failed: Slack's `code`, when to come again, and whether it may have been done all the same."""

    def __init__(
        self, method: str, code: str, *, after: float | None = None, unclear: bool = False, status: int = 0
    ) -> None:
        super().__init__(f"{method}: {code}")
        self.method = method
        self.code = code
        self.after = after
        self.unclear = unclear
        self.status = status


class Wire:
    """Calls methods with the bot's token over one shared session, which is opened at the first call."""

    def __init__(self, token: str, api_url: str) -> None:
        if not safe(api_url):
            raise ValueError("the address of Slack's API must be https, or on this machine")
        self._token = token
        self.api_url = api_url
        self._open: AsyncWebClient | None = None

    @property
    def client(self) -> AsyncWebClient:
        """The library's client; it needs a running loop."""
        if self._open is None:
            session = aiohttp.ClientSession(timeout=TIMEOUT)
            self._open = AsyncWebClient(
                token=self._token, base_url=self.api_url, session=session, logger=SILENT, retry_handlers=[]
            )
        return self._open

    async def call(self, method: str, *, form: bool = False, **args: Any) -> Mapping[str, Any]:
        """Call a method; those that only read take a `form`. Raises Failure."""
        body: dict[str, Any] = {"params": args} if form else {"json": args}
        try:
            response = await self.client.api_call(method, http_verb="GET" if form else "POST", **body)
        except SlackApiError as error:
            raise failure_of(method, error) from None
        except UNWRITTEN:
            raise Failure(method, "out of reach") from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Failure(method, type(error).__name__, unclear=True) from None
        data = response.data
        scopes = response.headers.get("x-oauth-scopes", "")
        return {**data, "scopes": scopes} if isinstance(data, dict) else {}

    async def post(self, url: str, *, data: bytes | None = None, json: Mapping[str, Any] | None = None) -> None:
        """Post to an address that Slack itself gave us. Raises Failure."""
        if not safe(url):
            raise Failure("post", "unsafe address")
        session = self.client.session
        assert session is not None
        try:
            async with session.post(url, data=data, json=json) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise Failure("post", "out of reach") from None
        if status != 200:
            raise Failure("post", "out of reach" if status >= 500 else f"status {status}", status=status)

    async def get(self, url: str, largest: int) -> tuple[str, bytes]:
        """A file's media type and bytes, of more than `largest` only the beginning. Raises Failure."""
        if not safe(url):
            raise Failure("get", "unsafe address")
        session = self.client.session
        assert session is not None
        headers = {"authorization": f"Bearer {self._token}"}
        try:
            # No redirects: the token is for Slack alone.
            async with session.get(url, headers=headers, allow_redirects=False) as response:
                status, kind = response.status, response.headers.get("content-type", "")
                data = await beginning(response, largest)
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise Failure("get", "out of reach") from None
        if status != 200:
            again = status == 429 or status >= 500
            raise Failure("get", "out of reach" if again else f"status {status}", status=status)
        return kind, data

    async def close(self) -> None:
        """Close the session."""
        if self._open is not None and self._open.session is not None:
            await self._open.session.close()
        self._open = None


def failure_of(method: str, error: SlackApiError) -> Failure:
    """Slack's answer as a failure; a server error, or half an answer, leaves open whether it was done."""
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        seconds = response.headers.get("Retry-After", "")
        return Failure(method, "ratelimited", after=float(seconds) if seconds.isdigit() else 1.0, status=429)
    unclear = status >= 500 or code in ("internal_error", "fatal_error", "request_timeout") or not code
    return Failure(method, code or f"status {status}", unclear=unclear, status=status)
