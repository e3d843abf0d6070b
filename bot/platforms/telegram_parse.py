"""Telegram's updates as our events: plain dictionary look-ups, no input or output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.events import Address, Command, Event, Press, Reached, Said, Unsupported, What

FILES = ("photo", "document", "voice", "audio", "video", "video_note", "sticker", "animation", "location", "contact")


def parse(update: Mapping[str, Any], account: str, username: str) -> Event | None:
    """An update as an event; None for what is not a person speaking to us."""
    number = update.get("update_id")
    if not isinstance(number, int):
        return None
    if isinstance(message := update.get("message"), Mapping):
        return _message(str(number), message, account, username)
    if isinstance(query := update.get("callback_query"), Mapping):
        return _press(str(number), query, account)
    if isinstance(member := update.get("my_chat_member"), Mapping):
        return _reached(str(number), member, account)
    return None


def _human(sender: Any) -> bool:
    return isinstance(sender, Mapping) and sender.get("is_bot") is False


def _message(number: str, message: Mapping[str, Any], account: str, username: str) -> Event | None:
    sender, chat = message.get("from"), message.get("chat")
    if not _human(sender) or not isinstance(chat, Mapping) or "sender_chat" in message or "via_bot" in message:
        return None
    assert isinstance(sender, Mapping)
    private = chat.get("type") == "private"
    what = _said(message, username, private=private)
    if what is None or (not private and not isinstance(what, Command)):
        return None
    address = Address(account, str(chat.get("id")))
    acknowledgement = "" if private else str(message.get("message_id", ""))
    return Event(number, address, what, _locale(sender), private, acknowledgement)


def _said(message: Mapping[str, Any], username: str, *, private: bool) -> What | None:
    text = message.get("text")
    if isinstance(text, str):
        if not text.startswith("/"):
            return Said(text)
        name, _space, argument = text[1:].partition(" ")
        name, _at, to = name.partition("@")
        if to and to.casefold() != username.casefold():
            return None
        return Command(name.lower(), argument) if name.isidentifier() else Said(text)
    kind = next((kind for kind in FILES if kind in message), None)
    return Unsupported(kind) if kind else None


def _press(number: str, query: Mapping[str, Any], account: str) -> Event | None:
    sender, message, data = query.get("from"), query.get("message"), query.get("data")
    if not _human(sender) or not isinstance(message, Mapping) or not isinstance(data, str):
        return None
    assert isinstance(sender, Mapping)
    chat = message.get("chat")
    if not isinstance(chat, Mapping):
        return None
    route, *args = data.split(":")
    what = Press(route, tuple(args), str(message.get("message_id")))
    private = chat.get("type") == "private"
    return Event(
        number, Address(account, str(chat.get("id"))), what, _locale(sender), private, str(query.get("id", ""))
    )


def _reached(number: str, member: Mapping[str, Any], account: str) -> Event | None:
    chat, status = member.get("chat"), member.get("new_chat_member")
    if not isinstance(chat, Mapping) or not isinstance(status, Mapping) or chat.get("type") != "private":
        return None
    return Event(number, Address(account, str(chat.get("id"))), Reached(status.get("status") == "member"))


def _locale(sender: Mapping[str, Any]) -> str:
    return str(sender.get("language_code") or "")
