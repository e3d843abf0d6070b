"""Asking a guardian of somebody too young to decide alone: what is told, and how long we wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.mandate import Mandate
from bot.text import Words, _

REMINDED_AFTER = timedelta(days=3)
GIVEN_UP_AFTER = timedelta(days=14)


def letter(mandate: Mandate) -> Words:
    """What the committee is and whom to ask; never what the child wrote."""
    return _(
        "Somebody under 15 whom you are parent or guardian of would like to join a committee on "
        "{topic} in {municipality}. "
        "{in_brief}\n\n"
        "Taking part is voluntary and can be stopped at any time. You do not see what your child writes. "
        "Questions: {name}, {phone}, {email}. Do you say yes?",
        topic=mandate.title,
        municipality=mandate.municipality.name,
        in_brief=mandate.in_brief,
        name=mandate.contact.name,
        phone=mandate.contact.phone,
        email=mandate.contact.email,
    )


def given_up(mandate: Mandate, asked_at: datetime) -> datetime:
    """When an application whose guardian has not answered is deleted: so long after the deadline, or after asking."""
    return max(mandate.call.closes, asked_at) + GIVEN_UP_AFTER
