"""How attendance goes, for the facilitator alone; and a private word to whoever is missed, never sent by itself."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.attendance import came, missed_in_a_row, worth_asking
from bot.domain.people import Person, Role, facilitator
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Many, Words, _, n_
from storage import attendance, audit, people
from storage.committees import Committee

router = Router()


def worries(chat: Chat, committee_id: int) -> tuple[Words, list[Button]]:
    """Those who have missed two meetings in a row, and a way to write to each."""
    history = attendance.history(chat.tx, committee_id, chat.now)
    found = [one for one in people.members(chat.tx, committee_id) if worth_asking(history.get(one.id, ()))]
    if not found:
        return "", []
    names = Many(tuple(one.name or _("Somebody") for one in found))
    text = _("Missed the last two meetings or more: {names}. A word from you may help.", names=names)
    return text, [Button(_("A word to {name}", name=one.name), "checkin", committee_id, one.id) for one in found]


@router.button("trend", Committee, who=facilitator)
def trend(chat: Chat, committee: Committee) -> None:
    """At how many meetings each member was."""
    history = attendance.history(chat.tx, committee.id, chat.now)
    lines: list[Words] = []
    for one in people.members(chat.tx, committee.id):
        there, held = came(history.get(one.id, ()))
        if held:
            lines.append(attended(one.name, there, held))
    if not lines:
        chat.say(_("Nobody's attendance is noted yet. Open a meeting that was held, and tick who was there."))
        return
    text, rows = worries(chat, committee.id)
    shown = (_("Only you see this."), Lines(tuple(lines), "\n"))
    chat.say(Lines((*shown, text)) if rows else Lines(shown), *rows)


def attended(name: str, there: int, held: int) -> Words:
    """At how many meetings somebody was."""
    return n_("{name}: {there} of {count} meeting", "{name}: {there} of {count} meetings", held, name=name, there=there)


def missed(chat: Chat, committee: Committee, person_id: int) -> tuple[Person, int]:
    """A member who has missed meetings in a row, and how many. Raises Refusal for anybody else."""
    if not people.is_member(chat.tx, person_id, committee.id):
        raise not_here()
    count = missed_in_a_row(attendance.history(chat.tx, committee.id, chat.now).get(person_id, ()))
    if not count:
        raise not_here()
    return people.get(chat.tx, person_id), count


def words(chat: Chat, person: Person) -> Words:
    """The draft: kind, with no reproach and no demand."""
    return _(
        "Hello {name}. We have missed you at the last meetings. How are things? You do not have to explain anything. "
        "If something would make it easier to take part, tell me, and we will see what can be done. "
        "Regards, {facilitator}",
        name=person.name,
        facilitator=chat.person.name,
    )


@router.button("checkin", Committee, int, who=facilitator)
def draft(chat: Chat, committee: Committee, person_id: int) -> None:
    """The word as it would be sent, and what else can be done."""
    person, _count = missed(chat, committee, person_id)
    intro = _("This would go to {name} alone. Nothing is sent yet. A call is often better.", name=person.name)
    chat.say(
        Lines((intro, words(chat, person))),
        Button(_("Send it"), "checked", committee.id, person.id),
        Button(_("Suggest a replacement"), "insteadof", committee.id, person.id),
    )


@router.button("checked", Committee, int, who=facilitator)
def send(chat: Chat, committee: Committee, person_id: int) -> None:
    """Send the word; a second press sends nothing more."""
    person, count = missed(chat, committee, person_id)
    chat.tell(
        person,
        words(chat, person),
        notice=_("a message for you"),
        dedupe=f"checkin:{committee.id}:{count}:{person.id}",
        path="/talk",
    )
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "check-in sent", f"person:{person.id}")
    chat.say(_("It is sent to {name}.", name=person.name), instead=True)


@router.button("insteadof", Committee, int, who=facilitator)
def suggest(chat: Chat, committee: Committee, person_id: int) -> None:
    """Tell the secretariat, who see who is in line; a seat is only given up by whoever has it."""
    person, count = missed(chat, committee, person_id)
    text = _(
        "{facilitator} suggests that you talk with {name} about the seat, after {count} missed meetings in a row. "
        "The seat is theirs until they give it up themselves.",
        facilitator=chat.person.name,
        name=person.name,
        count=count,
    )
    found = people.holding(chat.tx, committee.id, (Role.SECRETARIAT,))
    for one in found:
        chat.tell(
            one,
            text,
            Button(_("All applications"), "overview", committee.id, 0),
            notice=_("a seat to talk about"),
            kind="necessary",
            dedupe=f"standin:{committee.id}:{person.id}:{count}:{one.id}",
            path="/talk",
        )
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "replacement suggested", f"person:{person.id}")
    if found:
        chat.say(_("The secretariat is told. {name} is not told by us.", name=person.name), instead=True)
    else:
        chat.say(_("This committee has no secretariat here. Talk with the one who appoints."), instead=True)
