"""A seat is offered, and the person says yes or no before a deadline; only the yes gives the seat."""

from __future__ import annotations

from bot.chat.messages import Button, Link
from bot.domain.errors import Refusal
from bot.domain.mandate import Mandate
from bot.domain.panel import REMINDED_BEFORE, answer_by, role_of
from bot.domain.people import STAFF, Role, anyone
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router, not_here
from bot.text import Day, _
from handlers.appointing.naming import ask_name
from storage import applications, audit, committees, offers, people, schedules
from storage.applications import Appointment

router = Router()


def offer(errand: Errand, mandate: Mandate, decision: Appointment) -> None:
    """A seat: what it is, the first date, whom to ask, and until when to answer."""
    until = answer_by(mandate, errand.now)
    offers.offered(errand.tx, decision.id, until)
    if until - REMINDED_BEFORE > errand.now:
        schedules.plan(errand.tx, "offerremind", decision.id, until - REMINDED_BEFORE, decision.committee_id, until)
    schedules.plan(errand.tx, "offerends", decision.id, until, decision.committee_id)
    application = applications.get(errand.tx, decision.application_id)
    rows: list[Button | Link] = [*_answers(decision)]
    if application is not None and application.door == "invited":  # never told before what we do with what we know
        rows.append(Link(_("Read more"), f"/c/{_key(errand, decision.committee_id)}"))
    errand.tell(
        decision.person_id,
        _(
            "Hello {name}. You have been appointed to the committee on {topic}. The committee starts "
            "{start} and meets about {meetings} times. Do you take the seat? Please answer by {until}; "
            "after that it is offered to somebody else. Before the first meeting your contact person writes to "
            "you: {contact}, {phone}.",
            name=people.get(errand.tx, decision.person_id).name,
            topic=mandate.title,
            start=Day(mandate.start),
            meetings=mandate.meetings,
            until=until,
            contact=mandate.contact.name,
            phone=mandate.contact.phone,
        ),
        *rows,
        notice=_("the answer to your application"),
        kind="necessary",
        lane=0,
        dedupe=f"answer:{decision.id}:{decision.decided_at.isoformat()}",
        about=("application", decision.application_id),
    )


def _answers(decision: Appointment) -> tuple[Button, Button]:
    return (
        Button(_("Yes, I take the seat"), "take", decision.id),
        Button(_("No, I cannot"), "giveup", decision.id),
    )


def _key(errand: Errand, committee_id: int) -> str:
    errand.about(committee_id)
    assert errand.committee is not None
    return errand.committee.key


def require_own(chat: Chat, appointment: Appointment) -> Appointment:
    """The offer as it stands, for the person it was made to and nobody else. Raises Refusal."""
    newest = applications.decision(chat.tx, appointment.application_id)
    if appointment.person_id != chat.person.id or newest is None or newest.id != appointment.id:
        raise not_here()
    if newest.outcome != "appointed" or newest.announced_at is None:
        raise not_here()
    return newest


def require_waiting(chat: Chat, appointment: Appointment) -> None:
    """An offer is answered once, and in time. Raises Refusal with what can still be done."""
    contact = committees.mandate(chat.tx, appointment.committee_id).contact
    if appointment.reply == "accepted":
        raise Refusal(_("You have taken this seat already. Write /leave if you cannot take part after all."))
    if appointment.reply in ("declined", "left"):
        raise Refusal(
            _(
                "You have given up this seat. Have you thought better of it? Then call {name}, {phone}.",
                name=contact.name,
                phone=contact.phone,
            )
        )
    if appointment.reply == "expired" or (appointment.reply_by is not None and chat.now >= appointment.reply_by):
        raise Refusal(
            _(
                "The deadline for this seat was {until}, and it goes to somebody else now. Call {name}, {phone}: "
                "you may be next if another seat falls empty.",
                until=appointment.reply_by,
                name=contact.name,
                phone=contact.phone,
            )
        )


@router.button("take", Appointment, who=anyone)
def take(chat: Chat, appointment: Appointment) -> None:
    """Yes: the seat is theirs from now on."""
    current = require_own(chat, appointment)
    require_waiting(chat, current)
    if not offers.reply(chat.tx, current, "accepted", chat.now):
        raise not_here()
    committee_id, person_id = current.committee_id, chat.person.id
    people.take_role(chat.tx, person_id, committee_id, Role.APPLICANT, Role.CIRCLE, Role.AD_HOC)
    if not people.roles_in(chat.tx, person_id, committee_id) & STAFF:
        people.give_role(chat.tx, person_id, committee_id, role_of(current.seat), chat.now, current.seat)
    schedules.drop(chat.tx, current.id, "offerremind", "offerends")
    audit.log(chat.tx, chat.now, person_id, committee_id, "seat accepted", f"appointment:{current.id}")
    contact = committees.mandate(chat.tx, committee_id).contact
    chat.say(
        _(
            "Thank you, the seat is yours. You hear from {name} before the first meeting. Can you not take part "
            "after all? Then write /leave.",
            name=contact.name,
        ),
        instead=True,
    )
    ask_name(chat, committee_id)


@router.button("giveup", Appointment, who=anyone)
def give_up(chat: Chat, appointment: Appointment) -> None:
    """No: the seat is free, and they can still take part along the way."""
    current = require_own(chat, appointment)
    require_waiting(chat, current)
    if not offers.reply(chat.tx, current, "declined", chat.now):
        raise not_here()
    schedules.drop(chat.tx, current.id, "offerremind", "offerends")
    schedules.plan(chat.tx, "vacated", current.id, chat.now, current.committee_id)
    audit.log(chat.tx, chat.now, chat.person.id, current.committee_id, "seat declined", f"appointment:{current.id}")
    chat.say(
        _(
            "Thank you for telling us. May we write when the committee holds a dialogue meeting or needs people for "
            "a working group?"
        ),
        Button(_("Yes, please write"), "circle", current.committee_id, "yes"),
        Button(_("No thanks"), "circle", current.committee_id, "no"),
        instead=True,
    )


def waiting(errand: Errand, appointment_id: int) -> Appointment | None:
    """An offer that nobody has answered yet."""
    found = offers.get(errand.tx, appointment_id)
    if found is None or found.reply is not None or found.announced_at is None:
        return None
    errand.about(found.committee_id)
    return found


@router.due("offerremind")
def remind(errand: Errand, appointment_id: int) -> None:
    """Once, two days before the deadline."""
    decision = waiting(errand, appointment_id)
    if decision is None:
        return
    mandate = committees.mandate(errand.tx, decision.committee_id)
    errand.tell(
        decision.person_id,
        _(
            "A seat in the committee on {topic} is waiting for your answer until {until}. Do you take it?",
            topic=mandate.title,
            until=decision.reply_by,
        ),
        *_answers(decision),
        notice=_("a seat waits for your answer"),
        kind="necessary",
        dedupe=f"offer:{decision.id}:again",
        expires_at=decision.reply_by,
        about=("application", decision.application_id),
    )


@router.due("offerends")
def expire(errand: Errand, appointment_id: int) -> None:
    """Silence frees the seat; the person is told, and can call."""
    decision = waiting(errand, appointment_id)
    if decision is None or not offers.reply(errand.tx, decision, "expired", errand.now):
        return
    schedules.plan(errand.tx, "vacated", decision.id, errand.now, decision.committee_id)
    mandate = committees.mandate(errand.tx, decision.committee_id)
    errand.tell(
        decision.person_id,
        _(
            "We have not heard from you, so the seat in the committee on {topic} goes to somebody else. Was that a "
            "mistake? Call {name}, {phone}: you may be next if another seat falls empty.",
            topic=mandate.title,
            name=mandate.contact.name,
            phone=mandate.contact.phone,
        ),
        Button(_("Follow along"), "follow", decision.committee_id),
        notice=_("about your application"),
        kind="necessary",
        dedupe=f"offer:{decision.id}:over",
        about=("application", decision.application_id),
    )
