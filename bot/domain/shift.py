"""The same question before and after: one's own shift for each, and for the committee the sum of all who gave both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from bot.domain.anonymity import FEWEST
from bot.domain.questionnaire import keys_of
from bot.domain.questions import Answers, OneOf, Question, Scale, YesNo
from bot.text import Lines, Words, _, n_

COMPARED = (Scale, OneOf, YesNo)
Both = Sequence[tuple[Answers, Answers]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question as it was asked before, and its place and self as it is asked after."""

    before: Question
    place: int
    after: Question


def pairs(before: Sequence[Question], after: Sequence[Question]) -> tuple[Pair, ...]:
    """The questions that stand in both, word for word and with the same answers; other kinds are not compared."""
    found = []
    for place, question in enumerate(after, start=1):
        same = next((one for one in before if _same(one, question)), None)
        if same is not None:
            found.append(Pair(same, place, question))
    return tuple(found)


def _same(one: Question, other: Question) -> bool:
    if not isinstance(one, COMPARED) or type(one) is not type(other) or one.text != other.text:
        return False
    return [option.key for option in one.options] == [option.key for option in other.options]


def own(found: Sequence[Pair], before: Answers, after: Answers) -> tuple[Words, ...]:
    """A line for each question that this person answered both times; what may not be repeated is left out."""
    return tuple(
        _("{question}\nBefore: {before}. Now: {now}.", question=pair.after.text, before=was, now=now)
        for pair in found
        if not pair.after.unsaid and before.get(pair.before.key) is not None and after.get(pair.after.key) is not None
        for was, now in [(pair.before.show(before[pair.before.key]), pair.after.show(after[pair.after.key]))]
    )


def as_words(found: Sequence[Pair], both: Both) -> Words:
    """What has changed, summed up over those who answered both times; with fewer than five nothing is said of them."""
    if not found:
        return ""
    lines = [_of(pair, both) for pair in found]
    return Lines((_("Before and after"), *lines))


def _of(pair: Pair, both: Both) -> Words:
    head = _("{number}. {question}", number=pair.place, question=pair.after.text)
    values = [
        (before[pair.before.key], after[pair.after.key])
        for before, after in both
        if before.get(pair.before.key) is not None and after.get(pair.after.key) is not None
    ]
    if len(values) < FEWEST:
        few = _("Fewer than {fewest} have answered both times, so what has changed is not shown.", fewest=FEWEST)
        return Lines((head, few), "\n")
    count = n_("{count} has answered both times.", "{count} have answered both times.", len(values))
    if isinstance(pair.after, Scale):
        steps = [(int(str(was)), int(str(now))) for was, now in values]
        return Lines((head, count, *_steps(steps)), "\n")
    lines = [
        _(
            "{option}: {before} before, {now} now",
            option=option.label,
            before=sum(option.key in keys_of(was) for was, _now in values),
            now=sum(option.key in keys_of(now) for _was, now in values),
        )
        for option in pair.after.options
    ]
    return Lines((head, count, *lines), "\n")


def _steps(steps: Sequence[tuple[int, int]]) -> tuple[Words, ...]:
    means = _(
        "Mean {before} before, {now} now",
        before=f"{fmean(was for was, _now in steps):.1f}",
        now=f"{fmean(now for _was, now in steps):.1f}",
    )
    moved = _(
        "Higher now: {higher}, the same: {same}, lower: {lower}",
        higher=sum(now > was for was, now in steps),
        same=sum(now == was for was, now in steps),
        lower=sum(now < was for was, now in steps),
    )
    return means, moved
