"""Information somebody is given before going on; it asks for nothing and is not consent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.domain.questions.base import Option, Question, Value
from bot.text import Words, _


@dataclass(frozen=True, kw_only=True)
class Told(Question):
    """Shows its text; the stored value is the `version` of the words that were told."""

    version: int
    go_on: Words = _("Continue")

    kind: ClassVar[str] = "told"

    @property
    def options(self) -> Sequence[Option]:
        return (Option("read", self.go_on),)

    def parse(self, raw: Sequence[str]) -> Value:
        return self.version

    def show(self, value: Value) -> Words:
        return _("read")
