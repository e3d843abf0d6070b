"""One way to reach a person: an e-mail address or a phone number, whichever they prefer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.domain.errors import Refusal
from bot.domain.questions.base import Question, Value, one, required
from bot.domain.questions.free_text import clean
from bot.text import _

EMAIL = re.compile(r"[^@\s,;<>()\[\]\\\"]+@[^@\s,;<>()\[\]\\\"]+\.[^@\s,;<>()\[\]\\\".]{2,}")
PHONE = re.compile(r"\+?[0-9]{6,15}")


def is_email(text: str) -> bool:
    """Whether a stored way to reach a person is an e-mail address."""
    return "@" in text


def taken() -> Refusal:
    """The sentence for an address or number that somebody else has."""
    return Refusal(
        _(
            "This address or number is already used here. If it is yours, sign in first and then go on. "
            "Otherwise give another one."
        )
    )


@dataclass(frozen=True, kw_only=True)
class Reach(Question):
    """An e-mail address in lower-case domain, or a phone number without spaces."""

    kind: ClassVar[str] = "reach"
    typed: ClassVar[bool] = True

    def parse(self, raw: Sequence[str]) -> Value:
        text = clean(one(raw))
        if not text:
            raise required()
        if EMAIL.fullmatch(text) and len(text) <= 254:
            name, _at, domain = text.rpartition("@")
            return f"{name}@{domain.lower()}"
        number = re.sub(r"[\s().-]", "", text)
        if PHONE.fullmatch(number):
            return number
        raise Refusal(
            _("That does not look like an e-mail address or a phone number. Please check it and send it again.")
        )
