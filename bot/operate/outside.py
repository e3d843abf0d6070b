"""What others say of us, for the doctor: the platforms, the mail server, our own public address. Nothing is sent.

No answer here ever holds an address that was asked, for Telegram's hold the token.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
import aiosmtplib

T = TypeVar("T")
TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=5)
WANTED = {"message", "callback_query", "my_chat_member"}
MANY = 100
RECENT = timedelta(hours=1)


class Silent(Exception):
    """Nobody answered, or not in the way that was expected; its text says how."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer: its status, what it says, and how far our clock is ahead of the other's, in seconds."""

    status: int
    said: Mapping[str, Any] = field(default_factory=dict)
    ahead: float | None = None


def ask(url: str, now: Callable[[], datetime], *, token: str = "", post: bool = False) -> Heard:
    """One request. Raises Silent."""

    async def request() -> Heard:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with aiohttp.ClientSession(timeout=TIMEOUT, headers=headers) as session:
            asked = now()
            async with session.request("POST" if post else "GET", url, allow_redirects=False) as answer:
                ahead = _ahead(answer.headers.get("Date"), asked, now())
                said = await answer.json(content_type=None) if "json" in answer.content_type else {}
                return Heard(answer.status, said if isinstance(said, dict) else {}, ahead)

    return _done(request)


def _done(run: Callable[[], Awaitable[T]]) -> T:
    async def whole() -> T:
        return await run()

    try:
        return asyncio.run(whole())
    except (aiohttp.ClientError, aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise Silent(type(error).__name__) from None


def _ahead(date: str | None, asked: datetime, answered: datetime) -> float | None:
    """Our clock less the other's, whose header knows whole seconds only; the request lasted, too."""
    if not date:
        return None
    try:
        theirs = parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return None
    earliest, latest = (asked - theirs).total_seconds() - 1, (answered - theirs).total_seconds()
    return 0.0 if earliest <= 0 <= latest else min(earliest, latest, key=abs)


def webhook(info: Mapping[str, Any], ours: str, now: datetime, *, running: bool) -> str | None:
    """What is wrong with Telegram's registration of our address, where updates come by it."""
    url = str(info.get("url", ""))
    if not url:
        return "no address is registered; start the service anew, it registers ours" if running else None
    if url != ours:
        return (
            f"updates go to another address ({urlsplit(url).hostname}): another service uses this token. "
            "Stop that one, or start ours anew so that it registers its own"
        )
    if set(info.get("allowed_updates", WANTED)) != WANTED:
        return "the kinds of updates are not those we need; start the service anew"
    failed = datetime.fromtimestamp(float(info.get("last_error_date", 0)), UTC)
    if now - failed < RECENT:
        return (
            f"Telegram could not deliver within the last hour ({info.get('last_error_message')}); 401 is another "
            "webhook secret: start the service anew; else look at the proxy, its certificate, and the service's log"
        )
    if int(info.get("pending_update_count", 0)) > MANY:
        return f"{info['pending_update_count']} updates wait; is the service running and reachable?"
    return None


def polled(info: Mapping[str, Any]) -> str | None:
    """What is wrong where updates are fetched."""
    if not info.get("url"):
        return None
    return "an address is registered, so nothing can be fetched; start the service anew, or set the webhook secret"


def mail(url: str) -> None:
    """Connect to the mail server and greet it. Raises Silent."""
    server = urlsplit(url)

    async def greet() -> None:
        tls = server.scheme == "smtps"
        client = aiosmtplib.SMTP(
            hostname=server.hostname,
            port=server.port or (465 if tls else 587),
            use_tls=tls,
            start_tls=None if server.scheme == "smtp" else False,
            tls_context=ssl.create_default_context(),
            timeout=10,
        )
        await client.connect()
        try:
            await client.ehlo()
        finally:
            await client.quit()

    _done(greet)
