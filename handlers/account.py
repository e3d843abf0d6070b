"""Yourself: what is open for you, what we know about you, hearing less, leaving, and having it erased."""

from __future__ import annotations

from bot.chat.messages import Button, Link, Message, Secret
from bot.domain.errors import Refusal
from bot.domain.people import MEMBERS, Role, anyone, member
from bot.engine import dialogue
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Text, Words, _
from storage import (
    applications,
    audit,
    committees,
    conversations,
    erasure,
    meetings,
    named,
    offers,
    open_items,
    outbox,
    people,
    schedules,
)
from storage.committees import Committee

router = Router()


@router.command("status", who=anyone, words=("status", "hvad nu", "hva nå", "kva no"))
def status(chat: Chat, argument: str) -> None:
    """What is open for the person, over all committees, each with its button."""
    lines, rows = overview(chat)
    chat.say(Lines(tuple(lines), "\n"), *rows)


@router.command("home", who=anyone)
def home(chat: Chat, argument: str) -> None:
    """The same on a platform's home page, with language and pause; the last state wins."""
    lines, rows = overview(chat)
    rows += [Button(_("Language"), "speech"), Button(_("Hear less"), "less")]
    message = Message(Lines(tuple(lines), "\n"), tuple((row,) for row in rows))
    outbox.home(chat.tx, chat.event.address, chat.person.id, chat.render(message), chat.now)


@router.button("speech", who=anyone)
def speech(chat: Chat) -> None:
    """The language command as a button."""
    chat.router.commands["language"].handler(chat, "")


@router.button("less", who=anyone)
def less(chat: Chat) -> None:
    """The stop command as a button."""
    stop(chat, "")


def overview(chat: Chat) -> tuple[list[Words], list[Button]]:
    """A line and a button for all that is open, then the next meeting and what was begun and not sent."""
    lines: list[Words] = []
    rows: list[Button] = []
    for item in open_items.of(chat.tx, chat.person.id, chat.now):
        name = committees.mandate(chat.tx, item.committee_id).short_name
        lines.append(Text(ITEM_TEXTS[item.kind], {"committee": name, "until": item.until}))
        rows.append(Button(ITEM_BUTTONS[item.kind], *item.button))
    for committee_id in people.roles(chat.tx, chat.person.id):
        upcoming = meetings.upcoming(chat.tx, committee_id, chat.now) if committee_id else None
        if upcoming:
            lines.append(_("Next meeting: {when}, {place}.", when=upcoming.starts_at, place=upcoming.place))
    unsent = conversations.paused(chat.tx, chat.person.id) or conversations.current(chat.tx, chat.person.id)
    if unsent is not None and unsent.form in chat.router.forms:
        lines.append(_("You have begun something and not sent it."))
        rows.append(Button(_("Go on"), "open", unsent.form, unsent.subject))
    if not lines:
        lines.append(_("Nothing is waiting for you. Write /committees to see all committees."))
    return lines, rows


ITEM_TEXTS = {
    "questions": _("{committee}: questions before the meeting, until {until}.").message,
    "ballot": _("{committee}: a prioritisation, until {until}.").message,
    "application": _("{committee}: your application is in. You can change it until {until}.").message,
    "answered": _("{committee}: you have answered. You can change it until {until}.").message,
}
ITEM_BUTTONS = {
    "questions": _("Answer now"),
    "ballot": _("Prioritise"),
    "application": _("Change my application"),
    "answered": _("Change my answers"),
}


@router.command("edit", who=anyone, words=("edit", "ret", "rediger", "endre"))
def edit(chat: Chat, argument: str) -> None:
    """Reopen what was sent and can still be changed."""
    items = [
        item for item in open_items.of(chat.tx, chat.person.id, chat.now) if item.kind in ("answered", "application")
    ]
    current = conversations.current(chat.tx, chat.person.id)
    if current is not None and current.form in chat.router.forms:
        dialogue.change(chat, current.form, current.subject)
    elif not items:
        raise Refusal(_("There is nothing you can change right now. Write /status to see what is open for you."))
    else:
        rows = [Button(ITEM_BUTTONS[item.kind], *item.button) for item in items]
        names = [
            Text(
                ITEM_TEXTS[item.kind],
                {"committee": committees.mandate(chat.tx, item.committee_id).short_name, "until": item.until},
            )
            for item in items
        ]
        chat.say(Lines(tuple(names), "\n"), *rows)


@router.command("back", who=anyone, words=("back", "tilbage", "tilbake"))
def back(chat: Chat, argument: str) -> None:
    """One question back in the open form."""
    current = conversations.current(chat.tx, chat.person.id)
    if current is None or current.form not in chat.router.forms:
        raise Refusal(_("No form is open. Write /status to see what is open for you."))
    dialogue.back(chat, current.form, current.subject)


@router.command("stop", who=anyone, words=("stop", "stopp"))
def stop(chat: Chat, argument: str) -> None:
    """Hear less: only the necessary, or nothing at all. A seat is not touched by it."""
    if chat.person.state != "active":
        chat.say(
            _("You hear little from us already. Would you like to hear everything again?"),
            Button(_("Yes, write to me"), "hear", "active"),
        )
        return
    chat.say(
        _("How much would you like to hear from us? Your place in the committee stays as it is."),
        Button(_("A pause"), "pause"),
        Button(_("Only the necessary"), "hear", "necessary"),
        Button(_("Nothing, call me instead"), "hear", "silent"),
        Button(_("Everything, as now"), "hear", "active"),
    )


@router.button("hear", str, who=anyone)
def hear(chat: Chat, state: str) -> None:
    """Set how much the person hears; what is waiting to be sent is cancelled at once."""
    if state not in ("active", "necessary", "silent"):
        raise Refusal(_("Please choose one of the answers shown."))
    people.change(chat.tx, chat.person.id, state=state)
    if state == "active":
        chat.say(_("Good. You hear from us when there is something for you."), instead=True)
        return
    kinds = ("prompt", "reminder") if state == "necessary" else ("prompt", "reminder", "necessary")
    outbox.cancel(chat.tx, chat.person.id, kinds=kinds)
    if state == "necessary":
        chat.say(
            _("From now on you hear only what you must know, such as a moved meeting. Write /stop to change it."),
            instead=True,
        )
    else:
        chat.say(
            _(
                "We write nothing more. Your contact person is told, and calls when something matters. Write "
                "/stop to change it."
            ),
            instead=True,
        )
        for committee_id, roles in people.roles(chat.tx, chat.person.id).items():
            if committee_id is not None and roles & MEMBERS:
                chat.about(committee_id)
                tell_facilitators(
                    chat,
                    _(
                        "{name} wants no messages. Please call instead when something matters.",
                        name=chat.person.name or _("A member"),
                    ),
                    f"silent:{chat.person.id}:{chat.now.isoformat()}",
                )


def tell_facilitators(chat: Chat, text: Words, dedupe: str) -> None:
    """Tell the facilitators of the committee at hand."""
    assert chat.committee is not None
    for person in people.facilitators(chat.tx, chat.committee.id):
        chat.tell(person, text, notice=_("about a member"), kind="necessary", dedupe=f"{dedupe}:{person.id}")


@router.command("leave", who=member, words=("leave", "forlad udvalget", "forlat utvalget", "forlat utvalet"))
def leave(chat: Chat, argument: str) -> None:
    """Give up one's place, in two steps."""
    assert chat.committee is not None
    name = committees.mandate(chat.tx, chat.committee.id).title
    chat.say(
        _("Do you want to leave the committee on {topic}? Your place is then given to somebody else.", topic=name),
        Button(_("Yes, leave"), "leaves", chat.committee.id),
        Button(_("No, stay"), "stays", chat.committee.id),
    )


@router.button("leaves", Committee, who=member)
def leaves(chat: Chat, committee: Committee) -> None:
    """The second step: the place is given up, and the contact person is told."""
    people.take_role(chat.tx, chat.person.id, committee.id, *MEMBERS)
    free_seat(chat, committee.id)
    outbox.cancel(chat.tx, chat.person.id, kinds=("prompt", "reminder"))
    conversations.end_all(chat.tx, chat.person.id, committee.id)
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "left", f"person:{chat.person.id}")
    tell_facilitators(
        chat,
        _("{name} has left the committee. The place is empty.", name=chat.person.name or _("A member")),
        f"left:{chat.person.id}:{chat.now.isoformat()}",
    )
    chat.say(
        _(
            "You have left the committee. Thank you for taking part. What you wrote stays without your "
            "name in what the committee made of it. Write /forget if you also want your data erased."
        ),
        instead=True,
    )


def free_seat(chat: Chat, committee_id: int) -> None:
    """Have those who decide hear who is next in line for the seat."""
    given_up = offers.left(chat.tx, chat.person.id, committee_id, chat.now)
    if given_up is not None:
        schedules.plan(chat.tx, "vacated", given_up, chat.now, committee_id)


@router.button("stays", Committee, who=anyone)
def stays(chat: Chat, committee: Committee) -> None:
    """Nothing changes."""
    chat.say(_("Good, nothing is changed."), instead=True)


@router.command(
    "mydata", who=anyone, words=("mydata", "mine data", "mine oplysninger", "opplysningene mine", "opplysningane mine")
)
def mydata(chat: Chat, argument: str) -> None:
    """What we know, delivered on the web after a fresh sign-in; in chat only what kinds of things there are."""
    kinds = [
        Text(KINDS[kind], {"count": count})
        for kind, count in erasure.inventory(chat.tx, chat.person.id).items()
        if count
    ]
    chat.say(
        Lines(
            (
                _("This is what we have about you:"),
                Lines(tuple(kinds), "\n") if kinds else _("Only that you have written to us."),
                _("The link shows all of it. It works once, for a day."),
            )
        ),
        Link(_("See my data"), Secret("login", "/mydata")),
        *(
            Button(_("Take my name off the committee's page"), "shown", committee_id, "no")
            for committee_id in named.of(chat.tx, chat.person.id)
        ),
        Button(_("Have it erased"), "forget"),
    )


KINDS = {
    "application": _("Applications: {count}").message,
    "answer": _("Answers before meetings: {count}").message,
    "idea": _("Ideas: {count}").message,
    "role": _("Places and roles: {count}").message,
    "consent": _("Consents given or refused: {count}").message,
    "address": _("Ways to reach you: {count}").message,
    "voted": _("Prioritisations you took part in (never how): {count}").message,
}


@router.command("forget", who=anyone, words=("forget", "glem mig", "glem meg", "gløym meg", "slet mig", "slett meg"))
def forget(chat: Chat, argument: str) -> None:
    """The first step of erasure: what goes, what stays and why."""
    ask_forget(chat)


@router.button("forget", who=anyone)
def ask_forget(chat: Chat) -> None:
    """Say what erasure means for this person, and ask once more."""
    seats = any(roles & MEMBERS for roles in people.roles(chat.tx, chat.person.id).values())
    lines: list[Words] = [
        _(
            "We then erase your name, how to reach you, your applications, answers, unsent texts and "
            "ideas that are not on a shortlist."
        ),
        _(
            "What stays: that appointments and prioritisations took place, because the municipality must "
            "be able to show how it decided. Texts the committee has worked on stay without your name."
        ),
    ]
    if seats:
        lines.append(_("You also give up your place in the committee."))
    if any(
        Role.FACILITATOR in roles or Role.SECRETARIAT in roles
        for roles in people.roles(chat.tx, chat.person.id).values()
    ):
        raise Refusal(_("You work here as administration. Ask the owner of the service to end your role first."))
    chat.say(Lines(tuple(lines)), Button(_("Yes, erase it all"), "erase"), Button(_("No, keep it"), "keep"))


@router.button("keep", who=anyone)
def keep(chat: Chat) -> None:
    """Nothing is erased."""
    chat.say(_("Good, nothing is changed."), instead=True)


@router.button("erase", who=anyone)
def erase(chat: Chat) -> None:
    """The second step: erase, say what remains, and remember only that this person is to stay forgotten."""
    for committee_id, roles in people.roles(chat.tx, chat.person.id).items():
        if committee_id is not None and roles & MEMBERS:
            chat.about(committee_id)
            tell_facilitators(
                chat,
                _("A member has left the committee and had the data erased. The place is empty."),
                f"erased:{chat.person.id}",
            )
            free_seat(chat, committee_id)
    for offer in offers.unanswered(chat.tx, chat.person.id):
        offers.reply(chat.tx, offer, "left", chat.now)
        schedules.plan(chat.tx, "vacated", offer.id, chat.now, offer.committee_id)
    chat.say(
        _(
            "It is done. Your data is erased. What stays: the record of who was appointed and that "
            "prioritisations took place, for as long as the law on archives says. If you write to us "
            "again you begin anew."
        )
    )
    erasure.erase(chat.tx, chat.person.id, chat.now)
    audit.log(chat.tx, chat.now, None, None, "erased", f"person:{chat.person.id}")


@router.button("withdraw", Committee, who=anyone)
def ask_withdraw(chat: Chat, committee: Committee) -> None:
    """Take back an application: the first step."""
    if applications.of(chat.tx, chat.person.id, committee.id) is None:
        raise Refusal(_("You have no application here. Write /committees to see all committees."))
    chat.say(
        _("Do you want to withdraw your application? We then erase what you wrote."),
        Button(_("Yes, withdraw it"), "withdrawn", committee.id),
        Button(_("No, keep it"), "keep"),
    )
