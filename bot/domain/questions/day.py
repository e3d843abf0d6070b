"""A date, typed in any of the usual ways."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.domain.errors import Refusal
from bot.domain.questions.base import Question, Value, one, required
from bot.text import Day, Words, _

YEAR_FIRST = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[./]\s?(?P<month>\d{1,2})[./]\s?(?P<year>\d{4})", re.ASCII)


def day_of(value: Value) -> date:
    """The answer to an `OnDay`. Raises ValueError for anything else."""
    return date.fromisoformat(str(value))


@dataclass(frozen=True, kw_only=True)
class OnDay(Question):
    """A day of any year from 1900 to 2199; the value is as a browser's own input writes it, "2026-12-03"."""

    kind: ClassVar[str] = "date"
    typed: ClassVar[bool] = True

    def parse(self, raw: Sequence[str]) -> Value:
        text = " ".join(one(raw).split())
        if not text:
            raise required()
        found = YEAR_FIRST.fullmatch(text) or DAY_FIRST.fullmatch(text)
        try:
            day = None if found is None else date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            day = None
        if day is None or not 1900 <= day.year < 2200:
            raise Refusal(
                _(
                    "I could not read that date. Please write day, month and year like this: {example}",
                    example="2026-12-03",
                )
            )
        return day.isoformat()

    def show(self, value: Value) -> Words:
        return super().show(value) if value is None else Day(day_of(value))
