"""The questions of the sign-up: only what a rule of this mandate needs, and each person's platform once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain import eligibility, platforms
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.mandate import CompetenceProfile, Mandate, SpecialKind, Switches
from bot.domain.questions import Answers, Consent, FreeText, OneOf, Option, Question, Reach, SomeOf, Told
from bot.domain.questions.base import When
from bot.domain.retention import PARTS, RULES
from bot.engine.chat import Chat
from bot.text import Day, Lines, Words, _
from storage import applications, committees, conversations, people
from storage.committees import Committee

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


def takes_seat(answers: Answers) -> bool:
    """Whether the person wants a seat."""
    return answers.get("door") == "seat"


def young(answers: Answers) -> bool:
    """Whether somebody is too young to decide alone."""
    age = answers.get("age")
    return age is not None and eligibility.guardian_needed(str(age))


def needs_guardian(answers: Answers) -> bool:
    """Whether a guardian has to say yes too."""
    return takes_seat(answers) and young(answers)


def options(labels: Mapping[Any, Words]) -> tuple[Option, ...]:
    """Each key with its label."""
    return tuple(Option(key, label) for key, label in labels.items())


def signup_form(chat: Chat, committee: Committee) -> Form:
    """The questions of one call: only what a rule of this mandate needs. Raises Refusal while it is not open."""
    mandate = committees.mandate(chat.tx, committee.id)
    require_call(chat, committee, mandate)
    require_no_seat(chat, committee)
    begun = conversations.find(chat.tx, chat.person.id, "signup", committee.id)
    answers = begun.answers if begun else {}
    changing = applications.of(chat.tx, chat.person.id, committee.id) is not None
    fields = (
        *platforms.asked(chat.event.address.platform, answers, allowed(chat), changing=changing),
        information(chat, committee, mandate),
        doors(mandate),
        *group(mandate, committees.rules(chat.tx, committee.id)),
        *_lines(mandate, answers.get("age"), in_chat(chat)),
        *_oneself(chat),
    )
    return Form("signup", fields, title=_("Sign up"), review=looked_over, send=_("Send my application"))


def allowed(chat: Chat) -> tuple[str, ...]:
    """The platforms with a yes."""
    found = {name: people.consent(chat.tx, chat.person.id, name) for name in platforms.NAMES}
    return tuple(name for name, consent in found.items() if consent is not None and consent.given)


def require_call(chat: Chat, committee: Committee, mandate: Mandate) -> None:
    """Sign-up is possible only while the call is open, and never before people can be told what becomes of it."""
    if mandate.missing_information() or chat.now < mandate.call.opens:
        raise Refusal(_("Sign-up has not opened yet. Come back {when}.", when=mandate.call.opens))


def require_no_seat(chat: Chat, committee: Committee) -> None:
    """Whoever has a seat does not apply for one, in a later call either."""
    application = applications.of(chat.tx, chat.person.id, committee.id)
    has_one = application is not None and application.state == "appointed"
    if has_one or people.is_member(chat.tx, chat.person.id, committee.id):
        raise Refusal(_("You already have a seat in this committee. Write /leave if you want to give it up."))


def information(chat: Chat, committee: Committee, mandate: Mandate, before: Words = "") -> Told:
    """What becomes of what is written; `before` stands above it."""
    told = _(
        "We use what you write only to find members for the committee. {who} see it. "
        "If you do not get a seat, we delete it by {date} at the latest, unless the law says we must keep it. "
        "Others can ask for access to the case, but then we first take out what is private.",
        who=mandate.municipality.information["who_sees"],
        date=Day(mandate.call.answered + NOT_APPOINTED.length),
    )
    choose = (
        _("The committee's politicians choose the members, and see it too.") if mandate.selection.by_politicians else ""
    )
    version = committees.newest_version(chat.tx, committee.id)
    return Told(key="told", text=Lines((before, told, choose)), version=version)


def doors(mandate: Mandate) -> OneOf:
    """The ways of taking part."""
    choices = (
        Option("seat", _("A seat in the committee (about {meetings} meetings)", meetings=mandate.meetings)),
        Option("ad_hoc", _("A working group or one evening")),
        Option("follow", _("Just follow along")),
    )
    return OneOf(key="door", text=_("How would you like to take part?"), choices=choices, branches=True)


def group(mandate: Mandate, rules: Switches, when: When = takes_seat) -> tuple[Question, ...]:
    """Age, district, sex and tie, each only where a rule needs it, of those who want a seat."""
    fields: list[Question] = []
    if mandate.needs_age:
        bands = tuple(Option(band.key, eligibility.age_words(band)) for band in mandate.age_bands())
        fields.append(
            OneOf(
                key="age",
                text=_("How old are you on {day}?", day=Day(mandate.call.closes)),
                choices=bands,
                when=when,
                branches=True,
                against=lambda age: eligibility.refusal(mandate, str(age), rules=rules),
            )
        )
    if mandate.needs_tie:
        fields.append(
            OneOf(
                key="tie",
                text=_("What ties you most to {municipality}?", municipality=mandate.municipality.name),
                choices=options(eligibility.TIES),
                when=when,
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
                when=when,
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
                choices=options(eligibility.SEXES),
                when=when,
            )
        )
    return tuple(fields)


def _lines(mandate: Mandate, age: str | None, chats: bool) -> tuple[Question, ...]:
    """Which lines fit. A special-category line has a consent of its own, asked on the web of those who want it."""
    fitting = eligibility.open_profiles(mandate, age)
    special = [line for line in fitting if line.special is not None]
    choices = tuple(Option(line.key, line.label) for line in fitting if line.special is None)
    if special:
        others = _("Show me the other seats too (on our web page)") if chats else _("Show me the other seats too")
        choices = (*choices, Option("more", others))
    profiles = SomeOf(
        key="profiles",
        text=_("Who we are looking for. Which of these fit you?"),
        hint=_("Choose one or more."),
        choices=choices,
        when=takes_seat,
        branches=bool(special),
    )
    return (profiles, *(own_consent(mandate, line) for line in special))


def shown_special(answers: Answers) -> bool:
    """Whether somebody who wants a seat asked to see the special-category lines."""
    return takes_seat(answers) and "more" in chosen(answers)


def own_consent(mandate: Mandate, line: CompetenceProfile, when: When = shown_special) -> Consent:
    """The consent to use what a special-category line says, asked on our own page only."""
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
        when=when,
        web_only=True,
    )


def special_lines(mandate: Mandate, answers: Answers) -> list[str]:
    """The special-category lines that were declared, each with its own consent."""
    return [line.key for line in mandate.profiles if line.special and answers.get(f"c-{line.key}") is True]


def chosen(answers: Answers) -> list[str]:
    """The lines that were ticked."""
    chosen = answers.get("profiles")
    return chosen if isinstance(chosen, list) else []


def in_chat(chat: Chat) -> bool:
    """Whether we can write to the person where the questions are asked."""
    return chat.event.address.platform not in ("web", "mail")


def motives() -> tuple[Question, ...]:
    """Why somebody wants a seat, or what somebody brings to an evening."""
    return (
        FreeText(
            key="why",
            text=_("Why would you like to take part, and what can you bring?"),
            hint=_("A few words are enough, for example about time, knowledge, or people you know."),
            optional=True,
            longest=800,
            when=takes_seat,
        ),
        FreeText(
            key="bring",
            text=_("What can you bring?"),
            hint=_("For example time, knowledge, or people you know."),
            optional=True,
            longest=500,
            when=lambda answers: answers.get("door") == "ad_hoc",
        ),
    )


def calling_name() -> FreeText:
    """The name somebody wants to be called by."""
    return FreeText(key="name", text=_("What should we call you?"), longest=60, single_line=True)


def guardian_reach(when: When = needs_guardian) -> Reach:
    """How a guardian is reached."""
    return Reach(
        key="guardian",
        text=_(
            "You are under 15, so a parent or guardian must say yes too. What is their e-mail address or phone number?"
        ),
        hint=_("They see what the committee is about, but not what you write."),
        when=when,
    )


def _oneself(chat: Chat) -> tuple[Question, ...]:
    chats = in_chat(chat)
    reach = Reach(
        key="reach",
        text=_("At what e-mail address or phone number can we reach you?"),
        hint=_("We also write to you here.") if chats else _("We use it only for this committee."),
        optional=chats,
    )
    return (*motives(), calling_name(), reach, guardian_reach())
