"""Chats and files: looking at them, leaving them, and showing that the bot is busy."""

from __future__ import annotations

from typing import Any

from tests.fakes.telegram.api import Api, Params
from tests.fakes.telegram.errors import mistake, refused

LARGEST_DOWNLOAD = 20 << 20
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


def get_chat(api: Api, p: Params) -> dict[str, Any]:
    chat = api.world.known(p["chat_id"])
    if chat.kind == "private" and not chat.started:
        raise refused("chat not found")
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    about = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    return chat.as_api() | about


def leave_chat(api: Api, p: Params) -> bool:
    chat = api.world.writable(p["chat_id"])
    if chat.kind == "private":
        raise mistake("chat member status can't be changed in private chats")
    chat.gone = True
    return True


def send_action(api: Api, p: Params) -> bool:
    if p["action"] not in ACTIONS:
        raise mistake("wrong parameter action in request")
    chat = api.world.writable(p["chat_id"])
    api.world.actions.append((chat.id, p["action"]))
    return True


def get_file(api: Api, p: Params) -> dict[str, Any]:
    file = api.world.files.get(p["file_id"])
    if file is None:
        raise refused("wrong file_id or the file is temporarily unavailable")
    if len(file.upload.content) > LARGEST_DOWNLOAD:
        raise refused("file is too big")
    return file.as_api() | {"file_path": file.path}
