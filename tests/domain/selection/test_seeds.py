"""Seeds: from where, from when, and how they are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.selection.seeds import SEED_RULES, Source, drand_round, earliest, require_notice, require_past
from bot.i18n import say

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
VALUE = "9f3c" * 16


def refusal(rule: str, typed: str) -> str:
    with pytest.raises(Refusal) as refused:
        SEED_RULES[rule].normalise(typed)
    return say(refused.value.text, "en")


@pytest.mark.parametrize(
    ("rule", "typed", "seed"),
    [
        ("vikinglotto", "41, 3, 17, 8, 25, 30", "03-08-17-25-30-41"),
        ("vikinglotto", "03-08-17-25-30-41", "03-08-17-25-30-41"),
        ("eurojackpot", " 50 1 2 3 4\n", "01-02-03-04-50"),
        ("drand", f" {VALUE.upper()}\n", VALUE),
        ("dice", "1 2 3 4 5 6 1 2 3 4 5 6 1 2 3 4 5 6 1 2", "12345612345612345612"),
    ],
)
def test_a_seed_has_one_form_however_it_is_typed(rule: str, typed: str, seed: str) -> None:
    assert SEED_RULES[rule].normalise(typed) == seed
    assert SEED_RULES[rule].normalise(seed) == seed


@given(st.permutations([3, 8, 17, 25, 30, 41]), st.sampled_from([" ", ", ", "-", ";", "\n", ". "]))
def test_the_order_of_the_numbers_of_a_drawing_does_not_matter(numbers: list[int], between: str) -> None:
    typed = between.join(map(str, numbers))
    assert SEED_RULES["vikinglotto"].normalise(typed) == "03-08-17-25-30-41"


@pytest.mark.parametrize(
    "typed", ["", "3 8 17 25 30", "3 8 17 25 30 41 5", "3 3 8 17 25 30", "0 8 17 25 30 41", "3 8 17 25 30 041", "abc"]
)
def test_what_are_no_main_numbers_is_refused(typed: str) -> None:
    assert refusal("vikinglotto", typed) == (
        "Type the 6 main numbers, for example 07-14-21-28-35-42. "
        "Their order does not matter, and the additional numbers stay out."
    )


@pytest.mark.parametrize("typed", ["", "1" * 19, "1" * 21, "0" * 20, "7" * 20, "١" * 20])
def test_what_are_no_throws_is_refused(typed: str) -> None:
    assert refusal("dice", typed) == "Type 20 digits from 1 to 6, in the order of the throws."


@pytest.mark.parametrize("typed", ["", VALUE[1:], VALUE + "0", VALUE.replace("9", "g")])
def test_what_is_no_random_value_is_refused(typed: str) -> None:
    assert refusal("drand", typed).startswith("The random value of a round has 64 characters")


def test_the_seed_lies_a_day_after_the_announcement() -> None:
    require_notice(Source("dice", NOON + timedelta(hours=24)), NOON)
    assert earliest(NOON) == NOON + timedelta(hours=24)
    with pytest.raises(Refusal) as refused:
        require_notice(Source("dice", NOON + timedelta(hours=23, minutes=59)), NOON)
    assert say(refused.value.text, "en", "Europe/Oslo") == (
        "What decides the lottery must come at least 24 hours after the announcement. "
        "Choose a time from Wednesday 2 December at 13:00 on."
    )


def test_a_seed_is_not_typed_before_it_can_be_known() -> None:
    source = Source("vikinglotto", NOON)
    require_past(source, NOON)
    with pytest.raises(Refusal) as refused:
        require_past(source, NOON - timedelta(seconds=1))
    assert say(refused.value.text, "en") == (
        "What decides the lottery comes Tuesday 1 December at 12:00. Type it after that."
    )


def test_each_rule_says_what_happens_if_it_is_cancelled() -> None:
    for rule in SEED_RULES:
        assert "cancelled" in (said := say(Source(rule, NOON).promise, "en")) or "missing" in said
        assert "Tuesday 1 December" in said


def test_the_round_is_the_first_one_that_is_due() -> None:
    # From the chain's published figures: round 1 at 1692803367, then every three seconds.
    first = datetime.fromtimestamp(1692803367, UTC)
    assert [drand_round(first + timedelta(seconds=n)) for n in (-9, 0, 1, 3, 4, 300)] == [1, 1, 2, 2, 3, 101]
    # As another client of drand documents it.
    assert drand_round(datetime(2026, 4, 20, tzinfo=UTC)) == 27946612
    assert "round 27946612 of drand" in say(Source("drand", datetime(2026, 4, 20, tzinfo=UTC)).promise, "en")


def test_a_source_has_a_known_rule_and_a_time_in_whole_seconds() -> None:
    assert Source("dice", NOON.astimezone(timezone(timedelta(hours=2)))).moment == "2026-12-01T12:00:00Z"
    for rule, at in (
        ("stars", NOON),
        ("dice", NOON.replace(tzinfo=None)),
        ("dice", NOON + timedelta(microseconds=1)),
    ):
        with pytest.raises(ValueError, match="one of the known rules"):
            Source(rule, at)
