"""What the season's calendar asks members before a meeting that was announced."""

from __future__ import annotations

from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.text import Lines, _
from handlers.meetings.notice import answer_rows, facts, invited
from storage import attendance, meetings, season
from storage.meetings import Meeting

router = Router()


@router.due("mtremind")
def remind(errand: Errand, item_id: int) -> None:
    """Ask those who have not said whether they come."""
    meeting = due(errand, item_id)
    if meeting is None:
        return
    errand.about(meeting.committee_id)
    answered = attendance.replies(errand.tx, meeting.id)
    text = _("You have not said yet whether you are coming. One tap is enough.")
    for person in invited(errand, meeting):
        if person.id in answered:
            continue
        errand.tell(
            person,
            Lines((text, facts(errand, meeting))),
            *answer_rows(errand, meeting),
            notice=_("a meeting"),
            kind="reminder",
            dedupe=f"season:{item_id}:person:{person.id}",
            about=("meeting", meeting.id),
            expires_at=meeting.starts_at,
            path="/talk",
        )


def due(errand: Errand, item_id: int) -> Meeting | None:
    """The meeting an item hangs on, if it still takes place."""
    item = season.take(errand.tx, item_id)
    if item is None:
        return None
    meeting = meetings.get(errand.tx, item.meeting_id)
    ahead = meeting is not None and meeting.state == "announced" and meeting.starts_at > errand.now
    return meeting if ahead else None
