"""Planning a meeting: date, place and agenda, and later how long it lasts and how to join from afar."""

from __future__ import annotations

from typing import Any

from bot.domain.forms import Form, looked_over
from bot.domain.languages import as_answers, by_language, in_languages
from bot.domain.mandate import LegalForm, Mandate
from bot.domain.people import facilitator
from bot.domain.questions import Answers, Moment, OneOf, Option, Value, WebAddress, moment_of, written
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.i18n import NAMES
from bot.text import Lines, Words, _, n_
from handlers.meetings.listing import show
from handlers.meetings.moving import move_what_hangs_on
from handlers.meetings.notice import answer_rows, facts, tell_invited
from storage import audit, committees, meetings
from storage.committees import Committee
from storage.meetings import Meeting

router = Router()
LENGTHS = (60, 90, 120, 150, 180, 240, 300, 360)


@router.command("meeting", who=facilitator, words=("new meeting", "nyt møde", "nytt møte"))
def begin(chat: Chat, argument: str) -> None:
    """Set up a new meeting."""
    assert chat.committee is not None
    chat.begin("meeting", chat.committee.id)


def fields_of(mandate: Mandate, chat: Chat) -> tuple[Any, ...]:
    """When, where and what about, in the committee's languages."""
    return (
        Moment(
            key="at",
            text=_("When is the meeting?"),
            zone=mandate.municipality.zone,
            now=chat.now,
        ),
        *in_languages(
            "place",
            _("Where is it? Add how to get in, if that is not plain."),
            mandate.locales,
            NAMES,
            longest=300,
        ),
        *in_languages("agenda", _("What is on the agenda?"), mandate.locales, NAMES),
    )


def further_fields(mandate: Mandate) -> tuple[Any, ...]:
    """What has a usual answer, and is asked only of who wants to change it."""
    lengths = tuple(Option(str(one), n_("{count} minute", "{count} minutes", one)) for one in LENGTHS)
    hint = _("Everybody invited gets it with the notice. Skip it if all meet in the room.")
    if mandate.legal_form is LegalForm.NO_5_7:
        hint = _(
            "In this form of committee {the_council} must have allowed it first.",
            the_council=mandate.municipality.the_council,
        )
    return (
        OneOf(key="length", text=_("How long does it last?"), choices=lengths),
        WebAddress(
            key="link",
            text=_("Can one join from afar? Paste the link to the online meeting."),
            hint=hint,
            optional=True,
        ),
    )


def new_form(chat: Chat, committee: Committee) -> Form:
    """The form for a new meeting."""
    return Form("meeting", fields_of(committees.mandate(chat.tx, committee.id), chat), title=_("A meeting"))


@router.form("meeting", Committee, new_form, who=facilitator)
def added(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Keep a new meeting and show it as members will see it."""
    mandate = committees.mandate(chat.tx, committee.id)
    meeting = meetings.add(
        chat.tx,
        committee.id,
        moment_of(answers["at"], mandate.municipality.zone),
        by_language("place", answers, mandate.locales),
        by_language("agenda", answers, mandate.locales),
        chat.person.id,
        chat.now,
    )
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "meeting added", f"meeting:{meeting.id}")
    show(chat, meeting)


def change_form(chat: Chat, meeting: Meeting) -> Form:
    """The same form again, with the rest; members hear of it only when it is sent."""
    if meeting.state not in ("draft", "announced"):
        raise not_here()
    mandate = committees.mandate(chat.tx, meeting.committee_id)
    fields = (*fields_of(mandate, chat), *further_fields(mandate))
    return Form("remeet", fields, title=_("Change a meeting"), review=looked_over, send=_("Save the change"))


def as_was(chat: Chat, meeting: Meeting) -> dict[str, Value]:
    """The meeting as it stands, ready to change; what was never written is asked."""
    mandate = committees.mandate(chat.tx, meeting.committee_id)
    given: dict[str, Value] = {"at": written(meeting.starts_at, mandate.municipality.zone)}
    for name, words in (("place", meeting.place), ("agenda", meeting.agenda)):
        given |= as_answers(name, words, mandate.locales) if words else {}
    return {**given, "length": str(meeting.length), "link": meeting.link}


@router.form("remeet", Meeting, change_form, who=facilitator, before=as_was)
def changed(chat: Chat, meeting: Meeting, answers: Answers) -> None:
    """Keep a change; what members must know is told to those who know of the meeting."""
    mandate = committees.mandate(chat.tx, meeting.committee_id)
    link = answers.get("link")
    meetings.change(
        chat.tx,
        meeting.id,
        starts_at=moment_of(answers["at"], mandate.municipality.zone),
        length=int(str(answers["length"])),
        place=by_language("place", answers, mandate.locales),
        link=str(link) if link else None,
        agenda=by_language("agenda", answers, mandate.locales),
    )
    after = meetings.get(chat.tx, meeting.id)
    assert after is not None
    audit.log(chat.tx, chat.now, chat.person.id, meeting.committee_id, "meeting changed", f"meeting:{meeting.id}")
    follows: tuple[Words, ...] = ()
    if after.starts_at != meeting.starts_at:
        follows = move_what_hangs_on(chat, meeting, after, mandate.municipality.zone)
    if meeting.state == "announced" and matters(after) != matters(meeting):
        text = Lines((news(meeting, after), facts(chat, after), *follows))
        stamp = f"moved:{meeting.id}:{after.sequence}"
        told = tell_invited(chat, after, text, _("a change of meeting"), stamp, *answer_rows(chat, after))
        chat.say(n_("Saved. {count} member is told.", "Saved. {count} members are told.", told))
    else:
        chat.say(_("Saved."))
        show(chat, after)


def matters(meeting: Meeting) -> tuple[Any, ...]:
    """What of a meeting people must be told when it changes."""
    return meeting.starts_at, meeting.length, meeting.place, meeting.link


def news(before: Meeting, after: Meeting) -> Words:
    """What has changed, in one sentence."""
    if after.starts_at != before.starts_at:
        return _("The meeting has been changed: {before} no longer holds.", before=before.starts_at)
    if after.place != before.place:
        return _("The meeting is in another place.")
    if after.length != before.length:
        return _("The meeting has another length.")
    return _("There is a change in how to join the meeting from where you are.")
