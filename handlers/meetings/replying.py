"""Coming, late or not: one tap under the notice, changed by another until the meeting; for the facilitator alone."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import POLITICIANS, Person, Role, either, member, office, substitute
from bot.domain.questions import Answers, FreeText
from bot.engine.chat import TOASTS, Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Many, Words, _
from handlers.meetings.notice import answer_rows, facts, invited
from storage import attendance, audit, committees, people
from storage.meetings import Meeting

router = Router()
SAID = {
    "yes": _("You have said that you are coming."),
    "late": _("You have said that you will be late."),
    "no": _("You have said that you cannot come."),
}


def said_so(reply: str | None) -> Words:
    """What one has said, and how to say something else."""
    if reply is None:
        return _("Are you coming? Only your contact person sees your answer.")
    return Lines((SAID[reply], _("You can change it until the meeting begins.")), " ")


@router.button("coming", Meeting, str, who=either(member, substitute))
def reply(chat: Chat, meeting: Meeting, said: str) -> None:
    """Keep the answer and show it under the notice."""
    require_ahead(chat, meeting)
    if said not in SAID or chat.person.id not in {one.id for one in invited(chat, meeting)}:
        raise not_here()
    attendance.reply(chat.tx, meeting.id, chat.person.id, said)
    rows = answer_rows(chat, meeting)
    if said == "no":
        rows = (*rows, Button(_("Tell my contact person why"), "open", "whynot", meeting.id))
    chat.say(Lines((facts(chat, meeting), said_so(said))), *rows, instead=True)
    if chat.event.address.platform in TOASTS:
        chat.say(SAID[said], briefly=True)
    if said == "no":
        offer_substitutes(chat, meeting, chat.person)


@router.button("comesfor", Meeting, int, str, who=office)
def reply_for(chat: Chat, meeting: Meeting, person_id: int, said: str) -> None:
    """What a member said on the phone or on paper; who entered it is noted."""
    require_ahead(chat, meeting)
    person = next((one for one in invited(chat, meeting) if one.id == person_id), None)
    if said not in SAID or person is None:
        raise not_here()
    attendance.reply(chat.tx, meeting.id, person.id, said)
    what = f"meeting:{meeting.id} person:{person.id}"
    audit.log(chat.tx, chat.now, chat.person.id, meeting.committee_id, "reply entered on behalf", what)
    chat.say(_("It is noted. Only you and the other contact persons see it."), briefly=True)
    if said == "no":
        offer_substitutes(chat, meeting, person)


def require_ahead(chat: Chat, meeting: Meeting) -> None:
    """One answers for a meeting that is announced and has not begun. Raises Refusal."""
    if meeting.state != "announced":
        raise not_here()
    if meeting.starts_at <= chat.now:
        contact = committees.mandate(chat.tx, meeting.committee_id).contact
        raise Refusal(
            _(
                "The meeting has begun. If something has changed, please call {name}, {phone}.",
                name=contact.name,
                phone=contact.phone,
            )
        )


def offer_substitutes(chat: Chat, meeting: Meeting, person: Person) -> None:
    """Where a politician cannot come, the facilitators hear of it once, and can ask a substitute."""
    spare = people.holding(chat.tx, meeting.committee_id, (Role.SUBSTITUTE,))
    if not spare or not people.roles_in(chat.tx, person.id, meeting.committee_id) & POLITICIANS:
        return
    text = _("{name} cannot come to the meeting {when}.", name=person.name, when=meeting.starts_at)
    chat.tell_facilitators(
        meeting.committee_id,
        text,
        Button(_("Ask a substitute"), "substs", meeting.id),
        notice=_("somebody cannot come to a meeting"),
        dedupe=f"absent:{meeting.id}:{person.id}",
    )


def whynot_form(chat: Chat, meeting: Meeting) -> Form:
    """One optional line; nobody has to say why."""
    require_ahead(chat, meeting)
    contact = committees.mandate(chat.tx, meeting.committee_id).contact
    text = _("What would you like to tell {name}? Other members do not see it.", name=contact.name)
    return Form("whynot", (FreeText(key="why", text=text, longest=500),))


@router.form("whynot", Meeting, whynot_form, who=either(member, substitute))
def passed_on(chat: Chat, meeting: Meeting, answers: Answers) -> None:
    """Pass it on to the facilitators."""
    text = _("{name} cannot come to the meeting {when}.", name=chat.person.name, when=meeting.starts_at)
    chat.tell_facilitators(
        meeting.committee_id,
        Lines((text, str(answers["why"]))),
        notice=_("somebody cannot come to a meeting"),
    )
    chat.say(_("Thank you. It is passed on."))


def summary(chat: Chat, meeting: Meeting) -> Words:
    """Who comes and who does not, with names: for the facilitator alone."""
    replies, everybody = attendance.replies(chat.tx, meeting.id), invited(chat, meeting)
    lines: list[Words] = []
    for said in (*SAID, None):
        found = [one for one in everybody if replies.get(one.id) == said]
        if found:
            names = Many(tuple(one.name or _("Somebody") for one in found))
            lines.append(group(said, len(found), names))
    return Lines(tuple(lines), "\n")


def group(said: str | None, count: int, names: Many) -> Words:
    """Those who said the same."""
    if said == "yes":
        return _("Coming, {count}: {names}", count=count, names=names)
    if said == "late":
        return _("Coming late, {count}: {names}", count=count, names=names)
    if said == "no":
        return _("Not coming, {count}: {names}", count=count, names=names)
    return _("No answer yet, {count}: {names}", count=count, names=names)
