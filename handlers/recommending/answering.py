"""The council's answer to each recommendation, as the secretariat enters it; nobody is told before a second look."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.languages import as_answers, by_language, in_languages
from bot.domain.people import secretariat
from bot.domain.questions import Answers, OnDay, OneOf, Option, Value, day_of
from bot.domain.recommending import OUTCOMES
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.i18n import NAMES
from bot.text import Day, Lines, Words, _
from handlers.recommending.overview import record
from storage import committees, recommendations, replies, results
from storage.committees import Committee
from storage.recommendations import Recommendation

router = Router()


def require_delivered(chat: Chat, committee_id: int) -> None:
    """The council answers what it was given. Raises Refusal."""
    if results.of(chat.tx, committee_id).delivered_at is None:
        raise Refusal(_("The recommendations are not delivered yet. An answer can be entered as soon as they are."))


@router.command("council", who=secretariat, words=("council's answers", "svar på anbefalinger", "svar på tilrådingar"))
def begin(chat: Chat, argument: str) -> None:
    """What the council has answered."""
    assert chat.committee is not None
    overview(chat, chat.committee)


@router.button("replies", Committee, who=secretariat)
def overview(chat: Chat, committee: Committee) -> None:
    """Each recommendation with its answer, and which answers nobody has been told."""
    require_delivered(chat, committee.id)
    found = recommendations.listed(chat.tx, committee.id)
    waiting = replies.drafts(chat.tx, committee.id)
    lines = [
        _("{number}. {title}: {state}", number=one.number, title=one.title, state=_state(chat, one)) for one in found
    ]
    rows = [Button(_("Answer to {number}", number=one.number), "open", "reply", one.id) for one in found]
    if waiting:
        rows.insert(0, Button(_("Look them over, and tell"), "telllook", committee.id))
    chat.say(Lines((_("The answers to the recommendations:"), *lines)), *rows)


def _state(chat: Chat, one: Recommendation) -> Words:
    waiting, held = replies.draft(chat.tx, one.id), replies.told(chat.tx, one.id)
    if waiting is not None:
        return _("{outcome}, not told yet", outcome=OUTCOMES[waiting.outcome])
    return _("no answer yet") if held is None else OUTCOMES[held.outcome]


def reply_form(chat: Chat, one: Recommendation) -> Form:
    """What was answered, why, and when it was decided."""
    require_delivered(chat, one.committee_id)
    mandate = committees.mandate(chat.tx, one.committee_id)
    return Form(
        "reply",
        (
            OneOf(
                key="outcome",
                text=_(
                    "What does {the_council} answer to recommendation {number}: {title}?",
                    the_council=mandate.municipality.the_council,
                    number=one.number,
                    title=one.title,
                ),
                choices=tuple(Option(key, words) for key, words in OUTCOMES.items()),
            ),
            *in_languages(
                "reason",
                _("What is the reason? Everybody who worked on it reads it."),
                mandate.locales,
                NAMES,
                hint=_("If it was changed, say what is different. If it was not treated, say what happens next."),
            ),
            OnDay(key="on", text=_("When was it decided?")),
        ),
        title=_("The council's answer"),
        review=looked_over,
        send=_("Keep it"),
    )


def as_was(chat: Chat, one: Recommendation) -> dict[str, Value] | None:
    """The answer that waits, or the one that holds, ready to correct."""
    found = replies.draft(chat.tx, one.id) or replies.told(chat.tx, one.id)
    if found is None:
        return None
    locales = committees.mandate(chat.tx, one.committee_id).locales
    return {
        "outcome": found.outcome,
        **as_answers("reason", found.reason, locales),
        "on": found.decided_on.isoformat(),
    }


@router.form("reply", Recommendation, reply_form, who=secretariat, before=as_was)
def entered(chat: Chat, one: Recommendation, answers: Answers) -> None:
    """Keep the answer; what is the same as before is nothing to tell."""
    require_delivered(chat, one.committee_id)
    on = day_of(answers["on"])
    if on > chat.now.date():
        raise Refusal(_("{day} is still to come. Enter the answer when it is decided.", day=Day(on)))
    outcome = str(answers["outcome"])
    reason = by_language("reason", answers, committees.mandate(chat.tx, one.committee_id).locales)
    held = replies.told(chat.tx, one.id)
    if held is not None and (held.outcome, held.reason, held.decided_on) == (outcome, reason, on):
        replies.drop(chat.tx, one.id)
        chat.say(_("That is what everybody has been told already."))
        return
    replies.enter(chat.tx, one.id, outcome, reason, on, chat.person.id, chat.now)
    record(chat, one.committee_id, "council answer entered", f"recommendation:{one.id}")
    committee = committees.get(chat.tx, one.committee_id)
    assert committee is not None
    overview(chat, committee)
