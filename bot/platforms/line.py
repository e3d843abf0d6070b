"""Kept connections to one server, for small calls, which a client for everything makes several times as dear."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import deque
from functools import cache
from typing import cast

from aiohappyeyeballs import start_connection
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser
from telegram.error import TimedOut
from yarl import URL

from bot.platforms.http import Unclear, Unwritten

CONNECTING = 10.0  # seconds for the name, the connection and its security together
PATIENCE = 30.0  # seconds until an answer is there
KEPT = 15.0  # seconds without a call, after which the server may be about to close
NEXT_ADDRESS = 0.25  # seconds until a server's next address is tried as well, as RFC 8305 has it


class Line(asyncio.Protocol):
    """One connection with one call at a time; `fit` for another while both sides keep it open."""

    def __init__(self) -> None:
        self.fit = True
        self.rested = 0.0
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._parser = HttpResponseParser(self)
        self._begun = False
        self._body = b""

    async def call(self, request: bytes) -> tuple[int, bytes]:
        """The status and body of the answer. Raises TimedOut or Unclear."""
        loop = asyncio.get_running_loop()
        self._answer = loop.create_future()
        late = loop.call_later(PATIENCE, self._fail, TimedOut())
        self._transport.write(request)
        try:
            return await self._answer
        except BaseException:
            self.close()
            raise
        finally:
            late.cancel()

    def close(self) -> None:
        """Use it no more."""
        self.fit = False
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._fail(Unclear("unreadable answer"))

    def connection_lost(self, exc: Exception | None) -> None:
        self.fit = False
        if self._begun:  # an answer may be as long as its connection
            self._tell()
        self._fail(Unclear("disconnected"))

    def on_headers_complete(self) -> None:
        self._begun = self._parser.get_status_code() >= 200

    def on_body(self, data: bytes) -> None:
        self._body += data

    def on_message_complete(self) -> None:
        if self._begun:
            self.fit = self.fit and self._parser.should_keep_alive()
            self._tell()

    def _tell(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), self._body))
        self._body, self._begun = b"", False

    def _fail(self, error: Exception) -> None:
        self.fit = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)


class Lines:
    """All connections to one server. What is posted there is JSON, and paths hold a token, so none is ever said."""

    def __init__(self, root: str) -> None:
        self._url = URL(root)
        self._rested: deque[Line] = deque()
        self._security = cache(ssl.create_default_context)
        self._head = cache(self._head_of)

    async def post(self, path: str, data: bytes) -> tuple[int, bytes]:
        """One call; the answer's status and body. Raises Unwritten, TimedOut or Unclear."""
        line = self._take() or await self._open()
        answer = await line.call(b"%s%d\r\n\r\n%s" % (self._head(path), len(data), data))
        if line.fit:
            line.rested = asyncio.get_running_loop().time()
            self._rested.append(line)
        else:
            line.close()
        return answer

    def close(self) -> None:
        """Close those that are at rest."""
        while self._rested:
            self._rested.pop().close()

    def _head_of(self, path: str) -> bytes:
        lines = (
            f"POST {self._url.raw_path.rstrip('/')}{path} HTTP/1.1",
            f"Host: {self._url.authority}",
            "Content-Type: application/json",
            "Content-Length: ",
        )
        return "\r\n".join(lines).encode()

    def _take(self) -> Line | None:
        """The one used last, so that those which are not needed age; the server may be closing what is old."""
        while self._rested and self._rested[0].rested < asyncio.get_running_loop().time() - KEPT:
            self._rested.popleft().close()
        while self._rested:
            line = self._rested.pop()
            if line.fit:
                return line
        return None

    async def _open(self) -> Line:
        loop, host = asyncio.get_running_loop(), self._url.raw_host
        secure = self._url.scheme == "https"
        try:
            async with asyncio.timeout(CONNECTING):
                places = await loop.getaddrinfo(host, self._url.port, type=socket.SOCK_STREAM)
                found = await start_connection(places, happy_eyeballs_delay=NEXT_ADDRESS)
                security, name = (self._security(), host) if secure else (None, None)
                _transport, line = await loop.create_connection(Line, sock=found, ssl=security, server_hostname=name)
        except OSError as error:  # a timeout and a certificate that is not theirs are among these
            raise Unwritten(type(error).__name__) from None
        return line
