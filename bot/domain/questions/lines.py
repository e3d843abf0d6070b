"""A list of short texts, written one a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import Refusal
from bot.domain.questions.base import Value
from bot.domain.questions.free_text import FreeText
from bot.text import _, n_


@dataclass(frozen=True, kw_only=True)
class ListOfLines(FreeText):
    """Between `least` and `most` different lines; `exactly` as many as there already are in another language."""

    least: int = 2
    most: int = 12
    line_longest: int = 120
    exactly: int | None = None

    def parse(self, raw: Sequence[str]) -> Value:
        lines = [line for line in (" ".join(line.split()) for line in str(super().parse(raw)).splitlines()) if line]
        count = len(lines)
        if self.exactly is not None and count != self.exactly:
            raise Refusal(
                n_(
                    "That is {count} line, but the first language has {expected}. "
                    "Please write the same answers in the same order, one a line.",
                    "That is {count} lines, but the first language has {expected}. "
                    "Please write the same answers in the same order, one a line.",
                    count,
                    expected=self.exactly,
                )
            )
        if not self.least <= count <= self.most:
            raise Refusal(
                _(
                    "Please write between {least} and {most} answers, one a line, all in one message.",
                    least=self.least,
                    most=self.most,
                )
            )
        if len({line.casefold() for line in lines}) < count:
            raise Refusal(_("Two lines are the same. Please make each answer different and send them again."))
        if any(len(line) > self.line_longest for line in lines):
            raise Refusal(
                _("Each answer may have {longest} characters. Please make it shorter.", longest=self.line_longest)
            )
        return "\n".join(lines)
