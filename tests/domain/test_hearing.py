"""What a person hears unasked, and when: one message a day, two a week, outside quiet hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hearing import MEMBER, POLITICIAN, Budget, Ear, hour, rest

OSLO = "Europe/Oslo"
NO = rest("no")
# A Monday at ten, in winter time.
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
EIGHT = timedelta(hours=7)  # eight o'clock in Oslo, as UTC
QUIET = Ear(OSLO, NO)


def midnight(days: int) -> datetime:
    return datetime(2026, 3, 2, tzinfo=UTC) + days * DAY


def test_who_has_heard_nothing_hears_at_once() -> None:
    assert hour("prompt", MONDAY, None, QUIET) == MONDAY


def test_a_second_message_of_a_day_goes_the_next_morning() -> None:
    assert hour("prompt", MONDAY, None, replace(QUIET, heard=(MONDAY,))) == midnight(1) + EIGHT


def test_a_third_message_of_a_week_goes_when_the_first_is_a_week_old() -> None:
    heard = (MONDAY, MONDAY + DAY)
    assert hour("prompt", MONDAY + 2 * DAY, None, replace(QUIET, heard=heard)) == midnight(7) + EIGHT


def test_a_politician_hears_once_a_week() -> None:
    ear = replace(QUIET, heard=(MONDAY,), budget=POLITICIAN)
    assert hour("prompt", MONDAY + 3 * DAY, None, ear) == midnight(7) + EIGHT


def test_days_are_the_persons_own() -> None:
    """At 23:30 UTC it is the next day in Oslo, and still the same one in New York."""
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    tomorrow = datetime(2026, 3, 3, 15, tzinfo=UTC)
    assert hour("prompt", tomorrow, None, replace(QUIET, heard=(late,))) > tomorrow
    assert hour("prompt", tomorrow, None, Ear("America/New_York", rest("no"), heard=(late,))) == tomorrow


def test_a_night_a_sunday_and_a_holiday_are_waited_out() -> None:
    saturday_night = datetime(2026, 4, 4, 21, tzinfo=UTC)  # before Easter Sunday and Monday
    assert hour("prompt", saturday_night, None, QUIET) == datetime(2026, 4, 7, 6, tzinfo=UTC)
    open_house = Ear(OSLO, rest("no", False))
    assert hour("prompt", saturday_night, None, open_house) == datetime(2026, 4, 5, 6, tzinfo=UTC)


def test_a_first_question_goes_beyond_the_weeks_budget_before_it_is_too_late_but_not_twice_a_day() -> None:
    ear = replace(QUIET, heard=(MONDAY, MONDAY + DAY))
    now, deadline = MONDAY + DAY + timedelta(hours=1), MONDAY + 4 * DAY
    assert hour("prompt", now, deadline, ear) == midnight(2) + EIGHT
    assert hour("prompt", now, now + timedelta(hours=3), ear) == now


def test_to_a_politician_nothing_goes_beyond_the_week() -> None:
    ear = replace(QUIET, heard=(MONDAY,), budget=POLITICIAN)
    assert hour("prompt", MONDAY + 2 * DAY, MONDAY + 4 * DAY, ear, firm=True) is None
    assert hour("prompt", MONDAY + 2 * DAY, MONDAY + 7 * DAY, ear, firm=True) == midnight(7) + EIGHT


def test_a_reminder_never_goes_beyond_the_budget() -> None:
    ear = replace(QUIET, heard=(MONDAY, MONDAY + DAY))
    assert hour("reminder", MONDAY + 2 * DAY, MONDAY + 3 * DAY, ear) is None
    assert hour("reminder", MONDAY + 2 * DAY, MONDAY + 9 * DAY, replace(QUIET, heard=())) == MONDAY + 2 * DAY


def test_an_early_reminder_leaves_room_on_the_last_day() -> None:
    ear = replace(QUIET, heard=(MONDAY,))
    assert hour("reminder", MONDAY + 2 * DAY, MONDAY + 5 * DAY, ear) is None
    assert hour("reminder", MONDAY + 4 * DAY, MONDAY + 10 * DAY, ear) == MONDAY + 4 * DAY
    assert hour("reminder", MONDAY + 4 * DAY, MONDAY + 5 * DAY, ear) == MONDAY + 4 * DAY


def test_in_a_pause_nothing_goes_and_after_it_what_still_matters() -> None:
    ear = replace(QUIET, paused_until=midnight(10) + EIGHT)
    assert hour("prompt", MONDAY, None, ear) == midnight(10) + EIGHT
    assert hour("prompt", MONDAY, MONDAY + 3 * DAY, ear) is None
    assert hour("prompt", MONDAY + 11 * DAY, None, ear) == MONDAY + 11 * DAY


@given(
    st.lists(st.tuples(st.integers(0, 60 * 24 * 30), st.booleans()), max_size=40), st.sampled_from((MEMBER, POLITICIAN))
)
def test_whatever_comes_the_budget_holds(asked: list[tuple[int, bool]], budget: Budget) -> None:
    """Each goes at its hour; with no deadline there is never a second one on a day, nor too many in any seven days."""
    heard: list[datetime] = []
    for minutes, is_reminder in sorted(asked):
        ear = Ear(OSLO, NO, budget, heard=tuple(heard))
        now = max([MONDAY + timedelta(minutes=minutes), *heard])
        found = hour("reminder" if is_reminder else "prompt", now, None, ear)
        assert found is not None
        heard.append(found)
    days = [moment.astimezone(ZoneInfo(OSLO)).date() for moment in heard]
    assert len(days) == len(set(days))
    for day in days:
        week = [one for one in days if date.fromordinal(day.toordinal() - 6) <= one <= day]
        assert len(week) <= budget.a_week
    assert all(8 <= moment.astimezone(ZoneInfo(OSLO)).hour < 21 for moment in heard)


def test_a_rule_that_never_lets_anybody_be_written_to_is_a_fault() -> None:
    with pytest.raises(ValueError, match="holiday"):
        hour("prompt", MONDAY, None, Ear(OSLO, replace(NO, is_holiday=lambda day: True)))
