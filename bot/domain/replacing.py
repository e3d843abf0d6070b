"""Taking over a seat: whether the hard rules of the group still hold with somebody else on it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.eligibility import Candidate, belongs
from bot.domain.mandate import Mandate, RuleKind, Sex


def keeps_rules(
    mandate: Mandate, before: Sequence[Candidate], others: Sequence[Candidate], newcomer: Candidate
) -> bool:
    """Do the hard rules hold with the newcomer beside the others? What was broken before need only get no worse.

    `before` is the panel with whoever gives up the seat, `others` the panel without. Soft rules ask nothing here.
    """
    for rule in mandate.rules:
        halves = (Sex.WOMAN, Sex.MAN) if rule.kind is RuleKind.SEX and rule.sex is None else (rule.sex,)
        for sex in halves if rule.hard else ():
            inside = belongs(rule, newcomer, sex)
            if rule.everyone and not inside:
                return False
            was = sum(belongs(rule, one, sex) for one in before)
            count = sum(belongs(rule, one, sex) for one in others) + inside
            least, most = rule.least(mandate.citizens), rule.most(mandate.citizens)
            if not min(least, was) <= count <= max(most, was):
                return False
    return True
