"""Carrying one message to Telegram: sent, changed or taken back, and each trouble told by its own name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog
from telegram.error import NetworkError
from telegram.error import RetryAfter as Slower

from bot.chat.delivery import Delivery, Gone, Moved, Refused, Result, RetryAfter, Sent, Uncertain
from bot.platforms.http import Unwritten
from bot.platforms.telegram_shape import CAPTION, LONGEST, keyboard, parts, shortened, size, words
from bot.platforms.telegram_wire import Trouble, Wire

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
NO_PREVIEW = {"link_preview_options": {"is_disabled": True}}


def seconds(error: Slower) -> float:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


@dataclass(frozen=True, slots=True)
class Step:
    """One call of the several that a long message takes."""

    method: str
    params: Mapping[str, Any]
    photo: bytes | None = None


class Courier:
    """Sends for one bot, and remembers how far a message in several parts has come."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._done: dict[int, int] = {}

    async def send(self, delivery: Delivery) -> Result:
        """Send, edit or delete one message."""
        if delivery.op == "home":
            return Refused("final")
        chat, target = int(delivery.address.chat), int(delivery.target or 0)
        try:
            if delivery.op == "delete":
                await self._wire.call("deleteMessage", {"chat_id": chat, "message_id": target})
            elif delivery.op == "edit":
                await self._edit(chat, target, delivery)
            else:
                target = await self._send(chat, delivery)
        except (Trouble, NetworkError) as error:
            result = told(error, target)
        else:
            result = Sent(str(target))
        if not isinstance(result, RetryAfter | Uncertain | Moved):
            self._done.pop(delivery.row, None)
        return result

    async def _send(self, chat: int, delivery: Delivery) -> int:
        """Send all parts, from the one at which an earlier try broke off; the last has the buttons."""
        done = self._done.get(delivery.row, 0)
        sent: Mapping[str, Any] = {}
        for place, step in enumerate(steps(chat, delivery)):
            if place < done:
                continue
            if place > done:
                await delivery.slot()
            sent = await self._wire.call(step.method, step.params, step.photo)
            self._done[delivery.row] = place + 1
        return int(sent["message_id"])

    async def _edit(self, chat: int, target: int, delivery: Delivery) -> None:
        text = words(delivery.message)
        params = {"chat_id": chat, "message_id": target, **_keyboard(delivery)}
        try:
            await self._wire.call("editMessageText", {**params, "text": shortened(text, LONGEST), **NO_PREVIEW})
        except Trouble as error:
            if NO_TEXT not in error.why.lower():
                raise
            await self._wire.call("editMessageCaption", {**params, "caption": shortened(text, CAPTION)})


def steps(chat: int, delivery: Delivery) -> Sequence[Step]:
    """The calls that carry one message: a picture with its words, or a picture first, or a text in parts."""
    message, image = delivery.message, delivery.image
    text = words(message)
    common: dict[str, Any] = {"chat_id": chat}
    if message.protect:
        common["protect_content"] = True
    if delivery.paid:
        common["allow_paid_broadcast"] = True
    if image is not None and size(text) <= CAPTION:
        return [Step("sendPhoto", {**common, "caption": text, **_keyboard(delivery)}, image)]
    shown = []
    if image is not None:
        alt = shortened((message.image or {}).get("alt", ""), CAPTION)
        shown = [Step("sendPhoto", {**common, "caption": alt}, image)]
        text = words(replace(message, image=None))
    *first, last = parts(text)
    said = [Step("sendMessage", {**common, "text": part, **NO_PREVIEW}) for part in first]
    return [*shown, *said, Step("sendMessage", {**common, "text": last, **NO_PREVIEW, **_keyboard(delivery)})]


def _keyboard(delivery: Delivery) -> Mapping[str, Any]:
    buttons = keyboard(delivery.message)
    return {"reply_markup": buttons} if buttons else {}


def told(error: Trouble | NetworkError, target: int) -> Result:
    """What a trouble means for the message."""
    if isinstance(error, NetworkError):
        return RetryAfter() if isinstance(error, Unwritten) else Uncertain()
    why = error.why.lower()
    if error.code == 429:
        return RetryAfter(float(error.parameters.get("retry_after", 1)))
    if "migrate_to_chat_id" in error.parameters:
        return Moved(str(error.parameters["migrate_to_chat_id"]))
    if error.code == 403:
        return Gone()
    if error.code == 401:
        log.error("Telegram refuses the token", advice="check SAMSKAB_TELEGRAM_TOKEN")
        return RetryAfter()
    if error.code == 404:
        return Refused("method not found")
    return Uncertain(unwell=True) if error.code >= 500 else _bad(why, target)


def _bad(why: str, target: int) -> Result:
    if UNCHANGED in why or any(part in why for part in ALREADY):
        return Sent(str(target))
    if any(part in why for part in GONE):
        return Gone()
    if any(part in why for part in NO_MORE):
        return Refused("final")
    return Refused(why.removeprefix("bad request: ").split(":")[0][:60])
