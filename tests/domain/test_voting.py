"""Voting methods: counts, places and ties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.voting import METHODS, Place, Tally

approval = METHODS["approval"]

# a, b, c, d, e, f, g from the least significant bit
EXAMPLE = [*[0b0000011] * 3, *[0b0000101] * 3, *[0b0001001] * 2, 0b0100110, 0b0100000, 0b1000000, 0b0010000]


def test_equal_counts_share_a_place_and_the_next_place_is_further_down() -> None:
    assert approval([0b0011, 0b0011, 0b0100, 0], 4) == Tally(
        counts=(2, 2, 1, 0),
        ranking=(Place(1, (0, 1)), Place(3, (2,)), Place(4, (3,))),
        turnout=4,
    )


def test_no_paper_is_a_tie_of_all() -> None:
    assert approval([], 2) == Tally((0, 0), (Place(1, (0, 1)),), 0)


def test_a_paper_that_ticks_more_than_there_is_is_not_counted_in_silence() -> None:
    with pytest.raises(ValueError):
        approval([0b01, 0b100], 2)


def test_any_order_of_papers_gives_the_same_tally() -> None:
    assert approval(iter(EXAMPLE), 7) == approval(reversed(EXAMPLE), 7)
    assert approval(EXAMPLE, 7).counts == (8, 4, 4, 2, 1, 2, 1)


@given(st.integers(1, 30).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(0, 2**n - 1)))))
def test_every_option_has_one_place_and_a_higher_place_means_more_support(case: tuple[int, list[int]]) -> None:
    options, papers = case
    tally = approval(papers, options)
    assert sum(tally.counts) == sum(paper.bit_count() for paper in papers)
    assert sorted(option for place in tally.ranking for option in place.options) == list(range(options))
    for place in tally.ranking:
        assert {tally.counts[option] for option in place.options} == {tally.counts[place.options[0]]}
        assert place.number == 1 + sum(count > tally.counts[place.options[0]] for count in tally.counts)
