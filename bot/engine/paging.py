"""A form on the web and in Slack's windows: a page of questions at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from bot import i18n
from bot.chat.events import FormPage, RenderedField
from bot.chat.messages import Button
from bot.domain import voice
from bot.domain.questions import Answers, FreeText, Question, Ranking, Told, YesNo
from bot.engine import ordering
from bot.engine.dialogue import NOT_YET_SENT, Dialogue, answered, elsewhere, label, shown_as, speaks
from bot.text import Lines, Words, _

SPOKEN = ".spoken"  # after a field's key: the number of a recording that a page has brought along


def page(
    dialogue: Dialogue, errors: Mapping[str, str] | None = None, given: Mapping[str, Sequence[str]] | None = None
) -> FormPage:
    """The page to show now: the questions that can be answered together, or the review."""
    locale, zone = dialogue.chat.voice

    def say(words: Words) -> str:
        return i18n.say(words, locale, zone)

    form, answers = dialogue.form, dialogue.answers
    title = say(form.title)
    unanswered = tuple(takewhile(lambda item: not elsewhere(dialogue, item), form.page(answers)))
    if given is not None:
        unanswered = tuple(item for item in form.fields if item.key in given)
    begun = any(item.key in answers for item in form.asked(answers))
    if not unanswered:
        fields = tuple(
            RenderedField(item.key, item.kind, say(label(item)), given=(say(shown_as(dialogue, item)),))
            for item in answered(dialogue)
        )
        return FormPage(
            form.key,
            dialogue.subject,
            title,
            fields,
            intro=say(Lines((NOT_YET_SENT, form.notice()), " ")),
            review=True,
            submit=say(form.send or _("Send")),
            change=say(_("Change")),
        )
    fields = tuple(
        _rendered(dialogue, item, say, tuple((given or {}).get(item.key, ())) or _raw(item, answers))
        for item in unanswered
    )
    place, total = form.progress(answers, next((item.key for item in unanswered if not isinstance(item, Told)), ""))
    return FormPage(
        form.key,
        dialogue.subject,
        title,
        fields,
        progress=f"{place}/{total}" if place and total > 1 else "",
        errors=errors or {},
        intro=say(form.notice()),
        submit=say(_("Continue")),
        back=say(_("Back")) if begun else "",
    )


def _rendered(dialogue: Dialogue, item: Question, say: Any, given: tuple[str, ...]) -> RenderedField:
    options = tuple((option.key, say(option.label)) for option in item.options)
    longest = item.longest if isinstance(item, FreeText) else 0
    kind = "text" if isinstance(item, FreeText) and item.single_line else item.kind
    hint = item.hint or (ordering.WRITE if isinstance(item, Ranking) else "")
    speaking, held = speaks(dialogue, item), voice.spoken(dialogue.answers.get(item.key))
    if speaking and dialogue.chat.event.address.platform == "slack":
        hint = _("You can also record an audio clip in our chat and send it there.")
    there = say(voice.said(held.seconds)) if held else ""
    return RenderedField(
        item.key, kind, say(item.text), say(hint), options, given, item.optional, longest, speaking, there
    )


def _raw(item: Question, answers: Answers) -> tuple[str, ...]:
    value = answers.get(item.key)
    if value is None or (isinstance(item, FreeText) and voice.spoken(value)):
        return ()
    if isinstance(item, YesNo):
        return ("yes" if value else "no",)
    return tuple(value) if isinstance(value, list) else (str(value),)


def show_page(dialogue: Dialogue) -> None:
    """Open the page where the platform can at once; elsewhere a message offers it."""
    chat = dialogue.chat
    chat.opens = page(dialogue)
    dialogue.save()
    if chat.event.address.platform == "slack" and not chat.event.acknowledgement:
        chat.opens = None
        title = dialogue.form.title or _("A form for you")
        shown = chat.say(title, Button(_("Open form"), "open", dialogue.route.name, dialogue.subject))
        dialogue.save(shown=shown)
