"""Appointing somebody who never applied: a name, a way to reach them, a seat and a reason."""

from __future__ import annotations

from bot.domain import eligibility
from bot.domain.assessment import decider
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.mandate import Mandate
from bot.domain.panel import SEATS, reason_asked, seat_label, seats_of
from bot.domain.questions import Answers, FreeText, OneOf, Option, Reach
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import _
from handlers.appointing.deciding import confirm, noted, require_seat
from handlers.appointing.standing import require_decides, sees_special
from storage import applications, audit, committees, contact, people
from storage.applications import Application
from storage.committees import Committee

router = Router()


def invite_form(chat: Chat, committee: Committee) -> Form:
    """Who, how to reach them, which seat, and why."""
    mandate = require_decides(chat, committee.id)
    seats = tuple(Option(key, seat_label(mandate, key)) for key in seats_of(mandate) if _open_to(chat, mandate, key))
    bands = tuple(Option(band.key, eligibility.age_words(band)) for band in mandate.age_bands())
    fields = [
        FreeText(key="name", text=_("What is the person called?"), longest=60, single_line=True),
        Reach(key="reach", text=_("Where do you reach the person? An e-mail address or a phone number.")),
        OneOf(key="seat", text=_("Which seat?"), choices=seats),
    ]
    if mandate.needs_age:
        fields.append(OneOf(key="age", text=_("How old is the person?"), choices=bands))
    return Form("invite", (*fields, reason_asked()), title=_("Appoint somebody who did not apply"), review=looked_over)


def _open_to(chat: Chat, mandate: Mandate, key: str) -> bool:
    return key in SEATS or mandate.profile(key).special is None or sees_special(chat)


@router.form("invite", Committee, invite_form, who=decider)
def invited(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Enter the person and the decision; the offer goes out with everybody's answers."""
    mandate = require_decides(chat, committee.id)
    seat, age = str(answers["seat"]), str(answers["age"]) if answers.get("age") else None
    if seat not in SEATS:
        require_age(chat, mandate, committee, seat, age)
    application = enter(chat, mandate, committee, answers)
    require_seat(chat, application, seat)
    reason = str(answers["reason"])
    applications.decide(chat.tx, application, "appointed", seat, reason, chat.person.id, chat.now)
    noted(chat, application, "appointed")
    about = f"application:{application.id}"
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "never applied", about, reason)
    confirm(chat, committee.id)


def require_age(chat: Chat, mandate: Mandate, committee: Committee, seat: str, age: str | None) -> None:
    """The rules on age hold for everybody, and who is too young to decide alone signs up with a guardian's yes."""
    sentence = eligibility.refusal(mandate, age, rules=committees.rules(chat.tx, committee.id))
    if sentence is not None:
        raise Refusal(sentence)
    if not eligibility.fits(mandate.profile(seat), age):
        raise Refusal(_("This seat is for people of another age. Choose another seat."))
    if eligibility.guardian_needed(age):
        raise Refusal(
            _("Somebody this young needs a parent's or guardian's yes first. Ask them to sign up, then appoint them.")
        )


def enter(chat: Chat, mandate: Mandate, committee: Committee, answers: Answers) -> Application:
    """The person and an application of their own. Raises Refusal where the person has applied."""
    vault, reach = chat.house.vault, str(answers["reach"])
    person = contact.find(chat.tx, vault, reach)
    if person is not None and applications.of(chat.tx, person.id, committee.id) is not None:
        raise Refusal(_("This person is on the list of applications already. Appoint them from there."))
    if person is None:
        person = people.add(chat.tx, chat.now, str(answers["name"]), mandate.locales[0])
        contact.give(chat.tx, vault, person.id, reach, chat.now)
    seat = str(answers["seat"])
    special = seat not in SEATS and mandate.profile(seat).special is not None
    given = {"name": answers["name"], "profiles": [] if special or seat in SEATS else [seat]}
    if answers.get("age"):
        given["age"] = answers["age"]
    return applications.save(
        chat.tx,
        person.id,
        committee.id,
        door="politics" if seat in SEATS else "invited",
        answers=given,
        special=vault.seal([seat]) if special else None,
        mandate_version=mandate.version,
        now=chat.now,
    )
