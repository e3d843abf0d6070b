"""People who talk with the bot, alone or in a group, and see what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Self, TypeVar

from tests.fakes.telegram import keyboards
from tests.fakes.telegram.delivery import MEMBER, PRESS
from tests.fakes.telegram.entities import units
from tests.fakes.telegram.server import Server
from tests.fakes.telegram.wire import Upload
from tests.fakes.telegram.world import Chat, File, Message, Press, Seen

COMMAND = re.compile(r"/[a-zA-Z0-9_]+(@\w+)?")
T = TypeVar("T")
# Runs something on the server's loop and hands back the result, from whichever thread it is called.
Run = Callable[[Callable[[], T]], T]


class _Room:
    """A chat seen from its people's side."""

    def __init__(self, server: Server, run: Run[Any], chat: Chat) -> None:
        self._server = server
        self._run = run
        self._chat = chat

    @property
    def id(self) -> int:
        return self._chat.id

    @property
    def message_key(self) -> int:
        """The queue that holds this chat's messages, for hold and release."""
        return self._chat.id

    @property
    def messages(self) -> list[Seen]:
        """The bot's messages as they stand now, oldest first."""
        seen: list[Seen] = self._run(lambda: self._server.world.seen(self._chat.id))
        return seen

    @property
    def last(self) -> Seen:
        messages = self.messages
        assert messages, f"{self._name} has no message from the bot"
        return messages[-1]

    @property
    def labels(self) -> list[str]:
        """The buttons that can be pressed now, oldest first."""
        return [label for message in self.messages for label in message.labels]

    @property
    def _name(self) -> str:
        return self._chat.names.get("first_name") or self._chat.names["title"]

    def _say(self, who: Chat, text: str) -> None:
        command = COMMAND.match(text)
        marks = [{"type": "bot_command", "offset": 0, "length": units(command[0])}] if command else []
        message = self._server.world.add(self._chat, who.as_user(), text=text, entities=marks)
        self._tell("message", self._chat.id, message.as_api())

    def _press(self, who: Chat, label: str) -> str:
        for message in reversed(self._server.world.visible(self._chat.id)):
            for text, value in (button for row in keyboards.rows(message.markup) for button in row):
                if text == label and message.sender["is_bot"]:
                    return self._use(who, message, text, value)
        raise AssertionError(f'{self._name} sees no button "{label}"; the buttons are {self.labels}')

    def _use(self, who: Chat, message: Message, label: str, value: str) -> str:
        if "keyboard" in (message.markup or {}):
            self._say(who, label)
        elif not value.startswith(("http://", "https://", "tg://")):
            self._call_back(who, message, value)
        return value

    def _call_back(self, who: Chat, message: Message, data: str) -> None:
        world = self._server.world
        press = Press(f"{who.id}{world.number():010d}", who.id, world.clock())
        world.presses[press.id] = press
        about = {"id": press.id, "from": who.as_user(), "chat_instance": str(-self._chat.id), "data": data}
        self._tell("callback_query", who.id + PRESS, about | {"message": message.as_api()})

    def _membership(self, who: Chat, old: str, new: str) -> None:
        bot = self._server.world.bot()
        member: dict[str, Any] = {"user": bot, "status": old}
        change = {"old_chat_member": member, "new_chat_member": member | {"status": new}}
        for side in change.values():
            if side["status"] == "kicked":
                side["until_date"] = 0
        about = {"chat": self._chat.as_api(), "from": who.as_user(), "date": self._server.world.date()}
        self._tell("my_chat_member", self._chat.id + MEMBER, about | change)

    def _tell(self, kind: str, key: int, content: dict[str, Any]) -> None:
        self._server.delivery.add(kind, key, content)


class Person(_Room):
    """Somebody with a private chat with the bot, by visible labels only."""

    @property
    def press_key(self) -> int:
        """The queue that holds this person's presses, for hold and release."""
        return self._chat.id + PRESS

    @property
    def chat(self) -> Chat:
        return self._chat

    @property
    def toasts(self) -> list[str]:
        """What the bot answered to presses, where it answered with words."""
        return list(self._server.world.toasts.get(self._chat.id, []))

    def says(self, text: str) -> Self:
        self._run(lambda: self._talk(text))
        return self

    def presses(self, label: str) -> str:
        """Press the newest button of that label; returns its data, or the address it leads to."""
        value: str = self._run(lambda: self._press(self._chat, label))
        return value

    def presses_raw(self, data: str, message_id: int | None = None) -> Self:
        """Send data of one's own making as if a button of the bot's last message had been pressed."""
        self._run(lambda: self._call_back(self._chat, self._bots(message_id), data))
        return self

    def presses_button(self, message_id: int, data: str) -> Self:
        """Press the button of that data (or that label, if it is a key) under that message."""
        self._run(lambda: self._use(self._chat, self._bots(message_id), data, data))
        return self

    def sends_file(
        self, content: bytes = b"%PDF-1.4", name: str = "file.pdf", mime: str = "application/pdf", caption: str = ""
    ) -> str:
        """Send a document; returns its file id."""
        file: File = self._run(lambda: self._attach(Upload(name, content, mime), caption, False))
        return file.id

    def sends_photo(self, content: bytes, caption: str = "") -> str:
        file: File = self._run(lambda: self._attach(Upload("photo.jpg", content, "image/jpeg"), caption, True))
        return file.id

    def speaks(self, sound: bytes, seconds: int, caption: str = "") -> str:
        """Send a voice message; returns its file id."""
        upload = Upload("", sound, "audio/ogg")
        file: File = self._run(lambda: self._attach(upload, caption, False, seconds))
        return file.id

    def edits_last(self, text: str) -> Self:
        self._run(lambda: self._edit(text))
        return self

    def blocks_bot(self) -> Self:
        self._run(lambda: self._block(True))
        return self

    def unblocks_bot(self) -> Self:
        self._run(lambda: self._block(False))
        return self

    def _talk(self, text: str) -> None:
        assert not self._chat.blocked, f"{self._name} has blocked the bot and cannot write to it"
        self._chat.started = True
        self._say(self._chat, text)

    def _bots(self, message_id: int | None) -> Message:
        """A message of the bot, even one that is no longer visible; the newest visible one by default."""
        if message_id is not None:
            return self._server.world.messages[self._chat.id, message_id]
        visible = self._server.world.visible(self._chat.id)
        return next(message for message in reversed(visible) if message.sender["is_bot"])

    def _attach(self, upload: Upload, caption: str, is_photo: bool, seconds: int = 0) -> File:
        world = self._server.world
        self._chat.started = True
        folder = "photos" if is_photo else "voice" if seconds else "documents"
        file = world.store(upload, folder, 100, 100, seconds)
        sender = self._chat.as_user()
        message = world.add(self._chat, sender, caption=caption or None, file=file, is_photo=is_photo)
        self._tell("message", self._chat.id, message.as_api())
        return file

    def _edit(self, text: str) -> None:
        visible = self._server.world.visible(self._chat.id)
        message = next(message for message in reversed(visible) if not message.sender["is_bot"])
        message.text, message.edited_at = text, self._server.world.date()
        self._tell("edited_message", self._chat.id, message.as_api())

    def _block(self, blocked: bool) -> None:
        self._chat.blocked = blocked
        states = ("member", "kicked") if blocked else ("kicked", "member")
        self._membership(self._chat, *states)


class Group(_Room):
    """A group the bot is in; as by default on Telegram, it only hears commands and its own name there."""

    def user_says(self, person: Person, text: str) -> Self:
        self._run(lambda: self._heard(person.chat, text))
        return self

    def user_presses(self, person: Person, label: str) -> str:
        value: str = self._run(lambda: self._press(person.chat, label))
        return value

    def removes_bot(self, person: Person) -> Self:
        self._run(lambda: self._remove(person.chat))
        return self

    def upgrades(self) -> Self:
        """The group becomes a supergroup, with a new id; requests to the old one are told so."""
        self._run(self._upgrade)
        return self

    def welcomes_bot(self, person: Person) -> Self:
        self._run(lambda: self._membership(person.chat, "left", "member"))
        return self

    def _heard(self, who: Chat, text: str) -> None:
        if text.startswith("/") or f"@{self._server.world.bot()['username']}" in text:
            self._say(who, text)

    def _remove(self, who: Chat) -> None:
        self._chat.gone = True
        self._membership(who, "member", "kicked")

    def _upgrade(self) -> None:
        old, world = self._chat, self._server.world
        self._chat = Chat(-1_000_000_000_000 + old.id, "supergroup", old.names)
        world.chats[self._chat.id] = self._chat
        old.moved_to = self._chat.id
        about = {"message_id": world.number(), "date": world.date(), "chat": old.as_api()}
        self._tell("message", old.id, about | {"migrate_to_chat_id": self._chat.id})
