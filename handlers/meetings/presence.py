"""Who was there: ticked on a list after the meeting, begun from what people said."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from bot.chat.messages import Button, Message, Ticks
from bot.domain.errors import Refusal
from bot.domain.people import Person, facilitator
from bot.engine.chat import Chat
from bot.engine.router import Router, Ticked, not_here
from bot.text import Lines, Words, _, n_
from handlers.meetings.checking import worries
from handlers.meetings.notice import invited
from storage import attendance, audit
from storage.meetings import Meeting

router = Router()
AT_ONCE = 20  # boxes on one list
CAME = frozenset({"yes", "late"})


@router.button("there", Meeting, int, who=facilitator)
def ask(chat: Chat, meeting: Meeting, first: int) -> None:
    """The list, ticked as it was saved, or else as people said they would come."""
    found = on_list(chat, meeting, first)
    known = attendance.of(chat.tx, meeting.id)
    ticked = 0
    for place, one in enumerate(found):
        row = known.get(one.id)
        came = row is not None and (row.there if row.there is not None else row.reply in CAME)
        ticked |= int(came) << place
    chat.say(heading(meeting), ticks=boxes(meeting, first, found, ticked))


def on_list(chat: Chat, meeting: Meeting, first: int) -> Sequence[Person]:
    """The people on the list from a place on. Raises Refusal before the meeting, and past the end."""
    if meeting.state != "announced":
        raise not_here()
    if meeting.starts_at > chat.now:
        raise Refusal(_("The meeting has not begun. Open this list again when it has."))
    found = invited(chat, meeting)[first : first + AT_ONCE] if first >= 0 else []
    if not found:
        raise not_here()
    return found


def heading(meeting: Meeting) -> Words:
    """What the boxes mean."""
    return _("Who was at the meeting {when}? Tick those who were there.", when=meeting.starts_at)


def boxes(meeting: Meeting, first: int, found: Sequence[Person], ticked: int) -> Ticks:
    """A box for each person; the buttons carry which list it is, so that a box never means somebody else."""
    args = (str(meeting.id), str(first), mark(found))
    names = tuple(one.name or _("Somebody") for one in found)
    return Ticks("whothere", "werehere", args, names, _("Save"), ticked)


def mark(found: Sequence[Person]) -> str:
    """The people on a list, short enough for a button."""
    return sha256(",".join(str(one.id) for one in found).encode()).hexdigest()[:8]


def same_list(chat: Chat, meeting: Meeting, first: int, stamp: str, ticked: int) -> Sequence[Person]:
    """The list that was ticked. Raises Refusal where people have come or gone since."""
    found = on_list(chat, meeting, first)
    if mark(found) != stamp or ticked >> len(found):
        raise Refusal(_("The members have changed since this list was made. Open it again from the meeting."))
    return found


@router.view("whothere", Meeting, int, str, Ticked, who=facilitator)
def redraw(chat: Chat, meeting: Meeting, first: int, stamp: str, ticked: Ticked) -> Message:
    """The same list with other boxes ticked. Nothing is written."""
    found = same_list(chat, meeting, first, stamp, ticked)
    return Message(heading(meeting), ticks=boxes(meeting, first, found, ticked))


@router.button("werehere", Meeting, int, str, Ticked, who=facilitator)
def save(chat: Chat, meeting: Meeting, first: int, stamp: str, ticked: Ticked) -> None:
    """Keep it; then the next list, or what follows from who was not there."""
    found = same_list(chat, meeting, first, stamp, ticked)
    came = [one.id for place, one in enumerate(found) if ticked >> place & 1]
    attendance.tick(chat.tx, meeting.id, [one.id for one in found], came)
    audit.log(chat.tx, chat.now, chat.person.id, meeting.committee_id, "attendance noted", f"meeting:{meeting.id}")
    if len(invited(chat, meeting)) > first + AT_ONCE:
        chat.say(_("Saved. Here are the next ones."), instead=True)
        ask(chat, meeting, first + AT_ONCE)
        return
    count = len([row for row in attendance.of(chat.tx, meeting.id).values() if row.there])
    text, rows = worries(chat, meeting.committee_id)
    saved = n_("Saved. {count} person was there.", "Saved. {count} people were there.", count)
    minutes = Button(_("Write the minutes"), "open", "minutes", meeting.id)
    chat.say(Lines((saved, text)) if rows else saved, minutes, *rows, instead=True)
