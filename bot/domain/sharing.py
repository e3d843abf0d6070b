"""What is said of a call to those who do not know it yet: a few lines for social media, and a letter to pass on."""

from __future__ import annotations

from bot.domain.mandate import Mandate
from bot.text import Day, Lines, Many, Words, _, n_

PAYLOAD = 64  # characters that Telegram's links take


def payload(key: str, code: str) -> str:
    """How a link to a platform names a committee and the source: KEY_CODE, or _CODE where that is too long."""
    whole = f"{key}_{code}"
    return whole if len(whole) <= PAYLOAD else f"_{code}"


def short(mandate: Mandate, link: str) -> Words:
    """A few lines for social media."""
    return _(
        "{municipality} is looking for {people} for a committee on {topic}. "
        "You need not know anything about politics. "
        "Read more and sign up before {closes}: {link}",
        municipality=mandate.municipality.name,
        people=wanted(mandate),
        topic=mandate.title,
        closes=mandate.call.closes,
        link=link,
    )


def longer(mandate: Mandate, link: str) -> Words:
    """A letter that a school, an association or a parent board can pass on."""
    place = mandate.municipality
    head = _(
        "{municipality} is looking for {people} for a committee on {topic}. Perhaps that is somebody you know.",
        municipality=place.name,
        people=wanted(mandate),
        topic=mandate.title,
    )
    work = _(
        "The committee meets about {meetings} times, from {start} to {end}. "
        "{politicians} politicians take part too. "
        "The committee makes proposals. It is {the_council} that decides, and each proposal gets an answer.",
        meetings=mandate.meetings,
        start=Day(mandate.start),
        end=Day(mandate.end),
        politicians=mandate.politicians,
        the_council=place.the_council,
    )
    join = _(
        "Signing up takes about 3 minutes, and the deadline is {closes}. Everybody gets an answer. "
        "Read more and sign up here: {link}",
        closes=mandate.call.closes,
        link=link,
    )
    contact = _(
        "Questions? Call or write to {name}, {phone}, {email}.",
        name=mandate.contact.name,
        phone=mandate.contact.phone,
        email=mandate.contact.email,
    )
    return Lines((head, mandate.in_brief, *called_lines(mandate), work, join, contact))


def called_lines(mandate: Mandate) -> tuple[Words, ...]:
    """The lines that are called, where not all of them are."""
    if not mandate.call.profiles:
        return ()
    labels = Many(tuple(mandate.profile(key).label for key in mandate.call.profiles))
    return (_("This time we are looking for: {lines}.", lines=labels),)


def wanted(mandate: Mandate) -> Words:
    """How many citizens the present call is about: "10 citizens"."""
    seats = mandate.citizens
    if mandate.call.profiles:
        seats = sum(mandate.profile(key).seats for key in mandate.call.profiles)
    return n_("{count} citizen", "{count} citizens", seats)
