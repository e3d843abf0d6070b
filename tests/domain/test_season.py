"""A season's calendar is right over both clock changes, New Year, holidays and the summer, in Denmark and Norway."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.holidays import holiday_rule
from bot.domain.schedule import allowed
from bot.domain.season import RULES, Kind, Stage, due, meeting_times, propose, stage

PLACES = (("Europe/Copenhagen", "dk"), ("Europe/Oslo", "no"))
RULE = {rule.kind: rule for rule in RULES}


def local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%a %d %b %H:%M")


def test_each_meeting_has_its_task() -> None:
    assert [stage(place, 6) for place in range(6)] == [
        Stage.FIRST, Stage.DEVELOPING, Stage.DEVELOPING, Stage.DEVELOPING, Stage.SUPPORT, Stage.LAST,
    ]  # fmt: skip
    assert [stage(place, 3) for place in range(3)] == [Stage.FIRST, Stage.DEVELOPING, Stage.LAST]
    assert stage(0, 1) is Stage.FIRST


@pytest.mark.parametrize(("zone", "country"), PLACES)
def test_meetings_are_spread_over_the_season_on_tuesday_evenings_and_not_in_july(zone: str, country: str) -> None:
    found = meeting_times(date(2026, 9, 1), date(2027, 9, 30), 7, zone, holiday_rule(country))
    days = [one.astimezone(ZoneInfo(zone)) for one in found]
    assert len(set(days)) == 7 and days == sorted(days)
    assert {day.strftime("%a %H:%M") for day in days} == {"Tue 17:00"}
    assert all(day.month != 7 and (day.month, day.day) < (12, 18) for day in days)
    assert days[0].date() == date(2026, 9, 1) and days[-1].date() <= date(2027, 9, 7)


def test_a_season_that_is_too_short_still_has_a_day_for_each_meeting() -> None:
    found = meeting_times(date(2026, 9, 1), date(2026, 9, 20), 4, "Europe/Oslo", holiday_rule("no"))
    assert [local(one, "Europe/Oslo") for one in found] == [
        "Tue 01 Sep 17:00", "Tue 08 Sep 17:00", "Tue 15 Sep 17:00", "Tue 22 Sep 17:00",
    ]  # fmt: skip


@pytest.mark.parametrize(("zone", "country"), PLACES)
@pytest.mark.parametrize(
    ("meeting", "kind", "expected"),
    [
        # Summer time begins on Sunday 29 March: noon the day before stays noon, and Sunday is quiet.
        (datetime(2026, 3, 31, 15, tzinfo=UTC), Kind.QUESTIONS, "Thu 26 Mar 09:00"),
        # It ends on Sunday 25 October.
        (datetime(2026, 10, 27, 16, tzinfo=UTC), Kind.QUESTIONS, "Thu 22 Oct 09:00"),
        (datetime(2026, 10, 27, 16, tzinfo=UTC), Kind.REMINDER, "Sat 24 Oct 09:00"),
        # Across New Year, and out of Christmas.
        (datetime(2027, 1, 5, 16, tzinfo=UTC), Kind.NOTICE, "Tue 15 Dec 09:00"),
        (datetime(2026, 12, 29, 16, tzinfo=UTC), Kind.REMINDER, "Wed 23 Dec 09:00"),
        (datetime(2026, 12, 23, 16, tzinfo=UTC), Kind.MINUTES, "Mon 28 Dec 09:00"),
    ],
)
def test_items_keep_their_local_hour_and_leave_quiet_time(
    zone: str, country: str, meeting: datetime, kind: Kind, expected: str
) -> None:
    found = due(RULE[kind], meeting, zone, holiday_rule(country))
    assert local(found, zone) == expected


def test_first_and_last_meeting_have_a_survey_and_the_last_a_shortlist() -> None:
    times = meeting_times(date(2026, 9, 1), date(2027, 6, 30), 5, "Europe/Oslo", holiday_rule("no"))
    items = propose(times, date(2027, 6, 30), "Europe/Oslo", holiday_rule("no"))
    where = {kind: [item.meeting for item in items if item.kind is kind] for kind in Kind}
    assert where[Kind.SURVEY] == [0, 4] and where[Kind.SHORTLIST] == [4] and where[Kind.DELIVERY] == [None]
    for kind in (Kind.NOTICE, Kind.AGENDA, Kind.QUESTIONS, Kind.REMINDER, Kind.MINUTES):
        assert where[kind] == [0, 1, 2, 3, 4]
    assert [item.due for item in items] == sorted(item.due for item in items)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.sampled_from(PLACES), st.times(time(8), time(22)))
def test_nothing_is_due_in_quiet_time_and_all_stands_on_its_side_of_the_meeting(
    day: date, place: tuple[str, str], at: time
) -> None:
    zone, is_holiday = place[0], holiday_rule(place[1])
    meeting = datetime.combine(day, at.replace(tzinfo=None), ZoneInfo(zone))
    for rule in RULES:
        moment = due(rule, meeting, zone, is_holiday)
        assert allowed(moment, zone, is_holiday)
        assert (moment < meeting) == (rule.days > 0)
