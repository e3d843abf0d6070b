"""Pools without a panel: what is advised makes one possible. And who has no chance: the rule that is the cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings

from bot.domain.selection.advice import advice, causes
from bot.domain.selection.binding import Binding, binding
from bot.domain.selection.chances import without_chance
from bot.domain.selection.feasible import Infeasible
from bot.domain.selection.pool import Applicant, Line, Pool, Quota
from bot.domain.selection.relaxing import Relaxation, relaxed
from bot.domain.selection.selecting import select
from tests.domain.selection.pools import pools
from tests.domain.selection.reference import all_panels


def people(*groups: str, line: str = "anybody", rating: int = 3) -> list[Applicant]:
    """One applicant for each of the words, who counts toward the groups it names."""
    return [Applicant(f"P{number}", {line: rating}, frozenset(one.split())) for number, one in enumerate(groups)]


def old_and_young(least_young: int, **bounds: int) -> Pool:
    quotas = (Quota("young", least_young, 4, **bounds), Quota("old", 0, 4))
    return Pool(people("young", "old", "old", "old", "old"), (Line("anybody", 4),), quotas)


@settings(max_examples=40, deadline=None)
@given(pools())
def test_with_any_of_the_advice_there_is_a_panel(pool: Pool) -> None:
    assume(not all_panels(pool))
    for alternative in advice(pool):
        assert alternative
        assert select(relaxed(pool, alternative)).method == "leximin"


@settings(max_examples=20, deadline=None)
@given(pools())
def test_alternatives_are_really_others(pool: Pool) -> None:
    assume(not all_panels(pool))
    found = [{(one.what, one.key) for one in alternative} for alternative in advice(pool)]
    assert not any(later >= former for place, former in enumerate(found) for later in found[place + 1 :])


def test_the_smallest_relaxation_comes_first() -> None:
    found = advice(old_and_young(3))
    assert found[0] == (Relaxation("least", "young", 3, 1),)
    assert (Relaxation("seats", "anybody", 4, 3),) not in found, "three seats still want three young people"


def test_advice_keeps_within_what_a_quota_allows_itself_where_it_can() -> None:
    def first(**bounds: int) -> Sequence[Relaxation]:
        quotas = (Quota("young", 2, 4), Quota("old", 3, 4, **bounds))
        return advice(Pool(people("young", "young", "old", "old", "old"), (Line("anybody", 4),), quotas))[0]

    assert first() == first(lowest=2) == (Relaxation("least", "old", 3, 2),)
    assert first(lowest=3) == (Relaxation("least", "young", 2, 1),)


def test_advice_goes_beyond_that_where_nothing_else_helps() -> None:
    assert advice(old_and_young(2, lowest=2))[0] == (Relaxation("least", "young", 2, 1),)


def test_advice_goes_to_a_lower_rating_before_an_empty_seat() -> None:
    pool = Pool([*people("", ""), Applicant("P9", {"anybody": 1})], (Line("anybody", 3),))
    first, second = advice(pool)[:2]
    assert first == (Relaxation("rating", "anybody", 2, 1),)
    assert second == (Relaxation("seats", "anybody", 3, 2),)
    assert select(relaxed(pool, first)).chances == (1.0,)


def test_nobody_is_advised_onto_a_line_they_did_not_offer_themselves_for() -> None:
    pool = Pool(people(""), (Line("anybody", 1), Line("carer", 1)))
    assert advice(pool) == ((Relaxation("seats", "carer", 1, 0),),)


def test_where_nobody_fits_anything_there_is_nothing_to_advise() -> None:
    assert advice(Pool(people("", rating=0), (Line("anybody", 1),))) == ()
    assert advice(Pool([], (Line("anybody", 1),))) == ()


def test_the_cause_of_no_chance_is_the_rule_in_the_way() -> None:
    pool = replace(old_and_young(0), quotas=(Quota("young", 0, 0),))
    (young,) = without_chance(select(pool), pool)
    assert young.groups == ("young",)
    assert causes(pool, young) == (Relaxation("most", "young", 0, 1),)


def test_a_soft_rule_can_be_the_cause() -> None:
    pool = replace(old_and_young(0), quotas=(Quota("young", 0, 0, hard=False),))
    (young,) = without_chance(select(pool), pool)
    assert causes(pool, young) == (Relaxation("most", "young", 0, 1),)


def test_the_rating_can_be_the_cause() -> None:
    pool = Pool([*people("", ""), Applicant("P9", {"anybody": 2})], (Line("anybody", 2),), slack=0)
    (rated,) = without_chance(select(pool), pool)
    assert causes(pool, rated) == (Relaxation("slack", "", 0, 1),)


@settings(max_examples=20, deadline=None)
@given(pools(soft=False))
def test_with_the_causes_out_of_the_way_there_is_a_chance(pool: Pool) -> None:
    try:
        found = select(pool)
    except Infeasible:
        assume(False)
        raise
    for kind in pool.kinds:
        reason: Sequence[Relaxation] = causes(pool, kind)
        assert bool(reason) == (kind in without_chance(found, pool))
        if not any(one.what == "slack" for one in reason):
            wider = relaxed(pool, reason)
            assert kind not in without_chance(select(wider), wider) or pool.slack is not None


def test_rules_bind_at_their_edges_only() -> None:
    pool = old_and_young(1)
    assert binding(pool, {"P0", "P1", "P2", "P3"}) == [Binding("young", "least", 1)]
    tight = replace(pool, quotas=(Quota("young", 0, 1), Quota("old", 1, 4)))
    assert binding(tight, {"P0", "P1", "P2", "P3"}) == [Binding("young", "most", 1)]
    missed = replace(pool, quotas=(Quota("young", 2, 3, hard=False), Quota("old", 0, 2, hard=False)))
    assert binding(missed, {"P0", "P1", "P2", "P3"}) == [Binding("young", "least", 1), Binding("old", "most", 3)]


def test_a_kind_that_fits_no_line_is_not_asked_about() -> None:
    pool = old_and_young(0)
    with pytest.raises(KeyError):
        causes(pool, replace(next(iter(pool.kinds)), groups=("nobody",)))
