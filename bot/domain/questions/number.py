"""A number, perhaps with a unit, and between a least and a most."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from bot.domain.errors import Refusal
from bot.domain.questions.base import Question, Value, one, required
from bot.text import Words, _

# A comma or a point before at most two decimals; a space may part the thousands.
NUMBER = re.compile(r"-?\d{1,3}(?:[ \u00a0]\d{3})+(?:[.,]\d{1,2})?|-?\d{1,12}(?:[.,]\d{1,2})?", re.ASCII)


def plain(number: Decimal) -> str:
    """A number as stored and shown: no needless noughts, such as "2.5" or "30"."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number with at most two decimals; the value is its text with a point, so that it is stored exactly."""

    unit: Words = ""
    least: str | None = None
    most: str | None = None

    kind: ClassVar[str] = "number"
    typed: ClassVar[bool] = True

    def parse(self, raw: Sequence[str]) -> Value:
        text = one(raw)
        if not text:
            raise required()
        found = NUMBER.match(text)
        # What follows the number is taken for its unit, "30 minutes", and is not kept.
        if found is None or any(sign.isdigit() for sign in text[found.end() :]):
            raise Refusal(_("I could not read that as a number. Please write it in figures, such as 12 or 2.5."))
        number = Decimal(re.sub(r"[ \u00a0]", "", found[0]).replace(",", "."))
        if self.least is not None and number < Decimal(self.least):
            raise Refusal(_("That is less than can be answered. The least is {least}.", least=self.show(self.least)))
        if self.most is not None and number > Decimal(self.most):
            raise Refusal(_("That is more than can be answered. The most is {most}.", most=self.show(self.most)))
        return plain(number)

    def show(self, value: Value) -> Words:
        if value is None or not self.unit:
            return super().show(value)
        return _("{number} {unit}", number=str(value), unit=self.unit)
