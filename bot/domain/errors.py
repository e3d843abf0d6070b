"""A refusal: a sentence for the person who asked for something that cannot be done."""

from __future__ import annotations

from bot.text import Words


class Refusal(Exception):
    """Raised by rules and handlers; its text is shown to the person and says what can be done next."""

    def __init__(self, text: Words) -> None:
        super().__init__()
        self.text = text
