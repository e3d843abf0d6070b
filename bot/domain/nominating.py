"""Seats that a body fills: what the person named is told, and how long we wait for an answer."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.mandate import Mandate
from bot.text import Day, Words, _

REMINDED_AFTER = timedelta(days=4)
SILENT_AFTER = timedelta(days=10)


def letter(mandate: Mandate, name: str, seat: str) -> Words:
    """What the committee is, who named the person for which line, and what is asked."""
    line = mandate.profile(seat)
    return _(
        "Hello {name}. {body} has named you for a seat in the committee on {topic} in {municipality}. "
        "The seat is: {line}.\n\n"
        "{in_brief}\n\n"
        "The committee meets about {meetings} times, from {start} to {end}. "
        "You decide whether you want to. If you do, we ask a few short questions. "
        "Questions: {contact}, {phone}, {email}. Will you take the seat?",
        name=name,
        body=line.nominated_by or "",
        topic=mandate.title,
        municipality=mandate.municipality.name,
        line=line.label,
        in_brief=mandate.in_brief,
        meetings=mandate.meetings,
        start=Day(mandate.start),
        end=Day(mandate.end),
        contact=mandate.contact.name,
        phone=mandate.contact.phone,
        email=mandate.contact.email,
    )
