"""The gate before the queue: pace, room, newcomers, notices, and the turns in which what waits is taken."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.events import Address
from bot.engine.figures import Figures
from bot.text import Text
from bot.work.fair import TOO_FAST, TOO_MANY, Dropped, Gate, Manners, Turns

OLA, KARI = Address("telegram:1", "1"), Address("telegram:1", "2")


def gate(**manners: float) -> Gate:
    return Gate(Manners(**manners), Figures())


def passed(found: Gate, address: Address, now: float, times: int) -> int:
    """How many of so many events at one moment are let in."""
    count = 0
    for _time in range(times):
        try:
            found.check(address, now)
        except Dropped:
            continue
        count += 1
    return count


def notice(found: Gate, now: float) -> Text | None:
    with pytest.raises(Dropped) as dropped:
        found.check(OLA, now)
    return dropped.value.notice


def test_twenty_at_once_and_then_one_a_second() -> None:
    found = gate()
    assert passed(found, OLA, 100.0, 50) == 20
    assert passed(found, OLA, 100.9, 50) == 0
    assert passed(found, OLA, 101.0, 50) == 1
    assert passed(found, OLA, 106.0, 50) == 5
    assert passed(found, KARI, 106.0, 50) == 20, "another's pace is another's own"
    assert passed(found, OLA, 1000.0, 50) == 20


def test_ten_may_wait_and_the_next_may_come_when_one_is_done() -> None:
    found = gate(at_once=100)
    inside = [found.inside(OLA, 0.0) for _ in range(10)]
    for one in inside:
        found.check(OLA, 0.0)
        one.__enter__()
    assert found.waiting == 10
    assert passed(found, OLA, 0.0, 1) == 0
    assert passed(found, KARI, 0.0, 1) == 1
    inside[0].__exit__(None, None, None)
    assert passed(found, OLA, 0.0, 1) == 1
    assert found.waiting == 9


def test_one_notice_a_minute() -> None:
    found = gate()
    assert passed(found, OLA, 0.0, 20) == 20
    assert notice(found, 0.0) is TOO_FAST
    assert [notice(found, 0.5), notice(found, 0.6)] == [None, None]
    passed(found, OLA, 59.0, 20)
    assert notice(found, 59.9) is None
    passed(found, OLA, 61.0, 2)
    assert notice(found, 61.0) is TOO_FAST


def test_sixty_newcomers_and_then_one_a_second() -> None:
    found = gate()
    assert sum(found.welcome(5.0) for _ in range(100)) == 60
    assert not found.welcome(5.9)
    assert found.welcome(6.0) and not found.welcome(6.0)
    away = found.turned_away(OLA, 6.0)
    assert away.notice is TOO_MANY and found.turned_away(OLA, 7.0).notice is None


def test_whom_we_know_is_remembered_within_bounds() -> None:
    found = gate(known=3)
    people = [Address("web", str(number)) for number in range(4)]
    for address in people[:3]:
        found.remember(address)
    assert found.is_known(people[0])  # and is now the one seen last
    found.remember(people[3])
    assert [found.is_known(address) for address in people] == [True, False, True, True]


def test_addresses_at_rest_are_forgotten_and_never_more_than_the_cap_are_kept() -> None:
    found = gate(tracked=100)
    for number in range(1000):
        found.check(Address("telegram:1", str(number)), 0.0)
    assert found.tracked == 100
    for number in range(300):
        found.check(Address("telegram:1", f"later {number}"), 1000.0 + number * 30)
    assert found.tracked < 5


def test_who_has_something_waiting_is_not_forgotten() -> None:
    found = gate(tracked=10)
    with found.inside(OLA, 0.0):
        for number in range(500):
            found.check(Address("telegram:1", f"x{number}"), float(number * 100))
        assert passed(found, OLA, 0.0, 30) == 20
    assert found.waiting == 0


def test_dropping_costs_microseconds() -> None:
    found = gate()
    passed(found, OLA, 0.0, 20)
    began = time.process_time()
    assert passed(found, OLA, 0.0, 20_000) == 0
    assert (time.process_time() - began) / 20_000 < 50e-6


def test_figures_count_what_came_and_what_was_dropped() -> None:
    figures = Figures()
    found = Gate(Manners(), figures)
    passed(found, OLA, 0.0, 25)
    found.turned_away(KARI, 0.0)
    assert (figures.received, figures.dropped, figures.turned_away) == (25, 5, 1)


# Turns ---------------------------------------------------------------------------------------------------------


def test_everybody_has_a_turn_before_anybody_has_a_second() -> None:
    turns: Turns[str] = Turns()
    for number in range(10):
        turns.put(OLA, 0, f"ola {number}")
    turns.put(KARI, 0, "kari 0")
    assert turns.take(3) == ["ola 0", "kari 0", "ola 1"]
    turns.put(KARI, 0, "kari 1")
    assert turns.take(2) == ["ola 2", "kari 1"]
    assert len(turns) == 7
    assert turns.take(64) == [f"ola {number}" for number in range(3, 10)]
    assert turns.take(64) == [] and len(turns) == 0


def test_a_press_that_overtook_a_message_stands_behind_it_again() -> None:
    turns: Turns[str] = Turns()
    for order, item in ((3, "three"), (1, "one"), (2, "two")):
        turns.put(OLA, order, item)
    turns.put(OLA, 0, "without a number, and last")
    turns.put(OLA, 4, "four")
    assert turns.take(9) == ["one", "two", "three", "without a number, and last", "four"]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 50)), max_size=80), st.integers(1, 7))
def test_nothing_is_lost_and_each_ones_own_are_in_order(coming: list[tuple[int, int]], at_most: int) -> None:
    turns: Turns[tuple[int, int, int]] = Turns()
    for place, (who, order) in enumerate(coming):
        turns.put(Address("a", str(who)), order, (who, order, place))
    taken: list[tuple[int, int, int]] = []
    while turns:
        taken += turns.take(at_most)
    assert sorted(taken) == sorted((who, order, place) for place, (who, order) in enumerate(coming))
    for who in range(5):
        mine = [(order, place) for number, order, place in taken if number == who]
        assert mine == sorted(mine)
