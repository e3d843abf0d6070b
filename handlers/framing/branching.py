"""A question that is asked only after some answers to an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import facilitator
from bot.domain.questionnaire import said_condition
from bot.domain.questions import Answers, OneOf, Option, Question, Scale, SomeOf, YesNo
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Words, _
from handlers.framing.drafts import changed, require_draft
from storage import answers as given
from storage import conversations, prompts
from storage.prompts import Prompt

router = Router()
ALL = "all"
DECIDING = (OneOf, YesNo, Scale)


def condition_form(chat: Chat, prompt: Prompt) -> Form:
    """Which question, after which earlier one, and after which of its answers."""
    if prompt.kind != "questions":
        raise not_here()
    require_draft(prompt)
    questions = given.questions(chat.tx, prompt.id)
    if not any(isinstance(question, DECIDING) for question in questions[:-1]):
        raise Refusal(
            _("There is no earlier question with answers to choose among. Add one first, and this one after it.")
        )
    begun = conversations.find(chat.tx, chat.person.id, "onlyif", prompt.id)
    return Form("onlyif", fields_of(questions, begun.answers if begun else {}), title=_("Only after an answer"))


def fields_of(questions: Sequence[Question], begun: Answers) -> tuple[Question, ...]:
    """Three questions, each depending on the one before."""
    numbered = list(enumerate(questions, start=1))
    which = OneOf(
        key="which",
        text=_("Which question is not for everybody?"),
        choices=tuple(Option(str(place), _numbered(place, one)) for place, one in numbered[1:]),
        branches=True,
    )
    last = int(str(begun.get("which") or 0))
    earlier = [(place, one) for place, one in numbered if place < last and isinstance(one, DECIDING)]
    on = OneOf(
        key="on",
        text=_("It is asked after an answer to which question?"),
        choices=(
            *(Option(str(place), _numbered(place, one)) for place, one in earlier),
            Option(ALL, _("None: everybody is asked")),
        ),
        branches=True,
    )
    place = str(begun.get("on") or "")
    options = questions[int(place) - 1].options if place.isdigit() else ()
    asked = SomeOf(
        key="is",
        text=_("After which answers is it asked?"),
        choices=tuple(options),
        when=lambda answers: answers.get("on") != ALL,
    )
    return which, on, asked


def _numbered(place: int, question: Question) -> Words:
    return _("{number}. {question}", number=place, question=question.text)


@router.form("onlyif", Prompt, condition_form, who=facilitator, grows=True)
def conditioned(chat: Chat, prompt: Prompt, answers: Answers) -> None:
    """Keep the condition, or take it away."""
    position = int(str(answers["which"]))
    if answers["on"] == ALL:
        prompts.set_condition(chat.tx, prompt.id, position, None)
        changed(chat, prompt, _("Everybody is asked question {number}.", number=position))
        return
    keys = answers["is"]
    assert isinstance(keys, list)
    condition: dict[str, Any] = {"q": int(str(answers["on"])), "is": keys}
    prompts.set_condition(chat.tx, prompt.id, position, condition)
    changed(chat, prompt, said_condition(given.questions(chat.tx, prompt.id), condition))
