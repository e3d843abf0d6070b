"""When the time is up, or there are too many kinds: what is proven stands, and the method says which it is."""

from __future__ import annotations

from itertools import count

import pytest

from bot.domain.selection.chances import chance_of
from bot.domain.selection.pool import Pool, Selection
from bot.domain.selection.selecting import select
from tests.domain.selection.pools import municipality

POOL = municipality(80)
WHOLE = select(POOL)
SMALLEST = min(chance for chance in WHOLE.chances if chance)


def cut_after(looks: int, pool: Pool = POOL) -> Selection:
    """A lottery whose time is up after so many looks at the clock."""
    ticks = count()
    return select(pool, limit_seconds=looks, now=lambda: float(next(ticks)))


def test_the_pool_has_several_levels_to_cut() -> None:
    assert (WHOLE.method, WHOLE.complete) == ("leximin", True)
    assert WHOLE.levels > 3


def test_without_time_the_lottery_is_hash_ordered_and_says_so() -> None:
    found = cut_after(0)
    assert (found.method, found.complete, found.compositions, found.levels) == ("hash-ordered", False, (), 0)
    assert chance_of(found, POOL) == {}


def test_however_early_it_is_cut_the_levels_named_are_kept() -> None:
    seen = []
    for looks in count(1, 20):
        found = cut_after(looks)
        seen.append((found.method, found.levels))
        if found.complete:
            break
        if found.method == "hash-ordered":
            continue
        assert found.method == ("leximin" if found.levels > 1 else "maximin")
        assert min(chance for chance in found.chances if chance) == pytest.approx(SMALLEST, abs=1e-6)
        lowest = sorted({round(chance, 5) for chance in WHOLE.chances})[: found.levels]
        assert sorted({round(chance, 5) for chance in found.chances})[: found.levels - 1] == lowest[:-1]
        assert sum(chance_of(found, POOL).values()) == pytest.approx(POOL.seats, abs=1e-6)
    assert seen == sorted(seen, key=lambda one: one[1]), "more time never proves less"
    assert {method for method, _levels in seen} == {"hash-ordered", "maximin", "leximin"}


def test_too_many_kinds_are_not_even_tried() -> None:
    kinds = len(POOL.kinds)
    assert select(POOL, kinds_at_most=kinds).method == "leximin"
    found = select(POOL, kinds_at_most=kinds - 1)
    assert (found.method, found.complete, found.seconds < 1) == ("hash-ordered", True, True)


def test_progress_goes_up_to_all_of_it() -> None:
    heard: list[float] = []
    select(POOL, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
