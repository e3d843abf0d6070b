"""The rules of keyboards under messages and under the text field."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from aiogram.types import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from pydantic import BaseModel, ValidationError

from tests.fakes.telegram.errors import mistake

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
SHAPES: dict[str, type[BaseModel]] = {
    "inline_keyboard": InlineKeyboardMarkup,
    "keyboard": ReplyKeyboardMarkup,
    "remove_keyboard": ReplyKeyboardRemove,
    "force_reply": ForceReply,
}
LOOKS = {"text", "style", "icon_custom_emoji_id"}


def checked(markup: Any) -> dict[str, Any] | None:
    """The keyboard as sent, or None where there is none; raises the API's sentence."""
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise mistake("object expected as reply markup")
    shape = next((name for name in SHAPES if name in markup), None)
    if shape is None:
        raise mistake("can't parse reply keyboard markup JSON object")
    if shape == "keyboard":
        markup = markup | {"keyboard": _spelled_out(markup["keyboard"])}
    _fits(markup, SHAPES[shape], f"reply_markup.{shape}")
    rows = markup[shape] if shape in ("inline_keyboard", "keyboard") else []
    if sum(len(row) for row in rows) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        raise mistake("reply markup is too long")
    for button in (button for row in rows for button in row):
        _check_button(button, shape)
    return markup if shape != "inline_keyboard" or any(rows) else None


def rows(markup: dict[str, Any] | None) -> list[list[tuple[str, str]]]:
    """The buttons in their rows as (label, data or address); a key of the text field sends its own label."""
    given = (markup or {}).get("inline_keyboard") or (markup or {}).get("keyboard") or []
    return [[_seen(button) for button in row] for row in given if row]


def _spelled_out(rows: Any) -> Any:
    """A key of the text field may be its label alone."""
    if not isinstance(rows, list):
        return rows
    return [[{"text": key} if isinstance(key, str) else key for key in row] for row in rows if isinstance(row, list)]


def _seen(button: dict[str, str]) -> tuple[str, str]:
    return button["text"], button.get("callback_data") or button.get("url") or button["text"]


def _fits(value: dict[str, Any], shape: type[BaseModel], where: str) -> None:
    try:
        typed = shape.model_validate(value)
    except ValidationError as error:
        raise mistake(f"can't parse {where}: {error.errors()[0]['loc']} {error.errors()[0]['msg']}") from error
    for name in typed.model_extra or ():
        raise mistake(f'can\'t parse {where}: unknown field "{name}"')


def _check_button(button: dict[str, Any], shape: str) -> None:
    _fits(button, InlineKeyboardButton if shape == "inline_keyboard" else KeyboardButton, "button")
    if not button["text"].strip():
        raise mistake("can't parse button: text of a button must be non-empty")
    if shape == "inline_keyboard":
        _check_action(button)


def _check_action(button: dict[str, Any]) -> None:
    if len(set(button) - LOOKS) != 1:
        raise mistake("text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise mistake("BUTTON_DATA_INVALID")
    if "url" in button:
        check_address(button["url"])


def check_address(url: str) -> None:
    """Telegram wants http, https or tg and a host with a dot, so http://localhost is refused like the real one does."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "tg" and host:
        return
    if parts.scheme not in ("http", "https") or "." not in host.strip(".") or any(c.isspace() for c in url):
        raise mistake(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
