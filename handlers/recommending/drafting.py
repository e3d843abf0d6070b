"""Writing a recommendation in the committee's languages, changing it, and taking it out."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.forms import Form, looked_over
from bot.domain.languages import as_answers, by_language, in_languages
from bot.domain.people import facilitator
from bot.domain.questions import Answers, Question, Value
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.i18n import NAMES
from bot.text import _
from handlers.recommending.overview import changed, fresh, require_open, show
from storage import committees, recommendations
from storage.committees import Committee
from storage.recommendations import Recommendation

router = Router()


def fields_of(chat: Chat, committee_id: int) -> tuple[Question, ...]:
    """A line that names it, and the text, in each language of the committee."""
    locales = committees.mandate(chat.tx, committee_id).locales
    return (
        *in_languages("title", _("What is the recommendation about, in a few words?"), locales, NAMES, longest=120),
        *in_languages(
            "text",
            _("What does the committee recommend?"),
            locales,
            NAMES,
            hint=_("Write what the council can say yes to, and why. Name nobody."),
        ),
    )


def new_form(chat: Chat, committee: Committee) -> Form:
    """A new recommendation."""
    require_open(chat, committee.id)
    return Form("recnew", fields_of(chat, committee.id), title=_("A recommendation"))


@router.form("recnew", Committee, new_form, who=facilitator)
def drafted(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Keep the draft, and show what belongs to it."""
    require_open(chat, committee.id)
    locales = committees.mandate(chat.tx, committee.id).locales
    title, text = by_language("title", answers, locales), by_language("text", answers, locales)
    added = recommendations.add(chat.tx, committee.id, title, text, chat.person.id, chat.now)
    changed(chat, committee.id, "recommendation drafted", f"recommendation:{added.id}")
    show(chat, added)


def edit_form(chat: Chat, one: Recommendation) -> Form:
    """The same questions, with what stands there."""
    require_open(chat, one.committee_id)
    fields = fields_of(chat, one.committee_id)
    return Form("recedit", fields, title=_("A recommendation"), review=looked_over, send=_("Save the change"))


def as_was(chat: Chat, one: Recommendation) -> dict[str, Value]:
    """What it says now, ready to change."""
    locales = committees.mandate(chat.tx, one.committee_id).locales
    return {**as_answers("title", one.title, locales), **as_answers("text", one.text, locales)}


@router.form("recedit", Recommendation, edit_form, who=facilitator, before=as_was)
def edited(chat: Chat, one: Recommendation, answers: Answers) -> None:
    """Keep the new words; the chair is asked anew, because nobody has agreed to them."""
    require_open(chat, one.committee_id)
    locales = committees.mandate(chat.tx, one.committee_id).locales
    title, text = by_language("title", answers, locales), by_language("text", answers, locales)
    if (title, text) != (one.title, one.text):
        recommendations.change(chat.tx, one, title=title, text=text)
        changed(chat, one.committee_id, "recommendation changed", f"recommendation:{one.id}")
    show(chat, fresh(chat, one))


@router.button("unrec", Recommendation, who=facilitator)
def ask_remove(chat: Chat, one: Recommendation) -> None:
    """The first step of taking it out."""
    require_open(chat, one.committee_id)
    chat.say(
        _("Take out recommendation {number}: {title}? Its text is lost.", number=one.number, title=one.title),
        (Button(_("Yes, take it out"), "recgone", one.id), Button(_("No, keep it"), "rec", one.id)),
    )


@router.button("recgone", Recommendation, who=facilitator)
def removed(chat: Chat, one: Recommendation) -> None:
    """Take it out; those after it move up."""
    require_open(chat, one.committee_id)
    recommendations.remove(chat.tx, one)
    changed(chat, one.committee_id, "recommendation removed", f"recommendation:{one.id}")
    chat.say(_("It is taken out."), Button(_("All recommendations"), "recs", one.committee_id), instead=True)
