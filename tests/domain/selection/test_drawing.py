"""The draw: the same arithmetic as anybody can do by hand."""

from __future__ import annotations

import random
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.selection.drawing import drawn, index, person_order, place_of, reserve_order, tie_order
from bot.domain.selection.file import digest, panels_file
from bot.domain.selection.pool import Line, Pool
from bot.domain.selection.reading import read
from bot.domain.selection.seeds import Source
from tests.domain.selection.tiny import FACTS, ORDERED, SEED, frozen, lottery, panels, youth

H = sha256(b"").hexdigest()
FROZEN = frozen(youth())
CONTENT = panels_file(FROZEN, lottery(FROZEN.pool, [1, 2, 5]), FACTS)


def test_the_index_is_the_one_that_the_protocol_names() -> None:
    # Everything spelled out; the number is that of sha256sum over the same bytes.
    written = "samskab/draw/1\n" + H + "\n" + "03-08-17-25-30-41" + "\n" + "1"
    assert index(H, "03-08-17-25-30-41", 1) == int.from_bytes(sha256(written.encode()).digest(), "big") % 1000 == 230


def test_the_order_of_reserves_is_the_one_that_the_protocol_names() -> None:
    # The first eight digits of sha256sum for each, and so the order.
    names = ("P001", "P002", "P003")
    prefix = "samskab/reserve/1\n" + H + "\n" + "03-08-17-25-30-41" + "\n" + "youth.1" + "\n"
    starts = [sha256((prefix + name).encode()).hexdigest()[:8] for name in names]
    assert starts == ["b2d6cad0", "98f7a21a", "5682569c"]
    assert reserve_order(H, "03-08-17-25-30-41", "youth.1", names) == ("P003", "P002", "P001")


@given(st.lists(st.text("abcP0123456789", min_size=1), unique=True), st.randoms(use_true_random=False))
def test_each_order_has_a_hash_of_its_own_and_forgets_how_people_were_listed(
    names: list[str], chance: random.Random
) -> None:
    def by_hand(prefix: str) -> tuple[str, ...]:
        return tuple(sorted(names, key=lambda name: sha256(f"{prefix}\n{name}".encode()).hexdigest()))

    mixed = chance.sample(names, len(names))
    assert person_order(H, SEED, mixed) == by_hand(f"samskab/order/1\n{H}\n{SEED}")
    assert tie_order(H, SEED, mixed) == by_hand(f"samskab/tie/1\n{H}\n{SEED}")
    assert reserve_order(H, SEED, "a.1", mixed) == by_hand(f"samskab/reserve/1\n{H}\n{SEED}\na.1")


def test_the_panel_is_the_line_that_the_index_counts_to() -> None:
    line = CONTENT.decode().splitlines()[-1000:][index(digest(CONTENT), SEED)]
    assert ",".join(f"{seat}={who}" for seat, who in drawn(CONTENT, SEED).items()) == line
    file = read(CONTENT)
    assert CONTENT.decode().splitlines()[file.line(place_of(file, SEED)) - 1] == line


def test_further_panels_are_those_at_the_next_indices_and_equal_ones_are_skipped() -> None:
    lines = CONTENT.decode().splitlines()[-1000:]
    wanted: list[str] = []
    for k in range(1, 200):
        line = lines[index(digest(CONTENT), SEED, k)]
        if line not in wanted:
            wanted.append(line)
    found = [drawn(CONTENT, SEED, k) for k in (1, 2, 3, 4, 5)]
    assert [",".join(f"{seat}={who}" for seat, who in panel.items()) for panel in found] == wanted[:5]


def test_there_are_no_more_panels_than_different_ones() -> None:
    pool = Pool(youth().applicants[:1], [Line("pupil", 1)])
    ice = frozen(pool)
    only = panels_file(ice, lottery(pool), FACTS)
    assert drawn(only, SEED) == {"pupil.1": "P001"}
    for k in (0, 2):
        with pytest.raises(ValueError, match="the file has 1 different panels"):
            drawn(only, SEED, k)


def test_every_line_is_drawn_by_about_as_many_seeds() -> None:
    counts = [0] * 10
    for n in range(20_000):
        counts[index(H, f"{n:05}") // 100] += 1
    assert all(1_800 < count < 2_200 for count in counts)  # more than four standard deviations of 42


def test_the_seed_is_normalised_by_the_rule_of_the_file() -> None:
    lotto = replace(FACTS, source=Source("vikinglotto", FACTS.source.at))
    content = panels_file(FROZEN, lottery(FROZEN.pool), lotto)
    assert drawn(content, "41 30 25 17 8 3") == drawn(content, "03-08-17-25-30-41")
    with pytest.raises(Refusal):
        drawn(content, SEED)


def test_a_hash_ordered_lottery_seats_the_first_in_order_who_can_be_on_a_panel() -> None:
    content = panels_file(FROZEN, ORDERED, FACTS)
    sitting = drawn(content, SEED)
    every = panels(FROZEN.pool)
    assert {one.id for one in FROZEN.pool.applicants if one.id in sitting.values()} in [
        {one.id for one in people} for people in every
    ]
    able = {one.id for people in every for one in people}
    first = next(name for name in person_order(digest(content), SEED, list(FROZEN.commitments)) if name in able)
    assert first in sitting.values()
    with pytest.raises(ValueError, match="draws one panel"):
        drawn(content, SEED, 2)


def test_a_solver_can_replay_in_place_of_the_search() -> None:
    content = panels_file(FROZEN, ORDERED, FACTS)
    chosen = [one.id for one in panels(FROZEN.pool)[0]]
    assert sorted(drawn(content, SEED, 1, lambda pool, order: chosen).values()) == sorted(chosen)
    with pytest.raises(ValueError, match="no panel of this pool keeps all rules"):
        drawn(content, SEED, 1, lambda pool, order: chosen[:2])
