"""One decision at a time: a seat, a place in line, or no seat, each with its reason."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain import eligibility
from bot.domain.assessment import decider
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.mandate import Mandate
from bot.domain.panel import reason_asked, seat_label, seats_of
from bot.domain.questions import Answers, OneOf, Option
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Words, _, n_
from handlers.appointing import reserving
from handlers.appointing.listing import seat_options
from handlers.appointing.standing import require_decides
from storage import applications, audit, committees, draws, schedules
from storage.applications import Application

router = Router()


def appoint_form(chat: Chat, application: Application) -> Form:
    """Which seat, and why."""
    mandate = require_decides(chat, application.committee_id)
    require_open(chat, application)
    choices = tuple(Option(key, words) for key, words in seat_options(chat, mandate, application).items())
    return Form(
        "appoint",
        (OneOf(key="seat", text=_("Which seat?"), choices=choices), reason_asked()),
        title=_("Appoint"),
        review=looked_over,
    )


def require_open(chat: Chat, application: Application) -> None:
    """A decision can be changed until it is told, and nobody decides about themselves. Raises Refusal."""
    decision = applications.decision(chat.tx, application.id)
    if decision is not None and decision.announced_at is not None:
        raise Refusal(_("This decision has been told, so it stands."))
    if application.state in ("withdrawn", "erased"):
        raise Refusal(_("This application was withdrawn."))
    if application.person_id == chat.person.id:
        raise Refusal(_("This is your own application. Somebody else has to decide about it."))


def require_guardian(application: Application) -> None:
    """A young applicant's guardian comes first. Raises Refusal."""
    if application.guardian is not None and application.guardian != "yes":
        raise Refusal(_("A parent or guardian must say yes first. You can appoint as soon as they have."))


def require_seat(chat: Chat, application: Application, seat: str) -> None:
    """A line has only so many seats. Raises Refusal."""
    mandate = committees.mandate(chat.tx, application.committee_id)
    earlier = applications.decision(chat.tx, application.id)
    if earlier is None or earlier.seat != seat or earlier.outcome != "appointed":
        require_seat_free(chat, mandate, application.committee_id, seat)


def require_seat_free(chat: Chat, mandate: Mandate, committee_id: int, seat: str) -> None:
    """Raise Refusal where nobody more can sit on a line."""
    if applications.filled(chat.tx, committee_id).get(seat, 0) >= seats_of(mandate)[seat]:
        raise Refusal(
            _(
                "All seats for {profile} are filled. Choose another seat, or change an earlier decision first.",
                profile=seat_label(mandate, seat),
            )
        )


@router.form("appoint", Application, appoint_form, who=decider)
def appointed(chat: Chat, application: Application, answers: Answers) -> None:
    """Appoint to a seat; a full line says so first."""
    require_decides(chat, application.committee_id)
    require_open(chat, application)
    require_guardian(application)
    seat = str(answers["seat"])
    require_seat(chat, application, seat)
    applications.decide(chat.tx, application, "appointed", seat, str(answers["reason"]), chat.person.id, chat.now)
    noted(chat, application, "appointed")
    confirm(chat, application.committee_id)


@router.button("spare", Application, who=decider)
def spare(chat: Chat, application: Application) -> None:
    """Keep as a reserve, beside those in line from a draw."""
    require_decides(chat, application.committee_id)
    require_open(chat, application)
    applications.decide(chat.tx, application, "reserve", None, "reserve", chat.person.id, chat.now)
    noted(chat, application, "reserve")
    confirm(chat, application.committee_id)


def decline_form(chat: Chat, application: Application) -> Form:
    """The true reason class, and a note for the record."""
    require_decides(chat, application.committee_id)
    require_open(chat, application)
    return Form("decline", (reason_class(chat, application.committee_id),), title=_("Do not appoint"))


def reason_class(chat: Chat, committee_id: int) -> OneOf:
    """The reason that an applicant is told. It was no lot where nothing has been drawn."""
    drawn = draws.newest_drawn(chat.tx, committee_id) is not None
    reasons = tuple(Option(key, words) for key, words in eligibility.REASONS.items() if drawn or key != "lot")
    return OneOf(key="reason", text=_("What is the reason? It is told to the applicant."), choices=reasons)


@router.form("decline", Application, decline_form, who=decider)
def declined(chat: Chat, application: Application, answers: Answers) -> None:
    """Do not appoint."""
    require_decides(chat, application.committee_id)
    require_open(chat, application)
    reason = str(answers["reason"])
    applications.decide(chat.tx, application, "not_appointed", None, reason, chat.person.id, chat.now)
    noted(chat, application, "not appointed", reason)
    confirm(chat, application.committee_id)


def noted(chat: Chat, application: Application, what: str, reason: str = "") -> None:
    """A line in the record."""
    about = f"application:{application.id}"
    audit.log(chat.tx, chat.now, chat.person.id, application.committee_id, what, about, reason)


def confirm(chat: Chat, committee_id: int, count: int = 1) -> None:
    """Say what was noted of how many, and when it is told; once the panel is whole, which seats nobody could take over.

    Whoever decides says that this is all right, or keeps somebody as a reserve. Everybody is answered at the hour that
    was promised all the same: a missing reserve is no reason to let them wait.
    """
    mandate = committees.mandate(chat.tx, committee_id)
    schedules.plan(chat.tx, "answers_due", committee_id, max(mandate.call.answered, chat.now), committee_id)
    lines: list[Words] = [told_when(chat, mandate, count), *reserving.said(chat, mandate, committee_id)]
    rows = [Button(_("The panel"), "panel", committee_id), Button(_("All applications"), "overview", committee_id, 0)]
    if len(lines) > 1:
        rows.insert(0, Button(_("Yes, go on without a reserve"), "bareok", committee_id))
    chat.say(Lines(tuple(lines)), *rows)


def told_when(chat: Chat, mandate: Mandate, count: int) -> Words:
    """When those who were decided about hear of it."""
    if chat.now >= mandate.call.answered:
        return n_(
            "Noted. The applicant hears it as soon as everybody has a decision.",
            "Noted. The {count} applicants hear it as soon as everybody has a decision.",
            count,
        )
    return n_(
        "Noted. The applicant hears it {when}, together with everybody else.",
        "Noted. The {count} applicants hear it {when}, together with everybody else.",
        count,
        when=mandate.call.answered,
    )
