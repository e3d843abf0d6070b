"""Representativeness: what is small is not shown, and cannot be computed from what is."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.anonymity import FEWEST
from bot.domain.coverage import Candidate
from bot.domain.mandate import Mandate, MandateError, RuleKind, parse
from bot.domain.representativeness import report, suppressed
from tests.world import DEMO, START

SVELVIK = Path(DEMO / "svelvik-ungdom.toml").read_text("utf-8")


def mandate(more: str = "") -> Mandate:
    return parse(SVELVIK + more, START.date())


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 40), min_size=1))
def test_no_small_number_is_shown_and_none_is_the_total_less_the_others(counts: dict[str, int]) -> None:
    shown = suppressed(counts)
    hidden = [key for key, count in shown.items() if count is None]
    assert all(count is None or count >= FEWEST for count in shown.values())
    assert all(shown[key] in (None, count) for key, count in counts.items())
    assert len(hidden) != 1 or len(counts) == 1


def published(counts: tuple[int, ...]) -> tuple[object, ...]:
    shown = suppressed({str(place): count for place, count in enumerate(counts)})
    return (sum(counts), *shown.values())


@pytest.mark.parametrize("cells", [3, 4])
def test_whoever_knows_the_total_and_this_rule_can_compute_no_hidden_number(cells: int) -> None:
    """All tables of a size by what is published of them: each hidden cell has more than one possible value.

    The exception is a table whose cells are all small: that it is hidden as a whole says no more than the total does.
    """
    possible: dict[tuple[object, ...], list[set[int]]] = defaultdict(lambda: [set() for _ in range(cells)])
    tables = list(product(range(13 if cells == 3 else 10), repeat=cells))
    for counts in tables:
        for place, count in enumerate(counts):
            possible[published(counts)][place].add(count)
    for counts in tables:
        if max(counts) >= FEWEST and sum(counts) < 12:
            seen = published(counts)
            known = [place for place in range(cells) if seen[place + 1] is None and len(possible[seen][place]) < 2]
            assert known == [], (counts, seen)


def people(*answers: tuple[str, str]) -> list[Candidate]:
    return [Candidate(number, [], age, sex) for number, (age, sex) in enumerate(answers)]


def test_applicants_panel_and_population_stand_beside_each_other() -> None:
    applied = people(*[("15-17", "woman")] * 9, *[("18", "man")] * 6, *[("19-25", "other")] * 2)
    found = report(mandate('\n[population]\nage = { "15-17" = 330 }\n'), applied, applied[:10])
    age, sex = found.groups
    assert (found.applicants, found.panel) == (17, 10)
    assert {cell.population for cell in age.cells} == {None, 330}
    assert [cell.applicants for cell in sex.cells] == [9, None, None]
    assert [cell.applicants for cell in age.cells] == [None, 9, 6, None], "13-14 and up: nobody else can apply"
    assert {cell.panel for cell in (*age.cells, *sex.cells)} == {None}, "rules are about these: they stand there"
    assert [(kept.least, kept.count) for kept in found.rules] == [(10, 10), (5, 10), (4, 9), (4, 1)]


def test_a_population_by_unknown_groups_is_a_fault_that_lists_the_known() -> None:
    with pytest.raises(MandateError) as refused:
        mandate('\n[population]\nage = { "15-16" = 3 }\nsex = { x = 1 }\nshoes = 3\n')
    said = {fault.where: fault.sentence for fault in refused.value.errors}
    assert "13-14, 15-17" in said["population.age.15-16"]
    assert "woman, man, other" in said["population.sex.x"]
    assert "population.shoes" in said
    assert RuleKind.AGE in mandate('\n[population]\nage = { "15-17" = 3 }\n').population
