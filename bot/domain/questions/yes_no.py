"""Yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.domain.errors import Refusal
from bot.domain.questions.base import Option, Question, Value, one, required
from bot.text import Words, _


@dataclass(frozen=True, kw_only=True)
class YesNo(Question):
    """Answered by True or False; the two labels can say what they mean."""

    yes: Words = _("Yes")
    no: Words = _("No")

    kind: ClassVar[str] = "yes_no"

    @property
    def options(self) -> Sequence[Option]:
        return (Option("yes", self.yes), Option("no", self.no))

    def parse(self, raw: Sequence[str]) -> Value:
        key = one(raw)
        if not key:
            raise required()
        if key not in ("yes", "no"):
            raise Refusal(_("Please choose one of the answers shown."))
        return key == "yes"

    def show(self, value: Value) -> Words:
        return super().show(value) if value is None else (self.yes if value else self.no)
