"""Guardians of the young: their answer, one reminder, and what happens when none comes."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain import guardians
from bot.domain.people import anyone
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router, not_here
from bot.text import _
from storage import applications, committees, erasure
from storage.applications import Application

router = Router()


@router.button("guardian", Application, str, who=anyone)
def guardian_answers(chat: Chat, application: Application, answer: str) -> None:
    """A guardian's answer; anybody else's press is nobody's business."""
    if application.guardian_id != chat.person.id or answer not in ("yes", "no", "ask"):
        raise not_here()
    mandate = committees.mandate(chat.tx, application.committee_id)
    if answer == "ask":
        contact_ = mandate.contact
        chat.say(
            _(
                "Call or write to {name}, {phone}, {email}. You can answer here afterwards.",
                name=contact_.name,
                phone=contact_.phone,
                email=contact_.email,
            )
        )
        return
    applications.guardian_says(chat.tx, application.id, answer, chat.now)
    if answer == "yes":
        chat.say(_("Thank you. The application now counts."), instead=True)
        chat.tell(
            application.person_id,
            _("Your parent or guardian has said yes. Your application counts."),
            notice=_("about your application"),
            kind="necessary",
        )
        return
    applications.withdraw(chat.tx, application.id, chat.now)
    chat.say(_("Thank you for your answer. The application is deleted."), instead=True)
    chat.tell(
        application.person_id,
        _(
            "Your parent or guardian has said no, so your application is deleted. You can still follow "
            "along, and everybody can come to the open evenings."
        ),
        Button(_("Follow along"), "follow", application.committee_id),
        notice=_("about your application"),
        kind="necessary",
    )


@router.due("guardremind")
def remind(errand: Errand, application_id: int) -> None:
    """Ask once more, and then no more."""
    application = applications.get(errand.tx, application_id)
    if application is None or application.guardian != "asked" or application.guardian_id is None:
        return
    errand.tell(
        application.guardian_id,
        guardians.letter(committees.mandate(errand.tx, application.committee_id)),
        Button(_("Yes"), "guardian", application.id, "yes"),
        Button(_("No"), "guardian", application.id, "no"),
        Button(_("Ask us first"), "guardian", application.id, "ask"),
        notice=_("a question for a parent or guardian"),
        kind="necessary",
        dedupe=f"guardian:{application.id}:{application.guardian_id}:again",
    )


@router.due("noguardian")
def give_up(errand: Errand, application_id: int) -> None:
    """Nobody answered: the application is deleted, the child is told kindly, and the guardian is forgotten."""
    application = applications.get(errand.tx, application_id)
    if application is None or application.guardian != "asked":
        return
    applications.withdraw(errand.tx, application.id, errand.now)
    errand.tell(
        application.person_id,
        _(
            "Your parent or guardian has not answered, so your application is deleted. You can still follow "
            "along, and everybody can come to the open evenings."
        ),
        Button(_("Follow along"), "follow", application.committee_id),
        notice=_("about your application"),
        kind="necessary",
    )
    if application.guardian_id is not None:
        erasure.forget_idle(errand.tx, [application.guardian_id], errand.now)
