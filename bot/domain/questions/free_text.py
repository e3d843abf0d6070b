"""A text in one's own words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.domain.errors import Refusal
from bot.domain.questions.base import Question, Value, required
from bot.text import _

# Signs that turn the direction of text or have no width: they can make one name look like another.
HIDDEN = {*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0x061C}
JOINER = 0x200D


def clean(text: str) -> str:
    """Strip direction controls, zero-width and control characters; keep line breaks and joined emoji."""
    kept = (
        c for c in text if ord(c) == JOINER or (ord(c) not in HIDDEN and (c == "\n" or unicodedata.category(c) != "Cc"))
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip().strip(chr(JOINER)).strip()


@dataclass(frozen=True, kw_only=True)
class FreeText(Question):
    """At most `longest` characters; `single_line` for names and titles."""

    longest: int = 2000
    single_line: bool = False

    kind: ClassVar[str] = "free_text"
    typed: ClassVar[bool] = True

    def parse(self, raw: Sequence[str]) -> Value:
        text = clean(" ".join(raw))
        if self.single_line:
            text = " ".join(text.split())
        if not text:
            raise required()
        if len(text) > self.longest:
            raise Refusal(
                _(
                    "That is {length} characters, and there is room for {longest}. Please make it shorter and "
                    "send it again.",
                    length=len(text),
                    longest=self.longest,
                )
            )
        return text
