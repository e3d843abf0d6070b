"""What the season's calendar says to members before a meeting that was announced, and to nobody who said no."""

from __future__ import annotations

from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.text import Lines, Words, _
from handlers.meetings.notice import answer_rows, facts, invited
from storage import attendance, meetings, season
from storage.meetings import Meeting

router = Router()


@router.due("mtremind")
def remind(errand: Errand, item_id: int) -> None:
    """Ask those who have not said whether they come."""
    meeting = due(errand, item_id)
    if meeting is not None:
        text = _("You have not said yet whether you are coming. One tap is enough.")
        write(errand, meeting, item_id, text, frozenset({None}))


@router.due("mtbefore")
def day_before(errand: Errand, item_id: int) -> None:
    """Time, place and whom to call, to everybody who has not said no."""
    meeting = due(errand, item_id)
    if meeting is not None:
        write(errand, meeting, item_id, _("We meet soon."), frozenset({None, "yes", "late"}))


def due(errand: Errand, item_id: int) -> Meeting | None:
    """The meeting an item hangs on, if it still takes place."""
    item = season.get(errand.tx, item_id)
    if item is None or not season.enter(errand.tx, item.id, "done", "approved"):
        return None
    meeting = meetings.get(errand.tx, item.meeting_id)
    ahead = meeting is not None and meeting.state == "announced" and meeting.starts_at > errand.now
    return meeting if ahead else None


def write(errand: Errand, meeting: Meeting, item_id: int, text: Words, said: frozenset[str | None]) -> None:
    """Write to those invited who have said one of these things."""
    errand.about(meeting.committee_id)
    known = attendance.of(errand.tx, meeting.id)
    for person in invited(errand, meeting):
        row = known.get(person.id)
        if (row.reply if row else None) not in said:
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
