"""Who can have which seat, and how a group of people covers the lines and rules of a mandate."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.coverage import Candidate, State, coverage, seatable
from bot.domain.eligibility import below_floor, guardian_needed, open_profiles, refusal, special_lines
from bot.domain.mandate import (
    AgeBand,
    AgeRange,
    CompetenceProfile,
    District,
    LegalForm,
    Mandate,
    Rule,
    RuleKind,
    Sex,
    Tie,
    switches,
)
from tests.domain.test_mandate import demo

YOUTH, HOUSE, LIBRARY = demo("svelvik-ungdom"), demo("svelvik-byhuset"), demo("gentofte-biblioteker")
SIGNS = {"en": "x"}


def words(mandate: Mandate, age_band: str | None, tie: str | None = None) -> str:
    found = refusal(mandate, age_band, tie)
    assert found is not None
    return found.message


def test_a_twelve_year_old_is_refused_kindly_and_nothing_is_stored() -> None:
    assert "not stored anything" in words(YOUTH, "0-12") and "ask a grown-up" in words(YOUTH, "0-12")
    assert below_floor(AgeBand.of("0-12")) and not below_floor(AgeBand.of("13-14"))
    assert "not stored anything" in words(HOUSE, "0-12")
    assert not below_floor(AgeBand.of("13-14"), 14) and below_floor(AgeBand.of("13-14"), 15)


def test_a_twenty_six_year_old_cannot_have_a_seat_but_can_follow_along() -> None:
    found = refusal(YOUTH, "26+")
    assert found is not None and "follow along" in found.message
    assert (found.params["from_age"], found.params["to_age"]) == (13, 25)


@pytest.mark.parametrize("band", ["13-14", "15-17", "18", "19-25"])
def test_those_between_can_have_a_seat(band: str) -> None:
    assert refusal(YOUTH, band) is None


def test_one_is_not_refused_for_what_was_not_asked() -> None:
    assert refusal(YOUTH, None) is None and refusal(LIBRARY, None, None) is None


def test_a_floor_and_an_open_end_are_said_in_their_own_words() -> None:
    assert "or older" in words(everyone(AgeRange(60)), "18-59")
    assert "or younger" in words(everyone(AgeRange(0, 29)), "30+")
    assert refusal(YOUTH, "13-14", floor=15) is not None


def everyone(ages: AgeRange, hard: bool = True) -> Mandate:
    return replace(LIBRARY, rules=(Rule(RuleKind.AGE, hard, SIGNS, ages=ages, min_share=100),))


def test_a_soft_rule_refuses_nobody() -> None:
    assert refusal(everyone(AgeRange(60), hard=False), "18-59") is None


def test_an_elected_body_takes_adult_residents_only_unless_the_owner_decides_otherwise() -> None:
    elected = replace(LIBRARY, legal_form=LegalForm.NO_5_7)
    assert "vote in local elections" in words(elected, "15-17", "lives")
    assert "another tie" in words(elected, "18+", "works") and "follow along" in words(elected, "18+", "works")
    assert refusal(elected, "18+", "lives") is None
    changed = switches(LegalForm.NO_5_7, {"minors_allowed": True, "other_tie_allowed": True})
    assert refusal(elected, "15-17", "works", rules=changed) is None


def test_a_tie_and_a_district_can_be_asked_of_everyone() -> None:
    tied = Rule(RuleKind.TIE, True, SIGNS, ties=frozenset({Tie.LIVES, Tie.WORKS}), min_share=100)
    north = Rule(RuleKind.DISTRICT, True, SIGNS, district="north", min_share=100)
    mandate = replace(LIBRARY, rules=(tied, north), districts=(District("north", {"en": "North"}),))
    assert refusal(mandate, None, "works", district="north") is None
    assert "another tie" in words(mandate, None, "none")
    found = refusal(mandate, None, "lives", district="other")
    assert found is not None and found.params["district"] == {"en": "North"}


def test_a_guardian_is_asked_below_the_limit() -> None:
    assert guardian_needed("13-14") and not guardian_needed("15-17")
    assert guardian_needed("15-17", own_say_from=16) and not guardian_needed("18", own_say_from=18)
    assert not guardian_needed(None)


def test_the_age_band_is_on_one_line_of_the_town_house_only() -> None:
    assert {profile.key for profile in HOUSE.profiles} - {one.key for one in open_profiles(HOUSE, "26+")} == {"ungdom"}
    assert open_profiles(HOUSE, "13-14") == open_profiles(HOUSE, "18-25") == HOUSE.profiles
    assert refusal(HOUSE, "26+") is None


def test_an_answer_given_under_an_earlier_version_with_other_limits_is_still_understood() -> None:
    assert refusal(YOUTH, "18-25") is None and refusal(YOUTH, "18+") is not None
    ages_of_a_line = replace(HOUSE, profiles=tuple(replace(one, ages=AgeRange(13, 19)) for one in HOUSE.profiles))
    assert open_profiles(ages_of_a_line, "18-25") == () and open_profiles(ages_of_a_line, "15-17")


def test_a_line_is_open_if_it_is_called_and_not_nominated() -> None:
    first, *others = LIBRARY.profiles
    nominated = replace(LIBRARY, profiles=(replace(first, nominated_by=SIGNS), *others))
    assert open_profiles(nominated, None) == tuple(others)
    again = replace(LIBRARY, call=replace(LIBRARY.call, profiles=(first.key,)))
    assert open_profiles(again, None) == (first,)


def test_consent_is_asked_for_exactly_two_lines() -> None:
    every = [profile.key for profile in YOUTH.profiles]
    assert [profile.key for profile in special_lines(YOUTH, every)] == ["sprak", "funksj"]
    assert special_lines(YOUTH, ["verv", "vgs"]) == () and len(special_lines(YOUTH, ["verv", "funksj"])) == 1


def youth(under_19: int, over: int = 8) -> list[Candidate]:
    every = [profile.key for profile in YOUTH.profiles]
    sexes = ("woman", "man")
    return [Candidate(n, every, "15-17" if n < under_19 else "19-25", sexes[n % 2]) for n in range(under_19 + over)]


def test_four_under_nineteen_are_a_warning_and_no_error() -> None:
    found = coverage(YOUTH, youth(4))
    (warning,) = found.warnings
    assert (warning.wanted, warning.have, warning.state) == (5, 4, State.SHORT)
    assert not any(one.blocks for one in found.rules)
    assert not coverage(YOUTH, youth(5)).warnings


def test_too_few_people_block_a_hard_rule_about_everyone() -> None:
    found = coverage(YOUTH, youth(5, 4))
    (block,) = [one for one in found.rules if one.blocks]
    assert (block.rule.everyone, block.wanted, block.have) == (True, 10, 9)


def test_a_line_counts_those_who_picked_it_and_fit_it() -> None:
    people = [Candidate("a", ["ungdom", "apen"], "13-14"), Candidate("b", ["ungdom", "mote"], "26+")]
    fit = {line.profile.key: (line.wanted, line.fit) for line in coverage(HOUSE, people).lines}
    assert fit["ungdom"] == (1, 1) and fit["apen"] == (4, 1) and fit["mote"] == (1, 1) and fit["service"] == (2, 0)


def test_each_sex_has_its_share_and_other_counts_toward_none() -> None:
    people = [
        one._replace(sex=sex) for one, sex in zip(youth(12, 0), ["woman"] * 8 + ["man"] * 3 + ["other"], strict=True)
    ]
    women, men = (one for one in coverage(YOUTH, people).rules if one.rule.kind is RuleKind.SEX)
    assert (women.sex, women.have, women.state) == (Sex.WOMAN, 8, State.OK)
    assert (men.sex, men.have, men.wanted, men.state) == (Sex.MAN, 3, 4, State.SHORT)


def test_people_enough_who_all_picked_one_seat_make_a_rule_impossible_yet() -> None:
    people = [one._replace(profiles=["fri"]) if one.age_band == "15-17" else one for one in youth(6)]
    (warning,) = coverage(YOUTH, people).warnings
    assert (warning.have, warning.seatable, warning.state) == (6, 1, State.IMPOSSIBLE)


def test_an_upper_bound_needs_people_outside_the_group() -> None:
    few = Rule(RuleKind.AGE, False, SIGNS, ages=AgeRange(19), max_seats=4)
    mandate = replace(YOUTH, rules=(few,))
    (found,) = coverage(mandate, youth(5)).rules
    assert (found.rest, found.wanted, found.have, found.state) == (True, 6, 5, State.SHORT)
    assert coverage(mandate, youth(6)).rules[0].state is State.OK
    share = replace(YOUTH, rules=(replace(few, max_seats=None, max_share=39),))
    assert coverage(share, youth(6)).rules[0].wanted == 7


@given(st.lists(st.sets(st.sampled_from("abc")), max_size=5))
def test_as_many_are_seated_as_any_order_of_seating_could(choices: list[set[str]]) -> None:
    lines = tuple(CompetenceProfile(key, SIGNS, seats) for key, seats in (("a", 1), ("b", 2), ("c", 1)))
    people = [Candidate(n, chosen) for n, chosen in enumerate(choices)]
    seats = ["a", "b", "b", "c", *[""] * len(people)]
    best = max(
        sum(seat in one.profiles for one, seat in zip(people, row, strict=False))
        for row in set(permutations(seats, len(people)))
    )
    assert seatable(replace(LIBRARY, profiles=lines), people) == best
