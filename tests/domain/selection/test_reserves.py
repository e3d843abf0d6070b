"""Reserves and replacements: compared with trying everybody."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.selection.drawing import reserve_order
from bot.domain.selection.pool import Applicant, Line, Pool, Quota
from bot.domain.selection.reserves import replacement, reserves, without_reserve
from bot.domain.selection.seating import seated
from tests.domain.selection.tiny import SEED, keeps, panels, pools, youth

H = "ab" * 32


def some_panel(pool: Pool, chance: random.Random) -> dict[str, str]:
    every = panels(pool)
    assume(every)
    found = seated(pool, chance.choice(every), "salt")
    assert found is not None
    return found


@settings(max_examples=150)
@given(pools(), st.randoms(use_true_random=False))
def test_the_reserves_of_a_seat_are_all_who_keep_the_rules_in_the_order_of_the_lottery(
    pool: Pool, chance: random.Random
) -> None:
    sitting = some_panel(pool, chance)
    found = reserves(pool, sitting, H, SEED)
    assert list(found) == list(sitting)
    people = {one.id: one for one in pool.applicants}
    for seat, able in found.items():
        others = [people[who] for place, who in sitting.items() if place != seat]
        outside = [one for one in pool.applicants if one.id not in sitting.values()]
        wanted = [one.id for one in outside if keeps(pool, [*others, one])]
        assert able == reserve_order(H, SEED, seat, wanted)


@settings(max_examples=150)
@given(pools(), st.randoms(use_true_random=False))
def test_who_takes_over_keeps_the_rules_and_the_others_stay(pool: Pool, chance: random.Random) -> None:
    sitting = some_panel(pool, chance)
    people = {one.id: one for one in pool.applicants}
    for seat, able in reserves(pool, sitting, H, SEED).items():
        found = replacement(pool, sitting, sitting[seat], able)
        if not able:
            assert found is None
            continue
        assert found is not None and found.id == able[0]
        assert sorted(found.seats.values()) == sorted({*sitting.values(), found.id} - {sitting[seat]})
        assert all(place.rpartition(".")[0] in pool.fits(people[who]) for place, who in found.seats.items())
        if seat.rpartition(".")[0] in pool.fits(people[found.id]):
            assert found.seats == {**sitting, seat: found.id}


def test_renaming_people_changes_only_names() -> None:
    pool = youth()
    sitting = seated(pool, panels(pool)[0], "salt")
    assert sitting is not None
    able = reserves(pool, sitting, H, SEED)
    new = {one.id: f"X{n}" for n, one in enumerate(pool.applicants)}
    renamed = replace(pool, applicants=[replace(one, id=new[one.id]) for one in pool.applicants])
    again = reserves(renamed, {seat: new[who] for seat, who in sitting.items()}, H, SEED)
    assert {seat: {new[who] for who in them} for seat, them in able.items()} == {
        seat: set(them) for seat, them in again.items()
    }


def test_a_member_moves_to_another_line_where_only_so_somebody_can_come_in() -> None:
    people = [
        Applicant("Ola", {"sport": 3}),
        Applicant("Kari", {"sport": 2, "parent": 3}),
        Applicant("Per", {"parent": 2}),
    ]
    pool = Pool(people, [Line("sport", 1), Line("parent", 1)])
    sitting = {"sport.1": "Ola", "parent.1": "Kari"}
    assert reserves(pool, sitting, H, SEED) == {"sport.1": ("Per",), "parent.1": ("Per",)}
    found = replacement(pool, sitting, "Ola", ["Per"])
    assert found is not None and found.seats == {"sport.1": "Kari", "parent.1": "Per"}


def test_a_seat_that_nobody_can_take_over_is_named() -> None:
    people = [Applicant("Ola", {"sport": 3}), Applicant("Kari", {"parent": 3}), Applicant("Per", {"parent": 2})]
    pool = Pool(people, [Line("sport", 1), Line("parent", 1)])
    found = reserves(pool, {"sport.1": "Ola", "parent.1": "Kari"}, H, SEED)
    assert without_reserve(found) == ("sport.1",)
    assert replacement(pool, {"sport.1": "Ola", "parent.1": "Kari"}, "Ola", ["Per"]) is None


def test_a_rule_that_an_appointment_broke_need_only_get_no_worse() -> None:
    young, old = frozenset({"young"}), frozenset[str]()
    ages = {"Ola": old, "Kari": old, "Per": young, "Liv": old, "Ane": young, "Siv": young}
    people = [Applicant(name, {"a": 2}, of) for name, of in ages.items()]
    pool = Pool(people, [Line("a", 2)], [Quota("young", 1, 1)])
    sitting = {"a.1": "Ola", "a.2": "Kari"}  # nobody young: the council would have it so
    found = replacement(pool, sitting, "Ola", ["Liv", "Per"])
    assert found is not None and found.id == "Liv"
    crowded = {"a.1": "Per", "a.2": "Ane"}  # two young, where one is the most
    found = replacement(pool, crowded, "Per", ["Siv", "Liv"])
    assert found is not None and found.id == "Siv"
    better = {"a.1": "Per", "a.2": "Kari"}
    assert replacement(pool, better, "Per", ["Liv", "Ola"]) is None


@settings(max_examples=150)
@given(pools(), st.randoms(use_true_random=False))
def test_the_reserves_of_a_seat_are_the_same_where_the_one_who_was_drawn_for_it_was_erased(
    pool: Pool, chance: random.Random
) -> None:
    sitting = some_panel(pool, chance)
    seat = chance.choice(list(sitting))
    left = replace(pool, applicants=[one for one in pool.applicants if one.id != sitting[seat]])
    found, before = reserves(left, sitting, H, SEED), reserves(pool, sitting, H, SEED)
    assert list(found) == list(sitting) and found[seat] == before[seat]
    people = {one.id: one for one in pool.applicants}
    for other, who in ((other, who) for other, able in found.items() if other != seat for who in able):
        there = [people[one] for place, one in sitting.items() if place not in (seat, other)] + [people[who]]
        for quota in (quota for quota in pool.quotas if quota.hard):
            count = sum(quota.key in one.groups for one in there)
            assert quota.least - 1 <= count <= quota.most, "whoever fills the empty seat can still make it good"


def test_two_seats_of_people_who_were_erased_are_kept_open_for_one_another() -> None:
    young, old = frozenset({"young"}), frozenset[str]()
    ages = {"Ola": young, "Kari": young, "Per": old, "Liv": old, "Ane": young}
    people = [Applicant(name, {"a": 2}, of) for name, of in ages.items()]
    pool = Pool(people, [Line("a", 3)], [Quota("young", 2, 2)])
    sitting = {"a.1": "Ola", "a.2": "Kari", "a.3": "Per"}
    left = replace(pool, applicants=[one for one in people if one.id not in ("Ola", "Per")])
    found = reserves(left, sitting, H, SEED)
    assert set(found["a.1"]) == set(found["a.3"]) == {"Liv", "Ane"}, "Ane for one of them, and then Liv for the other"


def test_where_another_seat_is_empty_as_well_nobody_moves_there_and_nobody_takes_it() -> None:
    people = [
        Applicant("Ola", {"sport": 3}),
        Applicant("Kari", {"sport": 2, "parent": 3}),
        Applicant("Per", {"parent": 2}),
        Applicant("Liv", {"pupil": 3}),
    ]
    pool = Pool(people, [Line("pupil", 1), Line("sport", 1), Line("parent", 2)])
    sitting = {"sport.1": "Ola", "parent.2": "Kari"}  # pupil.1 and parent.1 are empty
    found = replacement(pool, sitting, "Ola", ["Liv", "Per"])
    assert found is not None and found.id == "Per"
    assert found.seats == {"sport.1": "Kari", "parent.2": "Per"}


def test_who_was_passed_over_or_sits_already_is_not_asked() -> None:
    people = [Applicant(name, {"a": 2}) for name in ("Ola", "Kari", "Per", "Liv")]
    pool = Pool(people, [Line("a", 2)])
    found = replacement(pool, {"a.1": "Ola", "a.2": "Kari"}, "Ola", ["Kari", "Ola", "Liv", "Per"])
    assert found is not None and found.id == "Liv" and found.seats == {"a.1": "Liv", "a.2": "Kari"}
    with pytest.raises(KeyError):
        replacement(pool, {"a.1": "Ola", "a.2": "Kari"}, "Per", ["Liv"])
