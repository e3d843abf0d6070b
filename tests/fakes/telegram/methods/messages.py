"""Sending, editing and deleting messages, and answering presses."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from tests.fakes.telegram import entities, keyboards
from tests.fakes.telegram.api import Api, Params
from tests.fakes.telegram.errors import ApiError, mistake, refused
from tests.fakes.telegram.wire import Upload
from tests.fakes.telegram.world import PRESS_LIFETIME_SECONDS, Chat, File, Message

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_TOAST, MOST_ENTITIES = 4096, 1024, 200, 100
LARGEST_PHOTO, LARGEST_DOCUMENT = 10 << 20, 50 << 20
LONGEST_SIDES_TOGETHER, STEEPEST_RATIO = 10_000, 20
OLDEST_TO_DELETE_SECONDS = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def send_message(api: Api, p: Params) -> Any:
    text, marks = _text(p)
    return _send(api, p, text=text, entities=marks)


def send_photo(api: Api, p: Params) -> Any:
    caption, marks = _caption(p)
    file = _photo(api, p["photo"])
    return _send(api, p, caption=caption, entities=marks, file=file, is_photo=True)


def send_document(api: Api, p: Params) -> Any:
    caption, marks = _caption(p)
    file = _stored(api, p["document"], "documents", LARGEST_DOCUMENT)
    return _send(api, p, caption=caption, entities=marks, file=file)


def edit_text(api: Api, p: Params) -> Any:
    text, marks = _text(p)
    markup = _inline(p)
    message = _editable(api, p)
    if message.text is None:
        raise refused("there is no text in the message to edit")
    return _edit(api, message, text=text, entities=marks, markup=markup)


def edit_caption(api: Api, p: Params) -> Any:
    caption, marks = _caption(p)
    markup = _inline(p)
    message = _editable(api, p)
    if message.file is None:
        raise refused("there is no caption in the message to edit")
    return _edit(api, message, caption=caption, entities=marks, markup=markup)


def edit_markup(api: Api, p: Params) -> Any:
    markup = _inline(p)
    return _edit(api, _editable(api, p), markup=markup)


def delete_message(api: Api, p: Params) -> bool:
    chat = api.world.writable(p["chat_id"])
    message = api.world.messages.get((chat.id, p["message_id"]))
    if message is None or message.deleted:
        raise refused("message to delete not found")
    if api.world.date() - message.date > OLDEST_TO_DELETE_SECONDS:
        raise refused("message can't be deleted for everyone")
    message.deleted = True
    return True


def answer_press(api: Api, p: Params) -> bool:
    text = p.get("text", "")
    if entities.units(text) > LONGEST_TOAST:
        raise mistake("MESSAGE_TOO_LONG")
    if "url" in p and urlsplit(p["url"]).hostname != "t.me":
        raise mistake("URL_INVALID")
    press = api.world.presses.get(p["callback_query_id"])
    if press is None or press.answered or api.world.clock() - press.at > PRESS_LIFETIME_SECONDS:
        raise refused(TOO_OLD)
    press.answered = True
    if text:
        api.world.toasts.setdefault(press.user, []).append(text)
    return True


def _send(api: Api, p: Params, **content: Any) -> dict[str, Any]:
    markup = keyboards.checked(p.get("reply_markup"))
    chat = api.world.writable(p["chat_id"])
    reply_to = _answered(api, chat, p)
    protected = bool(p.get("protect_content"))
    content |= {"markup": markup, "protected": protected, "reply_to": reply_to}
    return api.world.add(chat, api.world.bot(), **content).as_api()


def _answered(api: Api, chat: Chat, p: Params) -> int | None:
    reply = p.get("reply_parameters", {})
    number = reply.get("message_id", p.get("reply_to_message_id"))
    if number is None:
        return None
    target = api.world.messages.get((chat.id, number))
    if target is not None and not target.deleted:
        return target.id
    if reply.get("allow_sending_without_reply", p.get("allow_sending_without_reply")):
        return None
    raise refused("message to be replied not found")


def _editable(api: Api, p: Params) -> Message:
    if "chat_id" not in p or "message_id" not in p:
        raise mistake("message identifier is not specified")
    chat = api.world.writable(p["chat_id"])
    message = api.world.messages.get((chat.id, p["message_id"]))
    if message is None or message.deleted:
        raise refused("message to edit not found")
    if not message.sender["is_bot"]:
        raise refused("message can't be edited")
    return message


def _edit(api: Api, message: Message, **content: Any) -> dict[str, Any]:
    if all(getattr(message, name) == value for name, value in content.items()):
        raise refused(NOT_MODIFIED)
    for name, value in content.items():
        setattr(message, name, value)
    message.edits += 1
    message.edited_at = api.world.date()
    return message.as_api()


def _inline(p: Params) -> dict[str, Any] | None:
    markup = keyboards.checked(p.get("reply_markup"))
    if markup is not None and "inline_keyboard" not in markup:
        raise mistake("inline keyboard expected")
    return markup


def _text(p: Params) -> tuple[str, list[entities.Entity]]:
    text, marks = _marked(p, p.get("text", ""), "entities")
    if not text:
        raise mistake("message text is empty")
    if entities.units(text) > LONGEST_TEXT:
        raise mistake("message is too long")
    return text, marks


def _caption(p: Params) -> tuple[str | None, list[entities.Entity]]:
    caption, marks = _marked(p, p.get("caption", ""), "caption_entities")
    if entities.units(caption) > LONGEST_CAPTION:
        raise mistake("message caption is too long")
    return caption or None, marks


def _marked(p: Params, raw: str, name: str) -> tuple[str, list[entities.Entity]]:
    text, marks = entities.parse(raw, p.get("parse_mode"))
    text, marks = entities.trimmed(text, marks or p.get(name, []))
    if len(marks) > MOST_ENTITIES:
        raise mistake("too many entities")
    return text, marks


def _photo(api: Api, photo: Upload | str) -> File:
    if isinstance(photo, str):
        return _stored(api, photo, "photos", LARGEST_PHOTO)
    try:
        width, height = Image.open(io.BytesIO(photo.content)).size
    except OSError as error:
        raise mistake("IMAGE_PROCESS_FAILED") from error
    if width + height > LONGEST_SIDES_TOGETHER or max(width, height) > STEEPEST_RATIO * min(width, height):
        raise mistake("PHOTO_INVALID_DIMENSIONS")
    return _stored(api, photo, "photos", LARGEST_PHOTO, width, height)


def _stored(api: Api, given: Upload | str, folder: str, most: int, width: int = 0, height: int = 0) -> File:
    if isinstance(given, str):
        if given not in api.world.files:
            raise refused("wrong file identifier/HTTP URL specified")
        return api.world.files[given]
    if not given.content:
        raise mistake("file must be non-empty")
    if len(given.content) > most:
        raise ApiError(413, "Request Entity Too Large", fault=True)
    return api.world.store(given, folder, width, height)
