"""Changing the season's calendar: another date for a meeting or an item, or no item at all."""

from __future__ import annotations

from datetime import datetime

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import facilitator
from bot.domain.questions import Answers, Moment, moment_of
from bot.domain.season import AFTERWARDS
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Words, _
from handlers.season.proposing import OPEN, kind_of, line, show
from storage import audit, committees, meetings, season
from storage.meetings import Meeting
from storage.season import SeasonItem

router = Router()


@router.button("seasmeet", Meeting, who=facilitator)
def show_meeting(chat: Chat, meeting: Meeting) -> None:
    """What is to be done around one meeting, each with a button."""
    items = season.on(chat.tx, meeting.id)
    lines: list[Words] = [_("Meeting: {when}", when=meeting.starts_at), *(line(item) for item in items)]
    rows = [Button(line(item), "seasitem", item.id) for item in items]
    rows.append(Button(_("Move the meeting"), "open", "remeet", meeting.id))
    chat.say(Lines(tuple(lines), "\n"), *rows, Button(_("The whole season"), "season", meeting.committee_id))


def require_open(item: SeasonItem) -> None:
    """What is done or dropped is not changed. Raises Refusal."""
    if item.state not in OPEN:
        raise not_here()


@router.button("seasitem", SeasonItem, who=facilitator)
def show_item(chat: Chat, item: SeasonItem) -> None:
    """One item, to be moved or dropped."""
    require_open(item)
    move = Button(_("Another date"), "open", "seasdate", item.id)
    chat.say(line(item), (move, Button(_("Drop it"), "seasdrop", item.id)))


def date_form(chat: Chat, item: SeasonItem) -> Form:
    """One moment."""
    require_open(item)
    zone = committees.mandate(chat.tx, item.committee_id).municipality.zone
    return Form("seasdate", (Moment(key="at", text=_("When is it to be?"), zone=zone, now=chat.now),))


@router.form("seasdate", SeasonItem, date_form, who=facilitator)
def moved(chat: Chat, item: SeasonItem, answers: Answers) -> None:
    """Keep the moment, on the right side of the meeting."""
    at = moment_of(answers["at"], committees.mandate(chat.tx, item.committee_id).municipality.zone)
    meeting = meetings.get(chat.tx, item.meeting_id)
    if meeting is not None:
        require_side(item, meeting, at)
    season.move(chat.tx, item, at, meeting.starts_at if meeting and kind_of(item) not in AFTERWARDS else None)
    audit.log(chat.tx, chat.now, chat.person.id, item.committee_id, "season changed", f"seasonitem:{item.id}")
    back(chat, item)


def require_side(item: SeasonItem, meeting: Meeting, at: datetime) -> None:
    """What comes before a meeting stays before it, and what follows it after it. Raises Refusal."""
    if (kind_of(item) in AFTERWARDS) == (at > meeting.starts_at):
        return
    if kind_of(item) in AFTERWARDS:
        raise Refusal(
            _("The meeting is {when}, and this comes after it. Please write a later date.", when=meeting.starts_at)
        )
    raise Refusal(
        _("The meeting is {when}, and this comes before it. Please write an earlier date.", when=meeting.starts_at)
    )


@router.button("seasdrop", SeasonItem, who=facilitator)
def drop(chat: Chat, item: SeasonItem) -> None:
    """Take an item out of the calendar."""
    if not season.enter(chat.tx, item.id, "dropped", *OPEN):
        raise not_here()
    audit.log(chat.tx, chat.now, chat.person.id, item.committee_id, "season changed", f"seasonitem:{item.id}")
    back(chat, item)


def back(chat: Chat, item: SeasonItem) -> None:
    """To where the item was found."""
    meeting = meetings.get(chat.tx, item.meeting_id)
    if meeting is not None:
        show_meeting(chat, meeting)
        return
    assert chat.committee is not None
    show(chat, chat.committee)
