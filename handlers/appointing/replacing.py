"""A seat that fell empty: the bot proposes who is next, and people ask them."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.assessment import decider, sees_special
from bot.domain.errors import Refusal
from bot.domain.panel import shown_label
from bot.domain.people import Person
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router, not_here
from bot.text import Words, _
from handlers.appointing.answering import deciders
from handlers.appointing.deciding import noted, require_guardian
from handlers.appointing.offering import offer
from handlers.appointing.standing import require_decides
from storage import applications, committees, offers, people
from storage.applications import Application, Appointment

router = Router()


@router.due("vacated")
def vacated(errand: Errand, appointment_id: int) -> None:
    """Tell those who decide that a seat is free, and who is next in line for it."""
    gone = offers.get(errand.tx, appointment_id)
    if gone is None or gone.reply not in offers.GIVEN_UP or offers.successor(errand.tx, gone.id) is not None:
        return
    errand.about(gone.committee_id)
    found = offers.next_reserve(errand.tx, errand.house.vault, gone)
    for person in deciders(errand, gone.committee_id):
        rows = [Button(_("All applications"), "overview", gone.committee_id, 0)]
        if found is not None:
            rows.insert(0, Button(_("Ask the reserve"), "askres", gone.id, found.id))
        errand.tell(
            person,
            proposal(errand, person, gone, found),
            *rows,
            notice=_("a seat has fallen empty"),
            kind="necessary",
            dedupe=f"vacated:{gone.id}:{gone.reply}:{person.id}",
        )


def proposal(errand: Errand, person: Person, gone: Appointment, found: Application | None) -> Words:
    """Who gave up what, and who is next, for this reader."""
    mandate = committees.mandate(errand.tx, gone.committee_id)
    roles = people.roles(errand.tx, person.id).get(gone.committee_id, frozenset())
    seat = shown_label(mandate, gone.seat, sees_special(roles))
    name = people.get(errand.tx, gone.person_id).name or _("A member")
    if found is None:
        return _(
            "{name} does not have the seat any more: {seat}. Nobody is in line for it. Appoint somebody who did "
            "not apply, or call the seat again.",
            name=name,
            seat=seat,
        )
    return _(
        "{name} does not have the seat any more: {seat}. Next in line is {reserve}, and the rules hold with them. "
        "Nobody is asked before you say so.",
        name=name,
        seat=seat,
        reserve=people.get(errand.tx, found.person_id).name,
    )


@router.button("askres", Appointment, Application, who=decider)
def ask_reserve(chat: Chat, gone: Appointment, application: Application) -> None:
    """Offer the seat to the one in line, with a deadline of its own."""
    mandate = require_decides(chat, gone.committee_id)
    current = offers.get(chat.tx, gone.id)
    if current is None or current.reply not in offers.GIVEN_UP:
        raise not_here()
    if offers.successor(chat.tx, gone.id) is not None:
        raise Refusal(_("Somebody has been asked for this seat already. You see who under /applications."))
    decided = applications.decision(chat.tx, application.id)
    proposed = offers.next_reserve(chat.tx, chat.house.vault, current)
    if decided is None or decided.outcome != "reserve" or proposed is None:
        raise Refusal(_("This person is not in line any more. You see all others under /applications."))
    if proposed.id != application.id:
        raise Refusal(_("Somebody else is next in line now. You see who under /applications."))
    require_guardian(application)
    new = applications.decide(
        chat.tx, application, "appointed", current.seat, "next", chat.person.id, chat.now, replaces=gone.id
    )
    offers.asked(chat.tx, application.id)
    applications.announced(chat.tx, new, chat.now)
    noted(chat, application, "reserve asked")
    offer(chat, mandate, new)
    name = people.get(chat.tx, application.person_id).name
    chat.say(_("{name} is asked. You hear what the answer is.", name=name), instead=True)
