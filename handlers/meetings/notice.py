"""What members are told about a meeting: all the facts in the message itself, and three buttons to answer it."""

from __future__ import annotations

from bot.chat.messages import Link
from bot.domain.people import Person, Role
from bot.engine.errand import Errand, Item
from bot.engine.whereabouts import replies
from bot.text import Lines, Words, _, n_
from storage import attendance, calendars, committees, people
from storage.meetings import Meeting

ROWS = tuple[Item | tuple[Item, ...], ...]


def facts(errand: Errand, meeting: Meeting) -> Words:
    """All that members need to know, in the message itself."""
    contact = committees.mandate(errand.tx, meeting.committee_id).contact
    where: list[Words] = [
        _("Meeting: {when}", when=meeting.starts_at),
        lasts(meeting.length),
        _("Place: {place}", place=meeting.place),
    ]
    if meeting.link:
        where.append(_("Or join from where you are: {link}", link=meeting.link))
    return Lines(
        (
            Lines(tuple(where), "\n"),
            _("Agenda:\n{agenda}", agenda=meeting.agenda),
            _("Questions: {name}, {phone}, {email}", name=contact.name, phone=contact.phone, email=contact.email),
        )
    )


def lasts(minutes: int) -> Words:
    """How long, in hours where these are whole."""
    hours, over = divmod(minutes, 60)
    if hours and not over:
        return n_("It lasts about {count} hour.", "It lasts about {count} hours.", hours)
    return n_("It lasts about {count} minute.", "It lasts about {count} minutes.", minutes)


def answer_rows(errand: Errand, meeting: Meeting) -> ROWS:
    """The three answers, and the way into one's own calendar."""
    return replies(meeting), calendar_link(errand, meeting)


def calendar_link(errand: Errand, meeting: Meeting) -> Link:
    """The meeting as a file for the calendar of a phone or a computer."""
    return Link(_("Put it in my calendar"), calendars.path(errand.house.vault, meeting.id))


def invited(errand: Errand, meeting: Meeting) -> list[Person]:
    """The members, and the substitutes who were asked to this meeting."""
    members = people.members(errand.tx, meeting.committee_id)
    seated = {one.id for one in members}
    asked = attendance.of(errand.tx, meeting.id)
    spare = people.holding(errand.tx, meeting.committee_id, (Role.SUBSTITUTE,))
    return [*members, *(one for one in spare if one.id in asked and one.id not in seated)]


def tell_invited(
    errand: Errand, meeting: Meeting, text: Words, notice: Words, dedupe: str, *rows: Item | tuple[Item, ...]
) -> int:
    """Write to everybody invited what must be known; returns to how many."""
    errand.about(meeting.committee_id)
    found = invited(errand, meeting)
    for person in found:
        tell_one(errand, meeting, person, text, notice, dedupe, *rows)
    return len(found)


def tell_one(
    errand: Errand,
    meeting: Meeting,
    person: Person,
    text: Words,
    notice: Words,
    dedupe: str,
    *rows: Item | tuple[Item, ...],
) -> None:
    """Write to one person what must be known about a meeting."""
    errand.tell(
        person,
        text,
        *rows,
        notice=notice,
        kind="necessary",
        dedupe=f"{dedupe}:person:{person.id}",
        about=("meeting", meeting.id),
        expires_at=max(meeting.starts_at, errand.now),
        path="/talk",
    )
