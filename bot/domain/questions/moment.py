"""A date and a time, typed in any of the usual ways."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar
from zoneinfo import ZoneInfo

from bot.domain.errors import Refusal
from bot.domain.questions.base import Question, Value, one, required
from bot.domain.schedule import at_local
from bot.text import Text, Words, _

CLOCK = r"(?:\s+(?:kl\.?|at))?[T\s]\s*(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?::00)?"
YEAR_FIRST = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})" + CLOCK, re.ASCII | re.IGNORECASE)
DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})[./]\s?(?P<month>\d{1,2})(?:[./]\s?(?P<year>\d{4})?)?" + CLOCK, re.ASCII | re.IGNORECASE
)
WRITTEN = "%Y-%m-%dT%H:%M"


def moment_of(value: Value, zone: str) -> datetime:
    """The answer to a `Moment` as a moment in UTC. Raises ValueError for anything else."""
    local = datetime.strptime(str(value), WRITTEN)  # noqa: DTZ007 - the zone follows
    return at_local(local.date(), local.time(), zone)


def written(moment: datetime, zone: str) -> str:
    """A moment as the value of a `Moment`: local, such as "2026-12-03T17:00"."""
    return moment.astimezone(ZoneInfo(zone)).strftime(WRITTEN)


def said(moment: datetime) -> Words:
    """A moment alone, in the reader's own manner. It is only a hole, so there is nothing to translate."""
    return Text("{when}", {"when": moment})


@dataclass(frozen=True, kw_only=True)
class Moment(Question):
    """A local date and time in `zone`; without a year it is the next such day after `now`, and it must lie after it.

    The stored value is the local time as a browser's own input writes it; `moment_of` turns it into UTC.
    """

    zone: str
    now: datetime
    hint: Words = _("Date and time, such as 2026-12-03 17:00.")

    kind: ClassVar[str] = "moment"
    typed: ClassVar[bool] = True

    def parse(self, raw: Sequence[str]) -> Value:
        text = " ".join(one(raw).split())
        if not text:
            raise required()
        found = YEAR_FIRST.fullmatch(text) or DAY_FIRST.fullmatch(text)
        try:
            local = None if found is None else self._local(found)
        except ValueError:
            local = None
        if local is None:
            raise Refusal(
                _("I could not read that date. Please write it like this: {example}", example="2026-12-03 17:00")
            )
        if at_local(local.date(), local.time(), self.zone) <= self.now:
            raise Refusal(_("That moment has passed. Please write one that is still to come."))
        return local.strftime(WRITTEN)

    def _local(self, found: re.Match[str]) -> datetime:
        day, month = int(found["day"]), int(found["month"])
        at = time(int(found["hour"]), int(found["minute"] or 0))
        if found["year"]:
            return datetime.combine(date(int(found["year"]), month, day), at)
        this_year = self.now.astimezone(ZoneInfo(self.zone)).year
        # 29 February may be eight years away; any other day comes at the latest next year.
        for year in range(this_year, this_year + 9):
            try:
                local = datetime.combine(date(year, month, day), at)
            except ValueError:
                continue
            if at_local(local.date(), at, self.zone) > self.now:
                return local
        raise ValueError("no such day")

    def show(self, value: Value) -> Words:
        return super().show(value) if value is None else said(moment_of(value, self.zone))


@dataclass(frozen=True, kw_only=True)
class Morning(Moment):
    """A date; where no time is written it is eight in the morning of that day."""

    def parse(self, raw: Sequence[str]) -> Value:
        try:
            return Moment.parse(self, raw)
        except Refusal:
            return Moment.parse(self, [f"{one(raw).strip()} 08:00"])
