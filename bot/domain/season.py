"""A committee's season as a calendar: when each meeting could be, and what is done so long before and after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.schedule import DAY, Holiday, at_local, days_before, rests

TUESDAY = 1
EVENING = time(17)
MORNING = time(9)
SUMMER = 7  # July, when Danes and Norwegians are away
ROOM = 21  # days before the first meeting, so that its notice is out in time
CHRISTMAS, NEW_YEAR = (12, 18), (1, 3)  # from one to the other few people can meet
EVES = ((12, 24), (12, 31))  # no public holidays, but nobody wants to hear from us
CLOSE = 30  # days from the last meeting to the end of the committee


class Kind(StrEnum):
    """What an item of the calendar is."""

    NOTICE = "notice"
    AGENDA = "agenda"
    QUESTIONS = "questions"
    REMINDER = "reminder"
    MINUTES = "minutes"
    SURVEY = "survey"
    SHORTLIST = "shortlist"
    DELIVERY = "delivery"


class Stage(StrEnum):
    """What a meeting is for, along the three tasks of political leadership, with its beginning and its end."""

    FIRST = "first"
    DEVELOPING = "developing"
    SUPPORT = "support"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Rule:
    """So many days before a meeting (after it where negative) at a local time; only at some stages where given."""

    kind: Kind
    days: int
    at: time = MORNING
    stages: tuple[Stage, ...] = tuple(Stage)


RULES = (
    Rule(Kind.NOTICE, 21),
    Rule(Kind.SHORTLIST, 10, stages=(Stage.LAST,)),
    Rule(Kind.AGENDA, 7),
    Rule(Kind.QUESTIONS, 5),
    Rule(Kind.REMINDER, 3),
    Rule(Kind.SURVEY, -1, stages=(Stage.FIRST, Stage.LAST)),
    Rule(Kind.MINUTES, -3),
)
AFTERWARDS = frozenset(rule.kind for rule in RULES if rule.days < 0)
DELIVER = 14  # days before the end of the committee


@dataclass(frozen=True, slots=True)
class Item:
    """Something to do at a moment in UTC; `meeting` is the place of its meeting, None where it hangs on none."""

    kind: Kind
    meeting: int | None
    due: datetime


def stage(place: int, count: int) -> Stage:
    """What the meeting at a place (0 is the first of `count`) is for: a season of four or more has one for support."""
    if place == 0:
        return Stage.FIRST
    if place == count - 1:
        return Stage.LAST
    return Stage.SUPPORT if place == count - 2 and count >= 4 else Stage.DEVELOPING


def meeting_times(
    first: date, end: date, count: int, zone: str, is_holiday: Holiday, at: time = EVENING, weekday: int = TUESDAY
) -> tuple[datetime, ...]:
    """`count` meetings from `first` until a month before `end`, as evenly as weekday, summer and holidays allow; UTC.

    Each is on a day of its own, later than the one before it, also where the season is too short for them.
    """
    last = max(end - timedelta(days=CLOSE), first)
    step = (last - first) / (count - 1) if count > 1 else timedelta()
    found: list[date] = []
    for place in range(count):
        day = first + place * step
        if found:
            day = max(day, found[-1] + DAY)
        found.append(_meeting_day(day, weekday, is_holiday))
    return tuple(at_local(day, at, zone) for day in found)


def _meeting_day(day: date, weekday: int, is_holiday: Holiday) -> date:
    """The first such weekday from a day on on which people are there."""
    day += timedelta(days=(weekday - day.weekday()) % 7)
    while away(day) or rests(day, is_holiday):
        day += timedelta(days=7)
    return day


def away(day: date) -> bool:
    """Whether a day is in the summer holidays or between Christmas and New Year."""
    return day.month == SUMMER or (day.month, day.day) >= CHRISTMAS or (day.month, day.day) <= NEW_YEAR


def propose(meetings: Sequence[datetime], end: date, zone: str, is_holiday: Holiday) -> tuple[Item, ...]:
    """The calendar of a season in the order of its moments; what falls in quiet time is moved out of it."""
    items = [
        Item(rule.kind, place, due(rule, at, zone, is_holiday))
        for place, at in enumerate(meetings)
        for rule in rules_at(stage(place, len(meetings)))
    ]
    delivery = at_local(end - DELIVER * DAY, MORNING, zone)
    items.append(Item(Kind.DELIVERY, None, outside_quiet(delivery, zone, is_holiday, earlier=True)))
    return tuple(sorted(items, key=lambda item: item.due))


def rules_at(at: Stage) -> Iterator[Rule]:
    """What belongs to a meeting of this kind."""
    return (rule for rule in RULES if at in rule.stages)


def due(rule: Rule, meeting_at: datetime, zone: str, is_holiday: Holiday) -> datetime:
    """When an item is due; before a meeting it is rather moved earlier, after it rather later."""
    moment = days_before(meeting_at, rule.days, rule.at, zone)
    return outside_quiet(moment, zone, is_holiday, earlier=rule.days > 0)


def outside_quiet(moment: datetime, zone: str, is_holiday: Holiday, *, earlier: bool) -> datetime:
    """The same local hour on a day when people may be written to: the day itself, or the nearest on one side of it."""
    local = moment.astimezone(ZoneInfo(zone))
    day = local.date()
    while rests(day, is_holiday) or (day.month, day.day) in EVES:
        day += -DAY if earlier else DAY
    return at_local(day, local.time(), zone)
