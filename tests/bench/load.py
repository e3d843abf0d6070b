"""People who write all at once: updates over HTTP, each after the last was answered, or at a pace of their own."""

from __future__ import annotations

import asyncio
import json
import re
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from tests.bench.scene import FIRST_CHAT

SECRET = "s" * 40
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(slots=True)
class Answers:
    """How long each update waited for its 200, how many got something else; when the first was posted, and all took."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    began: float = 0.0
    took: float = 0.0

    def quantile(self, share: float) -> float:
        """The wait that this share of all stayed under, in milliseconds."""
        return quantile(self.seconds, share) * 1000


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of all stays under."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def text(person: int, number: int) -> dict[str, Any]:
    """Somebody writes a sentence; people are numbered from 1."""
    words = f"Jeg mener at vi trenger flere benker {person}"
    return {"update_id": number, "message": {"message_id": number, **_from(person), "text": words}}


def press(person: int, number: int) -> dict[str, Any]:
    """Somebody presses *yes* under the question that stands in their chat."""
    message = {"message_id": person, **_from(person), "text": "1/3"}
    query = {"id": str(number), "from": message["from"], "chat_instance": "1", "data": "a:answers:1:1:yes"}
    return {"update_id": number, "callback_query": {**query, "message": message}}


def _from(person: int) -> dict[str, Any]:
    chat = FIRST_CHAT + person
    sender = {"id": chat, "is_bot": False, "first_name": "A", "language_code": "nb"}
    return {"date": 1700000000, "from": sender, "chat": {"id": chat, "type": "private", "first_name": "A"}}


def request(update: Mapping[str, Any], port: int) -> bytes:
    """An update as a platform posts it."""
    body = json.dumps(update).encode()
    head = (
        f"POST /telegram HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Line(asyncio.Protocol):
    """One connection that posts the next request once the last is answered."""

    def __init__(self, requests: Iterator[bytes], answers: Answers) -> None:
        self._requests, self._answers = requests, answers
        self._buffer = b""
        self._began = 0.0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def post_next(self) -> None:
        found = next(self._requests, None)
        if found is None:
            self._transport.close()
            self.over.set_result(None)
            return
        self._began = time.monotonic()
        self._transport.write(found)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.over.done():
            self.over.set_exception(error or ConnectionError("the service hung up"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        length = LENGTH.search(self._buffer, 0, max(end, 0))
        if end < 0 or len(self._buffer) < end + 4 + (int(length[1]) if length else 0):
            return
        self._answers.refused += b" 200 " not in self._buffer[:16]
        self._answers.seconds.append(time.monotonic() - self._began)
        self._buffer = b""
        self.post_next()


async def closed(port: int, updates: Iterable[Mapping[str, Any]], connections: int) -> Answers:
    """Post as fast as the answers come, on so many connections."""
    return await spread([port], updates, connections)


async def spread(ports: Sequence[int], updates: Iterable[Mapping[str, Any]], connections: int) -> Answers:
    """The same, by turns to several processes."""
    answers, loop = Answers(), asyncio.get_running_loop()
    waiting = iter([request(update, ports[0]) for update in updates])
    lines = [
        (await loop.create_connection(lambda: Line(waiting, answers), "127.0.0.1", ports[place % len(ports)]))[1]
        for place in range(connections)
    ]
    answers.began = time.monotonic()
    for line in lines:
        line.post_next()
    await asyncio.gather(*(line.over for line in lines))
    answers.took = time.monotonic() - answers.began
    return answers


async def steady(port: int, updates: Sequence[Mapping[str, Any]], rate: float, connections: int = 64) -> Answers:
    """Post so many a second whatever the answers do; a wait begins when the update was due, so none is left out."""
    answers, loop = Answers(), asyncio.get_running_loop()
    due: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
    requests = [request(update, port) for update in updates]

    async def post() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (found := await due.get()) is not None:
            began, packet = found
            writer.write(packet)
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            await reader.readexactly(int(length[1]) if length else 0)
            answers.refused += b" 200 " not in head[:16]
            answers.seconds.append(time.monotonic() - began)
        writer.close()

    posting = [asyncio.create_task(post()) for _connection in range(connections)]
    start, answers.began = loop.time(), time.monotonic()
    for place, packet in enumerate(requests):
        moment = start + place / rate
        if (pause := moment - loop.time()) > 0:
            await asyncio.sleep(pause)
        due.put_nowait((time.monotonic() - max(0.0, loop.time() - moment), packet))
    for _connection in posting:
        due.put_nowait(None)
    await asyncio.gather(*posting)
    return answers


def ask(port: int, path: str) -> Any:
    """What the light Bot API tells of itself."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return json.load(answer)
