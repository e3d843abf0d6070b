"""A Bot API that costs next to nothing, so that the machine is the bots': `python -m tests.bench.telegram PORT`.

It answers at once, or after `--latency` seconds; counts calls, and with `--limit` refuses more than so many a second.
It is no test of what we say there: that is the strict double's. `/calls` tells what came, `/arrived` when each chat was
written to, `/reset` begins anew.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
from collections import Counter, deque
from typing import cast

import uvloop

CHAT = re.compile(rb'chat_id"?[=:] ?"?(-?\d+)')
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
ME = json.dumps(
    {"ok": True, "result": {"id": 123456, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}}
).encode()
TRUE = b'{"ok":true,"result":true}'
SLOWER = b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":1}}'
MESSAGE = b'{"ok":true,"result":{"message_id":%d,"date":1700000000,"chat":{"id":%d,"type":"private"},"text":"x"}}'
WRITING = (b"sendMessage", b"editMessageText")


class Api:
    """What was called."""

    def __init__(self, latency: float, limit: int) -> None:
        self.latency, self.limit = latency, limit
        self.calls: Counter[str] = Counter()
        self.arrived: list[tuple[int, float]] = []
        self.lately: deque[float] = deque()
        self.last = 10_000_000

    def answer(self, path: bytes, body: bytes) -> bytes:
        """The body of an answer."""
        if path == b"/calls":
            return json.dumps(self.calls).encode()
        if path == b"/arrived":
            return json.dumps(self.arrived).encode()
        if path == b"/reset":
            self.calls.clear()
            self.arrived.clear()
            return TRUE
        method = path.rpartition(b"/")[2]
        if method in WRITING:
            return self._written(method, body)
        self.calls[method.decode()] += 1
        return ME if method == b"getMe" else TRUE

    def _written(self, method: bytes, body: bytes) -> bytes:
        now = time.monotonic()
        if self.limit and self._too_many(now):
            self.calls["429"] += 1
            return SLOWER
        self.calls[method.decode()] += 1
        found = CHAT.search(body)
        chat = int(found[1]) if found else 0
        if method == b"sendMessage":
            self.arrived.append((chat, now))
        self.last += 1
        return MESSAGE % (self.last, chat)

    def _too_many(self, now: float) -> bool:
        while self.lately and self.lately[0] <= now - 1:
            self.lately.popleft()
        if len(self.lately) >= self.limit:
            return True
        self.lately.append(now)
        return False


class Line(asyncio.Protocol):
    """One connection: requests one after the other, in one packet or several."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            found = LENGTH.search(head)
            if found is None and b"chunked" in head.lower():
                last = self._buffer.find(b"0\r\n\r\n", end)
                if last < 0:
                    return
                after = last + 5
            else:
                after = end + 4 + (int(found[1]) if found else 0)
                if len(self._buffer) < after:
                    return
            body, self._buffer = self._buffer[end + 4 : after], self._buffer[after:]
            self._reply(self._api.answer(head.split(b" ", 2)[1], body))

    def _reply(self, body: bytes) -> None:
        status = b"429 Too Many Requests" if body is SLOWER else b"200 OK"
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        if self._api.latency:
            asyncio.get_running_loop().call_later(self._api.latency, self._transport.write, head + body)
        else:
            self._transport.write(head + body)


async def main() -> None:
    """Serve until ended."""
    given = argparse.ArgumentParser()
    given.add_argument("port", type=int)
    given.add_argument("--latency", type=float, default=0.0)
    given.add_argument("--limit", type=int, default=0)
    how = given.parse_args()
    api = Api(how.latency, how.limit)
    server = await asyncio.get_running_loop().create_server(lambda: Line(api), "127.0.0.1", how.port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
