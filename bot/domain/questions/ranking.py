"""Put a few answers in order, the one that matters most first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.domain.errors import Refusal
from bot.domain.questions.base import Option, Question, Value, required
from bot.text import Lines, Words, _


def places(text: str) -> list[int]:
    """The places that somebody wrote, such as "3, 1, 2"; empty where it is anything but numbers."""
    parts = re.split(r"[\s,.;>-]+", text.strip().strip(",.;>-").strip())
    if not all(part.isascii() and part.isdigit() and len(part) < 3 for part in parts):
        return []
    return [int(part) for part in parts]


@dataclass(frozen=True, kw_only=True)
class Ranking(Question):
    """All of `choices` in order; the value is their keys, the first being the one that matters most.

    It is answered by keys in order (a page), or by the places of the choices as one text, "3,1,2" (a chat).
    """

    choices: tuple[Option, ...]

    kind: ClassVar[str] = "ranking"
    typed: ClassVar[bool] = True

    @property
    def options(self) -> Sequence[Option]:
        return self.choices

    def parse(self, raw: Sequence[str]) -> Value:
        if not any(part.strip() for part in raw):
            raise required()
        known = [option.key for option in self.choices]
        keys = list(raw) if len(raw) > 1 else self._keys(raw[0])
        if sorted(keys) != sorted(known):
            count = len(known)
            raise Refusal(
                _(
                    "Please put all {count} in order, each once. You can write the numbers, such as {example}.",
                    count=count,
                    example=", ".join(str(place) for place in range(count, 0, -1)),
                )
            )
        return keys

    def _keys(self, text: str) -> list[str]:
        """The keys of choices given by their places; the last one follows from the others."""
        found = places(text)
        if not all(1 <= place <= len(self.choices) for place in found):
            return []
        if len(found) == len(self.choices) - 1 == len(set(found)):
            found += [place for place in range(1, len(self.choices) + 1) if place not in found]
        return [self.choices[place - 1].key for place in found]

    def show(self, value: Value) -> Words:
        if not isinstance(value, list):
            return super().show(value)
        lines = [
            _("{number}. {question}", number=place, question=self.label(key))
            for place, key in enumerate(value, start=1)
        ]
        return Lines(tuple(lines), "\n")

    def left(self, order: str) -> Sequence[Option]:
        """The choices that have no place yet. Raises Refusal where the order so far names one that is not there."""
        found = places(order) if order else []
        if len(set(found)) != len(found) or not all(1 <= place <= len(self.choices) for place in found):
            raise Refusal(_("Please choose among the answers shown."))
        return [option for place, option in enumerate(self.choices, start=1) if place not in found]
