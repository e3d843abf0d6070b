"""Sealing, opening, counting: what a box says, to whom, and in which order."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PublicKey, SealedBox

from bot.domain import ballots
from bot.domain.errors import Refusal

PRIVATE, PUBLIC = ballots.new_key()
NOON = datetime(2026, 5, 5, 12, tzinfo=UTC)
ids = st.integers(1, 2**63 - 1)


@st.composite
def choices(draw: st.DrawFn) -> tuple[int, int]:
    options = draw(st.integers(1, ballots.MOST_OPTIONS))
    return options, draw(st.integers(0, 2**options - 1))


@given(ids, ids, choices())
def test_a_box_opens_to_what_was_sealed_and_is_as_long_as_any_other(
    ballot: int, person: int, choice: tuple[int, int]
) -> None:
    options, ticked = choice
    box = ballots.seal(PUBLIC, ballot, person, ticked, options)
    assert ballots.open_box(PRIVATE, box, ballot, person, options) == ticked
    assert len(box) == ballots.BOX_LENGTH


def test_the_same_vote_sealed_twice_looks_different() -> None:
    assert ballots.seal(PUBLIC, 7, 42, 0b101, 3) != ballots.seal(PUBLIC, 7, 42, 0b101, 3)


def test_keys_belong_together_or_not() -> None:
    assert ballots.fits(PRIVATE, PUBLIC)
    assert not ballots.fits(*reversed(ballots.new_key()))
    assert not ballots.fits(ballots.new_key()[0], PUBLIC)


@pytest.mark.parametrize("ticked", [-1, 0b1000, 2**64])
def test_a_box_that_the_ballot_does_not_have_is_refused_before_it_can_stop_the_count(ticked: int) -> None:
    with pytest.raises(Refusal):
        ballots.seal(PUBLIC, 7, 42, ticked, 3)


def boxes(*ticked: int) -> dict[int, bytes]:
    return {person: ballots.seal(PUBLIC, 7, person, choice, 3) for person, choice in enumerate(ticked, 40)}


def test_a_count_has_every_paper_and_the_roll() -> None:
    found = ballots.count(PRIVATE, boxes(0b001, 0b111, 0b001, 0), 7, 3)
    assert Counter(found.papers) == {0b001: 2, 0b111: 1, 0: 1}
    assert found.roll == (40, 41, 42, 43)


def test_a_count_shows_nothing_of_itself_in_a_log() -> None:
    assert "papers" not in repr(ballots.count(PRIVATE, boxes(0b001), 7, 3))


def swapped() -> dict[int, bytes]:
    found = boxes(0b001, 0b010, 0b100)
    return found | {40: found[41], 41: found[40]}


def packed(*vote: int) -> bytes:
    return SealedBox(PublicKey(PUBLIC)).encrypt(ballots.VOTE.pack(*vote))


@pytest.mark.parametrize(
    "bad",
    [
        swapped(),
        boxes(1, 2) | {99: ballots.seal(PUBLIC, 7, 40, 1, 3)},
        boxes(1, 2) | {40: ballots.seal(PUBLIC, 8, 40, 1, 3)},
        boxes(1, 2) | {40: ballots.seal(ballots.new_key()[1], 7, 40, 1, 3)},
        boxes(1, 2) | {40: ballots.seal(PUBLIC, 7, 40, 0b1000, 4)},
        boxes(1, 2) | {40: packed(ballots.VERSION + 1, 7, 40, 1)},
        boxes(1, 2) | {40: SealedBox(PublicKey(PUBLIC)).encrypt(b"short")},
        boxes(1, 2) | {40: b""},
        boxes(1, 2) | {40: bytes(ballots.BOX_LENGTH)},
    ],
    ids=[
        "swapped",
        "another person",
        "another ballot",
        "another key",
        "no such choice",
        "version",
        "short",
        "empty",
        "0",
    ],
)
def test_one_bad_box_stops_the_whole_count(bad: dict[int, bytes]) -> None:
    with pytest.raises(ballots.BrokenBox) as broken:
        ballots.count(PRIVATE, bad, 7, 3)
    assert broken.value.ballot_id == 7 and broken.value.person_id in {40, 99}


def test_the_order_of_the_papers_does_not_tell_the_order_of_the_boxes() -> None:
    found = boxes(1, 2, 3, 4, 5)
    first = Counter(ballots.count(PRIVATE, found, 7, 3).papers.index(1) for _ in range(1000))
    # 200 expected for each place, standard deviation 12.6: outside these bounds once in 10^27 runs
    assert all(60 < first[place] < 340 for place in range(5))


def test_four_papers_are_too_few_to_show() -> None:
    assert not ballots.publishable((1, 1, 1, 1))
    assert ballots.publishable((1, 1, 1, 1, 0))


def refusal(state: str, closes_at: datetime) -> Refusal:
    with pytest.raises(Refusal) as refused:
        ballots.require_open(state, closes_at, NOON)
    return refused.value


def test_a_ballot_takes_votes_until_its_last_moment() -> None:
    ballots.require_open("open", NOON + timedelta(microseconds=1), NOON)
    assert "closed {when}" in str(refusal("open", NOON).text)


@pytest.mark.parametrize("state", [state for state in ballots.State if state != "open"])
def test_the_clock_alone_does_not_open_a_ballot(state: ballots.State) -> None:
    refused = str(refusal(state, NOON + timedelta(days=1)).text)
    assert "{when}" not in refused, "it would name a day still to come"


@pytest.mark.parametrize("options", [0, 1, ballots.MOST_OPTIONS + 1])
def test_a_ballot_has_two_to_thirty_ideas(options: int) -> None:
    for fits in (ballots.FEWEST_OPTIONS, ballots.MOST_OPTIONS):
        ballots.require_options(fits)
    with pytest.raises(Refusal):
        ballots.require_options(options)
