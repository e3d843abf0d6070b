"""Calendars are strict readers: line lengths, escapes, line ends, updates and cancellations by RFC 5545 and 5546."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.domain.calendar import CONTROL, Entry, Method, calendar

ENTRY = Entry(
    uid="meeting-7@samskab.example",
    sequence=3,
    changed=datetime(2026, 3, 2, 9, tzinfo=UTC),
    starts=datetime(2026, 3, 29, 15, tzinfo=UTC),
    length=timedelta(minutes=120),
    summary="Svelvik, unge",
    place="Rådhuset; sal 2",
    description="1. Bussen\n2. Natta",
    link="https://meet.example/abc",
)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_an_event_has_what_calendars_need() -> None:
    lines = unfolded(calendar([ENTRY], Method.PUBLISH))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert {"VERSION:2.0", "PRODID:-//Samskab//Meetings//EN", "METHOD:PUBLISH"} <= set(lines)
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]
    assert set(event) == {
        "BEGIN:VEVENT",
        "UID:meeting-7@samskab.example",
        "SEQUENCE:3",
        "DTSTAMP:20260302T090000Z",
        "DTSTART:20260329T150000Z",
        "DTEND:20260329T170000Z",
        "SUMMARY:Svelvik\\, unge",
        "LOCATION:Rådhuset\\; sal 2",
        "DESCRIPTION:1. Bussen\\n2. Natta",
        "URL:https://meet.example/abc",
        "STATUS:CONFIRMED",
    }
    assert lines[-2:] == ["END:VCALENDAR", ""]


def test_a_cancelled_meeting_keeps_its_uid_and_says_so() -> None:
    lines = unfolded(calendar([replace(ENTRY, sequence=4, cancelled=True)], Method.CANCEL))
    assert "METHOD:CANCEL" in lines and "STATUS:CANCELLED" in lines
    assert f"UID:{ENTRY.uid}" in lines and "SEQUENCE:4" in lines


def test_a_line_break_in_a_text_cannot_begin_a_line_of_its_own() -> None:
    text = calendar(
        [replace(ENTRY, place="Hall\r\nSTATUS:CANCELLED", link="https://x.example/\r\nEND:VEVENT")], Method.PUBLISH
    )
    assert "STATUS:CANCELLED" not in unfolded(text) and unfolded(text).count("END:VEVENT") == 1


def test_the_length_is_counted_in_hours_that_pass_also_over_a_clock_change() -> None:
    night = replace(ENTRY, starts=datetime(2026, 10, 25, 0, 30, tzinfo=UTC), length=timedelta(minutes=90))
    assert "DTEND:20261025T020000Z" in unfolded(calendar([night], Method.PUBLISH))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_line_is_longer_than_75_octets_and_no_word_is_lost(text: str) -> None:
    written = calendar([replace(ENTRY, description=text)], Method.PUBLISH)
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    found = Calendar.from_ical(written).events[0]["description"]
    assert "".join(str(found).split()) == "".join(CONTROL.sub("", text).split())
