"""The same question before and after a meeting: each sees only one's own change, the committee the sum."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.world import Someone, World

FIRST, SECOND = datetime(2026, 3, 12, 11, tzinfo=UTC), datetime(2026, 3, 26, 11, tzinfo=UTC)
NOBODY = "Nobody sees names, not even the facilitator"


def asked_twice(world: World, count: int, who: str = "") -> tuple[Someone, list[Someone]]:
    members = world.members(*(f"P{number}" for number in range(count)))
    frida = world.facilitator()
    frida.says("/ask").answers("Not before a meeting", "trygghet", "tryggleik", "safety", "2026-03-12 12:00")
    frida.presses("Add a question").answers("A scale", "Hvor trygg?", "Kor trygg?", "How safe?", "5", "Skip", "Skip")
    if who:
        frida.presses("Who sees the answers?").presses(who).presses("Look at it again")
    frida.presses(f"Send to {count} members")
    for member in members:
        member.presses("Start").presses("2")
    world.until(FIRST)
    frida.says("/questions").presses("safety: closed").presses("Ask the same again").says("2026-03-26 12:00")
    frida.hears("The same questions are drafted.").presses("Look at it again").presses(f"Send to {count} members")
    for place, member in enumerate(members):
        member.presses("Start").presses("4" if place else "1")
    return frida, members


def test_each_sees_ones_own_change_and_the_facilitator_the_sum(world: World) -> None:
    frida, members = asked_twice(world, 5)
    members[1].hears("Your own answers before and now. Nobody else is shown this.", "How safe?\nBefore: 2. Now: 4.")
    members[0].hears("Before: 2. Now: 1.").does_not_hear("Now: 4")
    world.until(SECOND)
    frida.hears("Before and after", "5 have answered both times.", "Mean 2.0 before, 3.4 now")
    frida.hears("Higher now: 4, the same: 0, lower: 1").presses("Send it to members")
    members[0].hears("Answers about safety", "Higher now: 4, the same: 0, lower: 1")


def test_of_four_nothing_is_shown(world: World) -> None:
    frida, members = asked_twice(world, 4)
    world.until(SECOND)
    frida.hears("Fewer than 5 have answered both times").does_not_hear("Higher now")
    members[1].does_not_hear("Higher now")


def test_without_names_ones_own_change_is_not_repeated_in_the_chat(world: World) -> None:
    frida, members = asked_twice(world, 5, NOBODY)
    members[1].does_not_hear("Before: 2")
    world.until(SECOND)
    frida.hears("Higher now: 4, the same: 0, lower: 1")


@pytest.mark.parametrize("kind", ["In one's own words", "A date"])
def test_what_cannot_be_compared_is_not_asked_again(world: World, kind: str) -> None:
    world.member("Ola")
    frida = world.facilitator()
    frida.says("/ask").answers("Not before a meeting", "a", "b", "c", "2026-03-12 12:00")
    frida.presses("Add a question").answers(kind, "Hva?", "Kva?", "What?").presses("Send to 1 member")
    frida.presses_data("open:again:1").hears("Only a scale, yes or no, or one of several answers can be compared.")
