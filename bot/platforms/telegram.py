"""Telegram: updates by webhook or polling, messages by the Bot API. The library gives types and methods, no more."""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import orjson
import structlog
from telegram import Bot, BotCommand, Update
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.chat.delivery import Accept, Answer, Delivery, Found, Pace, Result, Unavailable
from bot.chat.events import Event, Outcome, Press
from bot.platforms.http import AioRequest
from bot.platforms.telegram_parse import parse
from bot.platforms.telegram_send import Courier, seconds
from bot.platforms.telegram_shape import keyboard, shortened
from bot.platforms.telegram_wire import Wire

log = structlog.get_logger()
LARGEST = 1_000_000
SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}")
TOAST = 200
PAID = 940  # a second: with the free ones and what may be made up for it stays under a thousand
LONGEST_PAUSE = 60.0
WANTED = ["message", "callback_query", "my_chat_member"]


class Telegram:
    """One bot; `name` is its user name, known once it is started or another process has told it."""

    def __init__(
        self,
        *,
        token: str,
        api_url: str = "https://api.telegram.org",
        webhook_secret: str = "",
        base_url: str,
        accept: Accept,
        locale: str = "en",
        commands: Mapping[str, Sequence[tuple[str, str]]] | None = None,
        polling: bool = False,
        paid: bool = False,
    ) -> None:
        if not polling and not SECRET.fullmatch(webhook_secret):
            raise ValueError("SAMSKAB_TELEGRAM_WEBHOOK_SECRET: 32 to 256 letters, digits, - or _ are needed")
        self.account = f"telegram:{token.partition(':')[0]}"
        self.pace = Pace(rate=28, chat_rate=1, chat_burst=3, paid_rate=PAID if paid else 0)
        self._accept = accept
        self._base_url = base_url
        self._secret = webhook_secret
        self._commands = commands or {}
        self._polling = polling
        self.name = ""
        self._tasks: set[asyncio.Future[None]] = set()
        self._request, self._long = AioRequest(), AioRequest(read_timeout=60)
        root = f"{urlsplit(api_url)._replace(path='').geturl()}{urlsplit(api_url).path.rstrip('/')}"
        # The library logs tokens and texts: every call when asked for details, and an answer it cannot read always.
        logging.getLogger("telegram").setLevel(logging.ERROR)
        logging.getLogger("telegram.Bot").setLevel(logging.ERROR)
        logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._request,
            get_updates_request=self._long,
        )
        self._wire = Wire(self._request, root, token)
        self._courier = Courier(self._wire)

    async def start(self) -> None:
        """Say where updates go and which commands there are. Raises OSError while Telegram is out of reach."""
        try:
            me = await self._bot.get_me()
            self.name = me.username or ""
            if self._polling:
                await self._bot.delete_webhook()
            else:
                url = f"{self._base_url}/telegram"
                await self._bot.set_webhook(url, secret_token=self._secret, allowed_updates=WANTED, max_connections=40)
        except InvalidToken as error:
            log.error("Telegram refuses the token", advice="check SAMSKAB_TELEGRAM_TOKEN")
            raise OSError("Telegram refuses the token") from error
        except BadRequest as error:
            log.error("Telegram refuses our address", why=error.message, advice="check SAMSKAB_BASE_URL")
            raise OSError("Telegram refuses our address") from error
        except TelegramError as error:
            raise OSError(type(error).__name__) from error
        for locale, menu in self._commands.items():
            await self._set_commands(locale, menu)

    async def _set_commands(self, locale: str, menu: Sequence[tuple[str, str]]) -> None:
        """The menu of commands is a comfort: without it all works."""
        commands = [BotCommand(name, words[:256]) for name, words in menu]
        try:
            await self._bot.set_my_commands(commands, language_code=locale or None)
        except TelegramError as error:
            log.warning("commands not set", locale=locale, error=type(error).__name__)

    @property
    def door(self) -> str:
        """The link by which a chat with us is begun, {key} being what it is about; known once started."""
        return f"https://t.me/{self.name}?start={{key}}"

    async def stop(self) -> None:
        """Let the last answers go out for a moment, then close the connections."""
        if self._tasks:
            _done, late = await asyncio.wait(self._tasks, timeout=2)
            for task in late:
                task.cancel()
        self._wire.close()
        await self._request.shutdown()
        await self._long.shutdown()

    async def receive(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """The door for POST /telegram: the secret in constant time, then parse, commit, and only then 200."""
        given = headers.get("x-telegram-bot-api-secret-token", "")
        if not self._secret or not hmac.compare_digest(given.encode(errors="replace"), self._secret.encode()):
            return Answer(401)
        if len(body) > LARGEST:
            return Answer(413)
        try:
            update = orjson.loads(body)
        except ValueError:
            return Answer(400)
        event = parse(update, self.account, self.name) if isinstance(update, dict) else None
        if event is None:
            return Answer(200)
        try:
            outcome = await self._accept(event)
        except Unavailable as error:
            return Answer(503, retry_after=error.retry_after)
        except Exception as error:
            log.error("update not taken", error=type(error).__name__)
            return Answer(500)
        # The body can carry one call only; the others may be lost.
        told = calls(event, outcome)
        for call in told[:-1]:
            self._later(call)
        return Answer(200, orjson.dumps(told[-1])) if told else Answer(200)

    async def poll(self, stopping: asyncio.Event) -> None:
        """Fetch updates, wait until all are committed, and only then ask for the next."""
        offset, wait = 0, 1.0
        while not stopping.is_set():
            try:
                updates = await self._fetch(offset, stopping)
                await asyncio.gather(*(self._polled(update.to_dict()) for update in updates))
            except Exception as error:
                # Whatever it was, the same updates are asked for again.
                pause = max(wait, seconds(error)) if isinstance(error, RetryAfter) else wait
                log.warning("polling again", error=type(error).__name__, seconds=pause)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), pause)
                wait = min(wait * 2, LONGEST_PAUSE)
                continue
            wait = 1.0
            offset = max((update.update_id + 1 for update in updates), default=offset)

    async def _fetch(self, offset: int, stopping: asyncio.Event) -> Sequence[Update]:
        """The next updates; none where we are to stop."""
        fetch = asyncio.create_task(self._bot.get_updates(offset=offset, timeout=25, allowed_updates=WANTED))
        stop = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait([fetch, stop], return_when=asyncio.FIRST_COMPLETED)
            return await fetch if fetch.done() else ()
        finally:
            fetch.cancel()
            stop.cancel()
            await asyncio.gather(fetch, stop, return_exceptions=True)

    async def _polled(self, update: Mapping[str, Any]) -> None:
        event = parse(update, self.account, self.name)
        if event is None:
            return
        for call in calls(event, await self._accept(event)):
            self._later(call)

    def _later(self, call: Mapping[str, Any]) -> None:
        """Make a call that may be lost; its failure is nobody's trouble."""

        async def quietly() -> None:
            params = {name: value for name, value in call.items() if name != "method"}
            method: Awaitable[Any] = getattr(self._bot, call["method"])(**params)
            try:
                await method
            except TelegramError as error:
                log.debug("not acknowledged", error=type(error).__name__)

        task = asyncio.ensure_future(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def finds(self) -> bool:
        """Telegram has no history that a bot could read."""
        return False

    async def send(self, delivery: Delivery) -> Result:
        """Send, edit or delete one message."""
        return await self._courier.send(delivery)

    async def fetch(self, reference: str, largest: int) -> Found:
        """The bytes of a file that a person sent."""
        return await self._wire.fetch(reference, largest)

    async def well(self) -> bool:
        """Whether Telegram answers and knows us."""
        return await self._wire.well()


def calls(event: Event, outcome: Outcome) -> list[dict[str, Any]]:
    """What Telegram is told straight after the commit, the most important last: every press is answered."""
    chat, what = event.address.chat, event.what
    toast = shortened(outcome.toast, TOAST)
    if not isinstance(what, Press):
        return [{"method": "sendMessage", "chat_id": chat, "text": outcome.toast}] if outcome.toast else []
    answer: dict[str, Any] = {"method": "answerCallbackQuery", "callback_query_id": event.acknowledgement}
    told = [answer | {"text": toast} if toast else answer]
    if outcome.replaces is not None and event.private:
        markup = keyboard(outcome.replaces)
        shown = {"reply_markup": markup} if markup else {}
        told.append(
            {"method": "editMessageReplyMarkup", "chat_id": chat, "message_id": int(what.message or 0), **shown}
        )
    return told
