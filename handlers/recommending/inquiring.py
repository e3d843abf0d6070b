"""A politician asks the committee and those who follow along, before its item is treated: what do we miss?"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.chat.messages import Button
from bot.domain import summary
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.languages import by_language, in_languages
from bot.domain.people import politician
from bot.domain.questions import Answers, FreeText, OnDay, day_of
from bot.domain.schedule import at_local
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.i18n import NAMES
from bot.text import Day, Lines, Words, _
from handlers.recommending.answering import require_delivered
from handlers.recommending.overview import record
from storage import answers as given
from storage import committees, inquiries, people, prompts, schedules
from storage.committees import Committee
from storage.prompts import Prompt

router = Router()
NOON = time(12)
KIND = "inquired"
AFTER = timedelta(minutes=1)  # the summary is closed first
AUDIENCES = ("members", "circle")


@router.command(
    "inquire", who=politician, words=("ask the committee", "spørg udvalget", "spør utvalget", "spør utvalet")
)
def begin(chat: Chat, argument: str) -> None:
    """Ask before the item is treated."""
    assert chat.committee is not None
    chat.begin("inquire", chat.committee.id)


def inquiry_form(chat: Chat, committee: Committee) -> Form:
    """Which item, when it is treated, and the question."""
    require_delivered(chat, committee.id)
    locales = committees.mandate(chat.tx, committee.id).locales
    question = _("What do you want to ask? For example: we treat your item on 5 May, what do we miss?")
    return Form(
        "inquire",
        (
            *in_languages("item", _("Which item is it about, in a few words?"), locales, NAMES, longest=120),
            OnDay(key="on", text=_("When is it treated?")),
            *in_languages("text", question, locales, NAMES, longest=500),
        ),
        title=_("Ask the committee"),
        review=looked_over,
    )


@router.form("inquire", Committee, inquiry_form, who=politician)
def asked(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Two drafts, for members and for those who follow along; the facilitator looks at them and sends them."""
    require_delivered(chat, committee.id)
    mandate = committees.mandate(chat.tx, committee.id)
    on = day_of(answers["on"])
    deadline = at_local(on - timedelta(days=1), NOON, mandate.municipality.zone)
    if deadline < chat.now + timedelta(days=1):
        raise Refusal(_("That is too soon: people need at least a day to answer. Talk to your contact person instead."))
    item, text = by_language("item", answers, mandate.locales), by_language("text", answers, mandate.locales)
    drafts = [_draft(chat, committee, audience, item, text, deadline) for audience in AUDIENCES]
    inquiry = inquiries.add(chat.tx, committee.id, chat.person.id, on, [one.id for one in drafts], chat.now)
    schedules.plan(chat.tx, KIND, inquiry.id, deadline + AFTER, committee.id)
    record(chat, committee.id, "inquiry asked", f"inquiry:{inquiry.id}")
    chat.tell_facilitators(
        committee.id,
        _(
            "{name} asks the committee and those who follow along about {item}, which is treated on {day}. Look at "
            "the questions, and send them.",
            name=chat.person.name,
            item=item,
            day=Day(on),
        ),
        Button(_("To the members"), "asked", drafts[0].id),
        Button(_("To those who follow along"), "asked", drafts[1].id),
        notice=_("a question for you"),
        dedupe=f"inquiry:{inquiry.id}",
    )
    chat.say(
        _("Your contact person looks at it and sends it. You get the answers {when}, without names.", when=deadline)
    )


def _draft(
    chat: Chat, committee: Committee, audience: str, item: dict[str, str], text: dict[str, str], deadline: datetime
) -> Prompt:
    """One question in one's own words, by the facilitator's name once it is sent."""
    staff = people.facilitators(chat.tx, committee.id)
    by = staff[0].id if staff else chat.person.id
    values = {"text": item, "audience": audience, "deadline_at": deadline, "asked_by": chat.person.id}
    prompt = prompts.draft(chat.tx, committee.id, "questions", by, chat.now, **values)
    prompts.add_question(chat.tx, prompt.id, FreeText.kind, text, {})
    return prompt


@router.due(KIND)
def collected(errand: Errand, inquiry_id: int) -> None:
    """The politician gets what was answered as one collection, or hears that nobody was asked."""
    inquiry = inquiries.get(errand.tx, inquiry_id)
    if inquiry is None:
        return
    found = [one for number in inquiry.prompts if (one := prompts.get(errand.tx, number)) is not None]
    running = [one.deadline_at for one in found if one.state == "open" and one.deadline_at is not None]
    if running:  # the facilitator has given people more time
        schedules.plan(errand.tx, KIND, inquiry.id, max(*running, errand.now) + AFTER, inquiry.committee_id)
        return
    if not inquiries.told(errand.tx, inquiry.id, errand.now):
        return
    errand.about(inquiry.committee_id)
    parts = [part for one in found if one.state == "closed" for part in _answers(errand, one)]
    text: Words = Lines((_("Here is what you were answered, without names."), *parts))
    if not any(one.state == "closed" for one in found):
        text = _("Your question was not sent, so there is no answer. Your contact person can say why.")
    elif not parts:
        text = _("Your question was sent, and nobody has answered it.")
    errand.tell(
        inquiry.asked_by,
        text,
        notice=_("the answers are in"),
        kind="necessary",
        dedupe=f"inquired:{inquiry.id}",
        mail=False,
    )
    errand.tell(
        inquiry.asked_by,
        _("The answers to your question are in. Behind the link you find them."),
        notice=_("the answers are in"),
        kind="necessary",
        dedupe=f"inquired:{inquiry.id}:mail",
        path="/talk",
        only_mail=True,
    )


def _answers(errand: Errand, prompt: Prompt) -> list[Words]:
    """What one audience answered, without names; nothing where nobody did."""
    answered = given.in_time(errand.tx, prompt.id)
    if not answered:
        return []
    who = _("The members:") if prompt.audience == "members" else _("Those who follow along:")
    body = summary.as_words(summary.summarise(given.questions(errand.tx, prompt.id), answered), names=False)
    return [who, body]
