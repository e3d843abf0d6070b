"""Carrying one message to Telegram: sent, changed or taken back, and each trouble told by its own name."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import structlog
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError
from telegram.error import RetryAfter as Slower

from bot.chat.delivery import Delivery, Gone, Moved, Refused, Result, RetryAfter, Sent, Uncertain
from bot.platforms.http import Unwritten
from bot.platforms.telegram_shape import CAPTION, LONGEST, keyboard, parts, shortened, size, words

log = structlog.get_logger()
# The library's switch for waits as time spans; without it each of them is a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "1")
UNCHANGED = "message is not modified"
GONE = (
    "chat not found",
    "user is deactivated",
    "bot was blocked",
    "can't initiate conversation",
    "bot was kicked",
    "peer_id_invalid",
)
NO_TEXT = "no text in the message"
ALREADY = ("message to delete not found",)
NO_MORE = ("message to edit not found", "message can't be edited", "message can't be deleted", "message_id_invalid")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Step = Callable[[], Awaitable[Message]]


def seconds(error: Slower) -> float:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


class Courier:
    """Sends for one bot, and remembers how far a message in several parts has come."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._done: dict[int, int] = {}

    async def send(self, delivery: Delivery) -> Result:
        """Send, edit or delete one message."""
        if delivery.op == "home":
            return Refused("final")
        chat, target = int(delivery.address.chat), int(delivery.target or 0)
        try:
            if delivery.op == "delete":
                await self._bot.delete_message(chat, target)
            elif delivery.op == "edit":
                await self._edit(chat, target, delivery)
            else:
                target = await self._send(chat, delivery)
        except TelegramError as error:
            result = told(error, target)
        else:
            result = Sent(str(target))
        if not isinstance(result, RetryAfter | Uncertain | Moved):
            self._done.pop(delivery.row, None)
        return result

    async def _send(self, chat: int, delivery: Delivery) -> int:
        """Send all parts, from the one at which an earlier try broke off; the last has the buttons."""
        sent = None
        for place, step in enumerate(self._steps(chat, delivery)):
            if place < self._done.get(delivery.row, 0):
                continue
            sent = await step()
            self._done[delivery.row] = place + 1
        assert sent is not None
        return sent.message_id

    def _steps(self, chat: int, delivery: Delivery) -> list[Step]:
        message, image = delivery.message, delivery.image
        text, buttons = words(message), keyboard(message)

        def photo(caption: str, markup: InlineKeyboardMarkup | None = None) -> Step:
            assert image is not None
            return lambda: self._bot.send_photo(
                chat, image, caption=caption, reply_markup=markup, protect_content=message.protect
            )

        def say(part: str, markup: InlineKeyboardMarkup | None = None) -> Step:
            return lambda: self._bot.send_message(
                chat, part, reply_markup=markup, link_preview_options=NO_PREVIEW, protect_content=message.protect
            )

        if image is not None and size(text) <= CAPTION:
            return [photo(text, buttons)]
        shown = []
        if image is not None:
            shown = [photo(shortened((message.image or {}).get("alt", ""), CAPTION))]
            text = words(replace(message, image=None))
        *first, last = parts(text)
        return [*shown, *(say(part) for part in first), say(last, buttons)]

    async def _edit(self, chat: int, target: int, delivery: Delivery) -> None:
        text, buttons = words(delivery.message), keyboard(delivery.message)
        shown = shortened(text, LONGEST)
        try:
            await self._bot.edit_message_text(
                shown, chat, target, reply_markup=buttons, link_preview_options=NO_PREVIEW
            )
        except BadRequest as error:
            if NO_TEXT not in error.message.lower():
                raise
            caption = shortened(text, CAPTION)
            await self._bot.edit_message_caption(chat, target, caption=caption, reply_markup=buttons)


def told(error: TelegramError, target: int) -> Result:
    """What a trouble means for the message."""
    if isinstance(error, Slower):
        return RetryAfter(seconds(error))
    if isinstance(error, ChatMigrated):
        return Moved(str(error.new_chat_id))
    if isinstance(error, Forbidden):
        return Gone()
    if isinstance(error, InvalidToken):
        return _unknown(error)
    if isinstance(error, BadRequest):
        return _bad(error.message.lower(), target)
    return RetryAfter() if isinstance(error, Unwritten) else Uncertain()


def _unknown(error: InvalidToken) -> Result:
    """The library takes two answers for one: a method this server lacks, and a token that is no good any more."""
    if "not found" in error.message.lower():
        return Refused("method not found")
    log.error("Telegram refuses the token", advice="check SAMSKAB_TELEGRAM_TOKEN")
    return RetryAfter()


def _bad(why: str, target: int) -> Result:
    if UNCHANGED in why or any(part in why for part in ALREADY):
        return Sent(str(target))
    if any(part in why for part in GONE):
        return Gone()
    if any(part in why for part in NO_MORE):
        return Refused("final")
    return Refused(why.removeprefix("bad request: ").split(":")[0][:60])
