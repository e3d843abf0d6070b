"""Why a panel is as it is, in words: which rules bind, what would have to give, and who has no chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.domain.coverage import rule_words
from bot.domain.mandate import Mandate
from bot.domain.panel import shown_label
from bot.domain.selection.assembling import groups
from bot.domain.selection.relaxing import Relaxation
from bot.text import Lines, Many, Words, _, n_

VOID: Mapping[str, Words] = {
    "infeasible": _("No panel keeps every rule."),
    "erased": _("Somebody in the pool had everything erased before the panels were made."),
}


def void_words(reason: str) -> Words:
    """Why a draw is void: a reason of ours, or the words of whoever asked for it."""
    return VOID.get(reason, reason)


def quota_words(mandate: Mandate, key: str) -> Words:
    """A quota's rule in the municipality's own words; the key itself where the mandate has no such rule any more."""
    return next((rule_words(rule, sex) for name, rule, sex in groups(mandate) if name == key), key)


def relaxation_words(mandate: Mandate, one: Relaxation, sees_special: bool) -> Words:
    """What would have to give, for a reader who may or may not know of the lines that say something sensitive."""
    numbers = {"becomes": one.becomes, "was": one.was}
    if one.what == "least":
        return _("{rule}: at least {becomes} instead of {was}", rule=quota_words(mandate, one.key), **numbers)
    if one.what == "most":
        return _("{rule}: at most {becomes} instead of {was}", rule=quota_words(mandate, one.key), **numbers)
    line = shown_label(mandate, one.key, sees_special)
    if one.what == "seats":
        return _("{seat}: draw {becomes} instead of {was}", seat=line, **numbers)
    if one.what == "rating":
        return _("{seat}: a fit of {becomes} is enough, instead of {was}", seat=line, **numbers)
    return _("the fit of all together may be {becomes} below the best, instead of {was}", **numbers)


def together(mandate: Mandate, relaxations: Sequence[Relaxation], sees_special: bool) -> Words:
    """What would have to give at the same time."""
    return Many(tuple(relaxation_words(mandate, one, sees_special) for one in relaxations))


def advice_words(mandate: Mandate, advice: Sequence[Sequence[Relaxation]], sees_special: bool) -> Iterator[Words]:
    """What would help where no panel keeps every rule: a paragraph, and the alternatives as a list."""
    if not advice:
        return
    yield _("Any one of these would help, the smallest change first:")
    yield Lines(
        tuple(
            _("{number}. {change}", number=number, change=together(mandate, one, sees_special))
            for number, one in enumerate(advice, 1)
        ),
        "\n",
    )


def barred_words(mandate: Mandate, count: int, causes: Sequence[Relaxation], sees_special: bool) -> Words:
    """How many people of one kind have no chance, and what would have to give for one of them."""
    if not causes:
        return n_("{count} person has no chance.", "{count} people have no chance.", count)
    return n_(
        "{count} person has no chance. It would take: {changes}.",
        "{count} people have no chance. It would take: {changes}.",
        count,
        changes=together(mandate, causes, sees_special),
    )


def stored(relaxations: Sequence[Relaxation]) -> list[dict[str, Any]]:
    """Relaxations as they are kept."""
    return [asdict(one) for one in relaxations]


def taken(kept: Sequence[Mapping[str, Any]]) -> tuple[Relaxation, ...]:
    """Relaxations from what `stored` made."""
    return tuple(Relaxation(**one) for one in kept)
