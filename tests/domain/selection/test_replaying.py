"""The hash-ordered lottery without a solver: compared with every panel there is."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.selection.completing import TooLarge
from bot.domain.selection.pool import Applicant, Line, Pool, Quota
from bot.domain.selection.replaying import replay
from bot.domain.selection.seating import meets
from tests.domain.selection.tiny import panels, pools, youth


def by_hand(pool: Pool, order: list[str]) -> tuple[str, ...]:
    """Go down the order; each enters if some panel holds all before and this one."""
    every = [{one.id for one in people} for people in panels(pool)]
    entered: list[str] = []
    for who in order:
        if any({*entered, who} <= panel for panel in every):
            entered.append(who)
    return tuple(entered)


@settings(max_examples=400)
@given(pools(), st.randoms(use_true_random=False))
def test_who_enters_is_who_some_panel_holds_with_all_before(pool: Pool, chance: random.Random) -> None:
    order = [one.id for one in pool.applicants]
    chance.shuffle(order)
    assert replay(pool, order) == by_hand(pool, order)


def test_a_larger_pool_with_many_rules_is_replayed_exactly() -> None:
    chance = random.Random(7)
    lines = [Line("a", 2), Line("b", 2), Line("c", 1), Line("d", 1)]
    groups = ["young", "old", "north", "south", "women"]
    people = [
        Applicant(
            f"P{n:03}",
            {key: chance.randint(0, 3) for key in chance.sample("abcd", 2)},
            frozenset(chance.sample(groups, 2)),
        )
        for n in range(24)
    ]
    quotas = [Quota("young", 3, 4), Quota("north", 2, 3), Quota("women", 3, 3), Quota("south", 0, 2)]
    pool = Pool(people, lines, quotas)
    order = [one.id for one in people]
    chance.shuffle(order)
    found = replay(pool, order)
    assert len(found) == 6 and found == by_hand(pool, order)


def test_a_pool_without_any_panel_lets_nobody_in() -> None:
    pool = Pool([Applicant("Ola", {"a": 3}), Applicant("Kari", {"a": 3})], [Line("a", 1), Line("b", 1)])
    assert replay(pool, ["Ola", "Kari"]) == ()


def test_a_large_pool_is_replayed_too() -> None:
    # A panel of ten from 3,000, by sex, age, district and line, more than any list of panels could be made of. That it
    # could be completed each time, the panel at the end shows; for the last seat everybody passed over is tried here.
    chance = random.Random(5)
    lines = [Line(key, 2) for key in "abcde"]
    people = [
        Applicant(
            f"P{n:04}",
            {key: chance.randint(1, 3) for key in chance.sample("abcde", chance.choice((1, 2, 3)))},
            frozenset(
                {chance.choice(("woman", "man")), f"age {chance.choice('1234')}", f"in {chance.choice('12345')}"}
            ),
        )
        for n in range(3000)
    ]
    quotas = [
        *(Quota(sex, 4, 6) for sex in ("woman", "man")),
        *(Quota(f"age {n}", 2, 4) for n in "1234"),
        *(Quota(f"in {n}", 1, 3) for n in "12345"),
    ]
    pool = Pool(people, lines, quotas)
    order = [one.id for one in people]
    chance.shuffle(order)
    found = replay(pool, order)
    by_id = {one.id: one for one in people}
    assert meets(pool, [by_id[who] for who in found]) == ()
    assert list(found) == sorted(found, key=order.index)
    late = order[order.index(found[-2]) + 1 : order.index(found[-1])]
    assert all(meets(pool, [by_id[who] for who in (*found[:-1], other)]) for other in late)


def test_a_pool_with_a_slack_is_left_to_a_solver() -> None:
    with pytest.raises(TooLarge):
        replay(Pool(youth().applicants, youth().lines, slack=1), ["Ada"])


def test_the_search_gives_up_in_seconds_rather_than_run_all_night() -> None:
    # Groups at random that overlap in every way, each with exactly half of the seats: a puzzle, and no real mandate.
    chance = random.Random(3)
    people = [
        Applicant(f"P{n:04}", {"a": 3}, frozenset(f"{g}" for g in range(16) if chance.random() < 0.5))
        for n in range(60)
    ]
    with pytest.raises(TooLarge):
        replay(Pool(people, [Line("a", 18)], [Quota(f"{g}", 9, 9) for g in range(16)]), [one.id for one in people])
