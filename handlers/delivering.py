"""How a sending goes, kept up to date and name by name; sent again where we do not know, or stopped half-way."""

from __future__ import annotations

from bot.chat.messages import Button, Message
from bot.domain.errors import Refusal
from bot.domain.people import office
from bot.engine import post
from bot.engine.chat import Chat
from bot.engine.errand import Errand, in_rows
from bot.engine.router import Router, not_here
from bot.text import Lines, Many, Text, Words, _, n_
from storage import audit, committees, deliveries, outbox, people, prompts, schedules
from storage.deliveries import PAGE, Progress, Reached
from storage.prompts import Prompt

router = Router()
STATES = {
    "sent": _("has it"),
    "waiting": _("waiting"),
    "unreachable": _("cannot be reached, please ask another way"),
    "failed": _("refused by the platform, please ask another way"),
    "expired": _("not sent in time"),
    "uncertain": _("perhaps has it"),
    "cancelled": _("was not sent it"),
}


# How far it has come -----------------------------------------------------------------------------------------


def watch(chat: Chat, prompt: Prompt) -> None:
    """Show the facilitator how a sending goes, in one message that is kept up to date."""
    message = card(chat, prompt)
    row = chat.say(message.text, *message.buttons, instead=True)
    deliveries.follow(chat.tx, row, prompt, chat.now)


@router.due("progress")
def keep_up(errand: Errand, prompt_id: int) -> None:
    """Bring the message up to date, ever more seldom; at the end say once what did not arrive."""
    prompt = prompts.get(errand.tx, prompt_id)
    assert prompt is not None
    errand.about(prompt.committee_id)
    found = deliveries.progress(errand.tx, prompt, errand.now, errand.house.paces)
    message = shown(prompt, found)
    mandate = committees.mandate(errand.tx, prompt.committee_id)
    for row, person_id in deliveries.followers(errand.tx, prompt.id):
        rendered = post.render(errand.house, people.get(errand.tx, person_id), mandate, message)
        if outbox.content_of(errand.tx, row) != rendered:
            outbox.edit(errand.tx, row, rendered, errand.now)
    if found.waiting:
        deliveries.look_after(errand.tx, prompt, errand.now)
    elif found.of("failed") + found.of("expired") + found.of("uncertain"):
        tell_of_losses(errand, prompt, message)


def tell_of_losses(errand: Errand, prompt: Prompt, message: Message) -> None:
    """An edit is quiet: what did not arrive is said aloud, once a sending and not once a person."""
    errand.tell_facilitators(
        prompt.committee_id,
        Lines((_("What you sent did not reach everybody."), message.text)),
        *message.buttons,
        notice=_("something did not arrive"),
        dedupe=f"lost:{prompt.id}",
    )


def card(errand: Errand, prompt: Prompt) -> Message:
    """How far a sending has come, and what can be done about it."""
    now = prompts.get(errand.tx, prompt.id)
    assert now is not None
    return shown(now, deliveries.progress(errand.tx, now, errand.now, errand.house.paces))


def shown(prompt: Prompt, found: Progress) -> Message:
    """The same of what is known already."""
    rows = [Button(_("How did it arrive?"), "arrived", prompt.id), *remedies(prompt, found)]
    if prompt.kind == "questions" and prompt.state == "open":
        rows.append(Button(_("How many have answered?"), "asked", prompt.id))
    return Message(Lines((heading(prompt, found), summary(found))), in_rows(tuple(rows)))


def remedies(prompt: Prompt, found: Progress) -> list[Button]:
    """What can be done about a sending that is under way, or of which something is uncertain."""
    rows = []
    if found.of("uncertain") and prompt.state in ("sending", "sent", "open"):
        rows.append(Button(_("Send again"), "resend", prompt.id))
    if found.waiting and prompt.kind == "prompt":
        rows.append(Button(_("Stop sending"), "stop", prompt.id))
    return rows


def heading(prompt: Prompt, found: Progress) -> Words:
    """Whether it is on its way, out, or stopped."""
    if prompt.kind == "questions":
        if prompt.state != "open":
            return _("The questions are closed.")
        if found.waiting:
            return _("The questions are on their way. You get a summary {deadline}.", deadline=prompt.deadline_at)
        return _("The questions are out. You get a summary {deadline}.", deadline=prompt.deadline_at)
    if prompt.state == "stopped":
        return _("You stopped this message half-way.")
    return _("It is on its way.") if found.waiting else _("It is sent.")


def summary(found: Progress) -> Words:
    """How many have it, and of the others how many are in each state; the same words in chat and on the desk."""
    lines: list[Words] = [_("Sent to {sent} of {total}.", sent=found.of("sent"), total=found.total)]
    if found.waiting:
        lines.append(n_("{count} is waiting.", "{count} are waiting.", found.waiting))
        if found.silent:
            lines.append(silence(found))
        elif found.finish:  # nobody knows when somebody on the phone is reached
            lines.append(_("Done about {when}.", when=found.finish))
    lines += [
        said
        for state, said in (
            ("unreachable", n_("{count} cannot be reached.", "{count} cannot be reached.", found.of("unreachable"))),
            ("failed", n_("{count} was refused.", "{count} were refused.", found.of("failed"))),
            ("expired", n_("{count} was not sent in time.", "{count} were not sent in time.", found.of("expired"))),
            (
                "uncertain",
                n_(
                    "{count} perhaps has it: the line broke, so we do not know.",
                    "{count} perhaps have it: the line broke, so we do not know.",
                    found.of("uncertain"),
                ),
            ),
            ("cancelled", n_("{count} does not get it.", "{count} do not get it.", found.of("cancelled"))),
        )
        if found.of(state)
    ]
    if found.quiet:
        lines.append(
            n_(
                "{count} has asked not to be written to. Please call instead.",
                "{count} have asked not to be written to. Please call instead.",
                found.quiet,
            )
        )
    return Lines(tuple(lines), " ")


def silence(found: Progress) -> Words:
    """Which platforms do not move, and how long we go on trying."""
    names = Many(tuple(platform(account) for account in found.silent))
    return _("{platforms} does not answer just now. We keep trying until {when}.", platforms=names, when=found.until)


def platform(account: str) -> Words:
    """An account by the name people know it by."""
    own = {"web": _("our web page"), "mail": _("mail"), "paper": _("phone or letter")}
    kind = account.partition(":")[0]
    return own.get(kind) or kind.capitalize()


# Name by name ------------------------------------------------------------------------------------------------


@router.button("arrived", Prompt, who=office)
def arrived(chat: Chat, prompt: Prompt) -> None:
    """Who has it and who has not, those who need help first."""
    reached(chat, prompt, 0)


@router.button("reached", Prompt, int, who=office)
def reached(chat: Chat, prompt: Prompt, page: int) -> None:
    """One page of the delivery log."""
    found = deliveries.progress(chat.tx, prompt, chat.now, chat.house.paces)
    if page < 0 or (page and page * PAGE >= found.total):
        raise not_here()
    if not found.total:
        chat.say(_("It has been sent to nobody."))
        return
    names = Lines(tuple(map(line, deliveries.log(chat.tx, prompt, chat.now, page))), "\n")
    rows = remedies(prompt, found)
    if (page + 1) * PAGE < sum(found.counts.values()):
        rows.append(Button(_("More names"), "reached", prompt.id, page + 1))
    chat.say(Lines((summary(found), names)) if not page else names, *rows)


def line(one: Reached) -> Text:
    """One person: how reached, what became of it, and when."""
    name, state, by = one.name or _("somebody"), STATES[one.state], platform(one.account)
    if one.state == "sent" and one.at:
        return _("{name}: {state} ({platform}, {when})", name=name, state=state, platform=by, when=one.at)
    return _("{name}: {state} ({platform})", name=name, state=state, platform=by)


# Again, or no further ----------------------------------------------------------------------------------------


@router.button("resend", Prompt, who=office)
def send_again(chat: Chat, prompt: Prompt) -> None:
    """Send once more to those of whom we do not know; nobody who has it is asked twice."""
    if prompt.state not in ("sending", "sent", "open") or (prompt.deadline_at and prompt.deadline_at <= chat.now):
        raise Refusal(_("This is closed or stopped, so it is not sent again. Write /status to see what is open."))
    count = deliveries.send_again(chat.tx, prompt, chat.now)
    if not count:
        raise Refusal(_("Nothing is left to send again. Press How did it arrive? to see who has it."))
    record(chat, prompt, "sent again", f"{count} messages")
    chat.say(n_("It goes once more to {count} person.", "It goes once more to {count} people.", count), briefly=True)
    watch(chat, prompt)


@router.button("stop", Prompt, who=office)
def ask_stop(chat: Chat, prompt: Prompt) -> None:
    """The first step of stopping."""
    found = deliveries.progress(chat.tx, prompt, chat.now, chat.house.paces)
    refuse_if_out(prompt, found)
    have = n_("{count} has it already and keeps it.", "{count} have it already and keep it.", found.of("sent"))
    would = n_("{count} would not get it.", "{count} would not get it.", found.waiting)
    chat.say(
        Lines((_("Stop sending?"), have, would, _("This cannot be undone.")), " "),
        Button(_("Yes, stop"), "halt", prompt.id),
        Button(_("No, go on"), "arrived", prompt.id),
    )


@router.button("halt", Prompt, who=office)
def stop(chat: Chat, prompt: Prompt) -> None:
    """The second step: nobody else gets it, and it is said how many have it."""
    found = deliveries.progress(chat.tx, prompt, chat.now, chat.house.paces)
    # First what is planned: a batch that is being written holds it, and its rows are there to cancel once it is done.
    schedules.drop(chat.tx, prompt.id, "prompt")
    entered = prompt.kind == "prompt" and prompts.enter(chat.tx, prompt.id, "stopped", "sending", "sent")
    if not entered:
        raise not_here()
    refuse_if_out(prompt, found)
    deliveries.stop(chat.tx, prompt)
    record(chat, prompt, "message stopped", f"{found.of('sent')} of {found.total} had it")
    watch(chat, prompt)


def refuse_if_out(prompt: Prompt, found: Progress) -> None:
    """There is nothing to stop once everything is out."""
    if prompt.kind != "prompt":
        raise not_here()
    if not found.waiting:
        raise Refusal(_("There is nothing left to stop: it is out. What is sent cannot be called back."))


def record(chat: Chat, prompt: Prompt, action: str, reason: str) -> None:
    """A line in the record."""
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, action, f"prompt:{prompt.id}", reason)
