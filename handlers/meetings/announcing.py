"""Announcing a meeting to members, and cancelling it in two steps."""

from __future__ import annotations

from bot.chat.messages import Button, Link
from bot.domain.errors import Refusal
from bot.domain.people import facilitator
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, _, n_
from handlers.meetings.moving import stop_what_hangs_on
from handlers.meetings.notice import answer_rows, facts, tell_invited
from storage import audit, calendars, committees, meetings
from storage.meetings import Meeting

router = Router()


@router.button("announce", Meeting, who=facilitator)
def announce(chat: Chat, meeting: Meeting) -> None:
    """Tell every member; a second press tells nobody again."""
    if meeting.starts_at <= chat.now:
        raise Refusal(_("This meeting has passed. Change its date first, or set up a new one."))
    if not (meeting.place and meeting.agenda):
        raise Refusal(_("Place or agenda is missing. Press “Change it” and write them, then announce the meeting."))
    if not meetings.enter(chat.tx, meeting.id, "announced", "draft"):
        raise Refusal(_("This meeting is no longer waiting to be announced. Write /meetings to see all."))
    told = tell_invited(
        chat, meeting, facts(chat, meeting), _("a meeting"), f"meeting:{meeting.id}", *answer_rows(chat, meeting)
    )
    audit.log(chat.tx, chat.now, chat.person.id, meeting.committee_id, "meeting announced", f"meeting:{meeting.id}")
    chat.say(n_("{count} member is told.", "{count} members are told.", told), instead=True)


@router.button("nomeet", Meeting, who=facilitator)
def ask_cancel(chat: Chat, meeting: Meeting) -> None:
    """The first step of cancelling."""
    if meeting.state not in ("draft", "announced"):
        raise not_here()
    text = _("Cancel the meeting {when}? Members who know of it are told at once.", when=meeting.starts_at)
    chat.say(text, Button(_("Yes, cancel it"), "unmeet", meeting.id), Button(_("No, keep it"), "meets", meeting.id))


@router.button("unmeet", Meeting, who=facilitator)
def cancelled(chat: Chat, meeting: Meeting) -> None:
    """The second step: members are told, and what was to go out before it does not."""
    if meeting.starts_at <= chat.now:
        raise Refusal(_("This meeting has passed. Write /meetings to see those to come."))
    if meeting.state not in ("draft", "announced"):
        raise not_here()
    meetings.enter(chat.tx, meeting.id, "dropped" if meeting.state == "draft" else "cancelled", meeting.state)
    follows = stop_what_hangs_on(chat, meeting)
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
    out = Link(_("Take it out of my calendar"), calendars.path(chat.house.vault, meeting.id))
    told = tell_invited(chat, meeting, Lines((news, *follows)), _("a cancelled meeting"), f"nomeet:{meeting.id}", out)
    chat.say(n_("Cancelled. {count} member is told.", "Cancelled. {count} members are told.", told), instead=True)
