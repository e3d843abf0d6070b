"""People who read their messages once a day, and press what they mean by its English text."""

from __future__ import annotations

import re

from bot import i18n
from bot.catalogues import catalogue
from bot.text import Text
from tests.season.words import Said
from tests.world import Someone, World


class Reader:
    """A person who has read so far; the words on a button are looked up in the person's own language."""

    def __init__(self, someone: Someone, language: str) -> None:
        self.someone, self.language, self.read = someone, language, 0

    @property
    def name(self) -> str:
        return self.someone.name

    @property
    def world(self) -> World:
        return self.someone.world

    def own(self, said: Said) -> str:
        """What this person writes: in the own language, or the nearest."""
        return i18n.choose(said, self.language)

    def news(self) -> list[str]:
        """The labels of each message that came since the last look, one string each; marks them as read."""
        seen = self.world.messages(self.someone.address, self.read)
        self.read = self.world.newest_row()
        return [label for one in seen for label in one.labels]

    def label(self, message: str) -> str | None:
        """The newest button that says this, in this person's language."""
        found = pattern(message, self.language)
        labels = (label for seen in reversed(self.someone.messages) for label in seen.labels)
        return next((label for label in labels if re.fullmatch(found, label)), None)

    def sees(self, labels: list[str], message: str) -> bool:
        """Whether one of these labels says this."""
        return any(re.fullmatch(pattern(message, self.language), label) for label in labels)

    def presses(self, *messages: str) -> Reader:
        """Press one button after another."""
        for message in messages:
            label = self.label(message)
            assert label is not None, f"{self.name} sees no {message!r}.\n{self.someone.transcript()[-3000:]}"
            self.someone.presses(label)
        return self

    def says(self, *texts: str) -> Reader:
        for text in texts:
            self.someone.says(text)
        return self

    def writes(self, *texts: Said | str | None) -> Reader:
        """Answer a form: own words in each language of the committee, a button by its English text, None skips."""
        for text in texts:
            if text is None:
                self.presses("Skip")
            elif isinstance(text, str):
                self.presses(text) if self.label(text) in self.someone.labels else self.says(text)
            else:
                for locale in self.world.mandate.locales:
                    self.says(text[locale]) if locale in text else self.presses("Skip")
        return self


def pattern(message: str, language: str) -> str:
    """The label as an expression, in which a hole, and the number of something merged, is anything."""
    known = catalogue(language)
    found = known.messages.get(message, message)
    forms = (found,) if isinstance(found, str) else found
    forms = forms if isinstance(found, str) or language != "en" else (message,)
    said = "|".join(re.sub(r"\\\{\w+\\\}", ".+", re.escape(form)) for form in forms)
    return rf"(?:\d+\. )?(?:{said})"


def words(message: str, language: str) -> str:
    """A sentence of ours without holes."""
    return i18n.say(Text(message), language)
