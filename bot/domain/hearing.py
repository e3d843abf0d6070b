"""What a person hears unasked: at most one message a day and two a week, and when the next may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.holidays import holiday_rule
from bot.domain.schedule import DAY, LONGEST_REST, QUIET, Holiday, Quiet, allowed, at_local, next_allowed, rests

# Replies, and what is necessary (a moved meeting, one's own seat, safety), are outside the budget.
UNASKED = ("prompt", "reminder")
WEEK = 7
# The last hours before a deadline are too late to be asked for the first time.
LAST_CALL = DAY


@dataclass(frozen=True, slots=True)
class Budget:
    """How many unasked messages a person gets, over all committees."""

    a_day: int = 1
    a_week: int = 2


MEMBER = Budget()
POLITICIAN = Budget(a_week=1)


@dataclass(frozen=True, slots=True)
class Rest:
    """When nobody is written to unasked, where a committee is."""

    is_holiday: Holiday
    quiet: Quiet = QUIET

    def next(self, moment: datetime, zone: str) -> datetime:
        """The moment itself, or the first minute after the quiet time it falls in; UTC."""
        return next_allowed(moment, zone, self.is_holiday, self.quiet)

    def evening(self, moment: datetime, zone: str) -> datetime:
        """When the night begins that comes after a moment; UTC."""
        local = moment.astimezone(ZoneInfo(zone))
        day = local.date() if local.time() < self.quiet.evening else local.date() + DAY
        return at_local(day, self.quiet.evening, zone)

    def whole(self, day: date) -> bool:
        """Is the whole of a day quiet?"""
        return rests(day, self.is_holiday, self.quiet)

    def last_day_before(self, day: date) -> date:
        """The nearest day before a day on which people may be written to."""
        before = (day - count * DAY for count in range(1, LONGEST_REST))
        return next(one for one in before if not self.whole(one))

    def allows(self, moment: datetime, zone: str) -> bool:
        """May people be written to at this moment?"""
        return allowed(moment, zone, self.is_holiday, self.quiet)


@lru_cache
def rest(country: str, quiet_days: bool = True) -> Rest:
    """The nights of a country, and its Sundays and public holidays where the municipality keeps them quiet."""
    if not quiet_days:
        return Rest(lambda day: False, Quiet(sundays=False))
    return Rest(holiday_rule(country))


@dataclass(frozen=True, slots=True)
class Ear:
    """One person as a listener: `heard` are the moments of unasked messages of at least the last week; aware.

    `paused_until` is when a pause that the person asked for ends.
    """

    zone: str
    rest: Rest
    budget: Budget = MEMBER
    heard: Sequence[datetime] = ()
    paused_until: datetime | None = None

    def ready(self, now: datetime) -> datetime:
        """The first moment from `now` on outside quiet hours and pauses, whatever was heard; UTC."""
        return self.rest.next(max(now, self.paused_until or now), self.zone)

    def first(self, now: datetime, *, weekly: bool = True) -> datetime:
        """The first moment from `now` on at which one more message is within the budget; UTC.

        Without `weekly` only the day is counted. Days are the person's own; a week is any seven of them in a row.
        """
        moment = self.ready(now)
        for _more in range(WEEK + LONGEST_REST):
            if self._fits(moment, self.heard, weekly=weekly):
                return moment
            day = self._day(moment)
            moment = self.rest.next(at_local(day + DAY, self.rest.quiet.morning, self.zone), self.zone)
        raise ValueError(f"no day within the budget after {now}")

    def leaves_room(self, now: datetime, later: datetime) -> bool:
        """Whether one more message fits `later`, if one goes now."""
        return now >= later or self._fits(later, (*self.heard, now))

    def _fits(self, moment: datetime, heard: Sequence[datetime], *, weekly: bool = True) -> bool:
        days, day = [self._day(one) for one in heard], self._day(moment)
        week = sum(day - (WEEK - 1) * DAY <= one <= day for one in days)
        return days.count(day) < self.budget.a_day and (not weekly or week < self.budget.a_week)

    def _day(self, moment: datetime) -> date:
        return day_of(moment, self.zone)


def day_of(moment: datetime, zone: str) -> date:
    """The day on which a moment falls for somebody who lives in this zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def hour(kind: str, now: datetime, deadline: datetime | None, ear: Ear, *, firm: bool = False) -> datetime | None:
    """When something may go to a person at the earliest; `now` is at once. UTC.

    What is asked for the first time goes earlier than the week's budget lets it where waiting would make it too late.
    A reminder says nothing new, so it never goes beyond the budget: None where it can only go along with something else
    before its deadline, which it also does where going now would leave no room on the last day. In a pause nothing
    goes, so what ends before it is not said at all unless the person comes back earlier. With `firm` a first question
    does not go beyond the budget either.
    """
    found = ear.first(now)
    if deadline is None:
        return found
    if ear.paused_until is not None and ear.paused_until > now:
        return found if found < deadline else None
    if kind == "reminder":
        return found if found < deadline and ear.leaves_room(found, deadline - LAST_CALL) else None
    if firm:
        return found if found < deadline else None
    if found <= now or found < deadline - LAST_CALL:
        return found
    found = ear.first(now, weekly=False)
    if found < deadline:
        return found
    found = ear.ready(now)
    return found if found < deadline else now
