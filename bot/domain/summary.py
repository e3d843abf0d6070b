"""What came of questions: counts, a scale's middle, texts as they were written, and a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import fmean, median

from bot.domain.questionnaire import answered, keys_of
from bot.domain.questions import Answers, FreeText, Number, OnDay, Question, Ranking, Scale, SomeOf, Value, plain
from bot.text import Lines, Words, _, n_

# A spreadsheet runs a cell that begins with one of these as a formula.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Given:
    """One person's answers. `late` if they came after the deadline and the person wanted them passed on.

    Where nobody may see names, the name is empty and there is no time.
    """

    name: str
    values: Answers
    at: datetime | None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """One question's answers. `counts` are in the order of the options; `texts` as (name, text) in the order given.

    `mean` and `middle` (the median) belong to a scale or a number alone, `ends` (least, most) to a number; `order` to
    a ranking: each option with its mean place and how often it came first, the lowest mean place first.
    """

    question: Question
    answered: int
    skipped: int
    counts: tuple[tuple[Words, int], ...] = ()
    texts: tuple[tuple[str, Words], ...] = ()
    mean: float | None = None
    middle: float | None = None
    ends: tuple[str, str] | None = None
    order: tuple[tuple[Words, float, int], ...] = ()


def summarise(questions: Sequence[Question], given: Sequence[Given]) -> tuple[Summary, ...]:
    """Sum up each question over all who were asked it and answered at least one of them."""
    heard = [person for person in given if answered(person.values)]
    return tuple(_one(question, heard) for question in questions)


def _one(question: Question, given: Sequence[Given]) -> Summary:
    kept = [
        (person.name, person.values[question.key]) for person in given if person.values.get(question.key) is not None
    ]
    values = [value for _name, value in kept]
    asked = [person for person in given if question.when(person.values)]
    skipped = len(asked) - len(kept)
    if isinstance(question, FreeText):
        return Summary(question, len(kept), skipped, texts=tuple((name, question.show(value)) for name, value in kept))
    if isinstance(question, Number):
        return _numbers(question, [Decimal(str(value)) for value in values], skipped)
    if isinstance(question, OnDay):
        days = sorted(Counter(str(value) for value in values).items())
        return Summary(question, len(kept), skipped, tuple((question.show(day), count) for day, count in days))
    if isinstance(question, Ranking):
        ranks = [value for value in values if isinstance(value, list)]
        return Summary(question, len(kept), skipped, order=_order(question, ranks))
    counts = tuple((option.label, sum(option.key in keys_of(value) for value in values)) for option in question.options)
    if isinstance(question, Scale) and values:
        steps = [int(str(value)) for value in values]
        return Summary(question, len(kept), skipped, counts, mean=fmean(steps), middle=float(median(steps)))
    return Summary(question, len(kept), skipped, counts)


def _numbers(question: Question, values: Sequence[Decimal], skipped: int) -> Summary:
    if not values:
        return Summary(question, 0, skipped)
    ends = plain(min(values)), plain(max(values))
    return Summary(question, len(values), skipped, mean=float(fmean(values)), middle=float(median(values)), ends=ends)


def _order(question: Question, ranks: Sequence[Sequence[str]]) -> tuple[tuple[Words, float, int], ...]:
    """The options by mean place, as in Borda's count; equal ones stay in the order in which they were asked."""
    rows = [
        (
            option.label,
            fmean(rank.index(option.key) + 1 for rank in ranks),
            sum(rank[0] == option.key for rank in ranks),
        )
        for option in question.options
        if ranks
    ]
    return tuple(sorted(rows, key=lambda row: row[1]))


def as_words(summaries: Sequence[Summary], *, names: bool) -> Words:
    """The summary as one text. Names stand only before a text in one's own words, and only where they may."""
    return Lines(tuple(said(place, item, names=names) for place, item in enumerate(summaries, start=1)))


def said(place: int, item: Summary, *, names: bool) -> Words:
    """One question's summary under its number."""
    lines: list[Words] = [_("{number}. {question}", number=place, question=item.question.text)]
    lines.append(n_("{count} answer", "{count} answers", item.answered))
    if item.skipped:
        lines.append(n_("{count} skipped it", "{count} skipped it", item.skipped))
    if isinstance(item.question, SomeOf):
        lines.append(_("Each could choose several."))
    if item.mean is not None and item.middle is not None:
        lines.append(_("Mean {mean}, median {median}", mean=f"{item.mean:.1f}", median=f"{item.middle:g}"))
    if item.ends is not None:
        lines.append(_("From {least} to {most}", least=item.ends[0], most=item.question.show(item.ends[1])))
    lines += [
        _("{option}: mean place {mean}, first for {count}", option=label, mean=f"{mean:.1f}", count=first)
        for label, mean, first in item.order
    ]
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
        when = person.at.isoformat(timespec="minutes") if person.at else ""
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
    if isinstance(question, Ranking) and isinstance(value, list):
        return "; ".join(say(question.label(key)) for key in value)
    return str(value) if isinstance(question, Scale | Number | OnDay) else say(question.show(value))


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" \u00a0\ufeff").startswith(RISKY) else cell
