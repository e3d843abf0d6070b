"""What members need to know before they answer: a page at most, marked as written by the administration."""

from __future__ import annotations

from bot.domain.forms import Form
from bot.domain.languages import by_language, in_languages
from bot.domain.people import facilitator
from bot.domain.questions import Answers
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.i18n import NAMES
from bot.text import _
from handlers.framing.drafts import changed, require_draft
from storage import committees, prompts
from storage.prompts import Prompt

router = Router()


def background_form(chat: Chat, prompt: Prompt) -> Form:
    """The background in each language; skipped, there is none."""
    if prompt.kind != "questions":
        raise not_here()
    require_draft(prompt)
    locales = committees.mandate(chat.tx, prompt.committee_id).locales
    fields = in_languages(
        "back",
        _("What do members need to know before they answer?"),
        locales,
        NAMES,
        hint=_("At most a page, in everyday words. It is marked as written by the administration."),
        longest=4000,
        optional=True,
    )
    return Form("backgr", fields, title=_("Background"))


@router.form("backgr", Prompt, background_form, who=facilitator)
def written(chat: Chat, prompt: Prompt, answers: Answers) -> None:
    """Keep it; without a word in the first language there is none."""
    locales = committees.mandate(chat.tx, prompt.committee_id).locales
    words = by_language("back", answers, locales)
    prompts.change(chat.tx, prompt.id, background=words or None)
    changed(chat, prompt, _("The background is kept.") if words else _("There is no background."))
