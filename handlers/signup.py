"""Signing up: what we do with what you write, how you want to take part, what fits you, and how to reach you."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.messages import Button, Link
from bot.domain import eligibility, guardians
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.mandate import AgeBand, CompetenceProfile, Mandate, Sex, SpecialKind, Switches, Tie
from bot.domain.people import Role, anyone
from bot.domain.questions import (
    Answers,
    Consent,
    FreeText,
    OneOf,
    Option,
    Question,
    Reach,
    SomeOf,
    Told,
    Value,
    is_email,
)
from bot.domain.retention import PARTS, RULES
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Day, Lines, Words, _
from storage import applications, committees, contact, conversations, outbox, people, schedules
from storage.applications import Application
from storage.committees import Committee

router = Router()

NOT_APPOINTED = RULES["application"]
SPECIAL_LINE = PARTS["special-category line"]

SPECIAL = {
    SpecialKind.HEALTH: _("your health"),
    SpecialKind.ORIGIN: _("your origin or mother tongue"),
    SpecialKind.BELIEF: _("your belief"),
    SpecialKind.UNION: _("your trade union"),
    SpecialKind.SEXUALITY: _("your sexuality"),
    SpecialKind.POLITICS: _("your political views"),
}
SEXES = (
    Option(Sex.WOMAN, _("Woman")),
    Option(Sex.MAN, _("Man")),
    Option(Sex.OTHER, _("Other, or I would rather not say")),
)
TIES = (
    Option(Tie.LIVES, _("I live here")),
    Option(Tie.WORKS, _("I work here")),
    Option(Tie.LEARNS, _("I go to school or study here")),
    Option(Tie.ACTIVE, _("I am active in an association here")),
    Option(Tie.NONE, _("None of these")),
)


def takes_seat(answers: Answers) -> bool:
    """Whether the person wants a seat."""
    return answers.get("door") == "seat"


def needs_guardian(answers: Answers) -> bool:
    """Whether a guardian has to say yes too."""
    age = answers.get("age")
    return takes_seat(answers) and age is not None and eligibility.guardian_needed(str(age))


def signup_form(chat: Chat, committee: Committee) -> Form:
    """The questions of one call: only what a rule of this mandate needs. Raises Refusal while it is not open."""
    mandate = committees.mandate(chat.tx, committee.id)
    require_call(chat, committee, mandate)
    begun = conversations.find(chat.tx, chat.person.id, "signup", committee.id)
    age = begun.answers.get("age") if begun else None
    fields = (
        *_opening(chat, committee, mandate),
        *_group(mandate, committees.rules(chat.tx, committee.id)),
        *_lines(mandate, age),
        *_oneself(chat, mandate),
    )
    return Form("signup", fields, title=_("Sign up"), review=True, send=_("Send my application"))


def require_call(chat: Chat, committee: Committee, mandate: Mandate) -> None:
    """Sign-up is possible only while the call is open, and never before people can be told what becomes of it."""
    if mandate.missing_information() or chat.now < mandate.call.opens:
        raise Refusal(_("Sign-up has not opened yet. Come back {when}.", when=mandate.call.opens))


def _opening(chat: Chat, committee: Committee, mandate: Mandate) -> tuple[Question, ...]:
    information = mandate.municipality.information
    version = committees.newest_version(chat.tx, committee.id)
    told = _(
        "We use what you write only to find members for the committee. {who} see it. "
        "If you do not get a seat, we delete it by {date} at the latest, unless the law says we must keep it. "
        "Others can ask for access to the case, but then we first take out what is private.",
        who=information["who_sees"],
        date=Day(mandate.call.answered + NOT_APPOINTED.length),
    )
    doors = (
        Option("seat", _("A seat in the committee (about {meetings} meetings)", meetings=mandate.meetings)),
        Option("ad_hoc", _("A working group or one evening")),
        Option("follow", _("Just follow along")),
    )
    return (
        Told(key="told", text=told, version=version),
        OneOf(key="door", text=_("How would you like to take part?"), choices=doors, branches=True),
    )


def _group(mandate: Mandate, rules: Switches) -> tuple[Question, ...]:
    """Age, district, sex and tie, each only where a rule needs it."""
    fields: list[Question] = []
    if mandate.needs_age:
        bands = tuple(Option(band.key, eligibility.age_words(band)) for band in mandate.age_bands())
        when = mandate.call.closes
        fields.append(
            OneOf(
                key="age",
                text=_("How old are you on {day}?", day=Day(when)),
                choices=bands,
                when=takes_seat,
                branches=True,
                against=lambda age: eligibility.refusal(mandate, str(age), rules=rules),
            )
        )
    if mandate.needs_tie:
        fields.append(
            OneOf(
                key="tie",
                text=_("What ties you most to {municipality}?", municipality=mandate.municipality.name),
                choices=TIES,
                when=takes_seat,
                branches=True,
                against=lambda tie: eligibility.refusal(mandate, None, str(tie), rules=rules),
            )
        )
    if mandate.needs_district:
        places = tuple(Option(district.key, district.label) for district in mandate.districts)
        elsewhere = Option("other", _("Somewhere else"))
        fields.append(
            OneOf(
                key="district",
                text=_("Where do you live?"),
                choices=(*places, elsewhere),
                when=takes_seat,
                branches=True,
                against=lambda place: eligibility.refusal(mandate, None, district=str(place), rules=rules),
            )
        )
    if mandate.needs_sex:
        fields.append(
            OneOf(
                key="sex",
                text=_("What is your sex?"),
                hint=_("The committee shall be mixed. You need not say."),
                choices=SEXES,
                when=takes_seat,
            )
        )
    return tuple(fields)


def _lines(mandate: Mandate, age: str | None) -> tuple[Question, ...]:
    """Which lines fit. A special-category line has a consent of its own, asked on the web of those who want it."""
    fitting = eligibility.open_profiles(mandate, age)
    special = [line for line in fitting if line.special is not None]
    choices = tuple(_option(line) for line in fitting if line.special is None)
    if special:
        choices = (*choices, Option("more", _("Show me the other seats too (on our web page)")))
    profiles = SomeOf(
        key="profiles",
        text=_("Who we are looking for. Which of these fit you?"),
        hint=_("Choose one or more."),
        choices=choices,
        when=takes_seat,
        branches=bool(special),
    )
    return (profiles, *(_consent(mandate, line) for line in special))


def _consent(mandate: Mandate, line: CompetenceProfile) -> Consent:
    assert line.special is not None
    return Consent(
        key=f"c-{line.key}",
        purpose=f"special {line.key}",
        version=mandate.version,
        text=_(
            "{line}\n\n"
            "This seat says something about {what}. We may use that only if you say yes. "
            "Only those who fill the seat see it, and we delete it by {date} at the latest. "
            "If you say no, you can still apply for the other seats. You can change your mind at any time. "
            "Does this seat fit you, and may we use it when we find members?",
            line=line.label,
            what=SPECIAL[line.special],
            date=Day(mandate.call.answered + SPECIAL_LINE.length),
        ),
        yes=_("Yes, you may"),
        no=_("No, show the other seats"),
        when=lambda answers: takes_seat(answers) and "more" in _chosen(answers),
        web_only=True,
    )


def special_lines(mandate: Mandate, answers: Answers) -> list[str]:
    """The special-category lines that were declared, each with its own consent."""
    return [line.key for line in mandate.profiles if line.special and answers.get(f"c-{line.key}") is True]


def _option(line: CompetenceProfile) -> Option:
    return Option(line.key, line.label)


def _chosen(answers: Answers) -> list[str]:
    chosen = answers.get("profiles")
    return chosen if isinstance(chosen, list) else []


def _oneself(chat: Chat, mandate: Mandate) -> tuple[Question, ...]:
    chats = chat.event.address.platform not in ("web", "mail")
    return (
        FreeText(
            key="why",
            text=_("Why would you like to take part?"),
            hint=_("A few words are enough."),
            optional=True,
            longest=500,
            when=takes_seat,
        ),
        FreeText(
            key="bring",
            text=_("What can you bring?"),
            hint=_("For example time, knowledge, or people you know."),
            optional=True,
            longest=500,
            when=lambda answers: answers.get("door") in ("seat", "ad_hoc"),
        ),
        FreeText(key="name", text=_("What should we call you?"), longest=60, single_line=True),
        Reach(
            key="reach",
            text=_("At what e-mail address or phone number can we reach you?"),
            hint=_("We also write to you here.") if chats else _("We use it only for this committee."),
            optional=chats,
        ),
        Reach(
            key="guardian",
            text=_(
                "You are under 15, so a parent or guardian must say yes too. What is their e-mail address or "
                "phone number?"
            ),
            hint=_("They see what the committee is about, but not what you write."),
            when=needs_guardian,
        ),
    )


def sent_before(chat: Chat, committee: Committee) -> Mapping[str, Any] | None:
    """What was sent, to be changed until the deadline."""
    application = applications.of(chat.tx, chat.person.id, committee.id)
    if application is None:
        return None
    mandate = committees.mandate(chat.tx, committee.id)
    vault = chat.house.vault
    before = {"told": mandate.version, **application.answers}
    if "more" in _chosen(before):
        lines = vault.open(application.special) or []
        before |= {f"c-{line.key}": line.key in lines for line in mandate.profiles if line.special}
    reach = contact.of(chat.tx, vault, chat.person.id)
    before["reach"] = reach[0] if reach else None
    if application.guardian_id is not None:
        before["guardian"] = contact.of(chat.tx, vault, application.guardian_id)[0]
    return before


def refused(chat: Chat, committee: Committee, words: Words, key: str, value: Value) -> None:
    """A hard rule refuses kindly; what can be done instead is one button away, unless nothing may be stored."""
    read = Link(_("Read more"), f"/c/{committee.key}")
    if key == "age" and eligibility.below_floor(AgeBand.of(str(value))):
        chat.say(words, read)
    else:
        chat.say(words, Button(_("Follow along"), "follow", committee.id), read)


@router.form("signup", Committee, signup_form, who=anyone, before=sent_before, refused=refused)
def applied(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Check the hard rules, store the application, and say what happens next and when."""
    mandate = committees.mandate(chat.tx, committee.id)
    if chat.now >= mandate.call.closes and takes_seat(answers):
        too_late(chat, committee, mandate)
        return
    require_eligible(chat, committee, mandate, answers)
    keep_person(chat, committee, mandate, answers)
    special = special_lines(mandate, answers)
    private = {"told", "reach", "guardian"} | {key for key in answers if key.startswith("c-")}
    before = applications.of(chat.tx, chat.person.id, committee.id)
    saved = applications.save(
        chat.tx,
        chat.person.id,
        committee.id,
        door=str(answers["door"]),
        answers={key: value for key, value in answers.items() if key not in private},
        special=chat.house.vault.seal(special) if special else None,
        mandate_version=mandate.version,
        now=chat.now,
    )
    if takes_seat(answers):
        schedules.plan(chat.tx, "answers_due", committee.id, mandate.call.answered, committee.id)
        receipt(chat, committee, mandate, answers, changed=before is not None)
    else:
        followed(chat, committee, mandate, str(answers["door"]))
    if answers.get("guardian"):
        ask_guardian(chat, committee, mandate, saved, str(answers["guardian"]))


def require_eligible(chat: Chat, committee: Committee, mandate: Mandate, answers: Answers) -> None:
    """The hard rules once more, for a mandate that changed meanwhile. Raises Refusal."""
    if not takes_seat(answers):
        return
    age, tie, district = (str(answers[key]) if answers.get(key) else None for key in ("age", "tie", "district"))
    sentence = eligibility.refusal(mandate, age, tie, district=district, rules=committees.rules(chat.tx, committee.id))
    if sentence is not None:
        raise Refusal(sentence)
    fitting = {line.key for line in eligibility.open_profiles(mandate, age)}
    chosen = {*_chosen(answers), *special_lines(mandate, answers)} - {"more"}
    if not chosen or not chosen <= fitting:
        raise Refusal(_("Please choose at least one seat that fits you."))


def keep_person(chat: Chat, committee: Committee, mandate: Mandate, answers: Answers) -> None:
    """The name, one way to reach the person, what was told, and the consent: stored by themselves."""
    people.change(chat.tx, chat.person.id, name=str(answers["name"]), locale=chat.voice[0])
    chat.person = people.get(chat.tx, chat.person.id)
    people.told(chat.tx, chat.person.id, committee.id, mandate.version, chat.now)
    for key in (key for key in answers if key.startswith("c-")):
        purpose = f"special {key.removeprefix('c-')}"
        given = bool(answers[key])
        people.consented(chat.tx, chat.person.id, committee.id, purpose, mandate.version, given, chat.now)
    reach = answers.get("reach")
    if reach and not contact.give(chat.tx, chat.house.vault, chat.person.id, str(reach), chat.now):
        raise Refusal(
            _(
                "This address or number is already used here. If it is yours, sign in first and then go on. "
                "Otherwise give another one."
            )
        )
    role = {"ad_hoc": Role.AD_HOC, "follow": Role.CIRCLE}.get(str(answers["door"]), Role.APPLICANT)
    people.take_role(chat.tx, chat.person.id, committee.id, Role.AD_HOC, Role.CIRCLE, Role.APPLICANT)
    people.give_role(chat.tx, chat.person.id, committee.id, role, chat.now)


def receipt(chat: Chat, committee: Committee, mandate: Mandate, answers: Answers, *, changed: bool) -> None:
    """What was sent, what happens next, and the date; by mail only that it arrived."""
    lines: list[Words] = [
        _("Thank you, {name}. Your application is changed.", name=answers["name"])
        if changed
        else _("Thank you, {name}. We have your application.", name=answers["name"]),
        _(
            "You hear from us by {when}, whether you get a seat or not. {who} choose among those who applied. "
            "You can change or withdraw your application until {closes}.",
            when=mandate.call.answered,
            who=mandate.municipality.information["who_sees"],
            closes=mandate.call.closes,
        ),
    ]
    buttons = (
        Button(_("Change my application"), "reapply", committee.id),
        Button(_("Withdraw my application"), "withdraw", committee.id),
    )
    chat.say(Lines(tuple(lines)), *buttons)
    mail = _(
        "Hello {name}. Your application has reached us. You hear from us by {when}. "
        "Until {closes} you can change or withdraw it on the page behind the link.",
        name=answers["name"],
        when=mandate.call.answered,
        closes=mandate.call.closes,
    )
    notice = _("your application has reached us")
    chat.tell(chat.person, mail, notice=notice, kind="reply", lane=0, only_mail=True)


def followed(chat: Chat, committee: Committee, mandate: Mandate, door: str) -> None:
    """The other two doors: no selection, only being asked along the way."""
    if door == "follow":
        text = _("Thank you. We write when there is something to see or to say. Write /stop at any time to hear less.")
    else:
        text = _(
            "Thank you. We write when there is a working group or an evening you could join. You decide each time."
        )
    chat.say(text)


@router.button("reapply", Committee, who=anyone)
def reapply(chat: Chat, committee: Committee) -> None:
    """Change an application until the deadline."""
    mandate = committees.mandate(chat.tx, committee.id)
    if chat.now >= mandate.call.closes:
        raise Refusal(
            _(
                "The deadline was {when}, so your application stands. Write to your contact person if "
                "something has changed.",
                when=mandate.call.closes,
            )
        )
    chat.begin("signup", committee.id, anew=True)


def too_late(chat: Chat, committee: Committee, mandate: Mandate) -> None:
    """After the deadline nobody is just turned away."""
    chat.say(
        _(
            "The deadline for applying was {deadline}. You can still join for an evening or in a working group, "
            "and we can write if a seat falls empty.",
            deadline=mandate.call.closes,
        ),
        Button(_("Follow along"), "follow", committee.id),
        Button(_("No thanks"), "keep"),
    )


@router.button("follow", Committee, who=anyone)
def follow(chat: Chat, committee: Committee) -> None:
    """Follow along without an application."""
    standing = chat.standing().roles
    if not standing:
        people.give_role(chat.tx, chat.person.id, committee.id, Role.CIRCLE, chat.now)
    followed(chat, committee, committees.mandate(chat.tx, committee.id), "follow")


@router.button("withdrawn", Committee, who=anyone)
def withdrawn(chat: Chat, committee: Committee) -> None:
    """The second step of withdrawing: what was written is erased."""
    application = applications.of(chat.tx, chat.person.id, committee.id)
    mandate = committees.mandate(chat.tx, committee.id)
    if application is None:
        raise Refusal(_("You have no application here. Write /committees to see all committees."))
    if application.state == "appointed":
        raise Refusal(_("You already have a seat. Write /leave if you want to give it up."))
    applications.withdraw(chat.tx, application.id, chat.now)
    people.take_role(chat.tx, chat.person.id, committee.id, Role.APPLICANT)
    outbox.cancel(chat.tx, chat.person.id, about=("application", application.id))
    chat.say(
        _(
            "Your application is withdrawn, and what you wrote is erased. You can apply again until {when}.",
            when=mandate.call.closes,
        ),
        instead=True,
    )


def ask_guardian(chat: Chat, committee: Committee, mandate: Mandate, application: Application, reach: str) -> None:
    """A guardian sees what the committee is and whom to ask, never what the child wrote."""
    vault = chat.house.vault
    guardian = contact.find(chat.tx, vault, reach)
    if guardian is not None and guardian.id == chat.person.id:
        raise Refusal(_("Please give your parent's or guardian's own address or number, not yours."))
    if guardian is None:
        guardian = people.add(chat.tx, chat.now, locale=chat.voice[0])
        contact.give(chat.tx, vault, guardian.id, reach, chat.now)
    applications.ask_guardian(chat.tx, application.id, guardian.id, chat.now)
    chat.tell(
        guardian,
        guardians.letter(mandate),
        Button(_("Yes"), "guardian", application.id, "yes"),
        Button(_("No"), "guardian", application.id, "no"),
        Button(_("Ask us first"), "guardian", application.id, "ask"),
        notice=_("a question for a parent or guardian"),
        kind="necessary",
        dedupe=f"guardian:{application.id}:{guardian.id}",
    )
    remind, give_up = chat.now + guardians.REMINDED_AFTER, guardians.given_up(mandate)
    schedules.plan(chat.tx, "guardremind", application.id, remind, committee.id)
    schedules.plan(chat.tx, "noguardian", application.id, give_up, committee.id)
    if not is_email(reach):
        call = _("A parent or guardian of an applicant under 15 is to be called at {number}.", number=reach)
        for person in people.facilitators(chat.tx, committee.id):
            chat.tell(person, call, notice=_("somebody to call"), kind="necessary")
    chat.say(
        _(
            "We now ask your parent or guardian. They see what the committee is about, and nothing of what you wrote. "
            "Your application counts once they have said yes."
        )
    )
