"""What came of questions: counts, a scale's middle, texts as they were written, and a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median

from bot.domain.questionnaire import answered
from bot.domain.questions import Answers, FreeText, Question, Scale, SomeOf, Value
from bot.text import Lines, Words, _, n_

# A spreadsheet runs a cell that begins with one of these as a formula.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Given:
    """One person's answers. `late` if they came after the deadline and the person wanted them passed on."""

    name: str
    values: Answers
    at: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """One question's answers. `counts` are in the order of the options; `texts` as (name, text) in the order given.

    `mean` and `middle` (the median) belong to a scale alone.
    """

    question: Question
    answered: int
    skipped: int
    counts: tuple[tuple[Words, int], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    mean: float | None = None
    middle: float | None = None


def summarise(questions: Sequence[Question], given: Sequence[Given]) -> tuple[Summary, ...]:
    """Sum up each question over all who answered at least one of them."""
    heard = [person for person in given if answered(person.values)]
    return tuple(_one(question, heard) for question in questions)


def _one(question: Question, given: Sequence[Given]) -> Summary:
    kept = [
        (person.name, person.values[question.key]) for person in given if person.values.get(question.key) is not None
    ]
    values = [value for _name, value in kept]
    skipped = len(given) - len(kept)
    if isinstance(question, FreeText):
        return Summary(question, len(kept), skipped, texts=tuple((name, str(value)) for name, value in kept))
    counts = tuple((option.label, sum(option.key in _keys(value) for value in values)) for option in question.options)
    if isinstance(question, Scale) and values:
        steps = [int(str(value)) for value in values]
        return Summary(question, len(kept), skipped, counts, mean=fmean(steps), middle=float(median(steps)))
    return Summary(question, len(kept), skipped, counts)


def _keys(value: Value) -> tuple[str, ...]:
    """The options a value stands for."""
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    return tuple(value) if isinstance(value, list) else (str(value),)


def as_words(summaries: Sequence[Summary], *, names: bool) -> Words:
    """The summary as one text. Names stand only before a text in one's own words, and only where they may."""
    return Lines(tuple(_said(place, item, names) for place, item in enumerate(summaries, start=1)))


def _said(place: int, item: Summary, names: bool) -> Words:
    lines: list[Words] = [_("{number}. {question}", number=place, question=item.question.text)]
    lines.append(n_("{count} answer", "{count} answers", item.answered))
    if item.skipped:
        lines.append(n_("{count} skipped it", "{count} skipped it", item.skipped))
    if isinstance(item.question, SomeOf):
        lines.append(_("Each could choose several."))
    if item.mean is not None and item.middle is not None:
        lines.append(_("Mean {mean}, median {median}", mean=f"{item.mean:.1f}", median=f"{item.middle:g}"))
    lines += [_("{option}: {count}", option=label, count=count) for label, count in item.counts]
    for name, text in item.texts:
        lines.append(_("- {name}: {text}", name=name, text=text) if names and name else _("- {option}", option=text))
    return Lines(tuple(lines), "\n")


def as_csv(questions: Sequence[Question], given: Sequence[Given], say: Callable[[Words], str]) -> bytes:
    """One row a person, one column a question, for a spreadsheet: UTF-8 with its mark, semicolons, no live formulas.

    `say` puts our own words into the reader's language.
    """
    file = io.StringIO()
    table = csv.writer(file, delimiter=";", lineterminator="\r\n")
    head = [say(_("Name")), say(_("Received")), say(_("After the deadline"))]
    table.writerow([safe(cell) for cell in (*head, *(say(question.text) for question in questions))])
    for person in given:
        when = person.at.isoformat(timespec="minutes")
        cells = [person.name, when, say(_("Yes") if person.late else _("No"))]
        cells += [_cell(question, person.values, say) for question in questions]
        table.writerow([safe(cell) for cell in cells])
    return (BOM + file.getvalue()).encode()


def votes_as_csv(options: Sequence[str], papers: Sequence[int], say: Callable[[Words], str]) -> bytes:
    """One row a vote, in no order that means anything, one column an idea: 1 where it was ticked, else 0.

    `papers` are bit masks, the least significant bit the first of `options`.
    """
    file = io.StringIO()
    table = csv.writer(file, delimiter=";", lineterminator="\r\n")
    table.writerow([safe(cell) for cell in (say(_("Vote")), *options)])
    for number, paper in enumerate(papers, 1):
        table.writerow([number, *(paper >> place & 1 for place in range(len(options)))])
    return (BOM + file.getvalue()).encode()


def _cell(question: Question, values: Mapping[str, Value], say: Callable[[Words], str]) -> str:
    value = values.get(question.key)
    if value is None:
        return ""
    return str(value) if isinstance(question, Scale) else say(question.show(value))


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" \u00a0\ufeff").startswith(RISKY) else cell
