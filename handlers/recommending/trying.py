"""Ideas that were tried: what, by whom, when, and what was learnt."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.languages import by_language, in_languages
from bot.domain.people import facilitator
from bot.domain.questions import Answers, FreeText, OnDay, OneOf, Option, day_of
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.i18n import NAMES
from bot.text import Day, Lines, _
from handlers.recommending.overview import changed, require_open
from storage import committees, recommendations
from storage.committees import Committee
from storage.recommendations import IDEA, Attempt

router = Router()
NO_IDEA = "none"
MOST = 20  # ideas to choose from: the newest


def tried_form(chat: Chat, committee: Committee) -> Form:
    """Which idea, what was done, by whom, when, and what it taught."""
    require_open(chat, committee.id)
    locales = committees.mandate(chat.tx, committee.id).locales
    ideas = recommendations.possible_sources(chat.tx, committee.id, chat.now).get(IDEA, [])[-MOST:]
    choices = (*(Option(str(number), label) for number, label in ideas), Option(NO_IDEA, _("None of these")))
    return Form(
        "tried",
        (
            *((OneOf(key="idea", text=_("Which idea was it?"), choices=choices),) if ideas else ()),
            *in_languages("what", _("What was tried?"), locales, NAMES, longest=500),
            FreeText(
                key="who",
                text=_("Who tried it?"),
                hint=_("A library, a school, a group. Name no citizen without asking."),
                longest=120,
                single_line=True,
            ),
            OnDay(key="on", text=_("When?")),
            *in_languages(
                "learnt", _("What did you learn? That it did not work is worth knowing, too."), locales, NAMES
            ),
        ),
        title=_("An idea that was tried"),
    )


@router.form("tried", Committee, tried_form, who=facilitator)
def tried(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Keep it for the result."""
    require_open(chat, committee.id)
    locales = committees.mandate(chat.tx, committee.id).locales
    idea = str(answers.get("idea", NO_IDEA))
    on = day_of(answers["on"])
    if on > chat.now.date():
        raise Refusal(
            _("That day is still to come. Write this when it has been tried, or write /back for another day.")
        )
    recommendations.tried(
        chat.tx,
        committee.id,
        None if idea == NO_IDEA else int(idea),
        by_language("what", answers, locales),
        str(answers["who"]),
        on,
        by_language("learnt", answers, locales),
        chat.person.id,
        chat.now,
    )
    changed(chat, committee.id, "attempt noted", f"committee:{committee.id}")
    show(chat, committee)


@router.button("attempts", Committee, who=facilitator)
def show(chat: Chat, committee: Committee) -> None:
    """What was tried so far."""
    found = recommendations.attempts(chat.tx, committee.id)
    lines = [
        Lines(
            (
                _("{what} ({who}, {day})", what=one.what, who=one.who, day=Day(one.tried_on)),
                _("Learnt: {learnt}", learnt=one.learnt),
            ),
            "\n",
        )
        for one in found
    ]
    chat.say(
        Lines((_("What was tried:"), *lines)),
        tuple(Button(_("Remove {number}", number=place), "untry", one.id) for place, one in enumerate(found, 1)),
        Button(_("Another one"), "open", "tried", committee.id),
        Button(_("All recommendations"), "recs", committee.id),
    )


@router.button("untry", Attempt, who=facilitator)
def untry(chat: Chat, attempt: Attempt) -> None:
    """Take it out again."""
    require_open(chat, attempt.committee_id)
    recommendations.untry(chat.tx, attempt.id)
    changed(chat, attempt.committee_id, "attempt removed", f"attempt:{attempt.id}")
    chat.say(_("It is taken out."), Button(_("All recommendations"), "recs", attempt.committee_id), instead=True)
