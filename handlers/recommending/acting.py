"""What follows from a recommendation: each action with who carries it out, the next step and a date."""

from __future__ import annotations

from bot.domain.forms import Form
from bot.domain.languages import by_language, in_languages
from bot.domain.people import facilitator
from bot.domain.questions import Answers, OnDay, day_of
from bot.domain.recommending import Action, next_key
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.i18n import NAMES
from bot.text import _
from handlers.recommending.overview import changed, fresh, require_open, show
from storage import committees, recommendations
from storage.recommendations import Recommendation

router = Router()


def action_form(chat: Chat, one: Recommendation) -> Form:
    """What, who, the next step, and by when."""
    require_open(chat, one.committee_id)
    locales = committees.mandate(chat.tx, one.committee_id).locales
    step = _("What is the next step? Small is good.")
    return Form(
        "recact",
        (
            *in_languages("what", _("What is to be done?"), locales, NAMES, longest=500),
            *in_languages(
                "by",
                _("Who carries it out?"),
                locales,
                NAMES,
                hint=_("An office, an association, a group or the committee itself. Name no citizen without asking."),
                longest=120,
            ),
            *in_languages("next", step, locales, NAMES, longest=500, optional=True),
            OnDay(key="on", text=_("By which day?"), optional=True),
        ),
        title=_("What follows"),
    )


@router.form("recact", Recommendation, action_form, who=facilitator)
def added(chat: Chat, one: Recommendation, answers: Answers) -> None:
    """Put the action last; the committee has not agreed to it yet."""
    require_open(chat, one.committee_id)
    locales = committees.mandate(chat.tx, one.committee_id).locales
    there = recommendations.actions(one)
    action = Action(
        next_key(there),
        by_language("what", answers, locales),
        by_language("by", answers, locales),
        by_language("next", answers, locales),
        day_of(answers["on"]) if answers.get("on") else None,
    )
    recommendations.change(chat.tx, one, actions=[item.stored() for item in (*there, action)])
    changed(chat, one.committee_id, "action added", f"recommendation:{one.id}")
    show(chat, fresh(chat, one))


@router.button("unact", Recommendation, str, who=facilitator)
def removed(chat: Chat, one: Recommendation, key: str) -> None:
    """Take an action out."""
    require_open(chat, one.committee_id)
    there = recommendations.actions(one)
    left = [item.stored() for item in there if item.key != key]
    if len(left) == len(there):
        raise not_here()
    recommendations.change(chat.tx, one, actions=left)
    changed(chat, one.committee_id, "action removed", f"recommendation:{one.id}")
    show(chat, fresh(chat, one))
