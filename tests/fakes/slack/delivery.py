"""Carrying events, interactions and commands to the bot: signed, within three seconds, events again where it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.fakes.ending import end
from tests.fakes.slack.elements import Json
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.wire import compact, signed

RETRY_SECONDS = (0, 60, 300)
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Ack:
    """What came back; status 0 where nothing did."""

    status: int
    body: bytes = b""
    is_json: bool = False
    reason: str = ""
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True)
class Attempt:
    """One delivery, as the test sees it afterwards."""

    kind: str
    id: str
    status: int
    retry: int = 0
    reason: str = ""


class Delivery:
    """To an address where one is set, else over a socket."""

    def __init__(
        self, secret: str, clock: Callable[[], float], retry_scale: float, ack_seconds: float, sockets: Sockets
    ) -> None:
        self._secret = secret
        self._clock = clock
        self._scale = retry_scale
        self._seconds = ack_seconds
        self._sockets = sockets
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""
        self.duplicates = 0
        self.attempts: list[Attempt] = []

    @property
    def busy(self) -> int:
        return len(self._tasks)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        await end(self._tasks)
        if self._session:
            await self._session.close()

    async def event(self, envelope: Json) -> None:
        """The first attempt is awaited, later ones go on by themselves."""
        if not self.url:
            await self._over_socket("event", envelope["event_id"], envelope)
            return
        body = compact(envelope).encode()
        ack = await self._attempt(envelope["event_id"], body, 0, "")
        if ack.ok and self.duplicates > 0:
            self.duplicates -= 1
            await self._attempt(envelope["event_id"], body, 1, "http_timeout")
        if not ack.ok and not ack.no_retry:
            self.spawn(self._again(envelope["event_id"], body, ack.reason))

    async def _again(self, id_: str, body: bytes, reason: str) -> None:
        for number, seconds in enumerate(RETRY_SECONDS, 1):
            await asyncio.sleep(seconds * self._scale)
            ack = await self._attempt(id_, body, number, reason)
            if ack.ok or ack.no_retry:
                return
            reason = ack.reason

    async def interaction(self, payload: Json) -> Ack:
        return await self._once("interaction", payload, urlencode({"payload": compact(payload)}).encode())

    async def command(self, form: Json) -> Ack:
        return await self._once("command", form, urlencode(form).encode())

    async def challenge(self, payload: Json) -> Ack:
        return await self._post(compact(payload).encode(), {"Content-Type": "application/json"})

    async def raw(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Exactly these bytes and headers, with no signature of ours."""
        async with self._open().post(self.url, data=body, headers=headers, allow_redirects=False) as response:
            return response.status, await response.read()

    async def _once(self, kind: str, payload: Json, body: bytes) -> Ack:
        if not self.url:
            return await self._over_socket(kind, payload["trigger_id"], payload)
        ack = await self._post(body, {"Content-Type": FORM})
        self.attempts.append(Attempt(kind, payload["trigger_id"], ack.status, reason=ack.reason))
        return ack

    async def _over_socket(self, kind: str, id_: str, payload: Json) -> Ack:
        done, answer = await self._sockets.send(kind, payload, self._seconds)
        body = compact(answer).encode() if answer else b""
        ack = Ack(200, body, True) if done else Ack(0, reason="timeout")
        self.attempts.append(Attempt(kind, id_, ack.status, reason=ack.reason))
        return ack

    async def _attempt(self, id_: str, body: bytes, number: int, reason: str) -> Ack:
        headers = {"Content-Type": "application/json"}
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        ack = await self._post(body, headers)
        self.attempts.append(Attempt("event", id_, ack.status, number, reason))
        return ack

    async def _post(self, body: bytes, headers: dict[str, str]) -> Ack:
        headers = headers | signed(self._secret, body, int(self._clock()))
        try:
            async with (
                asyncio.timeout(self._seconds),
                self._open().post(self.url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                content = await response.read()
                return Ack(
                    response.status,
                    content,
                    response.content_type == "application/json",
                    "" if response.status < 300 else "http_error",
                    response.headers.get("X-Slack-No-Retry") == "1",
                )
        except TimeoutError:
            return Ack(0, reason="http_timeout")
        except aiohttp.ClientError:
            return Ack(0, reason="connection_failed")

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"User-Agent": "Slackbot 1.0"})
        return self._session
