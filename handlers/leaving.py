"""What we know about you, leaving, and having it erased."""

from __future__ import annotations

from bot.chat.messages import Button, Link, Secret
from bot.domain.errors import Refusal
from bot.domain.people import MEMBERS, Role, anyone, member
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Text, Words, _
from storage import applications, audit, committees, conversations, erasure, named, offers, outbox, people, schedules
from storage.committees import Committee

router = Router()


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
    chat.tell_facilitators(
        committee.id,
        _("{name} has left the committee. The place is empty.", name=chat.person.name or _("A member")),
        notice=_("about a member"),
        dedupe=f"left:{chat.person.id}:{chat.now.isoformat()}",
        path="/",
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
    "recording": _("Recordings of your voice: {count}").message,
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
            chat.tell_facilitators(
                committee_id,
                _("A member has left the committee and had the data erased. The place is empty."),
                notice=_("about a member"),
                dedupe=f"erased:{chat.person.id}",
                path="/",
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
