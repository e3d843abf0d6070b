"""Choose any number of a few answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.domain.errors import Refusal
from bot.domain.questions.base import Option, Question, Value
from bot.text import Many, Words, _


@dataclass(frozen=True, kw_only=True)
class SomeOf(Question):
    """Between `least` and `most` of `choices`; at most 30 choices, so that a set fits a button."""

    choices: tuple[Option, ...]
    least: int = 1
    most: int = 30

    kind: ClassVar[str] = "some_of"

    @property
    def options(self) -> Sequence[Option]:
        return self.choices

    def parse(self, raw: Sequence[str]) -> Value:
        keys = [option.key for option in self.choices if option.key in set(raw)]
        if len(keys) != len({key for key in raw if key}):
            raise Refusal(_("Please choose among the answers shown."))
        if len(keys) < self.least:
            raise Refusal(_("Please choose at least {least}.", least=self.least))
        if len(keys) > self.most:
            raise Refusal(_("Please choose at most {most}.", most=self.most))
        return keys

    def show(self, value: Value) -> Words:
        if not isinstance(value, list):
            return super().show(value)
        return Many(tuple(self.label(key) for key in value)) if value else _("none of them")

    def ticked(self, value: Value) -> int:
        """The set of chosen answers as bits, the first choice being the lowest."""
        chosen = value if isinstance(value, list) else []
        return sum(1 << place for place, option in enumerate(self.choices) if option.key in chosen)

    def keys(self, ticked: int) -> list[str]:
        """The keys of the boxes ticked. Raises Refusal where a box does not exist."""
        if ticked >> len(self.choices):
            raise Refusal(_("Please choose among the answers shown."))
        return [option.key for place, option in enumerate(self.choices) if ticked >> place & 1]
