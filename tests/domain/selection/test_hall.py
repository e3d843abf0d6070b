"""Seats by Hall's theorem: who can be seated, and the chances that the sets of lines alone allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.selection.chances import chance_of
from bot.domain.selection.feasible import Infeasible
from bot.domain.selection.pool import Applicant, Line, Pool
from bot.domain.selection.seating import meets
from bot.domain.selection.selecting import select
from tests.domain.selection.pools import pools


def sets(keys: Sequence[str]) -> Iterator[frozenset[str]]:
    """Every set of lines, the larger ones first."""
    for size in range(len(keys), 0, -1):
        yield from map(frozenset, combinations(keys, size))


def bounds(pool: Pool) -> Mapping[str, Fraction]:
    """The fairest chances where nothing but the lines binds, without a solver.

    Whoever fits lines of a set alone shares its seats: the set with the fewest seats a head is the tightest, and those
    people get just that; then the rest, on the lines that are left (Megiddo, "Optimal Flows in Networks with Multiple
    Sources and Sinks", Mathematical Programming 7, 1974).
    """
    seats = {line.key: line.seats for line in pool.lines}
    left = {one.id: frozenset(pool.fits(one)) for one in pool.applicants if pool.fits(one)}
    found = {one.id: Fraction(0) for one in pool.applicants}
    while left:
        shares = {}
        for lines in sets(sorted(seats)):
            inside = [id_ for id_, fits in left.items() if fits <= lines]
            if inside:
                shares[lines] = Fraction(sum(seats[key] for key in lines), len(inside))
        tightest = min(shares, key=lambda lines: shares[lines])
        share = min(Fraction(1), shares[tightest])
        inside = [id_ for id_, fits in left.items() if fits <= tightest]
        found |= dict.fromkeys(inside, share)
        seats = {key: count for key, count in seats.items() if key not in tightest}
        left = {id_: fits - tightest for id_, fits in left.items() if id_ not in inside}
    return found


@settings(max_examples=150)
@given(pools(soft=False, slack=False), st.data())
def test_people_can_be_seated_where_every_set_of_lines_has_enough_who_fit_it(pool: Pool, data: st.DataObject) -> None:
    assume(len(pool.applicants) >= pool.seats)
    people = data.draw(st.permutations(pool.applicants))[: pool.seats]
    enough = all(
        sum(bool(lines & set(pool.fits(one))) for one in people) >= sum(pool_seats(pool, lines))
        for lines in sets([line.key for line in pool.lines])
    )
    assert enough == (not meets(replace(pool, quotas=()), people))


def pool_seats(pool: Pool, lines: frozenset[str]) -> list[int]:
    return [line.seats for line in pool.lines if line.key in lines]


@settings(max_examples=60)
@given(pools(soft=False, slack=False))
def test_without_rules_the_chances_are_those_that_the_sets_of_lines_allow(pool: Pool) -> None:
    pool = replace(pool, quotas=())
    try:
        found = select(pool)
    except Infeasible:
        assume(False)
        raise
    expected = {id_: float(share) for id_, share in bounds(pool).items()}
    assert chance_of(found, pool) == pytest.approx(expected, abs=1e-6)


def test_those_who_fit_the_tightest_lines_alone_have_just_the_chance_that_these_allow() -> None:
    kinds = {("a",): 10, ("b",): 2, ("a", "b"): 4, ("c",): 3, ("b", "c"): 1}
    people = [
        Applicant(f"{'-'.join(fits)}-{n}", dict.fromkeys(fits, 3))
        for fits, count in kinds.items()
        for n in range(count)
    ]
    pool = Pool(people, [Line("a", 1), Line("b", 1), Line("c", 2)])
    chances = chance_of(select(pool), pool)
    each = {fits: {round(chances[f"{'-'.join(fits)}-{n}"], 6) for n in range(count)} for fits, count in kinds.items()}
    assert each == {
        ("a",): {0.1},  # one seat for ten
        ("b",): {round(1 / 6, 6)},  # the other seat for the six who fit it and no third line
        ("a", "b"): {round(1 / 6, 6)},
        ("c",): {0.5},  # two seats for four
        ("b", "c"): {0.5},
    }
