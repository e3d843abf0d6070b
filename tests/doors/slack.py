"""Slack's door: people in the strict workspace, with messages, windows and the home page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

from bot.chat.delivery import Found
from bot.chat.events import Address
from bot.text import _
from tests.doors.stage import Stage
from tests.fakes.slack import seen
from tests.fakes.slack.inputs import options_of
from tests.fakes.slack.seen import Window
from tests.fakes.slack.world import elements_of
from tests.world import Given, Someone

NUMBER = re.compile(r"^\d+\. ")

LOCALES = {"nb": "nb-NO", "nn": "nn-NO", "da": "da-DK", "en": "en-US"}


class Slacker(Someone):
    """Somebody at a desk in the workspace."""

    def __init__(self, stage: Stage, name: str, locale: str) -> None:
        assert stage.slack and stage.app.slack
        self.desk = stage.slack.user(name, locale=LOCALES[locale])
        super().__init__(stage, Address(stage.app.slack.account, self.desk.id), name)
        self.stage = stage
        self._before: dict[str, int] = {}

    def _settled(self) -> Slacker:
        self.stage.settle()
        assert not self.desk.warnings, self.desk.warnings
        return self

    def _begins(self) -> None:
        self._before = {message.ts: message.edited for message in self.desk.messages}

    def says(self, text: str) -> Slacker:
        """A command goes through the one slash command there is."""
        self._begins()
        self.desk.command("/samskab", text[1:]) if text.startswith("/") else self.desk.says(text)
        return self._settled()

    def speaks(self, sound: bytes | Found, seconds: int = 0, words: str = "") -> Slacker:
        """A clip is recorded in the conversation, beside which a window may be open."""
        assert isinstance(sound, bytes), "what Slack lacks is told to the double"
        self._begins()
        if self.desk.modal:
            self.desk.closes()
        self.desk.speaks(sound, seconds, words)
        return self._settled()

    def presses(self, label: str) -> Slacker:
        self._begins()
        window = self.desk.modal
        self.desk.submits() if window and window.submit == label else self.desk.presses(label)
        return self._settled()

    def votes(self, send: str, *labels: str) -> Slacker:
        """Boxes are ticked in a window of their own."""
        self._begins()
        self.desk.presses(self.word(_("Open")))
        self.stage.settle()
        window = self.window()
        assert window, self.transcript()
        self.desk.fills({window.labels[0]: self._shown(window, labels)}).submits()
        return self._settled()

    def fills(self, given: Mapping[str, Given]) -> Slacker:
        """Fill window after window; what a window only tells has no input."""
        left = dict(given)
        while left:
            window = self.window()
            assert window, f"no window is open before {self.name}; left are {list(left)}\n{self.transcript()}"
            values: dict[str, str | list[str] | None] = self._allows(window, left)
            for label in window.labels:
                if (asked := next((asked for asked in left if asked in label), None)) is not None:
                    values[label] = self._shown(window, left.pop(asked))
            told = [asked for asked in left if asked in window.shown]
            assert values or told, f"{self.name} is asked {window.labels}, not {list(left)}.\n{window.shown}"
            for asked in told:
                left.pop(asked)
            self._begins()
            self.desk.fills({label: value for label, value in values.items() if value is not None}).submits()
            self._settled()
            assert not self.desk.modal_errors, self.desk.modal_errors
        return self

    def window(self) -> Window | None:
        """The window before this person; on a busy machine it opens a moment after the press that asked for it."""
        with suppress(AssertionError):
            self.stage.wait_until(lambda: self.desk.modal, 5)
        return self.desk.modal

    def _allows(self, window: Window, given: Mapping[str, Given]) -> dict[str, str | list[str] | None]:
        """Who says nothing else about Slack has nothing against being written to there."""
        asked = self.word(_("May we write to you on {platform}?", platform="Slack"))
        if asked not in window.labels or any(words in asked for words in given):
            return {}
        return {asked: self._shown(window, self.word(_("Yes, write to me on {platform}", platform="Slack")))}

    def link(self) -> str:
        """Where the link of the newest message leads."""
        return next(one.url for one in self.desk.messages[-1].buttons if one.url)

    def _shown(self, window: Window, given: Given) -> str | list[str] | None:
        """Options as the window shows them: numbered, and clipped where they are long."""
        if given is None:
            return None
        shown = [
            seen.words(one["text"]) for _block, element in elements_of(window.blocks) for one in options_of(element)
        ]

        def found(label: str) -> str:
            for one in shown:
                words = NUMBER.sub("", one)
                if words == label or (words.endswith("…") and label.startswith(words[:-1])):
                    return one
            return label

        return found(given) if isinstance(given, str) else [found(label) for label in given]

    @property
    def labels(self) -> list[str]:
        if window := self.desk.modal:
            return [*(one.label for one in window.buttons), window.submit]
        return [one.label for one in self.desk.messages[-1].buttons] if self.desk.messages else []

    @property
    def last(self) -> str:
        return self.desk.modal.shown if self.desk.modal else self.desk.messages[-1].shown

    def heard(self) -> list[str]:
        found = [one.shown for one in self.desk.messages if self._before.get(one.ts) != one.edited]
        window = self.desk.modal
        return found + ([f"{window.title}\n{window.shown}"] if window else []) + list(self.desk.modal_errors.values())

    def hears(self, *parts: str) -> Slacker:
        heard = self.heard()
        for part in parts:
            assert any(part in text for text in heard), f"{self.name} did not hear {part!r}.\n{self.transcript()}"
        return self

    def does_not_hear(self, *parts: str) -> Slacker:
        for part in parts:
            assert not any(part in one.shown for one in self.desk.messages), f"{self.name} heard {part!r}"
        return self

    def transcript(self) -> str:
        lines = [f"--- what {self.name} sees on Slack ---"]
        for message in self.desk.messages:
            lines += [message.shown, *(f"    [{one.label}]" for one in message.buttons)]
        if window := self.desk.modal:
            lines += [
                "--- a window ---",
                window.title,
                window.shown,
                f"    [{window.submit}]",
                str(self.desk.modal_errors),
            ]
        return "\n".join(lines)
