"""Whoever missed a meeting answers up to three questions; the answers join its record, marked as given afterwards."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.forms import Form
from bot.domain.minutes import asked
from bot.domain.people import facilitator, member
from bot.domain.questions import Answers, Value
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Words, _, n_
from handlers.meetings.minutes import was_absent
from storage import attendance, audit, meetings, minutes, paper, people
from storage.meetings import Meeting
from storage.paper import Task

router = Router()


def catchup_form(chat: Chat, meeting: Meeting) -> Form:
    """The questions, each of which may be skipped; only for who was not there."""
    found = minutes.of(chat.tx, meeting.id)
    if found is None or found.state != "published" or not was_absent(chat, meeting):
        raise not_here()
    return Form("catchup", asked(found.questions), title=_("About the meeting you missed"))


def as_sent(chat: Chat, meeting: Meeting) -> dict[str, Value] | None:
    """What was answered before, to be changed."""
    row = minutes.answer_of(chat.tx, meeting.id, chat.person.id)
    return dict(row.values) if row else None


@router.form("catchup", Meeting, catchup_form, who=member, before=as_sent)
def answered(chat: Chat, meeting: Meeting, answers: Answers) -> None:
    """Keep the answers with the meeting."""
    if not any(value is not None for value in answers.values()):
        chat.say(_("That is fine. You hear from us before the next meeting."))
        return
    minutes.answer(chat.tx, meeting.id, chat.person.id, answers, chat.now)
    chat.say(_("Thank you. Your contact person reads it, and it stands with the meeting as said afterwards."))


def missed_by(chat: Chat, task: Task) -> Meeting:
    """The meeting about which a task asks somebody who was not there. Raises Refusal."""
    for kind, number in paper.parts(chat.tx, task):
        if kind == "meeting" and task.person_id in attendance.absent(chat.tx, number):
            found = meetings.get(chat.tx, number)
            if found is not None and found.committee_id == task.committee_id:
                return found
    raise not_here()


def missed_form(chat: Chat, task: Task) -> Form:
    """The same questions, as they are answered on the phone or on the slip."""
    found = minutes.of(chat.tx, missed_by(chat, task).id)
    if found is None or found.state != "published" or not asked(found.questions):
        raise not_here()
    return Form("missed", asked(found.questions), title=_("About the meeting you missed"))


@router.form("missed", Task, missed_form, who=facilitator)
def entered(chat: Chat, task: Task, answers: Answers) -> None:
    """Keep them as the person's own; who entered them is noted."""
    meeting = missed_by(chat, task)
    if any(value is not None for value in answers.values()):
        minutes.answer(chat.tx, meeting.id, task.person_id, answers, chat.now)
        what = f"meeting:{meeting.id} person:{task.person_id}"
        audit.log(chat.tx, chat.now, chat.person.id, meeting.committee_id, "answers entered on behalf", what)
    name = people.get(chat.tx, task.person_id).name or _("somebody")
    back = Button(_("Back to the call"), "task", task.id)
    chat.say(_("The answers of {name} are in.", name=name), back)


@router.button("after", Meeting, who=facilitator)
def show(chat: Chat, meeting: Meeting) -> None:
    """What was answered afterwards, with names, which only the facilitator sees; each reading is recorded."""
    found = minutes.of(chat.tx, meeting.id)
    rows = minutes.answers(chat.tx, meeting.id)
    if found is None or not rows:
        raise not_here()
    audit.log(
        chat.tx, chat.now, chat.person.id, meeting.committee_id, "answers read with names", f"meeting:{meeting.id}"
    )
    lines: list[Words] = [_("Said afterwards about the meeting {when}", when=meeting.starts_at)]
    for question in asked(found.questions):
        said: list[Words] = [question.text]
        for row in rows:
            if row.values.get(question.key):
                name = people.get(chat.tx, row.person_id).name
                said.append(_("– {answer} ({name}, afterwards)", answer=row.values[question.key], name=name))
        if len(said) > 1:
            lines.append(Lines(tuple(said), "\n"))
    chat.say(Lines(tuple(lines)))


def ways(chat: Chat, meeting: Meeting) -> list[Button]:
    """The button to them, where there are any."""
    count = len(minutes.answers(chat.tx, meeting.id))
    if not count:
        return []
    return [Button(n_("{count} answer afterwards", "{count} answers afterwards", count), "after", meeting.id)]
