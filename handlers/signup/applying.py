"""Signing up: what comes of the questions, changing and withdrawing it, and asking a guardian."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.messages import Button, Link, Secret
from bot.domain import eligibility, platforms
from bot.domain.errors import Refusal
from bot.domain.mandate import AgeBand, Mandate
from bot.domain.people import Role, anyone
from bot.domain.questions import Answers, Value, taken
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Words, _
from handlers.signup.questions import allowed, chosen, in_chat, signup_form, special_lines, takes_seat
from handlers.signup.taking import ask_guardian, require_eligible
from storage import applications, calls, committees, contact, conversations, outbox, people, schedules, sources
from storage.committees import Committee

router = Router()
DOORS = ("seat", "ad_hoc", "follow")  # those that this form asks about


def sent_before(chat: Chat, committee: Committee) -> Mapping[str, Any] | None:
    """What was sent, to be changed until the deadline."""
    application = applications.of(chat.tx, chat.person.id, committee.id)
    if application is None or application.door not in DOORS:
        return None
    mandate = committees.mandate(chat.tx, committee.id)
    vault = chat.house.vault
    before = {"told": mandate.version, **application.answers}
    if application.call < calls.number(chat.tx, committee.id):
        before = {"name": application.answers.get("name")}  # another day, other lines, other words: all is asked anew
    elif "more" in chosen(before):
        lines = vault.open(application.special) or []
        before |= {f"c-{line.key}": line.key in lines for line in mandate.profiles if line.special}
    before |= dict.fromkeys(allowed(chat), True)
    reach = contact.of(chat.tx, vault, chat.person.id)
    if reach or in_chat(chat):
        before["reach"] = reach[0] if reach else None
    if application.guardian_id is not None:
        before["guardian"] = contact.of(chat.tx, vault, application.guardian_id)[0]
    return before


def refused(chat: Chat, committee: Committee, words: Words, key: str, value: Value) -> None:
    """A hard rule refuses kindly; what can be done instead is one button away, unless nothing may be stored."""
    read = Link(_("Read more"), f"/c/{committee.key}")
    if key in platforms.NAMES:
        to_our_page(chat, committee, words, key)
    elif key == "age" and eligibility.below_floor(AgeBand.of(str(value))):
        chat.say(words, read)
    else:
        chat.say(words, Button(_("Follow along"), "follow", committee.id), read)


def to_our_page(chat: Chat, committee: Committee, words: Words, platform: str) -> None:
    """No to the platform is an answer to keep; the same person goes on with the same form on our own page."""
    people.may_write(chat.tx, chat.person.id, committee.id, platform, platforms.WORDS, False, chat.now)
    if applications.of(chat.tx, chat.person.id, committee.id) is None:
        begun = conversations.start(chat.tx, chat.person.id, "signup", committee.id, committee.id, chat.now)
        conversations.save(chat.tx, begun, chat.now, open=False)
    chat.say(words, Link(_("Sign up on our web page"), Secret("login", f"/form/signup/{committee.id}")))


@router.form("signup", Committee, signup_form, who=anyone, before=sent_before, refused=refused, grows=True)
def applied(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Check the hard rules, store the application, and say what happens next and when."""
    mandate = committees.mandate(chat.tx, committee.id)
    if chat.now >= mandate.call.closes and takes_seat(answers):
        too_late(chat, committee, mandate)
        return
    require_eligible(chat, committee, mandate, answers)
    keep_person(chat, committee, mandate, answers)
    special = special_lines(mandate, answers)
    private = {"told", "reach", "guardian", *platforms.NAMES} | {key for key in answers if key.startswith("c-")}
    before = applications.of(chat.tx, chat.person.id, committee.id)
    changed = before is not None and before.call == calls.number(chat.tx, committee.id)
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
    calls.took(chat.tx, saved.id, source_id=sources.brought(chat.tx, chat.person.id, committee.id))
    if takes_seat(answers):
        schedules.plan(chat.tx, "answers_due", committee.id, mandate.call.answered, committee.id)
        receipt(chat, committee, mandate, answers, changed=changed)
    else:
        followed(chat, committee, mandate, str(answers["door"]))
    if answers.get("guardian"):
        ask_guardian(chat, mandate, saved, str(answers["guardian"]))
        chat.say(
            _(
                "We now ask your parent or guardian. They see what the committee is about, and nothing of what you "
                "wrote. Your application counts once they have said yes."
            )
        )


def keep_person(chat: Chat, committee: Committee, mandate: Mandate, answers: Answers) -> None:
    """The name, one way to reach the person, what was told, and the consents: stored by themselves."""
    people.change(chat.tx, chat.person.id, name=str(answers["name"]), locale=chat.voice[0])
    chat.person = people.get(chat.tx, chat.person.id)
    people.told(chat.tx, chat.person.id, committee.id, mandate.version, chat.now)
    for key in (key for key in answers if key.startswith("c-")):
        purpose = f"special {key.removeprefix('c-')}"
        given = bool(answers[key])
        people.consented(chat.tx, chat.person.id, committee.id, purpose, mandate.version, given, chat.now)
    for name in platforms.NAMES:
        before = people.consent(chat.tx, chat.person.id, name)
        given = answers.get(name) is True
        if name in answers and (before is None or before.given is not given):
            people.may_write(chat.tx, chat.person.id, committee.id, name, platforms.WORDS, given, chat.now)
    reach = answers.get("reach")
    if reach and not contact.give(chat.tx, chat.house.vault, chat.person.id, str(reach), chat.now):
        raise taken()
    role = {"ad_hoc": Role.AD_HOC, "follow": Role.CIRCLE}.get(str(answers["door"]), Role.APPLICANT)
    people.take_role(chat.tx, chat.person.id, committee.id, Role.AD_HOC, Role.CIRCLE, Role.APPLICANT)
    people.give_role(chat.tx, chat.person.id, committee.id, role, chat.now)


def receipt(chat: Chat, committee: Committee, mandate: Mandate, answers: Answers, *, changed: bool) -> None:
    """What was sent, what happens next, and the date; by mail only that it arrived."""
    choosers = mandate.municipality.information["who_sees"]
    lines: list[Words] = [
        _("Thank you, {name}. Your application is changed.", name=answers["name"])
        if changed
        else _("Thank you, {name}. We have your application.", name=answers["name"]),
        _(
            "You hear from us by {when}, whether you get a seat or not. {who} choose among those who applied. "
            "You can change or withdraw your application until {closes}.",
            when=mandate.call.answered,
            who=_("The committee's politicians") if mandate.selection.by_politicians else choosers,
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
    application = applications.of(chat.tx, chat.person.id, committee.id)
    if application is not None and application.door == "named":
        raise Refusal(_("You were named for a seat. Write to your contact person if something has changed."))
    form = "standing" if application is not None and application.door == "politics" else "signup"
    chat.begin(form, committee.id, anew=True)


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
