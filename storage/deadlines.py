"""The deadline of open questions: those who have not answered are reminded before it, and it brings the summary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain import questionnaire
from storage import committees, schedules
from storage.database import Tx
from storage.prompts import Prompt


def reminders(tx: Tx, prompt: Prompt, deadline: datetime, now: datetime) -> Sequence[datetime]:
    """When those who have not answered are still to be reminded; a draft counts as opened now."""
    place = committees.mandate(tx, prompt.committee_id).municipality
    found = questionnaire.reminder_times(prompt.sent_at or now, deadline, place.zone, place.country)
    return [moment for moment in found if moment > now]


def plan(tx: Tx, prompt: Prompt, deadline: datetime, now: datetime) -> None:
    """Have everything happen that belongs to this deadline, and nothing that belonged to an earlier one."""
    schedules.drop(tx, prompt.id, "remind", "answered")
    for moment in reminders(tx, prompt, deadline, now):
        schedules.plan(tx, "remind", prompt.id, moment, prompt.committee_id, deadline)
    schedules.plan(tx, "answered", prompt.id, deadline, prompt.committee_id)
