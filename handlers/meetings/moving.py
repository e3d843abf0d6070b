"""What hangs on a meeting moves with it, and stops with it: messages, questions, and the season's calendar."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.holidays import holiday_rule
from bot.domain.schedule import days_before
from bot.domain.season import outside_quiet
from bot.engine.chat import Chat
from bot.text import Words, _
from storage import committees, deadlines, prompts, schedules, season
from storage.meetings import Meeting
from storage.prompts import Prompt


def move_what_hangs_on(chat: Chat, before: Meeting, after: Meeting, zone: str) -> tuple[Words, ...]:
    """Everything keeps its distance to the meeting; what is late goes out at once. Returns what members must know."""
    for prompt in prompts.following(chat.tx, before.id):
        assert prompt.due_at is not None
        due = max(at_same_distance(prompt.due_at, before.starts_at, after.starts_at, zone), chat.now)
        schedules.drop(chat.tx, prompt.id, "prompt")
        prompts.change(chat.tx, prompt.id, due_at=due)
        schedules.plan(chat.tx, "prompt", prompt.id, due, prompt.committee_id)
    move_season(chat, before, after, zone)
    lines: list[Words] = []
    for prompt in prompts.asked_before(chat.tx, before.id):
        deadline = new_deadline(prompt, before, after, zone, chat.now)
        prompts.change(chat.tx, prompt.id, deadline_at=deadline)
        if prompt.state == "open":
            deadlines.plan(chat.tx, prompt, deadline, chat.now)
            topic = prompt.text
            lines.append(_("You can answer about {topic} until {deadline}.", topic=topic, deadline=deadline))
    return tuple(lines)


def at_same_distance(due: datetime, before: datetime, after: datetime, zone: str) -> datetime:
    """As many calendar days before the new date as before the old one, at the same local time."""
    local = due.astimezone(ZoneInfo(zone))
    days = (before.astimezone(ZoneInfo(zone)).date() - local.date()).days
    return days_before(after, days, local.time(), zone)


def new_deadline(prompt: Prompt, before: Meeting, after: Meeting, zone: str, now: datetime) -> datetime:
    """At the same distance and before the meeting; where that has passed, people can answer until the meeting."""
    assert prompt.deadline_at is not None
    moved = at_same_distance(prompt.deadline_at, before.starts_at, after.starts_at, zone)
    return moved if now < moved < after.starts_at else after.starts_at


def move_season(chat: Chat, before: Meeting, after: Meeting, zone: str) -> None:
    """The season's calendar follows, out of quiet time; what should have been by now is to be done at once."""
    is_holiday = holiday_rule(committees.mandate(chat.tx, after.committee_id).municipality.country)
    for item in season.on(chat.tx, before.id):
        earlier = item.due_at < before.starts_at
        moved = at_same_distance(item.due_at, before.starts_at, after.starts_at, zone)
        due = max(outside_quiet(moved, zone, is_holiday, earlier=earlier), chat.now)
        season.move(chat.tx, item, due, after.starts_at if earlier else None)


def stop_what_hangs_on(chat: Chat, meeting: Meeting) -> tuple[Words, ...]:
    """Nothing goes out for a cancelled meeting, and its questions close. Returns what members must know."""
    for prompt in prompts.following(chat.tx, meeting.id):
        prompts.enter(chat.tx, prompt.id, "cancelled", "scheduled")
        schedules.drop(chat.tx, prompt.id, "prompt")
    for item in season.on(chat.tx, meeting.id):
        season.enter(chat.tx, item.id, "dropped", item.state)
    lines: list[Words] = []
    for prompt in prompts.asked_before(chat.tx, meeting.id):
        if prompts.enter(chat.tx, prompt.id, "cancelled", "open"):
            schedules.drop(chat.tx, prompt.id, "asking", "remind", "answered")
            prompts.withdraw(chat.tx, prompt.id, chat.now, "answers")
            text = _("The questions about {topic} are withdrawn. Answers already given are kept.", topic=prompt.text)
            lines.append(text)
    return tuple(lines)
