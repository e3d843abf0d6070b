"""Choose one of a few answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.domain.errors import Refusal
from bot.domain.questions.base import Option, Question, Value, one, required
from bot.text import Words, _


@dataclass(frozen=True, kw_only=True)
class OneOf(Question):
    """One of `choices`."""

    choices: tuple[Option, ...]

    kind: ClassVar[str] = "one_of"

    @property
    def options(self) -> Sequence[Option]:
        return self.choices

    def parse(self, raw: Sequence[str]) -> Value:
        key = one(raw)
        if not key:
            raise required()
        if key not in {option.key for option in self.options}:
            raise Refusal(_("Please choose one of the answers shown."))
        return key

    def show(self, value: Value) -> Words:
        return super().show(value) if value is None else self.label(str(value))
