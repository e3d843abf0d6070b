"""Telegram's updates as our events: plain dictionary look-ups, no input or output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.events import Address, Command, Event, Press, Reached, Said, Spoke, Unsupported, What

# An animation comes as a document and a venue as a location, too, so these two stand first.
FILES = [
    "animation",
    "venue",
    "photo",
    "document",
    "voice",
    "audio",
    "video",
    "video_note",
    "sticker",
    "location",
    "contact",
    "poll",
    "dice",
    "story",
    "checklist",
    "paid_media",
]


def parse(update: Mapping[str, Any], account: str, username: str) -> Event | None:
    """An update as an event; None for what is not a person speaking to us."""
    number = update.get("update_id")
    if type(number) is not int:  # a truth is a whole number, too
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
    what, address = _said(message, username), _address(chat, account)
    if what is None or address is None or (not private and not isinstance(what, Command)):
        return None
    return Event(number, address, what, _locale(sender), private, order=int(number))


def _address(chat: Mapping[str, Any], account: str) -> Address | None:
    number = chat.get("id")
    return Address(account, str(number)) if type(number) is int else None


def _said(message: Mapping[str, Any], username: str) -> What | None:
    if isinstance(message.get("text"), str):
        text = _storable(message["text"])
        replied = message.get("reply_to_message")
        said = Said(
            text, str(replied["message_id"]) if isinstance(replied, Mapping) and "message_id" in replied else None
        )
        if not text.startswith("/"):
            return said
        name, argument = [*text[1:].split(maxsplit=1), "", ""][:2]
        name, _at, to = name.partition("@")
        if to and to.casefold() != username.casefold():
            return None
        return Command(name.lower(), argument.strip()) if name.isidentifier() else said
    sound = message.get("voice") or message.get("audio")
    if isinstance(sound, Mapping) and isinstance(sound.get("file_id"), str):
        words = message.get("caption")
        return Spoke(
            sound["file_id"],
            _count(sound.get("duration")),
            _count(sound.get("file_size")),
            _storable(words) if isinstance(words, str) else "",
        )
    kind = next((kind for kind in FILES if kind in message), None)
    return Unsupported(kind) if kind else None


def _count(value: object) -> int:
    """A number of seconds or bytes as Telegram gives it; 0 where it gives none."""
    return value if type(value) is int and value > 0 else 0


def _storable(text: str) -> str:
    """Without the few characters that no database takes: zeros and halves of a character."""
    return text.replace("\0", "").encode(errors="ignore").decode()


def _press(number: str, query: Mapping[str, Any], account: str) -> Event | None:
    sender, message, data = query.get("from"), query.get("message"), query.get("data")
    if not _human(sender) or not isinstance(message, Mapping) or not isinstance(data, str):
        return None
    assert isinstance(sender, Mapping)
    chat = message.get("chat")
    address = _address(chat, account) if isinstance(chat, Mapping) else None
    if address is None or not isinstance(message.get("message_id"), int):
        return None
    route, *args = _storable(data).split(":")
    what = Press(route, tuple(args), str(message["message_id"]))
    private = isinstance(chat, Mapping) and chat.get("type") == "private"
    return Event(number, address, what, _locale(sender), private, str(query.get("id", "")), order=int(number))


def _reached(number: str, member: Mapping[str, Any], account: str) -> Event | None:
    chat, status = member.get("chat"), member.get("new_chat_member")
    if not isinstance(chat, Mapping) or not isinstance(status, Mapping) or chat.get("type") != "private":
        return None
    address = _address(chat, account)
    reached = Reached(status.get("status") == "member")
    return Event(number, address, reached, order=int(number)) if address else None


def _locale(sender: Mapping[str, Any]) -> str:
    return str(sender.get("language_code") or "")
