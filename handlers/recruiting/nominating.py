"""Seats that others fill: a body names a person, who is asked, reminded once, and says yes or no."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain import nominating
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.mandate import CompetenceProfile, Mandate
from bot.domain.people import STAFF, Person, Role, secretariat
from bot.domain.questions import Answers, FreeText, OneOf, Option, Reach, is_email
from bot.domain.retention import PARTS
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router, not_here
from bot.text import Lines, _
from storage import applications, audit, committees, contact, erasure, nominations, outbox, people, schedules
from storage.committees import Committee
from storage.nominations import Nomination

router = Router()
FORGOTTEN_AFTER = PARTS["withdrawn application"].length
STATES = {
    "asked": _("asked, no answer yet"),
    "confirmed": _("has said yes"),
    "declined": _("has said no"),
    "withdrawn": _("withdrawn"),
}


@router.command("nominate", who=secretariat, words=("nominate", "nominer", "nominere"))
def list_nominations(chat: Chat, argument: str) -> None:
    """Who is named in the committee at hand."""
    assert chat.committee is not None
    nominated(chat, chat.committee)


@router.button("nominees", Committee, who=secretariat)
def nominated(chat: Chat, committee: Committee) -> None:
    """Each line that a body fills, and whoever was named for it."""
    mandate = committees.mandate(chat.tx, committee.id)
    if not named_lines(mandate):
        raise Refusal(_("In this mandate no seat is filled by another body. Everybody can apply for all of them."))
    found = nominations.listed(chat.tx, committee.id)
    lines = [
        _(
            "{line}: {body} names {seats}, and {taken} of them are asked or have said yes.",
            line=line.label,
            body=line.nominated_by,
            seats=line.seats,
            taken=nominations.taken(chat.tx, committee.id, line.key),
        )
        for line in named_lines(mandate)
    ]
    rows = [
        Button(
            _("{name}: {state}", name=called(people.get(chat.tx, one.person_id)), state=STATES[one.state]),
            "nominee",
            one.id,
        )
        for one in found
    ]
    chat.say(Lines(tuple(lines), "\n"), *rows, Button(_("Name a person"), "open", "nominate", committee.id))


def named_lines(mandate: Mandate) -> tuple[CompetenceProfile, ...]:
    """The lines that a body fills."""
    return tuple(line for line in mandate.profiles if line.nominated_by is not None)


def called(person: Person) -> object:
    """A person's name, or that it is erased."""
    return person.name or _("Somebody")


def nominate_form(chat: Chat, committee: Committee) -> Form:
    """Which line, who, and how the person is reached. Raises Refusal where nobody more can be named."""
    mandate = committees.mandate(chat.tx, committee.id)
    free = [line for line in named_lines(mandate) if nominations.taken(chat.tx, committee.id, line.key) < line.seats]
    if not free:
        raise Refusal(_("All seats that a body fills have somebody who is asked. Withdraw one to name another person."))
    choices = tuple(
        Option(line.key, _("{line}, named by {body}", line=line.label, body=line.nominated_by)) for line in free
    )
    return Form(
        "nominate",
        (
            OneOf(key="line", text=_("Which seat?"), choices=choices),
            FreeText(key="name", text=_("What is the person's name?"), longest=60, single_line=True),
            Reach(key="reach", text=_("At what e-mail address or phone number can we reach the person?")),
        ),
        title=_("Name a person"),
        review=looked_over,
        send=_("Ask the person"),
    )


@router.form("nominate", Committee, nominate_form, who=secretariat)
def named(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Ask the person, remind once, and say what happens next."""
    mandate = committees.mandate(chat.tx, committee.id)
    line = mandate.profile(str(answers["line"]))
    assert line.nominated_by is not None
    reach = str(answers["reach"])
    person = nominee(chat, committee, str(answers["name"]), reach)
    body = line.nominated_by[mandate.locales[0]]
    nomination = nominations.add(chat.tx, committee.id, line.key, body, person.id, chat.person.id, chat.now)
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "nominated", f"nomination:{nomination.id}")
    ask(chat, nomination, "")
    schedules.plan(chat.tx, "nomremind", nomination.id, chat.now + nominating.REMINDED_AFTER, committee.id)
    schedules.plan(chat.tx, "nomsilent", nomination.id, chat.now + nominating.SILENT_AFTER, committee.id)
    if is_email(reach):
        chat.say(_("{name} is asked, and you hear of the answer.", name=person.name or answers["name"]))
    else:
        by_phone(chat, nomination, reach)


def by_phone(chat: Chat, nomination: Nomination, number: str) -> None:
    """Nobody can be written to at a phone number: somebody calls, and writes down the answer."""
    chat.say(
        _("Please call {number}. When you have the answer, write it down here.", number=number),
        Button(_("The answer is yes"), "open", "named", nomination.id),
        Button(_("The answer is no"), "nomno", nomination.id),
    )


def nominee(chat: Chat, committee: Committee, name: str, reach: str) -> Person:
    """The person of that address, or a new one. Raises Refusal for who cannot be named here."""
    person = contact.find(chat.tx, chat.house.vault, reach)
    if person is None:
        person = people.add(chat.tx, chat.now, name)
        contact.give(chat.tx, chat.house.vault, person.id, reach, chat.now)
        return person
    roles = people.roles_in(chat.tx, person.id, committee.id)
    if roles & STAFF or people.is_member(chat.tx, person.id, committee.id):
        raise Refusal(
            _("Whoever has this address already is a member here, or works here. Give another person's address.")
        )
    if nominations.live(chat.tx, person.id, committee.id):
        raise Refusal(_("This person is named here already. Write /nominate to see who is asked."))
    return person


def ask(errand: Errand, nomination: Nomination, again: str) -> None:
    """What the committee is, who named the person, and a yes or no."""
    errand.about(nomination.committee_id)
    errand.tell(
        nomination.person_id,
        nominating.letter(
            committees.mandate(errand.tx, nomination.committee_id),
            people.get(errand.tx, nomination.person_id).name,
            nomination.seat,
        ),
        Button(_("Yes, I will"), "open", "named", nomination.id),
        Button(_("No"), "nomno", nomination.id),
        notice=_("you are named for a seat"),
        kind="necessary",
        lane=0,
        dedupe=f"nomination:{nomination.id}{again}",
        about=("nomination", nomination.id),
        path="/talk",
    )


@router.button("nominee", Nomination, who=secretariat)
def show(chat: Chat, nomination: Nomination) -> None:
    """One nomination, and what can still be done about it."""
    mandate = committees.mandate(chat.tx, nomination.committee_id)
    text = _(
        "{name}, named by {body} for: {line}. State: {state}.",
        name=called(people.get(chat.tx, nomination.person_id)),
        body=nomination.body,
        line=mandate.profile(nomination.seat).label,
        state=STATES[nomination.state],
    )
    rows = []
    if nomination.state == "asked":
        rows.append(Button(_("The answer is yes"), "open", "named", nomination.id))
        rows.append(Button(_("The answer is no"), "nomno", nomination.id))
    if nomination.state in nominations.LIVE:
        rows.append(Button(_("Withdraw it"), "unname", nomination.id))
    chat.say(text, *rows, Button(_("All who are named"), "nominees", nomination.committee_id))


@router.button("unname", Nomination, who=secretariat)
def withdraw(chat: Chat, nomination: Nomination) -> None:
    """The body takes its nomination back; a decision that was told stands."""
    application = applications.get(chat.tx, nomination.application_id) if nomination.application_id else None
    if application is not None:
        decision = applications.decision(chat.tx, application.id)
        if decision is not None and decision.announced_at is not None:
            raise Refusal(_("This person has been told the decision, so the nomination stands."))
    if not nominations.enter(chat.tx, nomination.id, "withdrawn", *nominations.LIVE, answered_at=chat.now):
        raise not_here()
    if application is not None:
        applications.withdraw(chat.tx, application.id, chat.now)
    audit.log(
        chat.tx,
        chat.now,
        chat.person.id,
        nomination.committee_id,
        "nomination withdrawn",
        f"nomination:{nomination.id}",
    )
    outbox.cancel(chat.tx, nomination.person_id, about=("nomination", nomination.id))
    topic = committees.mandate(chat.tx, nomination.committee_id).title
    chat.tell(
        nomination.person_id,
        _(
            "You were named for a seat in the committee on {topic}. That is taken back, and you need do nothing.",
            topic=topic,
        ),
        notice=_("about a seat"),
        kind="necessary",
        dedupe=f"nomination:{nomination.id}:back",
        path="/talk",
    )
    schedules.plan(chat.tx, "nomforget", nomination.id, chat.now + FORGOTTEN_AFTER, nomination.committee_id)
    chat.say(
        _("It is withdrawn, and the person is told."),
        Button(_("All who are named"), "nominees", nomination.committee_id),
    )


@router.due("nomremind")
def remind(errand: Errand, nomination_id: int) -> None:
    """Ask once more, and then no more."""
    nomination = nominations.find(errand.tx, nomination_id)
    if nomination is not None and nomination.state == "asked":
        ask(errand, nomination, ":again")


@router.due("nomsilent")
def silent(errand: Errand, nomination_id: int) -> None:
    """No answer came: the secretariat can call, or ask the body again."""
    nomination = nominations.find(errand.tx, nomination_id)
    if nomination is None or nomination.state != "asked":
        return
    errand.about(nomination.committee_id)
    name = called(people.get(errand.tx, nomination.person_id))
    text = _(
        "{name}, named by {body}, has not answered. Please call, or ask {body} for somebody else.",
        name=name,
        body=nomination.body,
    )
    errand.tell_each(
        people.holding(errand.tx, nomination.committee_id, (Role.SECRETARIAT,)),
        text,
        Button(_("Open it"), "nominee", nomination.id),
        notice=_("somebody has not answered"),
        dedupe=f"nomination:{nomination.id}:silent",
        path="/talk",
    )


@router.due("nomforget")
def forget(errand: Errand, nomination_id: int) -> None:
    """Who said no, or was not wanted after all, is forgotten unless something else ties the person to us."""
    nomination = nominations.find(errand.tx, nomination_id)
    if nomination is not None and nomination.state in ("declined", "withdrawn"):
        erasure.forget_idle(errand.tx, [nomination.person_id], errand.now)
