"""Telegram's door: people in the strict Bot API server."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.chat.delivery import Found
from bot.chat.events import Address
from bot.text import _
from tests.doors.stage import Stage
from tests.world import Given, Someone

FRAME = re.compile(r"^[☐☑]? ?(\d+\. )?")


class Telegrammer(Someone):
    """Somebody with a phone, who sees the chat and no more."""

    def __init__(self, stage: Stage, name: str, locale: str) -> None:
        assert stage.telegram and stage.app.telegram
        self.phone = stage.telegram.user(name, language_code=locale, started=True)
        super().__init__(stage, Address(stage.app.telegram.account, str(self.phone.id)), name)
        self.stage = stage
        self.fake = stage.telegram
        self._before: dict[int, int] = {}
        self._toasts = 0

    def _begins(self) -> None:
        self._before = {message.id: message.edits for message in self.phone.messages}
        self._toasts = len(self.phone.toasts)

    def says(self, text: str) -> Telegrammer:
        self._begins()
        self.phone.says(text)
        self.stage.settle()
        return self

    def speaks(self, sound: bytes | Found, seconds: int = 0, words: str = "") -> Telegrammer:
        assert isinstance(sound, bytes), "what Telegram lacks is told to the double"
        self._begins()
        self.phone.speaks(sound, seconds, words)
        self.stage.settle()
        return self

    def presses(self, label: str) -> Telegrammer:
        self._begins()
        self.phone.presses(self._button(label))
        self.stage.settle()
        return self

    def _button(self, label: str) -> str:
        """A button as the phone shows it: numbered, and clipped where it is long; boxes carry their mark."""
        for shown in reversed(self.phone.labels):
            words = FRAME.sub("", shown)
            if words == label or (words.endswith("…") and label.startswith(words[:-1])):
                return shown
        return label

    def ticks(self, *labels: str) -> Telegrammer:
        for label in labels:
            self.phone.presses(self._button(label))
            self.stage.settle()
        return self

    def fills(self, given: Mapping[str, Given]) -> Telegrammer:
        """Who says nothing else about Telegram has nothing against being written to there."""
        yes = self.word(_("Yes, write to me on {platform}", platform="Telegram"))
        if self._button(yes) in self.labels and not any(words in self.last for words in given):
            self.presses(yes)
        super().fills(given)
        return self

    def link(self) -> str:
        """Where the link of the newest message leads."""
        for button in (button for row in self.phone.last.buttons for button in row):
            if button[1].startswith("http"):
                return button[1]
        raise AssertionError(self.transcript())

    @property
    def labels(self) -> list[str]:
        return self.phone.last.labels if self.phone.messages else []

    @property
    def last(self) -> str:
        return self.phone.last.text or self.phone.last.caption or "" if self.phone.messages else ""

    def heard(self) -> list[str]:
        found = [message for message in self.phone.messages if self._before.get(message.id) != message.edits]
        return [message.text or message.caption or "" for message in found] + self.phone.toasts[self._toasts :]

    def everything(self) -> list[str]:
        return [message.text or message.caption or "" for message in self.phone.messages]

    def hears(self, *parts: str) -> Telegrammer:
        heard = self.heard()
        for part in parts:
            assert any(part in text for text in heard), f"{self.name} did not hear {part!r}.\n{self.transcript()}"
        return self

    def does_not_hear(self, *parts: str) -> Telegrammer:
        for part in parts:
            assert not any(part in text for text in self.everything()), f"{self.name} heard {part!r}"
        return self

    def transcript(self) -> str:
        lines = [f"--- what {self.name} sees on Telegram ---"]
        for message in self.phone.messages:
            lines += [message.text or message.caption or "(a picture)", *(f"    [{one}]" for one in message.labels)]
        return "\n".join([*lines, *(f"(toast: {toast})" for toast in self.phone.toasts)])
