"""Meetings as calendars read them: iCalendar by RFC 5545, with updates and cancellations by RFC 5546."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

PRODUCT = "-//Samskab//Meetings//EN"
REFRESH = timedelta(hours=4)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Method(StrEnum):
    """What a calendar is to do with the events (RFC 5546, 1.4)."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting. `sequence` rises with each change; the same `uid` with a higher one replaces what is known."""

    uid: str
    sequence: int
    changed: datetime
    starts: datetime
    length: timedelta
    summary: str
    place: str
    description: str
    link: str = ""
    cancelled: bool = False


def calendar(entries: Iterable[Entry], method: Method, name: str = "") -> str:
    """A whole calendar as text; moments stand in UTC. With a name it is a feed that is fetched again and again."""
    from icalendar import Calendar, Event  # heavy, and needed only when a calendar asks

    found = Calendar()
    found.add("version", "2.0")
    found.add("prodid", PRODUCT)
    found.add("method", method.value)
    if name:
        found.add("x-wr-calname", plain(name))
        found.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("sequence", entry.sequence)
        event.add("dtstamp", entry.changed.astimezone(UTC))
        event.add("dtstart", entry.starts.astimezone(UTC))
        event.add("dtend", entry.starts.astimezone(UTC) + entry.length)
        event.add("summary", plain(entry.summary))
        event.add("location", plain(entry.place))
        event.add("description", plain(entry.description))
        if entry.link:
            event.add("url", "".join(plain(entry.link).split()))
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        found.add_component(event)
    text: str = found.to_ical().decode()
    return text


def plain(text: str) -> str:
    """A text without control characters, which RFC 5545 (3.1) forbids; line breaks are plain ones."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
