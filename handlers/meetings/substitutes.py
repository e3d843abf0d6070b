"""Substitutes: the facilitator asks one to come to one meeting, where a politician cannot."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.people import Role, facilitator
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, _
from handlers.meetings.notice import answer_rows, facts, tell_one
from handlers.meetings.replying import require_ahead
from storage import attendance, audit, people
from storage.meetings import Meeting

router = Router()


@router.button("substs", Meeting, who=facilitator)
def choose(chat: Chat, meeting: Meeting) -> None:
    """The substitutes who have not been asked to this meeting."""
    require_ahead(chat, meeting)
    known = attendance.of(chat.tx, meeting.id)
    spare = people.holding(chat.tx, meeting.committee_id, (Role.SUBSTITUTE,))
    rows = [Button(one.name, "askone", meeting.id, one.id) for one in spare if one.id not in known]
    if not rows:
        raise Refusal(_("All substitutes are asked already. Open the meeting by /meetings to see what they said."))
    chat.say(_("Who is to be asked for the meeting {when}?", when=meeting.starts_at), *rows)


@router.button("askone", Meeting, int, who=facilitator)
def ask(chat: Chat, meeting: Meeting, person_id: int) -> None:
    """Send a substitute the notice; from here on they hear what members hear of this meeting."""
    require_ahead(chat, meeting)
    if Role.SUBSTITUTE not in people.roles_in(chat.tx, person_id, meeting.committee_id):
        raise not_here()
    if attendance.own(chat.tx, meeting.id, person_id) is not None:
        raise Refusal(_("All substitutes are asked already. Open the meeting by /meetings to see what they said."))
    attendance.reply(chat.tx, meeting.id, person_id, None)
    person = people.get(chat.tx, person_id)
    text = Lines((_("A member cannot come. Can you take the place at this meeting?"), facts(chat, meeting)))
    tell_one(chat, meeting, person, text, _("a meeting"), f"meeting:{meeting.id}", *answer_rows(chat, meeting))
    audit.log(chat.tx, chat.now, chat.person.id, meeting.committee_id, "substitute asked", f"meeting:{meeting.id}")
    chat.say(_("{name} is asked. You see the answer with the meeting.", name=person.name), instead=True)
