"""The HTTP server: every request is checked, played, recorded and, where a test wants it, spoiled."""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.fakes.telegram import wire
from tests.fakes.telegram.api import Api
from tests.fakes.telegram.delivery import Delivery
from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.faults import Fault, Faults
from tests.fakes.telegram.limits import ImpatientError, Limiter
from tests.fakes.telegram.methods import METHODS
from tests.fakes.telegram.wire import Call
from tests.fakes.telegram.world import World, as_id

LARGEST_BODY = 60 << 20
NOT_IN_AN_ANSWER = ("get", "setwebhook", "deletewebhook", "close", "logout")
WEBHOOK = "webhook answer"


@dataclass(frozen=True)
class Recorded:
    """One request and what came of it; `via` tells calls from methods in the webhook's answer."""

    method: str
    params: dict[str, Any]
    status: int
    response: dict[str, Any]
    at: float
    via: str


class Server:
    """One bot's Telegram, living on one event loop."""

    def __init__(self, token: str, clock: Callable[[], float], retry_scale: float, log: Path | None) -> None:
        self.token = token
        self.clock = clock
        self.world = World(token, clock)
        self.delivery = Delivery(clock, retry_scale, self._reply)
        self.api = Api(self.world, self.delivery)
        self.limiter = Limiter(clock)
        self.faults = Faults()
        self.requests: list[Recorded] = []
        self.violations: list[str] = []
        self.down: str | None = None
        self.lag = (0.0, 0.0)
        self.app = web.Application(client_max_size=LARGEST_BODY)
        self.port = 0
        self._log = log.open("a", encoding="utf-8") if log else None
        self._busy = 0
        self._touched = time.monotonic()
        self.app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self.app.router.add_route("*", "/bot{token}/{method}", self._handle)
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.1)
        self._site: web.TCPSite | None = None

    async def start(self, port: int) -> None:
        await self._runner.setup()
        await self.listen(port)
        self.port = self._runner.addresses[0][1]

    async def listen(self, port: int) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", port)
        await self._site.start()

    async def refuse(self) -> None:
        if self._site:
            await self._site.stop()
            self._site = None

    async def stop(self) -> None:
        await self.delivery.stop()
        await self._runner.cleanup()
        if self._log:
            self._log.close()

    @property
    def up(self) -> bool:
        return self._site is not None

    def quiet_for(self) -> float:
        """Seconds without any request in progress and without an update to deliver, 0 while there is one."""
        return 0.0 if self._busy or self.delivery.waiting else time.monotonic() - self._touched

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if self.down:
            return self._out_of_order(request)
        # A long poll may well wait for minutes; it is not work.
        counted = method.lower() != "getupdates"
        self._busy += counted
        try:
            return await self._answer(method, request)
        finally:
            self._busy -= counted
            if counted:
                self._touched = time.monotonic()

    def _out_of_order(self, request: web.Request) -> web.Response:
        if self.down == "refuse":
            _cut(request)
        return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")

    async def _answer(self, method: str, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request.match_info["token"])
            call = await wire.read(method, request)
        except ApiError as error:
            return _json(self._record(Call(method), error.code, error.body(), error))
        fault = self.faults.take(call)
        before, after = self.lag
        await asyncio.sleep(before + (fault.seconds if fault.before else 0))
        if fault.reset and fault.before:
            _cut(request)
            return web.Response()
        recorded = await self._execute(call, fault)
        await asyncio.sleep(after + (0 if fault.before else fault.seconds))
        if fault.reset:
            _cut(request)
        return _json(recorded, fault.truncate)

    async def _execute(self, call: Call, fault: Fault, via: str = "http") -> Recorded:
        try:
            return self._record(call, 200, {"ok": True, "result": await self._play(call, fault)}, via=via)
        except ApiError as error:
            return self._record(call, error.code, error.body(), error, via)

    async def _play(self, call: Call, fault: Fault) -> Any:
        name, chat = call.method.lower(), as_id(call.values.get("chat_id"))
        if name in self.faults.lacking:
            raise ApiError(404, "Not Found")
        if name not in wire.models():
            raise ApiError(404, "Not Found", fault=True)
        self.limiter.admit(name, chat, str(call.values.get("allow_paid_broadcast")).lower() == "true")
        if fault.error:
            if "retry_after" in fault.error.parameters and self.limiter.on and chat is not None:
                self.limiter.must_wait(fault.error.parameters["retry_after"], {("chat", chat)})
            raise fault.error
        params = wire.check(call)
        if name not in METHODS:
            return _unplayed(call)
        result = METHODS[name](self.api, params)
        return await result if inspect.isawaitable(result) else result

    def _check_token(self, token: str) -> None:
        if token != self.token:
            raise ApiError(401, "Unauthorized", fault=True)

    def _record(
        self, call: Call, status: int, body: dict[str, Any], error: ApiError | None = None, via: str = "http"
    ) -> Recorded:
        files = {name: f"<{file.name}: {len(file.content)} bytes>" for name, file in call.files.items()}
        recorded = Recorded(call.method, call.values | files, status, body, self.clock(), via)
        self.requests.append(recorded)
        if isinstance(error, ImpatientError):
            self.violations.append(f"{call.method}: {error.complaint}")
        elif error and error.fault:
            self.violations.append(f"{call.method}: {error.description}")
        if self._log:
            self._log.write(json.dumps(asdict(recorded), ensure_ascii=False, default=str) + "\n")
            self._log.flush()
        return recorded

    async def _reply(self, body: dict[str, Any]) -> None:
        """A method in the webhook's answer counts like a call, but its result is lost."""
        method = str(body.get("method"))
        call = Call(method, {name: value for name, value in body.items() if name != "method"})
        if method.lower().startswith(NOT_IN_AN_ANSWER):
            error = ApiError(400, "Bad Request: method can't be called in the answer to an update", fault=True)
            self._record(call, error.code, error.body(), error, WEBHOOK)
        else:
            await self._execute(call, Fault(), WEBHOOK)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if self.down:
            return self._out_of_order(request)
        if request.match_info["token"] != self.token:
            return web.json_response(ApiError(401, "Unauthorized").body(), status=401)
        for file in self.world.files.values():
            if file.path == request.match_info["path"]:
                return web.Response(body=file.upload.content, content_type="application/octet-stream")
        return web.json_response(ApiError(404, "Not Found").body(), status=404)


def _unplayed(call: Call) -> Any:
    """Methods that only say true may be called without effect; what others return cannot be made up."""
    if wire.models()[call.method.lower()].__returning__ is bool:
        return True
    raise ApiError(501, f"Not Implemented: {call.method} has no effect here", fault=True)


def _json(recorded: Recorded, truncate: bool = False) -> web.Response:
    body = json.dumps(recorded.response, ensure_ascii=False).encode()
    body = body[: len(body) // 2] if truncate else body
    return web.Response(body=body, status=recorded.status, content_type="application/json")


def _cut(request: web.Request) -> None:
    if request.transport:
        request.transport.abort()
