"""The hash-ordered lottery: against brute force, and the chance it guarantees."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.selection.feasible import Infeasible
from bot.domain.selection.pool import Applicant, Line, Pool, Quota
from bot.domain.selection.serial import entering
from tests.domain.selection import reference
from tests.domain.selection.pools import municipality, pools


@settings(max_examples=80, deadline=None)
@given(pools(), st.data())
def test_who_enters_is_who_would_by_brute_force_over_all_panels(pool: Pool, data: st.DataObject) -> None:
    panels = reference.all_panels(pool)
    order = data.draw(st.permutations([person.id for person in pool.applicants]))
    if not panels:
        with pytest.raises(Infeasible):
            entering(pool, order)
        return
    found = entering(pool, order)
    assert set(found) == reference.entering(panels, order)
    assert list(found) == sorted(found, key=order.index), "in the order of their entrance"


@settings(max_examples=20, deadline=None)
@given(pools())
def test_whoever_is_on_some_panel_is_chosen_at_least_when_first(pool: Pool) -> None:
    panels = reference.all_panels(pool)
    assume(panels)
    everybody = [person.id for person in pool.applicants]
    for person in sorted(set().union(*panels)):
        assert person in entering(pool, [person, *(one for one in everybody if one != person)])


def test_nobody_enters_twice() -> None:
    pool = Pool([Applicant(name, {"any": 2}) for name in "AABC"[1:]], (Line("any", 2),))
    assert entering(pool, ["A", "A", "C", "B"]) == ("A", "C")


def test_an_order_that_leaves_people_out_is_refused() -> None:
    pool = Pool(
        [Applicant(name, {"any": 2}, frozenset(name)) for name in "ABC"], (Line("any", 2),), (Quota("C", 1, 1),)
    )
    with pytest.raises(ValueError, match="leaves out"):
        entering(pool, ["A", "B"])


def test_many_people_are_no_trouble() -> None:
    pool = municipality(3000)
    order = [person.id for person in pool.applicants]
    assert len(entering(pool, order)) == 10
