"""A politician's own sign-up: which committee whose call is open, and why."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import POLITICIANS, Role, anyone
from bot.domain.questions import Answers, FreeText, Told
from bot.domain.retention import RULES
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Day, _
from storage import applications, calls, committees, people, schedules
from storage.committees import Committee

router = Router()
NOT_APPOINTED = RULES["application"]


def require_politician(chat: Chat) -> None:
    """Only politicians, of whatever committee, sign up this way. Raises Refusal."""
    if not any(roles & POLITICIANS for roles in people.roles(chat.tx, chat.person.id).values()):
        raise Refusal(
            _("This is for the municipality's politicians. Write /committees to see where citizens can sign up.")
        )


@router.command(
    "standing", who=anyone, words=("stand for a committee", "stil op til udvalg", "still til utvalg", "still til utval")
)
def standing(chat: Chat, argument: str) -> None:
    """The committees a politician can sign up for, each with a button."""
    require_politician(chat)
    rows = [
        Button(committees.mandate(chat.tx, one.id).title, "stand", one.id)
        for one in committees.all_of(chat.tx)
        if is_open(chat, one)
    ]
    if not rows:
        raise Refusal(_("No committee is looking for politicians right now. Write /committees to see all of them."))
    chat.say(_("Which committee would you like to sit on?"), *rows)


def is_open(chat: Chat, committee: Committee) -> bool:
    """Whether a politician without a seat there can sign up now."""
    mandate = committees.mandate(chat.tx, committee.id)
    over = mandate.missing_information() or not mandate.call.opens <= chat.now < mandate.call.closes
    return not over and not people.is_member(chat.tx, chat.person.id, committee.id)


@router.button("stand", Committee, who=anyone)
def stand(chat: Chat, committee: Committee) -> None:
    """Sign up, or see that one has."""
    require_politician(chat)
    found = applications.of(chat.tx, chat.person.id, committee.id)
    if found is None:
        chat.begin("standing", committee.id)
        return
    call = committees.mandate(chat.tx, committee.id).call
    chat.say(
        _("You have signed up for this committee. You can change it until {closes}.", closes=call.closes),
        Button(_("Change it"), "reapply", committee.id),
        Button(_("Withdraw it"), "withdraw", committee.id),
    )


def standing_form(chat: Chat, committee: Committee) -> Form:
    """What we do with it, and why one wants to sit on the committee. Raises Refusal where that is not possible."""
    require_politician(chat)
    mandate = committees.mandate(chat.tx, committee.id)
    if not is_open(chat, committee):
        raise Refusal(_("You cannot sign up for this committee now. Write /standing to see where you can."))
    told = _(
        "{who} see that you would like a seat, and why. If you do not get one, we delete it by {date} at the latest, "
        "unless the law says we must keep it.",
        who=mandate.municipality.information["who_sees"],
        date=Day(mandate.call.answered + NOT_APPOINTED.length),
    )
    why = FreeText(
        key="why",
        text=_("Why would you like to sit on the committee on {topic}?", topic=mandate.title),
        optional=True,
        longest=800,
    )
    name = FreeText(key="name", text=_("What should we call you?"), longest=60, single_line=True)
    told_first = Told(key="told", text=told, version=committees.newest_version(chat.tx, committee.id))
    return Form(
        "standing", (told_first, why, *(() if chat.person.name else (name,))), title=_("Sign up as a politician")
    )


def sent_before(chat: Chat, committee: Committee) -> Answers | None:
    """What was written earlier, to be changed."""
    found = applications.of(chat.tx, chat.person.id, committee.id)
    return None if found is None or found.door != "politics" else {}


@router.form("standing", Committee, standing_form, who=anyone, before=sent_before)
def stood(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Keep it as an application by a door of its own, and tell the secretariat."""
    mandate = committees.mandate(chat.tx, committee.id)
    if answers.get("name"):
        people.change(chat.tx, chat.person.id, name=str(answers["name"]))
    name = str(answers.get("name") or chat.person.name)
    people.told(chat.tx, chat.person.id, committee.id, mandate.version, chat.now)
    saved = applications.save(
        chat.tx,
        chat.person.id,
        committee.id,
        door="politics",
        answers={"name": name, "why": answers.get("why")},
        special=None,
        mandate_version=mandate.version,
        now=chat.now,
    )
    calls.took(chat.tx, saved.id)
    people.give_role(chat.tx, chat.person.id, committee.id, Role.APPLICANT, chat.now)
    schedules.plan(chat.tx, "answers_due", committee.id, mandate.call.answered, committee.id)
    chat.tell_each(
        people.holding(chat.tx, committee.id, (Role.SECRETARIAT,)),
        _("{name}, a politician, would like a seat in the committee on {topic}.", name=name, topic=mandate.title),
        notice=_("a politician has signed up"),
        dedupe=f"standing:{saved.id}:{saved.updated_at.isoformat()}",
        path="/talk",
    )
    chat.say(
        _(
            "Thank you, {name}. You hear from us by {when}, whether you get a seat or not.",
            name=name,
            when=mandate.call.answered,
        ),
        Button(_("Change it"), "reapply", committee.id),
        Button(_("Withdraw it"), "withdraw", committee.id),
    )
