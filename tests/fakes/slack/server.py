"""The server: every request passes the same gates, and each is written down."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web

from tests.fakes.slack import chat_methods, place_methods, view_methods
from tests.fakes.slack.api import METHODS, check
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.elements import Json
from tests.fakes.slack.errors import ApiError, breach
from tests.fakes.slack.faults import Fault, Faults
from tests.fakes.slack.limits import Limits
from tests.fakes.slack.payloads import envelope
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.wire import Call, Recorded, compact, read
from tests.fakes.slack.world import World

MODULES = (chat_methods, place_methods, view_methods)  # importing them fills the table of methods
SCOPES = "app_mentions:read,chat:write,commands,files:read,files:write,im:history,im:read,im:write,users:read"
MOST_BODY = 20_000_000


class Server:
    """State and rules on one loop; the façade brings every call here."""

    def __init__(
        self,
        tokens: dict[str, str],
        secret: str,
        team: str,
        clock: Callable[[], float],
        retry_scale: float,
        ack_seconds: float,
        log: Path | None,
    ) -> None:
        self.violations: list[str] = []
        self.requests: list[Recorded] = []
        self.world = World(team, tokens["bot"], clock)
        self.limits = Limits(clock)
        self.faults = Faults()
        self.sockets = Sockets(self.world, self.violations)
        self.delivery = Delivery(secret, clock, retry_scale, ack_seconds, self.sockets)
        self.world.happened = lambda event: self.delivery.spawn(self.event(event))
        self.app = web.Application(client_max_size=MOST_BODY)
        self._tokens = tokens
        self._log = log
        self._busy = 0
        self._active = time.monotonic()
        self._port = 0

    async def start(self, port: int) -> None:
        self.app.router.add_route("*", "/api/{method:.+}", self._api)
        self.app.router.add_post("/upload/v1/{id}", self._upload)
        self.app.router.add_get("/files-pri/{id}/download/{name}", self._download)
        self.app.router.add_post("/actions/{team}/{ticket}", self._reply)
        self.app.router.add_get("/link/", self.sockets.handle)
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        self._port = port
        await self.listen()
        self.world.url = f"http://127.0.0.1:{self._port}"

    async def listen(self) -> None:
        """Open the port, the same one as before."""
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await self._site.start()
        self._port = self._runner.addresses[0][1]
        self.faults.down = False

    async def close_port(self) -> None:
        self.faults.down = True
        await self._site.stop()
        await self.sockets.refresh(warn=False)

    async def stop(self) -> None:
        await self.delivery.stop()
        await self.sockets.refresh(warn=False)
        await self._runner.cleanup()

    def quiet_for(self) -> float:
        """Seconds since anything happened."""
        busy = self._busy or self.delivery.busy
        return 0 if busy else time.monotonic() - self._active

    async def event(self, event: Json, team: str = "") -> None:
        with self.working():
            await self.delivery.event(envelope(self.world, event, team))

    @contextmanager
    def working(self) -> Iterator[None]:
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1
            self._active = time.monotonic()

    async def _api(self, request: web.Request) -> web.StreamResponse:
        with self.working():
            call = await read(request)
            fault = Fault(reset="before") if self.faults.down else self._fault_for(call)
            if fault.seconds:
                await asyncio.sleep(fault.seconds)
            if fault.reset == "before":
                return self._broken(request)
            try:
                status, answer, more = 200, {"ok": True} | self._work(call, fault), {}
            except ApiError as error:
                status, answer, more = error.status, error.answer(), self._refused(call, error)
            self._record(call.method, call.args, status, answer)
            if fault.reset:
                return self._broken(request)
            body = compact(answer).encode()
            return web.Response(
                status=status,
                body=body[: len(body) // 2] if fault.truncate else body,
                content_type="application/json",
                headers={"X-OAuth-Scopes": SCOPES} | more,
            )

    def _fault_for(self, call: Call) -> Fault:
        """None is used up by somebody who comes before the time."""
        return Fault() if self.limits.early(self._pace_key(call)) else self.faults.take(call.method)

    def _work(self, call: Call, fault: Fault) -> Json:
        found = METHODS.get(call.method)
        if call.method in self.faults.lacking:
            raise ApiError("unknown_method", status=404)
        if found is None:
            raise breach("unknown_method", f"there is no method {call.method}")
        if call.broken:
            raise breach("invalid_arguments", *call.broken)
        if found.token and call.token != self._tokens[found.token]:
            wrong_kind = call.token in self._tokens.values()
            raise ApiError("not_allowed_token_type" if wrong_kind else "invalid_auth" if call.token else "not_authed")
        self._pace(call)
        if fault.error or fault.status != 200:
            raise ApiError(fault.error or "internal_error", status=fault.status, retry_after=fault.retry_after)
        if call.is_json and not found.takes_json and call.args:
            raise breach("invalid_arguments", f"{call.method} reads no JSON body")
        check(found, call.args)
        return found.work(self.world, call.args)

    def _pace(self, call: Call) -> None:
        key = self._pace_key(call)
        early = self.limits.early(key)
        if early:
            rule = f"{key} was called {early:.2f} s before the time that Retry-After said"
            raise ApiError("ratelimited", status=429, retry_after=round(early + 0.5), broken=(rule,))
        seconds = self.limits.wait(call.method, key)
        if seconds:
            raise ApiError("ratelimited", status=429, retry_after=int(seconds) + 1)

    def _pace_key(self, call: Call) -> str:
        """Messages have a pace for each conversation, all else for each method."""
        if call.method != "chat.postMessage":
            return call.method
        try:
            return f"{call.method} {self.world.channel(call.args.get('channel')).id}"
        except ApiError:
            return call.method

    def _refused(self, call: Call, error: ApiError) -> dict[str, str]:
        self.violations += [f"{call.method}: {rule}" for rule in error.broken]
        if error.retry_after is None:
            return {}
        if not error.broken:
            self.limits.block(self._pace_key(call), error.retry_after)
        return {"Retry-After": str(error.retry_after)}

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        with self.working():
            data = await _file_in(request)
            fault = self.faults.take("upload")
            if self.faults.down or fault.reset == "before":
                return self._broken(request)
            try:
                if fault.error or fault.status != 200:
                    raise ApiError(fault.error or "internal_error", status=fault.status)
                status, text = 200, view_methods.receive_file(self.world, request.match_info["id"], data)
            except ApiError as error:
                self.violations += [f"upload: {rule}" for rule in error.broken]
                status, text = error.status, error.code
            self._record("upload", {"id": request.match_info["id"], "bytes": len(data)}, status, {"text": text})
            return self._broken(request) if fault.reset else web.Response(status=status, text=text)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A file's bytes for the bot; whoever brings no token of ours sees the page to sign in."""
        with self.working():
            fault = self.faults.take("download")
            if self.faults.down or fault.reset:
                return self._broken(request)
            if fault.status != 200:
                return web.Response(status=fault.status)
            upload = self.world.uploads.get(request.match_info["id"])
            self._record("download", {"id": request.match_info["id"]}, 200 if upload else 404, {})
            if upload is None or upload.data is None:
                return web.Response(status=404)
            if request.headers.get("authorization") != f"Bearer {self._tokens['bot']}":
                return web.Response(text="<html>Sign in to Slack</html>", content_type="text/html")
            return web.Response(body=upload.data, content_type="application/octet-stream")

    async def _reply(self, request: web.Request) -> web.StreamResponse:
        with self.working():
            fault, args = self.faults.take("response_url"), await _object_in(request)
            if self.faults.down or fault.reset == "before":
                return self._broken(request)
            try:
                if fault.error or fault.status != 200:
                    raise ApiError(fault.error or "internal_error", status=fault.status)
                chat_methods.answer_reply(self.world, request.match_info["ticket"], args)
                status, answer = 200, {"ok": True}
            except ApiError as error:
                self.violations += [f"response_url: {rule}" for rule in error.broken]
                status, answer = error.status, error.answer()
            self._record("response_url", args, status, answer)
            return self._broken(request) if fault.reset else web.json_response(answer, status=status)

    def _record(self, method: str, args: Json, status: int, answer: Json) -> None:
        one = Recorded(method, args, status, answer, self.world.clock())
        self.requests.append(one)
        if self._log:
            with self._log.open("a", encoding="utf-8") as file:
                file.write(compact(one.__dict__) + "\n")

    @staticmethod
    def _broken(request: web.Request) -> web.StreamResponse:
        """No answer: the line breaks."""
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


async def _object_in(request: web.Request) -> Json:
    """The JSON object in the body; anything else counts as an argument nobody knows."""
    try:
        return dict(json.loads(await request.read()))
    except (TypeError, ValueError):
        return {"no JSON object": ""}


async def _file_in(request: web.Request) -> bytes:
    """The raw body, or the one file of a form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""
