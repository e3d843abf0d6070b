"""The address of a page on the web, over https only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.domain.errors import Refusal
from bot.domain.questions.base import Question, Value, one, required
from bot.text import _

HTTPS = re.compile(r"https://[^\s/?#@]+\.[^\s/?#@]+(?:[/?#][^\s<>\"]*)?", re.IGNORECASE)
LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class WebAddress(Question):
    """An https address of at most 500 characters, as it is copied from a browser or an invitation."""

    kind: ClassVar[str] = "web_address"
    typed: ClassVar[bool] = True

    def parse(self, raw: Sequence[str]) -> Value:
        text = one(raw)
        if not text:
            raise required()
        if not HTTPS.fullmatch(text) or len(text) > LONGEST:
            raise Refusal(_("That is not an address we can use. Please copy the whole link; it begins with https://"))
        return text
