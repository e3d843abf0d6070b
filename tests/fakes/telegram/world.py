"""What Telegram knows: people, chats, messages, presses and files."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram import keyboards
from tests.fakes.telegram.errors import forbidden, refused
from tests.fakes.telegram.wire import Upload

PRESS_LIFETIME_SECONDS = 10


@dataclass(frozen=True)
class File:
    id: str
    path: str
    upload: Upload
    width: int = 0
    height: int = 0
    seconds: int = 0

    def as_api(self) -> dict[str, Any]:
        return {"file_id": self.id, "file_unique_id": f"u{self.id}", "file_size": len(self.upload.content)}


@dataclass
class Chat:
    id: int
    kind: str
    names: dict[str, str]
    language: str | None = None
    started: bool = False
    blocked: bool = False
    gone: bool = False
    moved_to: int | None = None

    def as_api(self) -> dict[str, Any]:
        return {"id": self.id, "type": self.kind} | self.names

    def as_user(self) -> dict[str, Any]:
        language = {"language_code": self.language} if self.language else {}
        return {"id": self.id, "is_bot": False} | self.names | language


@dataclass
class Message:
    id: int
    chat: Chat
    sender: dict[str, Any]
    date: int
    text: str | None = None
    caption: str | None = None
    entities: list[dict[str, Any]] = field(default_factory=list)
    file: File | None = None
    is_photo: bool = False
    markup: dict[str, Any] | None = None
    reply_to: int | None = None
    edits: int = 0
    edited_at: int | None = None
    protected: bool = False
    deleted: bool = False

    def as_api(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "message_id": self.id,
            "from": self.sender,
            "chat": self.chat.as_api(),
            "date": self.date,
        }
        body |= self._content()
        if self.markup and "inline_keyboard" in self.markup:
            body["reply_markup"] = self.markup
        if self.protected:
            body["has_protected_content"] = True
        if self.edited_at is not None:
            body["edit_date"] = self.edited_at
        return body

    def _content(self) -> dict[str, Any]:
        entities = self.entities
        if self.text is not None:
            return {"text": self.text} | ({"entities": entities} if entities else {})
        content: dict[str, Any] = {}
        if self.caption:
            content = {"caption": self.caption} | ({"caption_entities": entities} if entities else {})
        if self.file and self.is_photo:
            content["photo"] = [self.file.as_api() | {"width": self.file.width, "height": self.file.height}]
        elif self.file:
            about = {"mime_type": self.file.upload.mime}
            if self.file.seconds:
                content["voice"] = self.file.as_api() | about | {"duration": self.file.seconds}
            else:
                content["document"] = self.file.as_api() | about | {"file_name": self.file.upload.name}
        return content


@dataclass
class Press:
    id: str
    user: int
    at: float
    answered: bool = False


@dataclass(frozen=True)
class Seen:
    """A message of the bot as the person sees it now."""

    id: int
    text: str
    buttons: list[list[tuple[str, str]]]
    photo: bytes | None
    document: bytes | None
    caption: str | None
    entities: list[dict[str, Any]]
    edits: int
    protect_content: bool

    @property
    def labels(self) -> list[str]:
        return [label for row in self.buttons for label, _ in row]


class World:
    """All that is remembered, with the clock it goes by."""

    def __init__(self, token: str, clock: Callable[[], float]) -> None:
        self.token = token
        self.clock = clock
        self.me = int(token.partition(":")[0])
        self.names: dict[str, str] = {"": "Test bot"}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], Message] = {}
        self.presses: dict[str, Press] = {}
        self.toasts: dict[int, list[str]] = {}
        self.files: dict[str, File] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.actions: list[tuple[int, str]] = []
        self._numbers = itertools.count(1)
        self._born = time.time() - clock()

    def number(self) -> int:
        return next(self._numbers)

    def date(self) -> int:
        return int(self._born + self.clock())

    def bot(self) -> dict[str, Any]:
        return {"id": self.me, "is_bot": True, "first_name": self.names[""], "username": "samskab_test_bot"}

    def writable(self, chat_id: Any) -> Chat:
        """The chat if the bot may write there."""
        chat = self.known(chat_id)
        if chat.kind == "private" and not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if chat.gone:
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        return chat

    def known(self, chat_id: Any) -> Chat:
        chat = self.chats.get(as_id(chat_id) or 0)
        if chat is None:
            raise refused("chat not found")
        if chat.moved_to is not None:
            error = refused("group chat was upgraded to a supergroup chat")
            error.parameters["migrate_to_chat_id"] = chat.moved_to
            raise error
        return chat

    def add(self, chat: Chat, sender: dict[str, Any], **content: Any) -> Message:
        message = Message(self.number(), chat, sender, self.date(), **content)
        self.messages[chat.id, message.id] = message
        return message

    def store(self, upload: Upload, folder: str, width: int = 0, height: int = 0, seconds: int = 0) -> File:
        number = self.number()
        file = File(f"AgAD{number:08d}", f"{folder}/file_{number}", upload, width, height, seconds)
        self.files[file.id] = file
        return file

    def visible(self, chat_id: int) -> list[Message]:
        return [message for message in self.messages.values() if message.chat.id == chat_id and not message.deleted]

    def seen(self, chat_id: int) -> list[Seen]:
        return [_seen(message) for message in self.visible(chat_id) if message.sender["is_bot"]]


def as_id(chat_id: Any) -> int | None:
    try:
        return int(chat_id)
    except (TypeError, ValueError):
        return None


def _seen(message: Message) -> Seen:
    content = message.file.upload.content if message.file else None
    return Seen(
        id=message.id,
        text=message.text or message.caption or "",
        buttons=keyboards.rows(message.markup),
        photo=content if message.is_photo else None,
        document=None if message.is_photo else content,
        caption=message.caption,
        entities=message.entities,
        edits=message.edits,
        protect_content=message.protected,
    )
