"""Meetings: set a date, a place and an agenda, announce it to members, and tell them when it is moved or cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.languages import as_answers, by_language, in_languages
from bot.domain.mandate import Mandate
from bot.domain.people import facilitator
from bot.domain.questions import Answers, Moment, Value, moment_of, written
from bot.domain.schedule import days_before
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.i18n import NAMES
from bot.text import Lines, Words, _, n_
from storage import audit, committees, meetings, people, prompts, schedules
from storage.committees import Committee
from storage.meetings import Meeting

router = Router()


@router.command("meeting", who=facilitator, words=("new meeting", "nyt møde", "nytt møte"))
def begin(chat: Chat, argument: str) -> None:
    """Set up a new meeting."""
    assert chat.committee is not None
    chat.begin("meeting", chat.committee.id)


@router.command("meetings", who=facilitator, words=("our meetings", "vores møder", "møtene våre", "møta våre"))
def list_meetings(chat: Chat, argument: str) -> None:
    """The meetings to come, each with a button."""
    assert chat.committee is not None
    rows = [
        Button(_("{when} ({state})", when=item.starts_at, state=STATES[item.state]), "meets", item.id)
        for item in meetings.planned(chat.tx, chat.committee.id, chat.now)
    ]
    text = _("These meetings are planned:") if rows else _("No meeting is planned yet.")
    chat.say(text, *rows, Button(_("New meeting"), "open", "meeting", chat.committee.id))


STATES = {"draft": _("not announced"), "announced": _("announced"), "cancelled": _("cancelled")}


def fields_of(mandate: Mandate, chat: Chat) -> tuple[Any, ...]:
    """When, where and what about, in the committee's languages."""
    return (
        Moment(
            key="at",
            text=_("When is the meeting?"),
            hint=_("Date and time, such as 2026-12-03 17:00."),
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


@router.button("meets", Meeting, who=facilitator)
def show(chat: Chat, meeting: Meeting) -> None:
    """A meeting as members see it, and what can be done with it."""
    change = Button(_("Change it"), "open", "remeet", meeting.id)
    cancel = Button(_("Cancel the meeting"), "nomeet", meeting.id)
    if meeting.state == "cancelled" or meeting.starts_at <= chat.now:
        chat.say(facts(chat, meeting))
    elif meeting.state == "announced":
        chat.say(facts(chat, meeting), (change, cancel))
    else:
        count = len(people.members(chat.tx, meeting.committee_id))
        preview = n_("This goes to {count} member:", "This goes to {count} members:", count)
        announce = Button(_("Announce"), "announce", meeting.id)
        chat.say(Lines((preview, facts(chat, meeting))), announce, (change, cancel))


def facts(chat: Chat, meeting: Meeting) -> Words:
    """All that members need to know, in the message itself."""
    contact = committees.mandate(chat.tx, meeting.committee_id).contact
    return Lines(
        (
            Lines((_("Meeting: {when}", when=meeting.starts_at), _("Place: {place}", place=meeting.place)), "\n"),
            _("Agenda:\n{agenda}", agenda=meeting.agenda),
            _("Questions: {name}, {phone}, {email}", name=contact.name, phone=contact.phone, email=contact.email),
        )
    )


@router.button("announce", Meeting, who=facilitator)
def announce(chat: Chat, meeting: Meeting) -> None:
    """Tell every member; a second press tells nobody again."""
    if meeting.starts_at <= chat.now:
        raise Refusal(_("This meeting has passed. Change its date first, or set up a new one."))
    if not meetings.enter(chat.tx, meeting.id, "announced", "draft"):
        raise Refusal(_("This meeting is no longer waiting to be announced. Write /meetings to see all."))
    told = tell_members(chat, meeting, facts(chat, meeting), _("a meeting"), f"meeting:{meeting.id}")
    audit.log(chat.tx, chat.now, chat.person.id, meeting.committee_id, "meeting announced", f"meeting:{meeting.id}")
    chat.say(n_("{count} member is told.", "{count} members are told.", told), instead=True)


def tell_members(chat: Chat, meeting: Meeting, text: Words, notice: Words, dedupe: str) -> int:
    """Write to every member what must be known; returns to how many."""
    members = people.members(chat.tx, meeting.committee_id)
    for member in members:
        chat.tell(
            member,
            text,
            notice=notice,
            kind="necessary",
            dedupe=f"{dedupe}:person:{member.id}",
            about=("meeting", meeting.id),
            expires_at=max(meeting.starts_at, chat.now),
            path="/talk",
        )
    return len(members)


def change_form(chat: Chat, meeting: Meeting) -> Form:
    """The same form again; members hear of it only when it is sent."""
    if meeting.state == "cancelled":
        raise not_here()
    fields = fields_of(committees.mandate(chat.tx, meeting.committee_id), chat)
    return Form("remeet", fields, title=_("Change a meeting"), review=looked_over, send=_("Save the change"))


def as_was(chat: Chat, meeting: Meeting) -> dict[str, Value]:
    """The meeting as it stands, ready to change."""
    mandate = committees.mandate(chat.tx, meeting.committee_id)
    texts = as_answers("place", meeting.place, mandate.locales) | as_answers("agenda", meeting.agenda, mandate.locales)
    return {"at": written(meeting.starts_at, mandate.municipality.zone), **texts}


@router.form("remeet", Meeting, change_form, who=facilitator, before=as_was)
def changed(chat: Chat, meeting: Meeting, answers: Answers) -> None:
    """Keep a change; another date or place is told to those who know of the meeting."""
    mandate = committees.mandate(chat.tx, meeting.committee_id)
    zone = mandate.municipality.zone
    starts_at = moment_of(answers["at"], zone)
    place = by_language("place", answers, mandate.locales)
    agenda = by_language("agenda", answers, mandate.locales)
    meetings.change(chat.tx, meeting.id, starts_at, place, agenda)
    now_is = meetings.get(chat.tx, meeting.id)
    assert now_is is not None
    audit.log(chat.tx, chat.now, chat.person.id, meeting.committee_id, "meeting changed", f"meeting:{meeting.id}")
    if starts_at != meeting.starts_at:
        move_messages(chat, meeting, now_is, zone)
    if meeting.state == "announced" and (starts_at, place) != (meeting.starts_at, meeting.place):
        news = _("The meeting has been changed: {before} no longer holds.", before=meeting.starts_at)
        if starts_at == meeting.starts_at:
            news = _("The meeting is in another place.")
        stamp = f"moved:{meeting.id}:{chat.now:%Y%m%d%H%M%S%f}"
        told = tell_members(chat, now_is, Lines((news, facts(chat, now_is))), _("a change of meeting"), stamp)
        chat.say(n_("Saved. {count} member is told.", "Saved. {count} members are told.", told))
    else:
        chat.say(_("Saved."))
        show(chat, now_is)


def move_messages(chat: Chat, before: Meeting, after: Meeting, zone: str) -> None:
    """Messages due some days before the meeting keep their distance to it; what is late goes out at once."""
    for prompt in prompts.following(chat.tx, before.id):
        assert prompt.due_at is not None
        due = max(at_same_distance(prompt.due_at, before.starts_at, after.starts_at, zone), chat.now)
        schedules.drop(chat.tx, prompt.id, "prompt")
        prompts.change(chat.tx, prompt.id, due_at=due)
        schedules.plan(chat.tx, "prompt", prompt.id, due, prompt.committee_id)


def at_same_distance(due: datetime, before: datetime, after: datetime, zone: str) -> datetime:
    """As many calendar days before the new date as before the old one, at the same local time."""
    local = due.astimezone(ZoneInfo(zone))
    days = (before.astimezone(ZoneInfo(zone)).date() - local.date()).days
    return days_before(after, days, local.time(), zone)


@router.button("nomeet", Meeting, who=facilitator)
def ask_cancel(chat: Chat, meeting: Meeting) -> None:
    """The first step of cancelling."""
    if meeting.state == "cancelled":
        raise not_here()
    text = _("Cancel the meeting {when}? Members who know of it are told at once.", when=meeting.starts_at)
    chat.say(text, Button(_("Yes, cancel it"), "unmeet", meeting.id), Button(_("No, keep it"), "meets", meeting.id))


@router.button("unmeet", Meeting, who=facilitator)
def cancelled(chat: Chat, meeting: Meeting) -> None:
    """The second step: members are told, and what was to go out before it does not."""
    if meeting.starts_at <= chat.now:
        raise Refusal(_("This meeting has passed. Write /meetings to see those to come."))
    if not meetings.enter(chat.tx, meeting.id, "cancelled", "draft", "announced"):
        raise not_here()
    for prompt in prompts.following(chat.tx, meeting.id):
        prompts.enter(chat.tx, prompt.id, "cancelled", "scheduled")
        schedules.drop(chat.tx, prompt.id, "prompt")
    audit.log(chat.tx, chat.now, chat.person.id, meeting.committee_id, "meeting cancelled", f"meeting:{meeting.id}")
    if meeting.state == "draft":
        chat.say(_("The meeting is cancelled. Nobody had been told of it."), instead=True)
        return
    contact = committees.mandate(chat.tx, meeting.committee_id).contact
    news = _(
        "The meeting {when} is cancelled. Questions: {name}, {phone}, {email}",
        when=meeting.starts_at,
        name=contact.name,
        phone=contact.phone,
        email=contact.email,
    )
    told = tell_members(chat, meeting, news, _("a cancelled meeting"), f"nomeet:{meeting.id}")
    chat.say(n_("Cancelled. {count} member is told.", "Cancelled. {count} members are told.", told), instead=True)
