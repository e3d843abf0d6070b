"""The connections that messages go over: kept, used again, and each trouble told by its own name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest
from telegram.error import TimedOut

from bot.platforms import line
from bot.platforms.http import Unclear, Unwritten
from bot.platforms.line import Lines

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Answers each request with the next of these bytes, and hangs up where there is none or it is to."""

    def __init__(self, *answers: bytes, hangs_up: bool = False, silent: bool = False) -> None:
        self.answers = list(answers)
        self.hangs_up = hangs_up
        self.silent = silent
        self.connections = 0
        self.requests: list[bytes] = []
        self.heard = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self.answers or self.silent:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                self.heard.set()
                if not self.silent:
                    writer.write(self.answers.pop(0))
                if self.hangs_up:
                    break
        except asyncio.IncompleteReadError:
            pass
        writer.close()


def played(server: Server, story: Callable[[Lines], Coroutine[Any, Any, None]], root: str = "http://127.0.0.1") -> None:
    """Let something happen between our connections and a server."""

    async def run() -> None:
        async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
            lines = Lines(f"{root}:{listening.sockets[0].getsockname()[1]}/api")
            await story(lines)
            lines.close()

    asyncio.run(asyncio.wait_for(run(), 10))


def test_calls_one_after_the_other_share_a_connection() -> None:
    server = Server(OK, OK, OK)

    async def story(lines: Lines) -> None:
        for _call in range(3):
            assert await lines.post("/say", b'{"a":1}') == (200, b"good")

    played(server, story)
    assert server.connections == 1
    head, _end, body = server.requests[2].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/say HTTP/1.1\r\nHost: 127.0.0.1:") and body == b'{"a":1}'
    assert b"Content-Type: application/json" in head


def test_calls_at_the_same_time_have_a_connection_each() -> None:
    server = Server(OK, OK)

    async def story(lines: Lines) -> None:
        one, other = await asyncio.gather(lines.post("/a", b"{}"), lines.post("/b", b"{}"))
        assert one == other == (200, b"good")

    played(server, story)
    assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\ngood", b"HTTP/1.0 200 OK\r\n\r\ngood"],
)
def test_what_a_server_closes_is_not_used_again(answer: bytes) -> None:
    server = Server(answer, OK, hangs_up=True)

    async def story(lines: Lines) -> None:
        assert await lines.post("/say", b"{}") == (200, b"good")
        assert await lines.post("/say", b"{}") == (200, b"good")

    played(server, story)
    assert server.connections == 2


def test_a_connection_that_rested_long_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(OK, OK)
    monkeypatch.setattr(line, "KEPT", -1.0)

    async def story(lines: Lines) -> None:
        await lines.post("/say", b"{}")
        await lines.post("/say", b"{}")

    played(server, story)
    assert server.connections == 2


def test_an_answer_comes_in_pieces_after_a_first_word() -> None:
    head = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 502 Bad\r\nTransfer-Encoding: chunked\r\n\r\n"

    async def story(lines: Lines) -> None:
        assert await lines.post("/say", b"{}") == (502, b"bad")

    played(Server(head + b"2\r\nba\r\n1\r\nd\r\n0\r\n\r\n"), story)


def test_a_server_that_hangs_up_in_the_middle_has_said_its_status() -> None:
    async def story(lines: Lines) -> None:
        assert await lines.post("/say", b"{}") == (500, b"half")

    played(Server(b"HTTP/1.1 500 Bad\r\nContent-Length: 40\r\n\r\nhalf", hangs_up=True), story)


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nConte", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 101 Go\r\n\r\n"]
)
def test_without_a_readable_answer_nobody_knows_whether_it_was_done(answer: bytes) -> None:
    async def story(lines: Lines) -> None:
        with pytest.raises(Unclear):
            await lines.post("/say", b"{}")

    played(Server(answer, hangs_up=True), story)


def test_a_silent_server_is_left_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(silent=True)
    monkeypatch.setattr(line, "PATIENCE", 0.05)

    async def story(lines: Lines) -> None:
        with pytest.raises(TimedOut):
            await lines.post("/say", b"{}")

    played(server, story)
    assert len(server.requests) == 1


def test_where_no_connection_comes_about_nothing_was_sent() -> None:
    async def nobody_there() -> None:
        async with await asyncio.start_server(Server().serve, "127.0.0.1", 0) as listening:
            port = listening.sockets[0].getsockname()[1]
        with pytest.raises(Unwritten):
            await Lines(f"http://127.0.0.1:{port}").post("/say", b"{}")

    asyncio.run(nobody_there())


def test_nothing_is_said_to_a_server_without_a_certificate() -> None:
    heard: list[bytes] = []

    class Plain(Server):
        async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(OK)
            heard.append(await reader.read())
            writer.close()

    async def story(lines: Lines) -> None:
        with pytest.raises(Unwritten):
            await lines.post("/say", b'{"secret":1}')

    played(Plain(), story, "https://127.0.0.1")
    assert b"secret" not in b"".join(heard)


def test_a_call_that_is_given_up_leaves_no_connection_behind() -> None:
    server = Server(silent=True)

    async def story(lines: Lines) -> None:
        calling = asyncio.create_task(lines.post("/say", b"{}"))
        await server.heard.wait()
        server.silent, server.answers = False, [OK]
        calling.cancel()
        assert await lines.post("/again", b"{}") == (200, b"good")

    played(server, story)
    assert server.connections == 2
