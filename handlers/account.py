"""Yourself: what is open for you, changing what was sent, and hearing less."""

from __future__ import annotations

from bot.chat.messages import Button, Message
from bot.domain.errors import Refusal
from bot.domain.people import MEMBERS, anyone
from bot.engine import answering
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Text, Words, _
from storage import committees, conversations, meetings, open_items, outbox, people

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
        answering.change(chat, current.form, current.subject)
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
    answering.back(chat, current.form, current.subject)


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
                chat.tell_facilitators(
                    committee_id,
                    _(
                        "{name} wants no messages. Please call instead when something matters.",
                        name=chat.person.name or _("A member"),
                    ),
                    notice=_("about a member"),
                    dedupe=f"silent:{chat.person.id}:{chat.now.isoformat()}",
                    path="/",
                )
