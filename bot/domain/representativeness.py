"""How applicants and panel compare with the population, without telling what anybody answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.anonymity import FEWEST
from bot.domain.coverage import Candidate, belongs
from bot.domain.eligibility import SEXES, age_words, refusal
from bot.domain.mandate import Localized, Mandate, Rule, RuleKind, Sex
from bot.text import Words, _


@dataclass(frozen=True, slots=True)
class Cell:
    """A group of people: how many applied and how many sit on the panel (None: not shown), and the population's."""

    label: Words
    applicants: int | None
    panel: int | None
    population: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """One way to divide people, each person in one cell."""

    title: Words
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule of the mandate and how many on the panel belong to its group: this the mandate itself makes public."""

    rule: Rule
    sex: Sex | None
    least: int
    count: int

    @property
    def description(self) -> Localized:
        """The rule in the municipality's own words."""
        return self.rule.description


@dataclass(frozen=True, slots=True)
class Report:
    """Applicants and panel by age, district and sex, as far as each was asked, and the rules about the panel."""

    applicants: int
    panel: int
    groups: tuple[Group, ...]
    rules: tuple[Kept, ...]


def suppressed(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts of one division whose total is known, without what is small or could be computed from the rest.

    A count below `FEWEST` is None. So is the next smallest of the others until at least two are hidden and those are
    not all alike: then a hidden one is neither the total less the shown ones, nor given by knowing this rule. After
    primary and complementary cell suppression (L. Willenborg and T. de Waal, "Elements of Statistical Disclosure
    Control", 2001, chapter 4), for one table with one margin.
    """
    order = sorted(counts, key=lambda key: (counts[key], key))
    hidden = [key for key in order if counts[key] < FEWEST]
    if hidden and len(hidden) < len(order):
        rest = order[len(hidden) :]
        while rest and len({counts[key] for key in hidden}) < 2:
            hidden.append(rest.pop(0))
    return {key: None if key in hidden else count for key, count in counts.items()}


def report(mandate: Mandate, applicants: Sequence[Candidate], panel: Sequence[Candidate]) -> Report:
    """Compare people by what this mandate asks of them; numbers of the panel that a rule is about stand with it."""
    groups = []
    for kind, title in TITLES.items():
        if not getattr(mandate, f"needs_{kind}"):
            continue
        labels = _labels(mandate, kind)
        ours, theirs = _counts(labels, kind, applicants), _counts(labels, kind, panel)
        ruled = any(rule.kind == kind and not rule.everyone for rule in mandate.rules)
        shown = dict.fromkeys(theirs) if ruled else suppressed(theirs)
        population = mandate.population.get(kind, {})
        many = suppressed(ours)
        cells = (Cell(labels[key], many[key], shown.get(key), population.get(key)) for key in ours)
        groups.append(Group(title, tuple(cells)))
    return Report(len(applicants), len(panel), tuple(groups), tuple(_kept(mandate, panel)))


TITLES: Mapping[RuleKind, Words] = {
    RuleKind.AGE: _("Age"),
    RuleKind.DISTRICT: _("District"),
    RuleKind.SEX: _("Sex"),
}
UNKNOWN = "?"


def _labels(mandate: Mandate, kind: RuleKind) -> dict[str, Words]:
    """The groups that somebody can be in: one that everybody knows to be empty would hide nothing."""
    if kind is RuleKind.AGE:
        possible = (band for band in mandate.age_bands() if refusal(mandate, band.key) is None)
        found: dict[str, Words] = {band.key: age_words(band) for band in possible}
    elif kind is RuleKind.DISTRICT:
        possible_ones = (one for one in mandate.districts if refusal(mandate, None, district=one.key) is None)
        found = {district.key: district.label for district in possible_ones}
    else:
        found = {str(sex): words for sex, words in SEXES.items()}
    return found | {UNKNOWN: _("Something else, or not asked")}


def _counts(labels: Iterable[str], kind: RuleKind, people: Sequence[Candidate]) -> dict[str, int]:
    field = "age_band" if kind is RuleKind.AGE else str(kind)
    found = Counter(str(getattr(one, field)) for one in people)
    known = {key: found.get(key, 0) for key in labels if key != UNKNOWN}
    rest = len(people) - sum(known.values())
    return known | {UNKNOWN: rest} if rest else known


def _kept(mandate: Mandate, panel: Sequence[Candidate]) -> Iterable[Kept]:
    for rule in mandate.rules:
        halves = (Sex.WOMAN, Sex.MAN) if rule.kind is RuleKind.SEX and rule.sex is None else (rule.sex,)
        for sex in halves:
            count = sum(belongs(rule, one, sex) for one in panel)
            yield Kept(rule, sex, rule.least(mandate.citizens), count)
