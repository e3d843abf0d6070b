"""A scale from one end to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.domain.errors import Refusal
from bot.domain.questions.base import Option, Question, Value, one, required
from bot.text import Words, _


@dataclass(frozen=True, kw_only=True)
class Scale(Question):
    """A whole number from 1 to `steps`; `low` and `high` say what the ends mean."""

    steps: int = 5
    low: Words = ""
    high: Words = ""

    kind: ClassVar[str] = "scale"

    @property
    def options(self) -> Sequence[Option]:
        return tuple(Option(str(step), self._label(step)) for step in range(1, self.steps + 1))

    def _label(self, step: int) -> Words:
        end = self.low if step == 1 else self.high if step == self.steps else ""
        return _("{step} ({meaning})", step=step, meaning=end) if end else str(step)

    def parse(self, raw: Sequence[str]) -> Value:
        text = one(raw)
        if not text:
            raise required()
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= self.steps:
            raise Refusal(_("Please choose a number from 1 to {steps}.", steps=self.steps))
        return int(text)
