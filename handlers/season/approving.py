"""Approving the season's calendar by one button: drafts are made, moments are planned, and nobody is written to yet."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot import i18n
from bot.domain.errors import Refusal
from bot.domain.people import facilitator
from bot.domain.questions import FreeText
from bot.domain.schedule import days_before
from bot.domain.season import Kind
from bot.domain.templates import Draft, questions_before
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Text, _, n_
from handlers.season.proposing import kind_of
from storage import audit, committees, meetings, prompts, season
from storage.committees import Committee
from storage.meetings import Meeting
from storage.season import SeasonItem

router = Router()
NOON = time(12)
USEFUL = timedelta(days=14)  # after that a nudge is only noise


@router.button("seasyes", Committee, who=facilitator)
def approve(chat: Chat, committee: Committee) -> None:
    """Everything proposed is approved; a second press does nothing more."""
    proposed = season.of(chat.tx, committee.id, "proposed")
    if not proposed:
        raise Refusal(_("There is nothing left to approve. Write /season to see the calendar."))
    held = len(meetings.held(chat.tx, committee.id, chat.now, 1000))
    ahead = [one.id for one in meetings.planned(chat.tx, committee.id, chat.now)]
    planned = []
    for item in proposed:
        meeting = meetings.get(chat.tx, item.meeting_id)
        if meeting is not None and kind_of(item) is Kind.QUESTIONS:
            draft = questions_before(held + ahead.index(meeting.id), held + len(ahead))
            season.drafted(chat.tx, item.id, questions(chat, meeting, draft))
        planned.append((item, useful_until(item, meeting)))
    season.approve(chat.tx, planned)
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "season approved", f"committee:{committee.id}")
    drafts = n_(
        "The calendar is approved. {count} set of questions is drafted; you find it under /questions.",
        "The calendar is approved. {count} sets of questions are drafted; you find them under /questions.",
        len([item for item in proposed if kind_of(item) is Kind.QUESTIONS]),
    )
    chat.say(drafts, instead=True)
    chat.say(
        _(
            "You hear from me when something is to be done. Members are reminded of meetings you have announced; "
            "everything else is yours to send."
        )
    )


def useful_until(item: SeasonItem, meeting: Meeting | None) -> datetime:
    """Until when it makes sense to do what could not be done in time."""
    late = item.due_at + USEFUL
    return min(late, meeting.starts_at) if meeting is not None and item.due_at < meeting.starts_at else late


def questions(chat: Chat, meeting: Meeting, draft: Draft) -> int:
    """A draft of three open questions for this kind of meeting, in the committee's languages."""
    mandate = committees.mandate(chat.tx, meeting.committee_id)

    def written(text: Text) -> dict[str, str]:
        return {locale: i18n.say(text, locale) for locale in mandate.locales}

    deadline = days_before(meeting.starts_at, 1, NOON, mandate.municipality.zone)
    prompt = prompts.draft(
        chat.tx,
        meeting.committee_id,
        "questions",
        chat.person.id,
        chat.now,
        meeting_id=meeting.id,
        text=written(draft.topic),
        deadline_at=deadline,
    )
    for text in draft.questions:
        prompts.add_question(chat.tx, prompt.id, FreeText.kind, written(text), {})
    return prompt.id
