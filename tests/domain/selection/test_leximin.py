"""The fairest lottery: against brute force over all panels, and what must hold of it whatever the pool."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.selection.chances import chance_of, without_chance
from bot.domain.selection.feasible import Infeasible
from bot.domain.selection.pool import Applicant, Line, Pool, Quota, Selection
from bot.domain.selection.selecting import select
from tests.domain.selection.pools import municipality, pools
from tests.domain.selection.reference import all_panels, leximin, most
from tests.locks import ROOT

EXACT = 1e-6


def selected(pool: Pool) -> Selection:
    """The lottery of a pool; pools without one are not what the test is about."""
    try:
        return select(pool)
    except Infeasible:
        assume(False)
        raise


def panels_of(selection: Selection, pool: Pool) -> Iterator[frozenset[str]]:
    """One panel of people for each composition: the first of each kind."""
    for composition in selection.compositions:
        seated = zip(pool.kinds.values(), composition.counts, strict=True)
        yield frozenset(person.id for people, count in seated for person in people[:count])


@settings(max_examples=80, deadline=None)
@given(pools())
def test_the_chances_are_those_of_brute_force_over_all_panels(pool: Pool) -> None:
    panels = all_panels(pool)
    if not panels:
        with pytest.raises(Infeasible):
            select(pool)
        return
    found = select(pool)
    assert (found.method, found.complete) == ("leximin", True)
    expected = {person.id: 0.0 for person in pool.applicants} | leximin(panels)
    assert chance_of(found, pool) == pytest.approx(expected, abs=EXACT)
    smallest = min(chance for chance in found.chances if chance)
    assert smallest >= most(panels, sorted(set().union(*panels)), {}, None, 0.0) - EXACT, "never below maximin"


@settings(max_examples=20, deadline=None)
@given(pools())
def test_every_panel_keeps_every_rule_and_the_chances_come_to_the_seats(pool: Pool) -> None:
    found = selected(pool)
    assert set(panels_of(found, pool)) <= set(all_panels(pool))
    assert all(composition.weight > 0 for composition in found.compositions)
    assert sum(composition.weight for composition in found.compositions) == pytest.approx(1, abs=1e-12)
    assert sum(chance_of(found, pool).values()) == pytest.approx(pool.seats, abs=EXACT)
    assert len(found.compositions) == len(set(found.compositions)) <= 1000


@settings(max_examples=20, deadline=None)
@given(pools(), st.data())
def test_other_names_in_another_order_change_nothing_but_names(pool: Pool, data: st.DataObject) -> None:
    found = selected(pool)
    new = dict(zip((person.id for person in pool.applicants), data.draw(st.permutations("ABCDEFGHI")), strict=False))
    shuffled = data.draw(st.permutations([replace(person, id=new[person.id]) for person in pool.applicants]))
    again = select(replace(pool, applicants=shuffled))
    assert again == replace(found, seconds=again.seconds)
    assert chance_of(again, replace(pool, applicants=shuffled)) == {
        new[person]: chance for person, chance in chance_of(found, pool).items()
    }


@settings(max_examples=20, deadline=None)
@given(pools(), st.data())
def test_rules_and_lines_in_another_order_change_nothing(pool: Pool, data: st.DataObject) -> None:
    found = selected(pool)
    lines, quotas = data.draw(st.permutations(pool.lines)), data.draw(st.permutations(pool.quotas))
    again = select(replace(pool, lines=lines, quotas=quotas))
    assert again == replace(found, seconds=again.seconds)


@settings(max_examples=20, deadline=None)
@given(pools())
def test_people_of_one_kind_have_equal_chances(pool: Pool) -> None:
    twins = [replace(person, id=person.id + "b") for person in pool.applicants]
    both = replace(pool, applicants=[*pool.applicants, *twins])
    chances = chance_of(selected(both), both)
    assert all(chances[person.id] == chances[person.id + "b"] for person in pool.applicants)


PROGRAM = """
from bot.domain.selection.selecting import select
from tests.domain.selection.pools import municipality
found = select(municipality(120))
print(found.method, found.complete, found.levels, found.compositions, found.chances)
"""


def test_another_process_finds_the_same_to_the_byte() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(said) == 1
    assert said.pop().startswith("leximin True")


def test_who_sits_on_no_panel_is_listed() -> None:
    people = [Applicant("A", {"carer": 3}), Applicant("B", {"carer": 2}, frozenset({"party"})), Applicant("C", {})]
    pool = Pool(people, (Line("carer", 1),), (Quota("party", 0, 0),))
    found = select(pool)
    assert chance_of(found, pool) == {"A": 1.0, "B": 0.0, "C": 0.0}
    assert [kind.groups for kind in without_chance(found, pool)] == [("party",)]


@pytest.mark.parametrize("seed", [1, 2])
def test_profiles_as_features_of_who_could_fill_them_give_the_same_chances(seed: int) -> None:
    """Hall's theorem: seats can be filled iff every set of profiles has enough people who fit one of them."""
    pool = municipality(60, seats=6, profiles=3, seed=seed)
    pool = replace(pool, quotas=[quota for quota in pool.quotas if "sex" in quota.key])
    sets = [lines for size in (1, 2, 3) for lines in combinations(pool.lines, size)]

    def anywhere(person: Applicant) -> Applicant:
        fits = set(pool.fits(person))
        filled = {f"fills {lines}" for lines in sets if fits & {line.key for line in lines}}
        return Applicant(person.id, {"any": 3} if fits else {}, person.groups | filled)

    features = Pool(
        [anywhere(person) for person in pool.applicants],
        (Line("any", pool.seats),),
        (*pool.quotas, *(Quota(f"fills {lines}", sum(one.seats for one in lines), pool.seats) for lines in sets)),
    )
    chances = chance_of(select(pool), pool)
    assert chances == pytest.approx(chance_of(select(features), features), abs=EXACT)
    assert len({round(chance, 6) for chance in chances.values()}) > 2, "a pool on which it is easy to be wrong"
