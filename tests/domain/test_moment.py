"""Dates and times as people type them, and lists written one a line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.questions import ListOfLines, Moment, moment_of, written

OSLO = "Europe/Oslo"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def asked(now: datetime = NOW) -> Moment:
    return Moment(key="at", text="When?", zone=OSLO, now=now)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-03 17:00",
        "2026-12-03T17:00",
        "2026-12-03T17:00:00",
        " 2026-12-03  17.00 ",
        "3.12.2026 17:00",
        "3. 12. 2026 kl. 17",
        "03/12/2026 17:00",
        "3/12 17:00",
        "3.12. kl 17.00",
        "3/12 at 17",
    ],
)
def test_the_usual_ways_of_writing_a_moment_mean_the_same(typed: str) -> None:
    value = asked().parse((typed,))
    assert value == "2026-12-03T17:00"
    assert moment_of(value, OSLO) == datetime(2026, 12, 3, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    ["Thursday", "2026-13-03 17:00", "2026-02-30 17:00", "3/12", "17:00", "3/12 25:00", "3/12 17:61", "²/12 17:00"],
)
def test_what_is_no_moment_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refusal) as refusal:
        asked().parse((typed,))
    assert "2026-12-03 17:00" in str(refusal.value.text)


@pytest.mark.parametrize("typed", ["2026-03-02 10:00", "2026-03-02 09:00", "2025-12-03 17:00"])
def test_a_moment_that_has_passed_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        asked().parse((typed,))


def test_without_a_year_it_is_the_next_such_day() -> None:
    assert asked().parse(("2/3 10:01",)) == "2026-03-02T10:01"
    assert asked().parse(("2/3 10:00",)) == "2027-03-02T10:00"
    assert asked().parse(("29/2 12:00",)) == "2028-02-29T12:00"


def test_nothing_is_asked_again() -> None:
    with pytest.raises(Refusal):
        asked().parse(())


@given(st.timedeltas(timedelta(minutes=1), timedelta(days=3000)))
def test_a_moment_survives_being_written_and_read(later: timedelta) -> None:
    moment = (NOW + later).replace(second=0, microsecond=0)
    if moment <= NOW:
        return
    value = asked().parse((written(moment, OSLO),))
    # An hour that comes twice in autumn is read as the first.
    assert moment_of(value, OSLO) in (moment, moment - timedelta(hours=1))
    assert written(moment_of(value, OSLO), OSLO) == written(moment, OSLO)


def test_lists_are_tidied_and_counted() -> None:
    lines = ListOfLines(key="options", text="What?", exactly=2)
    assert lines.parse(("  En   buss \n\n To\n",)) == "En buss\nTo"
    with pytest.raises(Refusal):
        lines.parse(("En\nTo\nTre",))
    with pytest.raises(Refusal):
        ListOfLines(key="options", text="What?").parse(("\n".join(str(n) for n in range(13)),))
