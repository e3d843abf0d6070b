"""When things are due: local times over clock changes, quiet hours, and reminders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Holiday = Callable[[date], bool]
DAY = timedelta(days=1)
# Longer than any run of holidays and Sundays; beyond it the holiday rule itself is wrong.
LONGEST_REST = 60


def at_local(day: date, at: time, zone: str) -> datetime:
    """A local day and time as UTC.

    A time that comes twice is the first one; a time that the clock jumps over is as much later as the jump.
    """
    return datetime.combine(day, at.replace(fold=0), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def days_before(meeting_at: datetime, days: int, at: time, zone: str) -> datetime:
    """`at` local time, `days` calendar days before the local day of a meeting, as UTC."""
    return at_local(meeting_at.astimezone(ZoneInfo(zone)).date() - days * DAY, at, zone)


@dataclass(frozen=True, slots=True)
class Quiet:
    """When nobody is disturbed: from `evening` until `morning` local time, on holidays, and on Sundays if so set."""

    evening: time = time(21)
    morning: time = time(8)
    sundays: bool = True


QUIET = Quiet()


def rests(day: date, is_holiday: Holiday, quiet: Quiet = QUIET) -> bool:
    """Is the whole of a day quiet?"""
    return (quiet.sundays and day.weekday() == 6) or is_holiday(day)


def allowed(moment: datetime, zone: str, is_holiday: Holiday, quiet: Quiet = QUIET) -> bool:
    """May people be written to at this moment?"""
    local = moment.astimezone(ZoneInfo(zone))
    return quiet.morning <= local.time() < quiet.evening and not rests(local.date(), is_holiday, quiet)


def next_allowed(moment: datetime, zone: str, is_holiday: Holiday, quiet: Quiet = QUIET) -> datetime:
    """The moment itself, or the first minute after the quiet time it falls in; UTC."""
    if allowed(moment, zone, is_holiday, quiet):
        return moment.astimezone(UTC)
    local = moment.astimezone(ZoneInfo(zone))
    first = local.date() if local.time() < quiet.morning else local.date() + DAY
    return at_local(_working_day(first, DAY, is_holiday, quiet), quiet.morning, zone)


def last_allowed(moment: datetime, zone: str, is_holiday: Holiday, quiet: Quiet = QUIET) -> datetime:
    """The moment itself, or the last minute before the quiet time it falls in; UTC."""
    if allowed(moment, zone, is_holiday, quiet):
        return moment.astimezone(UTC)
    local = moment.astimezone(ZoneInfo(zone))
    first = local.date() if local.time() >= quiet.evening else local.date() - DAY
    day = _working_day(first, -DAY, is_holiday, quiet)
    return at_local(day, quiet.evening, zone) - timedelta(minutes=1)


def _working_day(first: date, step: timedelta, is_holiday: Holiday, quiet: Quiet) -> date:
    for n in range(LONGEST_REST):
        if not rests(first + n * step, is_holiday, quiet):
            return first + n * step
    raise ValueError(f"every day around {first} is a holiday")


def reminders(
    opened: datetime, deadline: datetime, zone: str, is_holiday: Holiday, quiet: Quiet = QUIET
) -> tuple[datetime, ...]:
    """When to remind of something open from `opened` until `deadline`; UTC, at most two, on different days.

    At half-time and 24 hours before the deadline; only the latter where less than four days are given, none at two
    days or less. What falls in quiet time comes after it, or before it where after would be too late.
    """
    window = deadline - opened
    if window <= 2 * DAY:
        return ()
    wanted = [deadline - DAY] if window < 4 * DAY else [opened + window / 2, deadline - DAY]
    by_day: dict[date, datetime] = {}
    for moment in wanted:
        moved = next_allowed(moment, zone, is_holiday, quiet)
        if moved >= deadline:
            moved = last_allowed(moment, zone, is_holiday, quiet)
        if opened < moved < deadline:
            by_day[moved.astimezone(ZoneInfo(zone)).date()] = moved
    return tuple(sorted(by_day.values()))
