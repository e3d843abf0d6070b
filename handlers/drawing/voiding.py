"""Making a draw void: for a reason, by two people, and listed for ever."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.questions import Answers, FreeText
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import _
from handlers.drawing.overview import DECIDING, who_draws
from storage import applications, audit, draws, people
from storage.draws import Draw

router = Router()
LIVING = ("ready", "announced", "typed", "drawn")


def void_form(chat: Chat, draw: Draw) -> Form:
    """Why; everybody who applied reads it."""
    if draw.state not in LIVING:
        raise not_here()
    reason = FreeText(
        key="reason",
        text=_("What is wrong with this draw? Everybody who applied reads it, and it stays on the public page."),
        hint=_("Name nobody."),
        longest=300,
    )
    return Form("voidraw", (reason,), title=_("Make a draw void"))


@router.form("voidraw", Draw, void_form, who=who_draws)
def asked(chat: Chat, draw: Draw, answers: Answers) -> None:
    """A second person decides."""
    draws.keep(chat.tx, draw.id, void_asked_by=chat.person.id, void_reason=str(answers["reason"]))
    audit.log(chat.tx, chat.now, chat.person.id, draw.committee_id, "void asked", f"draw:{draw.id}")
    chat.tell_each(
        [one for one in people.holding(chat.tx, draw.committee_id, DECIDING) if one.id != chat.person.id],
        _(
            "{name} asks to make draw {number} void: {reason}",
            name=chat.person.name,
            number=draw.number,
            reason=str(answers["reason"]),
        ),
        Button(_("Make it void"), "voided", draw.id),
        notice=_("about the draw"),
        dedupe=f"voidraw:{draw.id}:{chat.now:%Y%m%d%H%M}",
    )
    chat.say(_("Somebody else decides now: the chair, or a colleague in the secretariat. They are told."))


@router.button("voided", Draw, who=who_draws)
def voided(chat: Chat, draw: Draw) -> None:
    """Void from here on; whether the seed was known is said with it."""
    if draw.state not in LIVING or draw.void_asked_by is None:
        raise not_here()
    if draw.void_asked_by == chat.person.id:
        raise Refusal(_("You asked for it, so somebody else decides: the chair, or a colleague in the secretariat."))
    assert draw.seed_at is not None
    draws.enter(chat.tx, draw.id, "void", *LIVING, void_by=chat.person.id, void_at=chat.now)
    draws.unpropose(chat.tx, draw.id)
    audit.log(chat.tx, chat.now, chat.person.id, draw.committee_id, "draw void", f"draw:{draw.id}")
    known = chat.now >= draw.seed_at
    if draw.announced_at is not None:
        for one in draws.entrants(chat.tx, draw.id):
            application = applications.get(chat.tx, one.application_id) if one.application_id else None
            if application is not None:
                chat.tell(
                    application.person_id,
                    _(
                        "Draw {number} is void, after what decides it was known. The reason: {reason}",
                        number=draw.number,
                        reason=draw.void_reason,
                    )
                    if known
                    else _(
                        "Draw {number} is void, before what decides it was known. The reason: {reason}",
                        number=draw.number,
                        reason=draw.void_reason,
                    ),
                    notice=_("the lottery for the seats"),
                    kind="necessary",
                    dedupe=f"void:{draw.id}:{one.pseudonym}",
                )
    chat.say(
        _("The draw is void and stays listed. A new one has a new number and a new source of chance."), instead=True
    )
