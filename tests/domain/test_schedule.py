"""When things are due: over clock changes, outside quiet hours, and not too often."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.schedule import (
    Quiet,
    allowed,
    at_local,
    days_before,
    last_allowed,
    next_allowed,
    reminders,
)

ZONES = ("Europe/Copenhagen", "Europe/Oslo")
EASTER = {date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 5), date(2026, 4, 6)}
moments = st.timedeltas(timedelta(0), timedelta(730)).map(lambda later: datetime(2026, 1, 1, tzinfo=UTC) + later)
zones = st.sampled_from(ZONES)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def no_holiday(day: date) -> bool:
    return False


def easter(day: date) -> bool:
    return day in EASTER


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (date(2026, 3, 24), time(17), utc(2026, 3, 24, 16)),
        (date(2026, 3, 31), time(17), utc(2026, 3, 31, 15)),
        (date(2026, 10, 20), time(17), utc(2026, 10, 20, 15)),
        (date(2026, 10, 27), time(17), utc(2026, 10, 27, 16)),
        (date(2026, 3, 29), time(2, 30), utc(2026, 3, 29, 1, 30)),
        (date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30)),
        (date(2026, 10, 25), time(2, 30, fold=1), utc(2026, 10, 25, 0, 30)),
    ],
)
def test_a_local_time_keeps_its_hour_over_the_clock_change(zone: str, day: date, at: time, expected: datetime) -> None:
    assert at_local(day, at, zone) == expected


def test_a_time_the_clock_jumps_over_is_as_much_later() -> None:
    local = at_local(date(2026, 3, 29), time(2, 30), "Europe/Oslo").astimezone(ZoneInfo("Europe/Oslo"))
    assert (local.hour, local.minute) == (3, 30)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("meeting", "expected"),
    [
        (at_local(date(2026, 3, 30), time(8), "Europe/Oslo"), utc(2026, 3, 28, 8)),
        (at_local(date(2026, 10, 26), time(10), "Europe/Oslo"), utc(2026, 10, 24, 7)),
        (at_local(date(2026, 5, 6), time(0, 30), "Europe/Oslo"), utc(2026, 5, 4, 7)),
    ],
)
def test_two_days_before_at_nine_is_counted_in_local_days(zone: str, meeting: datetime, expected: datetime) -> None:
    assert days_before(meeting, 2, time(9), zone) == expected


@given(moments, st.integers(0, 60), st.times(), zones)
def test_days_before_a_meeting_is_that_hour_on_that_day(meeting: datetime, days: int, at: time, zone: str) -> None:
    local = days_before(meeting, days, at, zone).astimezone(ZoneInfo(zone))
    assert (meeting.astimezone(ZoneInfo(zone)).date() - local.date()).days == days
    assert local.time() == at or at.hour == 2  # the hour that the clock jumps over


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (utc(2026, 5, 5, 10), utc(2026, 5, 5, 10)),
        (utc(2026, 5, 5, 6), utc(2026, 5, 5, 6)),
        (utc(2026, 5, 5, 5, 59), utc(2026, 5, 5, 6)),
        (utc(2026, 5, 5, 19), utc(2026, 5, 6, 6)),
        (utc(2026, 5, 9, 19), utc(2026, 5, 11, 6)),
        (utc(2026, 3, 28, 20), utc(2026, 3, 30, 6)),
        (utc(2026, 4, 1, 20), utc(2026, 4, 4, 6)),
        (utc(2026, 4, 4, 19), utc(2026, 4, 7, 6)),
    ],
    ids=["day", "eight", "early", "nine in the evening", "over Sunday", "clock change", "into Easter", "over Easter"],
)
def test_what_falls_in_quiet_time_waits_for_the_next_open_minute(moment: datetime, expected: datetime) -> None:
    assert next_allowed(moment, "Europe/Oslo", easter) == expected


def test_quiet_hours_are_the_municipalitys_own() -> None:
    sunday = utc(2026, 5, 10, 18)
    assert not allowed(sunday, "Europe/Oslo", no_holiday)
    assert allowed(sunday, "Europe/Oslo", no_holiday, Quiet(sundays=False))
    assert next_allowed(sunday, "Europe/Oslo", no_holiday, Quiet(time(18), time(10), False)) == utc(2026, 5, 11, 8)


@given(moments, zones)
def test_a_moved_moment_is_allowed_and_nothing_allowed_lies_between(moment: datetime, zone: str) -> None:
    later, earlier = next_allowed(moment, zone, easter), last_allowed(moment, zone, easter)
    assert earlier <= moment <= later
    assert allowed(later, zone, easter) and allowed(earlier, zone, easter)
    if later > moment:
        assert not allowed(later - timedelta(seconds=1), zone, easter)
        assert not allowed(earlier + timedelta(minutes=1), zone, easter)


def test_a_year_of_nothing_but_holidays_is_a_fault_of_the_rule() -> None:
    with pytest.raises(ValueError, match="holiday"):
        next_allowed(utc(2026, 5, 5), "Europe/Oslo", lambda day: True)


TUESDAY = utc(2026, 5, 5, 10)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (2, []),
        (3, [utc(2026, 5, 7, 10)]),
        (4, [utc(2026, 5, 7, 10), utc(2026, 5, 8, 10)]),
        (14, [utc(2026, 5, 12, 10), utc(2026, 5, 18, 10)]),
    ],
)
def test_reminders_come_at_half_time_and_a_day_before(days: int, expected: list[datetime]) -> None:
    assert list(reminders(TUESDAY, TUESDAY + timedelta(days), "Europe/Oslo", no_holiday)) == expected


def test_a_reminder_that_would_come_too_late_comes_before_the_quiet_time() -> None:
    deadline = utc(2026, 5, 11, 6)  # Monday at 08:00, so a day before is Sunday
    assert reminders(deadline - timedelta(3), deadline, "Europe/Oslo", no_holiday) == (utc(2026, 5, 9, 18, 59),)


def test_a_call_within_holidays_has_no_reminder_before_it_opened() -> None:
    opened = utc(2026, 4, 2, 10)
    assert reminders(opened, opened + timedelta(3), "Europe/Oslo", lambda day: day.month == 4 and day.day < 7) == ()


def test_the_last_open_minute_of_an_evening_is_that_evenings() -> None:
    assert last_allowed(utc(2026, 5, 5, 20, 30), "Europe/Oslo", no_holiday) == utc(2026, 5, 5, 18, 59)
    assert last_allowed(utc(2026, 5, 5, 4), "Europe/Oslo", no_holiday) == utc(2026, 5, 4, 18, 59)


def test_two_reminders_that_meet_on_one_day_are_one() -> None:
    opened, deadline = utc(2026, 3, 28, 12), utc(2026, 4, 8, 9)  # half-time is on Maundy Thursday
    assert reminders(opened, deadline, "Europe/Oslo", easter) == (utc(2026, 4, 4, 6), utc(2026, 4, 7, 9))
    opened, deadline = utc(2026, 3, 31, 9), utc(2026, 4, 8, 9)  # and here on Saturday's eve, then moved to Saturday
    assert len(reminders(opened, deadline, "Europe/Oslo", lambda day: date(2026, 4, 2) <= day <= date(2026, 4, 6))) == 1


@given(moments, st.timedeltas(timedelta(0), timedelta(60)), zones)
def test_reminders_are_few_and_in_time_and_disturb_nobody(opened: datetime, window: timedelta, zone: str) -> None:
    deadline = opened + window
    found = reminders(opened, deadline, zone, easter)
    assert len(found) <= (0 if window <= timedelta(2) else 1 if window < timedelta(4) else 2)
    assert all(opened < moment < deadline and allowed(moment, zone, easter) for moment in found)
    assert len({moment.astimezone(ZoneInfo(zone)).date() for moment in found}) == len(found)
