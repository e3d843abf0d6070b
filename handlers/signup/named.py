"""Somebody named by a body: yes with the few questions that rules need, or no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.messages import Button
from bot.domain import eligibility
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.mandate import CompetenceProfile, Mandate
from bot.domain.people import Role, anyone
from bot.domain.questions import Answers, OneOf, Question, Value, always
from bot.domain.retention import PARTS
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Words, _
from handlers.signup.on_behalf import paper_consent, signed
from handlers.signup.questions import (
    calling_name,
    group,
    guardian_reach,
    information,
    own_consent,
    require_no_seat,
    special_lines,
    young,
)
from handlers.signup.taking import ask_guardian
from storage import applications, audit, calls, committees, nominations, people, schedules
from storage.applications import Application
from storage.nominations import Nomination

router = Router()


def own(chat: Chat, nomination: Nomination) -> bool:
    """Whether it is the chat's own person who was named."""
    return nomination.person_id == chat.person.id


def require_answerable(chat: Chat, nomination: Nomination) -> None:
    """Only the person named answers, or the secretariat after a phone call, and only once. Raises Refusal."""
    if not own(chat, nomination) and Role.SECRETARIAT not in chat.standing().roles:
        raise not_here()
    if nomination.state != "asked":
        raise Refusal(_("This was answered or taken back already. Write to your contact person if something is wrong."))


def named_form(chat: Chat, nomination: Nomination) -> Form:
    """Only what the rules need, the name, and a guardian for the young."""
    require_answerable(chat, nomination)
    committee = chat.committee
    assert committee is not None
    if own(chat, nomination):
        require_no_seat(chat, committee)
    mandate = committees.mandate(chat.tx, committee.id)
    line = mandate.profile(nomination.seat)
    rules = committees.rules(chat.tx, committee.id)
    return Form(
        "named",
        (
            information(chat, committee, mandate),
            *(for_line(item, line, mandate) for item in group(mandate, rules, always)),
            *consent(chat, nomination, mandate, line),
            calling_name(),
            guardian_reach(young),
        ),
        title=_("Take the seat"),
    )


def for_line(item: Question, line: CompetenceProfile, mandate: Mandate) -> Question:
    """A question about the person; an age that does not fit the line ends the form."""
    if item.key != "age" or not isinstance(item, OneOf):
        return item
    general = item.against

    def against(age: Value) -> Words | None:
        words = general(age)
        if words is None and not eligibility.fits(line, str(age)):
            words = _(
                "This seat is for people of another age. Call or write to {name}, {phone}.",
                name=mandate.contact.name,
                phone=mandate.contact.phone,
            )
        return words

    return replace(item, against=against)


def consent(chat: Chat, nomination: Nomination, mandate: Mandate, line: CompetenceProfile) -> tuple[Question, ...]:
    """A special-category line needs the person's own consent; the secretariat needs it in writing."""
    if line.special is None:
        return ()
    if own(chat, nomination):
        return (own_consent(mandate, line, always),)
    return (replace(paper_consent(line), when=always, optional=False),)


@router.form("named", Nomination, named_form, who=anyone)
def confirmed(chat: Chat, nomination: Nomination, answers: Answers) -> None:
    """A yes becomes an application with a door of its own; the secretariat hears of it."""
    require_answerable(chat, nomination)
    assert chat.committee is not None
    mandate = committees.mandate(chat.tx, chat.committee.id)
    line = mandate.profile(nomination.seat)
    special = special_lines(mandate, answers) + signed(mandate, answers)
    if line.special is not None and not special:
        raise Refusal(_("Without your consent we cannot give you this seat. Press No, or call your contact person."))
    saved = kept(chat, nomination, mandate, answers, special)
    audit.log(
        chat.tx, chat.now, chat.person.id, nomination.committee_id, "nomination accepted", f"nomination:{nomination.id}"
    )
    if mandate.call.answered > chat.now:
        schedules.plan(chat.tx, "answers_due", nomination.committee_id, mandate.call.answered, nomination.committee_id)
    if answers.get("guardian"):
        ask_guardian(chat, mandate, saved, str(answers["guardian"]))
    name = str(answers["name"])
    tell_secretariat(
        chat, nomination, _("{name}, named by {body}, has said yes to the seat.", name=name, body=nomination.body)
    )
    if not own(chat, nomination):
        chat.say(_("It is noted that {name} has said yes.", name=name))
        return
    chat.say(
        _(
            "Thank you, {name}. It is {the_council} that has the last word on who gets a seat, and you hear from us.",
            name=name,
            the_council=mandate.municipality.the_council,
        )
    )


def kept(chat: Chat, nomination: Nomination, mandate: Mandate, answers: Answers, special: Sequence[str]) -> Application:
    """The person's name, consents and role, and the application with how it came to us."""
    person_id, line = nomination.person_id, mandate.profile(nomination.seat)
    people.change(chat.tx, person_id, name=str(answers["name"]))
    people.told(chat.tx, person_id, nomination.committee_id, mandate.version, chat.now)
    for key in special:
        purpose = f"special {key}"
        people.consented(chat.tx, person_id, nomination.committee_id, purpose, mandate.version, True, chat.now)
    private = {"told", "guardian", "door"} | {key for key in answers if key[:2] in ("c-", "p-")}
    saved = applications.save(
        chat.tx,
        person_id,
        nomination.committee_id,
        door="named",
        answers={
            **{key: value for key, value in answers.items() if key not in private},
            "profiles": [] if special else [line.key],
        },
        special=chat.house.vault.seal(special) if special else None,
        mandate_version=mandate.version,
        now=chat.now,
    )
    mine = own(chat, nomination)
    how = None if mine else "paper" if line.special else "phone"
    calls.took(chat.tx, saved.id, entered_by=None if mine else chat.person.id, entered_how=how)
    nominations.enter(chat.tx, nomination.id, "confirmed", "asked", answered_at=chat.now, application_id=saved.id)
    people.give_role(chat.tx, person_id, nomination.committee_id, Role.APPLICANT, chat.now)
    return saved


@router.button("nomno", Nomination, who=anyone)
def declined(chat: Chat, nomination: Nomination) -> None:
    """A no: the secretariat can ask the body again, and what we know of the person is soon deleted."""
    require_answerable(chat, nomination)
    nominations.enter(chat.tx, nomination.id, "declined", "asked", answered_at=chat.now)
    audit.log(
        chat.tx, chat.now, chat.person.id, nomination.committee_id, "nomination declined", f"nomination:{nomination.id}"
    )
    soon = chat.now + PARTS["withdrawn application"].length
    schedules.plan(chat.tx, "nomforget", nomination.id, soon, nomination.committee_id)
    name = people.get(chat.tx, nomination.person_id).name
    tell_secretariat(
        chat,
        nomination,
        _(
            "{name}, named by {body}, has said no to the seat. Please ask {body} for somebody else.",
            name=name,
            body=nomination.body,
        ),
    )
    chat.say(_("Thank you for your answer. We tell those who named you."), instead=True)


def tell_secretariat(chat: Chat, nomination: Nomination, text: Words) -> None:
    """Everybody of the secretariat, except who has just written it down."""
    chat.tell_each(
        [
            one
            for one in people.holding(chat.tx, nomination.committee_id, (Role.SECRETARIAT,))
            if one.id != chat.person.id
        ],
        text,
        Button(_("All who are named"), "nominees", nomination.committee_id),
        notice=_("an answer about a seat"),
        dedupe=f"nomination:{nomination.id}:answer",
        path="/talk",
    )
