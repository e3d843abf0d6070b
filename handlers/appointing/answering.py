"""The answer hour: everybody hears at the same time, and nobody while one is undecided."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.messages import Button
from bot.domain import eligibility
from bot.domain.assessment import deciding
from bot.domain.errors import Refusal
from bot.domain.mandate import Mandate
from bot.domain.people import Person, Role, anyone
from bot.domain.retention import RULES
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.text import Day, Words, _, n_
from handlers.appointing.offering import offer
from storage import applications, committees, offers, people, schedules
from storage.applications import Appointment
from storage.committees import Committee

router = Router()
NOT_APPOINTED = RULES["application"]


@router.due("answers_due")
def answer_everybody(errand: Errand, committee_id: int) -> None:
    """Tell everybody at the same hour; while one is undecided nobody is told, and the secretariat hears why."""
    errand.about(committee_id)
    mandate = committees.mandate(errand.tx, committee_id)
    if errand.now < mandate.call.answered:
        return  # a line was called again: that call has an hour of its own
    found = applications.to_decide(errand.tx, committee_id)
    decided = applications.decisions(errand.tx, committee_id)
    undecided = [one for one in found if one.id not in decided]
    if undecided:
        warn(errand, committee_id, len(undecided))
        schedules.plan(errand.tx, "answers_due", committee_id, errand.now + timedelta(days=1), committee_id)
        return
    places = offers.places(errand.tx, committee_id)
    waiting = applications.unannounced(errand.tx, committee_id)
    doors = {one.id: one.door for one in found}
    asked = len([one for one in waiting if doors.get(one.application_id) == "seat"])
    seats = free_seats(errand, mandate, committee_id)
    for decision in waiting:
        applications.announced(errand.tx, decision, errand.now)
        if decision.outcome == "appointed":
            offer(errand, mandate, decision)
        elif decision.outcome == "reserve":
            tell_reserve(errand, mandate, decision, places.get(decision.application_id))
        else:
            tell_not_appointed(errand, mandate, decision, asked, seats)


def free_seats(errand: Errand, mandate: Mandate, committee_id: int) -> int:
    """How many seats could be applied for: no body names people for them, and nobody had been told of them before."""
    open_to_all = {one.key for one in mandate.profiles if one.nominated_by is None}
    told = [row for row in applications.seated(errand.tx, committee_id) if row.announced_at is not None]
    taken = sum(row.seat in open_to_all for row in told)
    return sum(one.seats for one in mandate.profiles if one.key in open_to_all) - taken


def warn(errand: Errand, committee_id: int, count: int) -> None:
    """The hour has come and decisions are missing."""
    text = n_(
        "Today the applicants were to be answered, and {count} application has no decision. Nobody "
        "has been told yet. All answers go out together once it is decided.",
        "Today the applicants were to be answered, and {count} applications have no decision. Nobody "
        "has been told yet. All answers go out together once they are decided.",
        count,
    )
    errand.tell_each(
        deciders(errand, committee_id),
        text,
        Button(_("All applications"), "overview", committee_id, 0),
        notice=_("decisions are missing"),
        dedupe=f"undecided:{committee_id}:{errand.now.date()}",
    )


def deciders(errand: Errand, committee_id: int) -> list[Person]:
    """Who decides here."""
    mandate = committees.mandate(errand.tx, committee_id)
    return list(people.holding(errand.tx, committee_id, deciding(mandate)))


def tell_reserve(errand: Errand, mandate: Mandate, decision: Appointment, place: int | None) -> None:
    """In line for a seat: which number, and until when that holds."""
    people_name = people.get(errand.tx, decision.person_id).name
    until = Day(mandate.end)
    line: Words = _("You are one of those we ask if a seat falls empty.")
    if place is not None:
        line = _("You are number {place} in line for a seat.", place=place)
    errand.tell(
        decision.person_id,
        _(
            "Hello {name}. Thank you for signing up. You did not get a seat now, but you are a reserve. {line} "
            "We write to you if somebody cannot take part. This holds until {date}, and then we delete what you "
            "wrote. Do you not want to be a reserve? Then withdraw your application. Questions: {contact}, {phone}.",
            name=people_name,
            line=line,
            date=until,
            contact=mandate.contact.name,
            phone=mandate.contact.phone,
        ),
        Button(_("Withdraw my application"), "withdraw", decision.committee_id),
        notice=_("the answer to your application"),
        kind="necessary",
        lane=0,
        dedupe=f"answer:{decision.id}:{decision.decided_at.isoformat()}",
        about=("application", decision.application_id),
    )


def tell_not_appointed(errand: Errand, mandate: Mandate, decision: Appointment, applicants: int, seats: int) -> None:
    """No seat this time, the true reason, and the invitation to take part along the way."""
    errand.tell(
        decision.person_id,
        _(
            "Hello {name}. Thank you for signing up. {applicants} applied for {seats} seats, and you did "
            "not get a seat this time. "
            "The reason is: {reason}. We would still like to have you with us. "
            "May we write when the committee holds a dialogue meeting or needs people for a working group? "
            "If you do not answer, we delete what you wrote {date}. Questions: {contact}, {phone}.",
            name=people.get(errand.tx, decision.person_id).name,
            applicants=applicants,
            seats=seats,
            reason=eligibility.REASONS.get(decision.reason, decision.reason),
            date=Day(errand.now + NOT_APPOINTED.length),
            contact=mandate.contact.name,
            phone=mandate.contact.phone,
        ),
        Button(_("Yes, please write"), "circle", decision.committee_id, "yes"),
        Button(_("No thanks"), "circle", decision.committee_id, "no"),
        notice=_("the answer to your application"),
        kind="necessary",
        lane=0,
        dedupe=f"answer:{decision.id}:{decision.decided_at.isoformat()}",
        about=("application", decision.application_id),
    )


@router.button("circle", Committee, str, who=anyone)
def circle(chat: Chat, committee: Committee, answer: str) -> None:
    """An own consent to be contacted later; no is as good an answer as yes."""
    if answer not in ("yes", "no"):
        raise Refusal(_("Please choose one of the answers shown."))
    version = committees.newest_version(chat.tx, committee.id)
    people.consented(chat.tx, chat.person.id, committee.id, "contact later", version, answer == "yes", chat.now)
    if answer == "yes":
        people.take_role(chat.tx, chat.person.id, committee.id, Role.APPLICANT)
        people.give_role(chat.tx, chat.person.id, committee.id, Role.CIRCLE, chat.now)
        chat.say(_("Thank you. We write when there is something you could join. You decide each time."))
    else:
        people.take_role(chat.tx, chat.person.id, committee.id, Role.APPLICANT, Role.CIRCLE)
        chat.say(_("Good, we do not write. What you wrote is deleted on the date we named."))
