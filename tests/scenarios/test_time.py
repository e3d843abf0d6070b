"""Balance and the ledger of time: for those who steer, without a word about any one person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.people import Role
from storage import people
from tests.world import Someone, World

DAY = timedelta(days=1)


@pytest.fixture
def town(world: World) -> World:
    world.load("svelvik-byhuset")
    return world


def owner(world: World) -> Someone:
    someone = world.person("Odd")
    with world.db.transaction() as tx:
        person = people.add(tx, world.now, "Odd", "en")
        people.give_role(tx, person.id, None, Role.OWNER, world.now)
        people.change(tx, person.id, committee_id=1)
    someone.enters(person.id)
    return someone


def test_balance_counts_by_seat_type_and_only_where_five_of_each_wrote(town: World) -> None:
    frida, chair = town.facilitator(), town.member("Cecilie", role=Role.CHAIR)
    politicians = [chair, *(town.member(name, role=Role.POLITICIAN) for name in ("Per", "Pia", "Pål"))]
    citizens = town.members("Ola", "Kari", "Berit", "Nina", "Anna")
    for someone in (*politicians, *citizens):
        someone.says(f"/idea {someone.name} says four words")
    frida.says("/balance").hears("Too few have contributed", "Ideas: not shown").does_not_hear("Ola")
    fifth = town.member("Paula", role=Role.POLITICIAN)
    for turn in range(12):
        fifth.says(f"/idea Another idea, number {turn}")
    frida.says("/balance").hears(
        "The politicians fill more than their seats.",
        "Ideas: citizens 24 %, politicians 76 %",
        "The administration wrote 0 % of all the words.",
    )
    chair.says("/balance").hears("Ideas: citizens 24 %, politicians 76 %")
    frida.does_not_hear("Paula", "Cecilie")
    citizens[0].says("/balance").hears("That is for others in this committee")


def test_the_owner_sees_whether_politicians_spend_more_time_in_all(town: World) -> None:
    frida, odd = town.facilitator(), owner(town)
    town.member("Ola")
    frida.says("/meeting")
    odd.says("/ledger").hears("Enter first what the standing committees took before")
    odd.presses("Standing committees").answers("8", "7", "33", "8", "7", "8", "10").presses("Keep it")
    odd.hears(
        "Politicians spend no more time in all: 1400 hours a year less than before.",
        "Standing committees before: 1848 hours. Now: 448 hours. Task committees: 0 hours.",
        "0 messages that were drafted here have been sent. If each saved 10 minutes, that is 0 hours.",
        "a guess, not a measurement",
    )
    odd.presses("Correct this committee's hours").hears("Here is what you wrote")
    odd.presses("Change something").presses(next(label for label in odd.labels if label.endswith("Politicians?")))
    odd.says("1500").presses("Keep it")
    odd.hears("Politicians spend more time in all: 100 hours a year more than before.")
    frida.says("/ledger").hears("That is for others")


def test_half_a_committee_is_not_counted(town: World) -> None:
    odd = owner(town)
    odd.says("/ledger").presses("Standing committees").answers("8.5", "7", "33", "8", "7", "8", "10")
    odd.presses("Keep it").hears("Please write whole numbers for them.")
