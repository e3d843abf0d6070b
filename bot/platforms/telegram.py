"""Telegram: updates by webhook or polling, messages by the Bot API. The library gives types and methods, no more."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram import Bot, BotCommand, LinkPreviewOptions
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError, TimedOut
from telegram.error import RetryAfter as Slower

from bot.chat.delivery import (
    Accept,
    Answer,
    Delivery,
    Gone,
    Moved,
    Pace,
    Refused,
    Result,
    RetryAfter,
    Sent,
    Unavailable,
    Uncertain,
)
from bot.chat.events import Event, Outcome
from bot.platforms.http import AioRequest, Unclear, Unwritten
from bot.platforms.telegram_parse import parse
from bot.platforms.telegram_shape import CAPTION, keyboard, parts, size, words

log = structlog.get_logger()
LARGEST = 1_000_000
SECRET = 32
WANTED = ["message", "callback_query", "my_chat_member"]
UNCHANGED = "message is not modified"
GONE = ("chat not found", "user is deactivated", "bot was blocked", "can't initiate conversation", "bot was kicked")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Telegram:
    """One bot."""

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
    ) -> None:
        if not polling and (
            len(webhook_secret) < SECRET or not webhook_secret.replace("-", "").replace("_", "").isalnum()
        ):
            raise ValueError(f"SAMSKAB_TELEGRAM_WEBHOOK_SECRET: at least {SECRET} letters, digits, - or _ are needed")
        self.account = f"telegram:{token.partition(':')[0]}"
        self.pace = Pace(rate=28, chat_rate=1, chat_burst=3)
        self._accept = accept
        self._base_url = base_url
        self._secret = webhook_secret
        self._commands = commands or {}
        self._polling = polling
        self._username = ""
        self._tasks: set[asyncio.Future[None]] = set()
        self._request, self._long = AioRequest(), AioRequest(read_timeout=60)
        root = f"{urlsplit(api_url)._replace(path='').geturl()}{urlsplit(api_url).path.rstrip('/')}"
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._request,
            get_updates_request=self._long,
        )
        logging.getLogger("telegram").setLevel(logging.ERROR)

    async def start(self) -> None:
        """Say where updates go and which commands there are. Raises OSError while Telegram is out of reach."""
        try:
            me = await self._bot.get_me()
            self._username = me.username or ""
            if self._polling:
                await self._bot.delete_webhook()
            else:
                url = f"{self._base_url}/telegram"
                await self._bot.set_webhook(url, secret_token=self._secret, allowed_updates=WANTED, max_connections=40)
        except InvalidToken as error:
            log.error("Telegram refuses the token", advice="check SAMSKAB_TELEGRAM_TOKEN")
            raise OSError("Telegram refuses the token") from error
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
        return f"https://t.me/{self._username}?start={{key}}"

    async def stop(self) -> None:
        """Close the connections."""
        await self._request.shutdown()
        await self._long.shutdown()

    async def receive(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """The door for POST /telegram: the secret in constant time, then parse, commit, and only then 200."""
        given = headers.get("x-telegram-bot-api-secret-token", "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
            return Answer(401)
        if len(body) > LARGEST:
            return Answer(413)
        try:
            update = json.loads(body)
        except ValueError:
            return Answer(400)
        event = parse(update, self.account, self._username) if isinstance(update, dict) else None
        if event is None:
            return Answer(200)
        try:
            outcome = await self._accept(event)
        except Unavailable as error:
            return Answer(503, retry_after=error.retry_after)
        reply = acknowledge(event, outcome)
        if outcome.replaces is not None:
            # The body can carry one call only, and that is the edit; this one may be lost.
            self._later(self._answer(event.acknowledgement, ""))
        return Answer(200, json.dumps(reply).encode()) if reply else Answer(200)

    async def poll(self, stopping: asyncio.Event) -> None:
        """Fetch updates, wait until all are committed, and only then ask for the next."""
        offset, wait = 0, 1.0
        while not stopping.is_set():
            fetch = asyncio.create_task(self._bot.get_updates(offset=offset, timeout=25, allowed_updates=WANTED))
            stop = asyncio.create_task(stopping.wait())
            await asyncio.wait([fetch, stop], return_when=asyncio.FIRST_COMPLETED)
            stop.cancel()
            if not fetch.done():
                fetch.cancel()
                return
            try:
                updates = fetch.result()
                await asyncio.gather(*(self._polled(update.to_dict()) for update in updates))
            except (TelegramError, Unavailable) as error:
                log.warning("polling again", error=type(error).__name__, seconds=wait)
                await asyncio.wait([asyncio.create_task(stopping.wait())], timeout=wait)
                wait = min(wait * 2, 60.0)
                continue
            wait = 1.0
            offset = max((update.update_id + 1 for update in updates), default=offset)

    async def _polled(self, update: Mapping[str, Any]) -> None:
        event = parse(update, self.account, self._username)
        if event is None:
            return
        outcome = await self._accept(event)
        if not event.private and not event.acknowledgement:
            return
        if outcome.replaces is not None:
            self._later(self._redraw(event, outcome))
        if event.acknowledgement and event.private:
            self._later(self._answer(event.acknowledgement, outcome.toast))
        elif outcome.toast:
            self._later(self._bot.send_message(event.address.chat, outcome.toast))

    async def _redraw(self, event: Event, outcome: Outcome) -> None:
        assert outcome.replaces is not None
        message = getattr(event.what, "message", None)
        await self._bot.edit_message_reply_markup(
            event.address.chat, int(message or 0), reply_markup=keyboard(outcome.replaces)
        )

    async def _answer(self, query: str, toast: str) -> None:
        await self._bot.answer_callback_query(query, text=toast[:200] or None)

    def _later(self, call: Awaitable[Any]) -> None:
        """A call that may be lost; its failure is nobody's trouble."""

        async def quietly() -> None:
            try:
                await call
            except TelegramError as error:
                log.debug("not acknowledged", error=type(error).__name__)

        task = asyncio.ensure_future(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def send(self, delivery: Delivery) -> Result:
        """Send, edit or delete one message."""
        chat = int(delivery.address.chat)
        if delivery.op == "home":
            return Refused("final")
        if delivery.op == "delete":
            return await self._told(lambda: self._delete(chat, int(delivery.target or 0)))
        if delivery.op == "edit":
            return await self._told(lambda: self._edit(chat, int(delivery.target or 0), delivery))
        return await self._told(lambda: self._send(chat, delivery))

    async def _send(self, chat: int, delivery: Delivery) -> str:
        message = delivery.message
        text, buttons = words(message), keyboard(message)
        if delivery.image is not None and size(text) <= CAPTION:
            sent = await self._bot.send_photo(
                chat, delivery.image, caption=text, reply_markup=buttons, protect_content=message.protect
            )
            return str(sent.message_id)
        if delivery.image is not None:
            alt = (message.image or {}).get("alt", "")
            await self._bot.send_photo(chat, delivery.image, caption=alt[:CAPTION], protect_content=message.protect)
        *first, last = parts(text)
        for part in first:
            await self._bot.send_message(chat, part, link_preview_options=NO_PREVIEW, protect_content=message.protect)
        sent = await self._bot.send_message(
            chat, last, reply_markup=buttons, link_preview_options=NO_PREVIEW, protect_content=message.protect
        )
        return str(sent.message_id)

    async def _edit(self, chat: int, target: int, delivery: Delivery) -> str:
        text, buttons = parts(words(delivery.message))[0], keyboard(delivery.message)
        try:
            await self._bot.edit_message_text(text, chat, target, reply_markup=buttons, link_preview_options=NO_PREVIEW)
        except BadRequest as error:
            if "no text in the message" not in error.message.lower():
                raise
            await self._bot.edit_message_caption(chat, target, caption=text[:CAPTION], reply_markup=buttons)
        return str(target)

    async def _delete(self, chat: int, target: int) -> str:
        await self._bot.delete_message(chat, target)
        return str(target)

    async def _told(self, call: Callable[[], Awaitable[str]]) -> Result:
        """What came of a call, each trouble by its own name."""
        try:
            return Sent(await call())
        except Slower as error:
            wait = error.retry_after
            return RetryAfter(wait.total_seconds() if isinstance(wait, timedelta) else float(wait))
        except ChatMigrated as error:
            return Moved(str(error.new_chat_id))
        except Forbidden:
            return Gone()
        except InvalidToken:
            log.error("Telegram refuses the token", advice="check SAMSKAB_TELEGRAM_TOKEN")
            return RetryAfter()
        except BadRequest as error:
            return _bad(error.message.lower())
        except Unwritten:
            return RetryAfter()
        except (TimedOut, Unclear, NetworkError):
            return Uncertain()
        except TelegramError:
            return Uncertain()


def _bad(why: str) -> Result:
    if UNCHANGED in why:
        return Sent("")
    if any(part in why for part in GONE):
        return Gone()
    return Refused(why.removeprefix("bad request: ").split(":")[0][:60])


def acknowledge(event: Event, outcome: Outcome) -> dict[str, Any] | None:
    """The one call that the answer to a webhook can carry."""
    chat = event.address.chat
    if not event.private:
        return {"method": "sendMessage", "chat_id": chat, "text": outcome.toast} if outcome.toast else None
    if outcome.replaces is not None:
        markup = keyboard(outcome.replaces)
        message = getattr(event.what, "message", None)
        shown = {"reply_markup": markup.to_dict()} if markup else {}
        return {"method": "editMessageReplyMarkup", "chat_id": chat, "message_id": int(message or 0), **shown}
    if event.acknowledgement:
        toast = {"text": outcome.toast[:200]} if outcome.toast else {}
        return {"method": "answerCallbackQuery", "callback_query_id": event.acknowledgement, **toast}
    return None
