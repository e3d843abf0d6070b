"""Everything that a facilitator has written of a message or of questions, text by text, to be read and completed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from bot.text import Words, _
from storage import prompts
from storage.database import Tx
from storage.tables import Prompt, QuestionRow


@dataclass(frozen=True, slots=True)
class Slot:
    """One text by language: a short key, and what a facilitator calls it. `lines`: answers, one a line."""

    key: str
    name: Words
    words: Mapping[str, str]
    longest: int
    lines: bool = False


ENDS = {
    "low": _("the lowest step of question {number}"),
    "high": _("the highest step of question {number}"),
    "unit": _("the unit of question {number}"),
}


def slots(tx: Tx, prompt: Prompt) -> Iterator[Slot]:
    """Each text of a prompt that is written in some language, in the order in which it is read."""
    asking = prompt.kind == "questions"
    yield Slot("text", _("what the questions are about") if asking else _("the message"), prompt.text, 2000)
    if prompt.background:
        yield Slot("back", _("the background"), prompt.background, 4000)
    for row in prompts.questions(tx, prompt.id):
        yield Slot(f"q{row.position}", _("question {number}", number=row.position), row.text, 300)
        if options := row.settings.get("options"):
            name = _("the answers to question {number}", number=row.position)
            yield Slot(f"o{row.position}", name, _joined(options), 2000, lines=True)
        for end, label in ENDS.items():
            if row.settings.get(end):
                yield Slot(f"{end}{row.position}", _(label.message, number=row.position), row.settings[end], 40)


def _joined(options: list[Mapping[str, Any]]) -> dict[str, str]:
    """The answers to choose among, one a line, by each language in which all of them are written."""
    first = [option["label"] for option in options]
    whole = [locale for locale in first[0] if all(label.get(locale) for label in first)]
    return {locale: "\n".join(label[locale] for label in first) for locale in whole}


def write(tx: Tx, prompt: Prompt, locale: str, given: Mapping[str, str]) -> None:
    """Put these texts, by their slots' keys, beside what is written in other languages."""
    if "text" in given:
        prompts.change(tx, prompt.id, text={**prompt.text, locale: given["text"]})
    if "back" in given:
        prompts.change(tx, prompt.id, background={**(prompt.background or {}), locale: given["back"]})
    for row in prompts.questions(tx, prompt.id):
        text, settings = dict(row.text), dict(row.settings)
        if f"q{row.position}" in given:
            text[locale] = given[f"q{row.position}"]
        if f"o{row.position}" in given:
            lines = given[f"o{row.position}"].splitlines()
            settings["options"] = [
                {**option, "label": {**option["label"], locale: line}}
                for option, line in zip(settings["options"], lines, strict=True)
            ]
        for end in ENDS:
            if f"{end}{row.position}" in given:
                settings[end] = {**settings[end], locale: given[f"{end}{row.position}"]}
        tx.execute(update(QuestionRow).where(QuestionRow.id == row.id).values(text=text, settings=settings))
