"""A text in one's own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.domain import voice
from bot.domain.errors import Refusal
from bot.domain.questions.base import Question, Value, required
from bot.text import Words, _

# Control characters, and signs that turn the direction of text or have no width: they can make one name look like
# another. Line breaks stay, and the joiner of which many emoji are made.
HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
JOINER = "\u200d"


def clean(text: str) -> str:
    """Strip direction controls, zero-width and control characters; keep line breaks and joined emoji."""
    return unicodedata.normalize("NFC", HIDDEN.sub("", text)).strip().strip(JOINER).strip()


@dataclass(frozen=True, kw_only=True)
class FreeText(Question):
    """At most `longest` characters; `single_line` for names and titles; `spoken`: a recording is an answer, too."""

    longest: int = 2000
    single_line: bool = False
    spoken: bool = False

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

    def show(self, value: Value) -> Words:
        voiced = voice.spoken(value)
        return voice.said(voiced.seconds) if voiced else super().show(value)
