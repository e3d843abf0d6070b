"""A member's name on the committee's page: only with a yes of their own, and of a guardian for the young."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.people import anyone
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import _
from storage import applications, audit, committees, named, people
from storage.applications import Application
from storage.committees import Committee

router = Router()


def ask_name(chat: Chat, committee_id: int) -> None:
    """Asked once a seat is taken; no answer is a no."""
    chat.say(
        _("May we show your name on the committee's page? You can change your answer at any time with /mydata."),
        Button(_("Yes, show my name"), "shown", committee_id, "yes"),
        Button(_("No, not my name"), "shown", committee_id, "no"),
    )


@router.button("shown", Committee, str, who=anyone)
def shown(chat: Chat, committee: Committee, answer: str) -> None:
    """One's own answer; for the young a guardian is asked as well."""
    if answer not in ("yes", "no"):
        raise Refusal(_("Please choose one of the answers shown."))
    if answer == "yes" and not people.is_member(chat.tx, chat.person.id, committee.id):
        raise not_here()
    version = committees.newest_version(chat.tx, committee.id)
    people.consented(chat.tx, chat.person.id, committee.id, named.PURPOSE, version, answer == "yes", chat.now)
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, f"name shown: {answer}", f"person:{chat.person.id}")
    if answer == "no":
        chat.say(_("Good, your name does not stand on the page."), instead=True)
        return
    application = applications.of(chat.tx, chat.person.id, committee.id)
    if application is None or application.guardian_id is None:
        chat.say(_("Thank you. Your name stands on the committee's page now."), instead=True)
        return
    ask_guardian(chat, application)
    chat.say(
        _("Thank you. We ask your parent or guardian too, and show your name once they have said yes."), instead=True
    )


def ask_guardian(chat: Chat, application: Application) -> None:
    """A guardian says yes or no to the name, and nothing else is told."""
    assert application.guardian_id is not None
    chat.tell(
        application.guardian_id,
        _(
            "{name} has a seat in the committee on {topic}. May the name stand on the committee's public page? "
            "{name} has said yes, and needs your yes too.",
            name=chat.person.name,
            topic=committees.mandate(chat.tx, application.committee_id).title,
        ),
        Button(_("Yes"), "kidshown", application.id, "yes"),
        Button(_("No"), "kidshown", application.id, "no"),
        notice=_("a question for a parent or guardian"),
        kind="necessary",
        dedupe=f"kidshown:{application.id}:{chat.now.isoformat()}",
    )


@router.button("kidshown", Application, str, who=anyone)
def guardian_says(chat: Chat, application: Application, answer: str) -> None:
    """A guardian's answer about the name; it can be changed by pressing again."""
    if application.guardian_id != chat.person.id or answer not in ("yes", "no"):
        raise not_here()
    version = committees.newest_version(chat.tx, application.committee_id)
    purpose = named.guardians(application.person_id)
    people.consented(chat.tx, chat.person.id, application.committee_id, purpose, version, answer == "yes", chat.now)
    if answer == "yes":
        chat.say(_("Thank you. The name stands on the page now. You can press No at any time."))
    else:
        chat.say(_("Thank you. The name does not stand on the page."))
