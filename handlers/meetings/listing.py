"""The meetings of a committee, and one meeting with all that can be done about it."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.people import Role, either, facilitator, member, substitute
from bot.domain.questions import said
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Words, _, n_
from handlers.meetings import catching_up
from handlers.meetings.notice import answer_rows, facts
from handlers.meetings.replying import said_so
from handlers.meetings.replying import summary as replies
from storage import attendance, meetings, minutes, people
from storage.meetings import Meeting

router = Router()
STATES = {"draft": _("not announced"), "announced": _("announced"), "cancelled": _("cancelled")}
Row = Button | tuple[Button, ...]


@router.command(
    "meetings",
    who=either(facilitator, member, substitute),
    words=("our meetings", "vores møder", "møtene våre", "møta våre"),
)
def list_meetings(chat: Chat, argument: str) -> None:
    """The meetings to come, each with a button; for the facilitator also those just held."""
    assert chat.committee is not None
    if not facilitator(chat.standing()):
        list_own(chat)
        return
    held = meetings.held(chat.tx, chat.committee.id, chat.now)
    rows = [
        Button(_("{when} ({state})", when=item.starts_at, state=STATES[item.state]), "meets", item.id)
        for item in meetings.planned(chat.tx, chat.committee.id, chat.now)
    ]
    text: Words = _("These meetings are planned:") if rows else _("No meeting is planned.")
    if held and rows:
        text = _("These meetings are planned, and below them are the last ones held:")
    elif held:
        text = Lines((text, _("The last ones held are below.")), " ")
    rows += [Button(_("{when} (held)", when=item.starts_at), "meets", item.id) for item in held]
    find = Button(_("Find a date"), "open", "datepoll", chat.committee.id)
    chat.say(text, *rows, (Button(_("New meeting"), "open", "meeting", chat.committee.id), find))


def list_own(chat: Chat) -> None:
    """What members know of: the meetings to come."""
    assert chat.committee is not None
    found = [one for one in meetings.planned(chat.tx, chat.committee.id, chat.now) if one.state == "announced"]
    rows = [Button(said(one.starts_at), "mymeet", one.id) for one in found]
    rows += [
        Button(_("Minutes of the meeting {when}", when=one.starts_at), "readmin", one.id)
        for one in minutes.published(chat.tx, chat.committee.id)
    ]
    chat.say(_("These meetings are planned:") if found else _("No meeting is announced yet."), *rows)


@router.button("mymeet", Meeting, who=either(member, substitute))
def show_own(chat: Chat, meeting: Meeting) -> None:
    """A meeting as it was announced, with what one has said about it."""
    known = attendance.own(chat.tx, meeting.id, chat.person.id)
    text = facts(chat, meeting)
    if meeting.state == "announced" and meeting.starts_at > chat.now:
        chat.say(Lines((text, said_so(known.reply if known else None))), *answer_rows(chat, meeting))
    elif meeting.state == "announced":
        chat.say(text)
    else:
        raise not_here()


@router.button("meets", Meeting, who=facilitator)
def show(chat: Chat, meeting: Meeting) -> None:
    """A meeting as members see it, and what can be done with it."""
    text = facts(chat, meeting)
    change = Button(_("Change it"), "open", "remeet", meeting.id)
    cancel = Button(_("Cancel the meeting"), "nomeet", meeting.id)
    if meeting.state == "draft" and not (meeting.place and meeting.agenda):
        missing = _("Place and agenda are still to be written.")
        write = Button(_("Write place and agenda"), "open", "remeet", meeting.id)
        chat.say(Lines((_("Meeting: {when}", when=meeting.starts_at), missing), "\n"), write, cancel)
    elif meeting.state == "draft" and meeting.starts_at > chat.now:
        count = len(people.members(chat.tx, meeting.committee_id))
        preview = n_("This goes to {count} member:", "This goes to {count} members:", count)
        announce = Button(_("Announce"), "announce", meeting.id)
        chat.say(Lines((preview, text)), announce, (change, cancel))
    elif meeting.state == "announced":
        ahead: list[Row] = [(change, cancel)] if meeting.starts_at > chat.now else []
        chat.say(Lines((text, replies(chat, meeting))), *ahead, *further(chat, meeting))
    else:
        chat.say(text)


def further(chat: Chat, meeting: Meeting) -> list[Row]:
    """What else an announced meeting offers its facilitator, before it and after it has begun."""
    if meeting.starts_at > chat.now:
        spare = people.holding(chat.tx, meeting.committee_id, (Role.SUBSTITUTE,))
        return [Button(_("Ask a substitute"), "substs", meeting.id)] if spare else []
    found = minutes.of(chat.tx, meeting.id)
    write = Button(_("Write the minutes"), "open", "minutes", meeting.id)
    return [
        Button(_("Who was there?"), "there", meeting.id, 0),
        Button(_("The minutes"), "premin", meeting.id) if found else write,
        *catching_up.ways(chat, meeting),
        Button(_("Attendance so far"), "trend", meeting.committee_id),
    ]
