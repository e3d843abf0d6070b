"""Socket Mode: connections of the bot, envelopes sent over them, and those not yet acknowledged."""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from tests.fakes.slack.elements import Json
from tests.fakes.slack.wire import compact
from tests.fakes.slack.world import APP, World

KINDS = {"event": "events_api", "interaction": "interactive", "command": "slash_commands"}
MOST_CONNECTIONS = 10
CLOSING_SECONDS = 0.5


@dataclass
class Envelope:
    """Something for the bot, until it is acknowledged."""

    id: str
    kind: str
    payload: Json
    answered: asyncio.Future[Json | None]
    attempt: int = -1

    @property
    def takes_answer(self) -> bool:
        return self.kind != "event"

    def json(self) -> Json:
        return {
            "envelope_id": self.id,
            "type": KINDS[self.kind],
            "accepts_response_payload": self.takes_answer,
            "payload": self.payload,
            "retry_attempt": self.attempt,
            "retry_reason": "timeout" if self.attempt else "",
        }


class Sockets:
    """What is unacknowledged when a connection ends is sent again over the next one."""

    def __init__(self, world: World, violations: list[str]) -> None:
        self._world = world
        self._violations = violations
        self.connections: list[web.WebSocketResponse] = []
        self.open: dict[str, Envelope] = {}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._world.tickets or len(self.connections) >= MOST_CONNECTIONS:
            return web.Response(status=403, text="the ticket is used or there are too many connections")
        self._world.tickets.remove(ticket)
        socket = web.WebSocketResponse(timeout=CLOSING_SECONDS)
        await socket.prepare(request)
        try:
            await self._greet(socket)
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._heard(message.data)
        finally:
            if socket in self.connections:
                self.connections.remove(socket)
        return socket

    async def _greet(self, socket: web.WebSocketResponse) -> None:
        debug = {"host": "applink", "build_number": 1, "approximate_connection_time": 18060}
        hello = {"type": "hello", "num_connections": len(self.connections) + 1, "connection_info": {"app_id": APP}}
        await socket.send_str(compact(hello | {"debug_info": debug}))
        # From here on new ones come over this connection, and what is open now once.
        self.connections.append(socket)
        for envelope in list(self.open.values()):
            await self._transmit(envelope, socket)

    async def send(self, kind: str, payload: Json, seconds: float) -> tuple[bool, Json | None]:
        """Whether it was acknowledged in time, and with what; an event stays open until it is."""
        loop = asyncio.get_running_loop()
        envelope = Envelope(str(uuid.uuid4()), kind, payload, loop.create_future())
        self.open[envelope.id] = envelope
        if not self.connections:
            if envelope.takes_answer:
                del self.open[envelope.id]
            return False, None
        await self._transmit(envelope, self.connections[-1])
        try:
            return True, await asyncio.wait_for(asyncio.shield(envelope.answered), seconds)
        except TimeoutError:
            if envelope.takes_answer:
                del self.open[envelope.id]
            return False, None

    async def _transmit(self, envelope: Envelope, socket: web.WebSocketResponse) -> None:
        envelope.attempt += 1
        try:
            await socket.send_str(compact(envelope.json()))
        except ConnectionError:
            pass  # it stays open for the next connection

    def _heard(self, data: str) -> None:
        try:
            answer = dict(json.loads(data))
        except ValueError:
            self._violations.append("a message over the socket is no JSON object")
            return
        envelope = self.open.pop(str(answer.get("envelope_id")), None)
        if envelope is None:
            self._violations.append("an acknowledgement names no open envelope")
            return
        payload = answer.get("payload") or None
        if payload and not envelope.takes_answer:
            self._violations.append("an acknowledgement of an event carries a payload")
        if not envelope.answered.done():
            envelope.answered.set_result(payload)

    async def refresh(self, *, warn: bool) -> None:
        """End all connections, saying so first or not."""
        connections, self.connections = self.connections, []
        for socket in connections:
            if warn:
                await socket.send_str(compact({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}))
            await socket.close()
