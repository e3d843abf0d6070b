"""Meetings as calendars read them: iCalendar by RFC 5545, with updates and cancellations by RFC 5546."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

PRODUCT = "-//Samskab//Meetings//EN"
OCTETS = 75
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
    """A whole calendar as text with CRLF, lines folded at 75 octets (RFC 5545, 3.1); moments stand in UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", f"METHOD:{method}"]
    if name:
        lines += [f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT4H"]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(entry: Entry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{_utc(entry.changed)}"
    yield f"DTSTART:{_utc(entry.starts)}"
    yield f"DTEND:{_utc(entry.starts + entry.length)}"
    yield f"SUMMARY:{escaped(entry.summary)}"
    yield f"LOCATION:{escaped(entry.place)}"
    yield f"DESCRIPTION:{escaped(entry.description)}"
    if entry.link:
        yield f"URL:{CONTROL.sub('', entry.link)}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11): no control characters, and line breaks written as \\n."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for raw, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(raw, written)
    return CONTROL.sub("", plain)


def folded(line: str) -> Iterator[str]:
    """A content line in pieces of at most 75 octets, each but the first begun by a space; no character is cut."""
    piece, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + char, size + width
    yield piece
