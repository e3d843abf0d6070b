"""How a facilitator drafts questions: the frame around them, and one question at a time, in every language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.errors import Refusal
from bot.domain.languages import by_language, in_languages, key_of
from bot.domain.questionnaire import USUAL, choices_of
from bot.domain.questions import (
    Answers,
    FreeText,
    ListOfLines,
    Moment,
    Number,
    OnDay,
    OneOf,
    Option,
    Question,
    Ranking,
    Scale,
    SomeOf,
    YesNo,
)
from bot.text import Lines, _, n_

NO_MEETING = "none"
# An option's key has at most 8 bytes; the value is the kind of question it stands for.
KINDS = {
    "one_of": OneOf.kind,
    "some_of": SomeOf.kind,
    "scale": Scale.kind,
    "free": FreeText.kind,
    "voice": FreeText.kind,
    "yes_no": YesNo.kind,
    "ranking": Ranking.kind,
    "number": Number.kind,
    "date": OnDay.kind,
}
LABELS = {
    "one_of": _("One of several answers"),
    "some_of": _("Some of several answers"),
    "scale": _("A scale"),
    "free": _("In one's own words"),
    "voice": _("In one's own words, written or spoken"),
    "yes_no": _("Yes or no"),
    "ranking": _("Putting answers in order"),
    "number": _("A number"),
    "date": _("A date"),
}
WITH_OPTIONS = ("one_of", "some_of", "ranking")
STEPS = ("3", "5", "7", "10")


def frame_fields(
    meetings: Mapping[int, datetime], locales: Sequence[str], names: Mapping[str, str], zone: str, now: datetime
) -> tuple[Question, ...]:
    """Before which meeting, about what, and until when."""
    choices = [Option(str(number), _("The meeting {when}", when=when)) for number, when in meetings.items()]
    choices.append(Option(NO_MEETING, _("Not before a meeting")))
    return (
        OneOf(key="meeting", text=_("Which meeting are the questions for?"), choices=tuple(choices)),
        *in_languages(
            "topic",
            _("What are the questions about? It follows the words “what you think about”."),
            locales,
            names,
            longest=120,
        ),
        Moment(
            key="deadline",
            text=_("Until when can members answer?"),
            zone=zone,
            now=now,
        ),
    )


def question_fields(
    count: int, locales: Sequence[str], names: Mapping[str, str], begun: Answers
) -> tuple[Question, ...]:
    """One more question after `count` others; `begun` is what was answered so far."""
    return (
        *([_fewer(count)] if count >= USUAL else []),
        OneOf(
            key="kind",
            text=_("What kind of question is it?"),
            choices=tuple(Option(key, label) for key, label in LABELS.items()),
            branches=True,
        ),
        *in_languages("text", _("What do you ask?"), locales, names, longest=300),
        *_option_fields(locales, names, begun),
        OneOf(
            key="steps",
            text=_("How many steps has the scale?"),
            choices=tuple(Option(step, step) for step in STEPS),
            when=_is_scale,
        ),
        *_end("low", _("What does the lowest step mean?"), locales, names),
        *_end("high", _("What does the highest step mean?"), locales, names),
        *in_languages(
            "unit",
            _("What is it a number of, such as minutes or kroner?"),
            locales,
            names,
            longest=20,
            optional=True,
            when=_is_number,
        ),
        Number(key="least", text=_("What is the least that can be answered?"), optional=True, when=_is_number),
        Number(key="most", text=_("What is the most that can be answered?"), optional=True, when=_is_number),
    )


def _fewer(count: int) -> Question:
    return SomeOf(
        key="fewer",
        text=n_("There is {count} question already.", "There are {count} questions already.", count),
        hint=_("Each one more means that fewer finish. Tick the box if this one is worth it."),
        choices=(Option("know", _("I know that fewer will finish")),),
    )


def _is_scale(answers: Answers) -> bool:
    return answers.get("kind") == "scale"


def _is_number(answers: Answers) -> bool:
    return answers.get("kind") == "number"


def _end(name: str, text: Any, locales: Sequence[str], names: Mapping[str, str]) -> tuple[FreeText, ...]:
    return in_languages(name, text, locales, names, longest=40, optional=True, when=_is_scale)


def _offers(locale: str, *, first: bool) -> Callable[[Answers], bool]:
    """Whether a language has answers to choose among: the first always, another where the question is in it."""

    def offers(answers: Answers) -> bool:
        return answers.get("kind") in WITH_OPTIONS and (first or answers.get(key_of("text", locale)) is not None)

    return offers


def _option_fields(locales: Sequence[str], names: Mapping[str, str], begun: Answers) -> list[ListOfLines]:
    """The answers to choose among, one a line, as many in each language in which the question is asked."""
    first = key_of("options", locales[0])
    count = len(str(begun.get(first) or "").splitlines())
    text = _("What can one answer?")
    hint = _("Write one answer a line, all in one message.")
    fields = [ListOfLines(key=first, text=text, hint=hint, when=_offers(locales[0], first=True), branches=True)]
    same = n_("Write the same {count} answer.", "Write the same {count} answers in the same order, one a line.", count)
    for locale in locales[1:]:
        fields.append(
            ListOfLines(
                key=key_of("options", locale),
                text=Lines((text, _("Now in this language: {language}.", language=names[locale]))),
                hint=same,
                when=_offers(locale, first=False),
                exactly=count or None,
            )
        )
    return fields


def require_order(settings: Mapping[str, Any]) -> None:
    """The least of a number lies below its most. Raises Refusal."""
    if "least" in settings and "most" in settings and Decimal(settings["least"]) >= Decimal(settings["most"]):
        raise Refusal(_("The least must be less than the most. Write /back and give both once more."))


def question_from(answers: Answers, locales: Sequence[str]) -> tuple[str, dict[str, str], dict[str, Any]]:
    """A drafted question as stored: its kind, its text by language, and the settings of its kind.

    Raises Refusal where the answers to choose among are not as many in each language.
    """
    chosen = str(answers["kind"])
    settings: dict[str, Any] = {}
    if chosen in WITH_OPTIONS:
        try:
            settings = {"options": choices_of(by_language("options", answers, locales))}
        except ValueError:
            raise Refusal(
                _("The answers are not equally many in all languages. Write /back and give the same ones in each.")
            ) from None
    elif chosen == "voice":
        settings = {"spoken": True}
    elif chosen == "scale":
        settings = {"steps": int(str(answers["steps"]))}
        settings |= {end: by_language(end, answers, locales) for end in ("low", "high")}
    elif chosen == "number":
        settings = {"unit": by_language("unit", answers, locales)}
        settings |= {end: str(answers[end]) for end in ("least", "most") if answers.get(end) is not None}
        require_order(settings)
    return KINDS[chosen], by_language("text", answers, locales), settings
