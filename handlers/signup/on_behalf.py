"""On behalf of somebody on paper or the phone: the same questions, marked with who entered them and how."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain import eligibility
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.mandate import CompetenceProfile, Mandate
from bot.domain.people import STAFF, Person, Role, office
from bot.domain.questions import Answers, FreeText, OneOf, Option, Question, Reach, SomeOf, is_email
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Words, _
from handlers.signup.questions import (
    calling_name,
    doors,
    group,
    guardian_reach,
    information,
    motives,
    require_call,
    takes_seat,
)
from handlers.signup.taking import ask_guardian, require_eligible
from storage import applications, audit, calls, committees, contact, conversations, people, schedules
from storage.applications import Application
from storage.committees import Committee

router = Router()
HOW = {"paper": _("On paper"), "phone": _("By phone")}
ROLES = {"ad_hoc": Role.AD_HOC, "follow": Role.CIRCLE}


@router.command("enter", who=office, words=("enter an application", "indtast ansøgning", "skriv inn søknad"))
def begin(chat: Chat, argument: str) -> None:
    """Enter an application for somebody."""
    assert chat.committee is not None
    chat.begin("entry", chat.committee.id)


def entry_form(chat: Chat, committee: Committee) -> Form:
    """The questions of the sign-up, asked on the person's behalf. Raises Refusal while the call is not open."""
    mandate = committees.mandate(chat.tx, committee.id)
    require_call(chat, committee, mandate)
    if chat.now >= mandate.call.closes:
        raise Refusal(_("The deadline for applying was {when}. You can call seats again.", when=mandate.call.closes))
    begun = conversations.find(chat.tx, chat.person.id, "entry", committee.id)
    age = begun.answers.get("age") if begun else None
    how = OneOf(
        key="how",
        text=_("How did the application come?"),
        hint=_("You answer the questions as the person did."),
        choices=tuple(Option(key, label) for key, label in HOW.items()),
        branches=True,
    )
    read = _("This stands on the paper form, or you read it aloud on the phone:")
    return Form(
        "entry",
        (
            how,
            information(chat, committee, mandate, read),
            doors(mandate),
            *group(mandate, committees.rules(chat.tx, committee.id)),
            *_lines(mandate, age, special=chat.event.address.account == "web"),
            *motives(),
            calling_name(),
            *_reach(),
            guardian_reach(),
        ),
        title=_("Enter an application"),
        review=looked_over,
        send=_("Send the application"),
    )


def _lines(mandate: Mandate, age: str | None, *, special: bool) -> tuple[Question, ...]:
    """The open lines that fit; a special-category one only on our own page, with the consent in writing at hand."""
    fitting = eligibility.open_profiles(mandate, age)
    usual = tuple(Option(line.key, line.label) for line in fitting if line.special is None)
    sensitive = tuple(paper_consent(line) for line in fitting if line.special is not None) if special else ()
    ticks = SomeOf(
        key="profiles",
        text=_("Who we are looking for. Which of these fit you?"),
        hint=_("Choose one or more."),
        choices=usual,
        optional=bool(sensitive),
        when=takes_seat,
    )
    return (ticks, *sensitive) if usual else sensitive


def paper_consent(line: CompetenceProfile) -> SomeOf:
    """The tick that the person has consented in writing to the use of what a special-category line says."""
    return SomeOf(
        key=f"p-{line.key}",
        text=_("This seat says something sensitive: {line}", line=line.label),
        hint=_("Tick it only if the person asks for this seat on the paper form and has signed the consent there."),
        choices=(Option("signed", _("The consent is signed on the paper form")),),
        optional=True,
        when=lambda answers: answers.get("how") == "paper" and answers.get("door", "seat") == "seat",
        web_only=True,
    )


def signed(mandate: Mandate, answers: Answers) -> list[str]:
    """The special-category lines with a consent in writing."""
    return [line.key for line in mandate.profiles if line.special and answers.get(f"p-{line.key}") == ["signed"]]


def _reach() -> tuple[Question, ...]:
    """One way to reach the person: mail or phone, else letters."""
    return (
        Reach(
            key="reach",
            text=_("What is the person's e-mail address or phone number?"),
            optional=True,
            branches=True,
        ),
        FreeText(
            key="letter",
            text=_("To what address can we send letters?"),
            longest=200,
            when=lambda answers: "reach" in answers and answers["reach"] is None,
        ),
    )


@router.form("entry", Committee, entry_form, who=office, grows=True)
def entered(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Keep it as the person's own application, marked as entered, and tell the person where that can be done."""
    mandate = committees.mandate(chat.tx, committee.id)
    special = signed(mandate, answers)
    require_eligible(chat, committee, mandate, {**answers, **{f"c-{key}": True for key in special}})
    person = person_of(chat, committee, answers)
    for key in special:
        purpose = f"special {key}"
        people.consented(chat.tx, person.id, committee.id, purpose, mandate.version, True, chat.now)
    people.told(chat.tx, person.id, committee.id, mandate.version, chat.now)
    role = ROLES.get(str(answers["door"]), Role.APPLICANT)
    people.give_role(chat.tx, person.id, committee.id, role, chat.now)
    private = {"how", "told", "reach", "letter", "guardian"} | {key for key in answers if key.startswith("p-")}
    saved = applications.save(
        chat.tx,
        person.id,
        committee.id,
        door=str(answers["door"]),
        answers={key: value for key, value in answers.items() if key not in private},
        special=chat.house.vault.seal(special) if special else None,
        mandate_version=mandate.version,
        now=chat.now,
    )
    calls.took(chat.tx, saved.id, entered_by=chat.person.id, entered_how=str(answers["how"]))
    what = f"application:{saved.id}"
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "entered on behalf", what, str(answers["how"]))
    if takes_seat(answers):
        schedules.plan(chat.tx, "answers_due", committee.id, mandate.call.answered, committee.id)
    if answers.get("guardian"):
        ask_guardian(chat, mandate, saved, str(answers["guardian"]))
    tell(chat, mandate, person, saved, answers)


def person_of(chat: Chat, committee: Committee, answers: Answers) -> Person:
    """The person with that address, or a new one. Raises Refusal for who has applied here or belongs here already."""
    vault, reach = chat.house.vault, answers.get("reach")
    known = contact.find(chat.tx, vault, str(reach)) if reach else None
    if known is not None:
        roles = people.roles_in(chat.tx, known.id, committee.id)
        if (
            roles & STAFF
            or people.is_member(chat.tx, known.id, committee.id)
            or applications.of(chat.tx, known.id, committee.id)
        ):
            raise Refusal(
                _(
                    "Whoever has this address or number has applied already, or belongs to the committee. "
                    "Press Change something to give another one."
                )
            )
        return known
    person = people.add(chat.tx, chat.now, str(answers["name"]))
    if reach:
        contact.give(chat.tx, vault, person.id, str(reach), chat.now)
    else:
        contact.give_letter(chat.tx, vault, person.id, str(answers["letter"]), chat.now)
    return person


def tell(chat: Chat, mandate: Mandate, person: Person, saved: Application, answers: Answers) -> None:
    """The person hears at once where that can be written; else the staff is told to call or send a letter."""
    name = str(answers["name"])
    chat.tell(
        person,
        _(
            "Hello {name}. We have entered your application for the committee on {topic}. "
            "You hear from us by {when}. Until {closes} you can change or withdraw it.",
            name=name,
            topic=mandate.title,
            when=mandate.call.answered,
            closes=mandate.call.closes,
        ),
        Button(_("Change my application"), "reapply", saved.committee_id),
        Button(_("Withdraw my application"), "withdraw", saved.committee_id),
        notice=_("your application has reached us"),
        kind="necessary",
        lane=0,
        dedupe=f"entered:{saved.id}:{chat.now.isoformat()}",
        path="/talk",
    )
    reach = answers.get("reach")
    text: Words = (
        _("The application of {name} is entered, and {name} is told.", name=name)
        if reach and is_email(str(reach))
        else _(
            "The application of {name} is entered. We cannot write to {name}: please call or send a letter, now and "
            "when everybody is answered {when}.",
            name=name,
            when=mandate.call.answered,
        )
    )
    chat.say(text, Button(_("Enter another one"), "open", "entry", saved.committee_id))
