"""Who sits where: compared with every seating there is."""

from __future__ import annotations

import random
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.selection.pool import Applicant, Line, Pool, Quota
from bot.domain.selection.seating import Reason, Violation, meets, reasons, seated
from tests.domain.selection.tiny import keeps, pools, seatings, youth


def by_hand(pool: Pool, people: list[Applicant], salt: str) -> dict[str, str] | None:
    """The seating that the rule of seated() names, found by listing all of them."""
    ordered = sorted(people, key=lambda one: sha256(f"samskab/seat/1\n{salt}\n{one.id}".encode()).hexdigest())
    place = {line.key: n for n, line in enumerate(pool.lines)}

    def rank(lines: tuple[str, ...]) -> tuple[int, list[int]]:
        return -sum(one.ratings[key] for one, key in zip(ordered, lines, strict=True)), [place[key] for key in lines]

    best = min(seatings(pool, ordered), key=rank, default=None)
    if best is None:
        return None
    seats: dict[str, str] = {}
    for line in pool.lines:
        on_it = [one.id for one, key in zip(ordered, best, strict=True) if key == line.key]
        seats |= {f"{line.key}.{n}": who for n, who in enumerate(on_it, 1)}
    return seats


@given(pools(), st.randoms(use_true_random=False), st.text("ab", max_size=3))
def test_the_seating_is_the_one_that_the_rule_names(pool: Pool, chance: random.Random, salt: str) -> None:
    people = chance.sample(list(pool.applicants), pool.seats)
    found = seated(pool, people, salt)
    assert found == by_hand(pool, people, salt)
    assert found is None or list(found) == [f"{line.key}.{n + 1}" for line in pool.lines for n in range(line.seats)]


@given(
    st.lists(st.lists(st.sampled_from((2, 2, 3)), min_size=3, max_size=3), min_size=4, max_size=4), st.text(max_size=2)
)
def test_of_many_equally_good_seatings_it_is_the_one_that_the_rule_names(ratings: list[list[int]], salt: str) -> None:
    people = [Applicant(f"P{n}", dict(zip("abc", them, strict=True))) for n, them in enumerate(ratings)]
    pool = Pool(people, [Line("a", 1), Line("b", 1), Line("c", 2)])
    assert seated(pool, people, salt) == by_hand(pool, people, salt)


@given(pools(), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(pool: Pool, chance: random.Random) -> None:
    people = chance.sample(list(pool.applicants), pool.seats)
    again = chance.sample(people, len(people))
    assert seated(pool, people, "salt") == seated(pool, again, "salt")


@given(pools(), st.randoms(use_true_random=False))
def test_a_panel_meets_the_rules_if_some_seating_does(pool: Pool, chance: random.Random) -> None:
    people = chance.sample(list(pool.applicants), pool.seats)
    assert (meets(pool, people) == ()) == keeps(pool, people)


def test_another_salt_breaks_ties_in_another_way() -> None:
    twins = [Applicant(name, {"a": 3, "b": 3}) for name in ("Ola", "Kari")]
    pool = Pool(twins, [Line("a", 1), Line("b", 1)])
    assert {str(seated(pool, twins, str(n))) for n in range(20)} == {
        str({"a.1": "Ola", "b.1": "Kari"}),
        str({"a.1": "Kari", "b.1": "Ola"}),
    }


def test_somebody_moves_so_that_all_have_a_seat() -> None:
    people = [Applicant("Ola", {"a": 3, "b": 2}), Applicant("Kari", {"a": 2}), Applicant("Per", {"b": 2, "c": 2})]
    pool = Pool(people, [Line("a", 1), Line("b", 1), Line("c", 1)])
    assert seated(pool, people, "") == {"a.1": "Kari", "b.1": "Ola", "c.1": "Per"}
    assert seated(pool, people[:2], "") is None


def test_a_large_panel_is_seated_as_well_as_can_be() -> None:
    # All on their best line: nobody has to give way, so the total is the greatest.
    lines = [Line(key, 20) for key in "abcde"]
    people = [Applicant(f"{n}", {key: 3 if n % 5 == k else 2 for k, key in enumerate("abcde")}) for n in range(100)]
    found = seated(Pool(people, lines), people, "salt")
    assert found is not None
    assert all("abcde"[int(who) % 5] == seat[0] for seat, who in found.items())


def test_what_is_broken_is_named() -> None:
    people = [Applicant("Ola", {"a": 2}, frozenset({"young"})), Applicant("Kari", {"a": 2})]
    pool = Pool(people, [Line("a", 1), Line("b", 1)], [Quota("young", 2, 2), Quota("west", 1, 2, hard=False)])
    assert meets(pool, people) == (Violation("line", "b", 0, 1, 1), Violation("quota", "young", 1, 2, 2))
    assert meets(pool, [people[0], people[0]])[0] == Violation("size", "", 1, 2, 2)


def test_the_reason_of_a_seat_is_the_line_the_rating_and_what_else_would_fit() -> None:
    found = reasons(youth(), {"pupil.1": "Ada", "sport.1": "Frøy", "parent.1": "Ivar"})
    assert found == (
        Reason("pupil.1", "Ada", "pupil", 3, ("sport",)),
        Reason("sport.1", "Frøy", "sport", 2, ("pupil",)),
        Reason("parent.1", "Ivar", "parent", 3, ()),
    )
