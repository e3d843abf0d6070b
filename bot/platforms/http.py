"""The HTTP client under the Telegram library: one aiohttp session, no retries of its own, every trouble told apart."""

from __future__ import annotations

from typing import Any

import aiohttp
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

DEFAULT = BaseRequest.DEFAULT_NONE


class Unwritten(NetworkError):
    """The connection itself failed, so nothing was sent."""


class Unclear(NetworkError):
    """The line broke after the request was written: it may have been done."""


class AioRequest(BaseRequest):
    """A session opened at the first call and shared by all."""

    def __init__(self, read_timeout: float = 30.0) -> None:
        self._read_timeout = read_timeout
        self._patience = _patience(read_timeout)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        """Nothing: the session opens with the first request, on the loop that runs then."""

    async def shutdown(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = DEFAULT,
        write_timeout: ODVInput[float] = DEFAULT,
        connect_timeout: ODVInput[float] = DEFAULT,
        pool_timeout: ODVInput[float] = DEFAULT,
    ) -> tuple[int, bytes]:
        """One request; the answer's status and body. Raises Unwritten or Unclear."""
        wait = read_timeout if isinstance(read_timeout, int | float) else self._read_timeout
        return await self._exchange(method, url, _body(request_data), _patience(wait))

    async def post_to(self, url: URL, data: Any) -> tuple[int, bytes]:
        """One request past the library, which would build an object of each answer. Raises Unwritten or Unclear."""
        return await self._exchange("POST", url, data, self._patience)

    async def get_from(self, url: URL, largest: int) -> tuple[int, bytes]:
        """What is at an address; of more than `largest` bytes only the beginning. Raises Unwritten or Unclear."""
        return await self._exchange("GET", url, None, self._patience, largest)

    async def _exchange(
        self, method: str, url: str | URL, data: Any, patience: aiohttp.ClientTimeout, largest: int | None = None
    ) -> tuple[int, bytes]:
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        try:
            # No redirects: the address holds the token, which is for this one server.
            async with self._session.request(method, url, data=data, timeout=patience, allow_redirects=False) as answer:
                return answer.status, await (answer.read() if largest is None else beginning(answer, largest))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unwritten(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise Unclear(type(error).__name__) from None


async def beginning(answer: aiohttp.ClientResponse, largest: int) -> bytes:
    """The body; where it is longer than `largest`, one byte more and no further."""
    found = b""
    async for part in answer.content.iter_chunked(64 * 1024):
        found += part
        if len(found) > largest:
            return found[: largest + 1]
    return found


def _patience(read: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=read)


def _body(request_data: RequestData | None) -> Any:
    """The parameters as a form, with files where there are any."""
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form
