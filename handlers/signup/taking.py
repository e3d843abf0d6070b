"""What any application must meet, whoever fills it in, and the guardian who is asked about a young person's."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain import eligibility, guardians
from bot.domain.errors import Refusal
from bot.domain.mandate import Mandate
from bot.domain.questions import Answers, is_email
from bot.engine.chat import Chat
from bot.text import _
from handlers.signup.questions import chosen, special_lines, takes_seat
from storage import applications, committees, contact, people, schedules
from storage.applications import Application
from storage.committees import Committee


def require_eligible(chat: Chat, committee: Committee, mandate: Mandate, answers: Answers) -> None:
    """The hard rules once more, for a mandate that changed meanwhile. Raises Refusal."""
    if not takes_seat(answers):
        return
    age, tie, district = (str(answers[key]) if answers.get(key) else None for key in ("age", "tie", "district"))
    sentence = eligibility.refusal(mandate, age, tie, district=district, rules=committees.rules(chat.tx, committee.id))
    if sentence is not None:
        raise Refusal(sentence)
    fitting = {line.key for line in eligibility.open_profiles(mandate, age)}
    picked = {*chosen(answers), *special_lines(mandate, answers)} - {"more"}
    if not picked or not picked <= fitting:
        raise Refusal(_("Please choose at least one seat that fits you."))


def ask_guardian(chat: Chat, mandate: Mandate, application: Application, reach: str) -> None:
    """A guardian sees what the committee is and whom to ask, never what the child wrote."""
    vault = chat.house.vault
    guardian = contact.find(chat.tx, vault, reach)
    if guardian is not None and guardian.id == application.person_id:
        raise Refusal(_("Please give your parent's or guardian's own address or number, not yours."))
    if guardian is None:
        guardian = people.add(chat.tx, chat.now, locale=chat.voice[0])
        contact.give(chat.tx, vault, guardian.id, reach, chat.now)
    applications.ask_guardian(chat.tx, application.id, guardian.id, chat.now)
    chat.tell(
        guardian,
        guardians.letter(mandate),
        Button(_("Yes"), "guardian", application.id, "yes"),
        Button(_("No"), "guardian", application.id, "no"),
        Button(_("Ask us first"), "guardian", application.id, "ask"),
        notice=_("a question for a parent or guardian"),
        kind="necessary",
        dedupe=f"guardian:{application.id}:{guardian.id}",
    )
    remind, give_up = chat.now + guardians.REMINDED_AFTER, guardians.given_up(mandate, chat.now)
    schedules.plan(chat.tx, "guardremind", application.id, remind, application.committee_id)
    schedules.plan(chat.tx, "noguardian", application.id, give_up, application.committee_id)
    if not is_email(reach):
        call = _("A parent or guardian of an applicant under 15 is to be called at {number}.", number=reach)
        chat.tell_facilitators(application.committee_id, call, notice=_("somebody to call"), path="/")
