"""A seat is offered, taken or given up, and the next in line is asked when people say so."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.people import Role
from storage import named, people, schedules
from storage.tables import Application, Reserve
from tests.scenarios.test_appointing import FRI, LAG, applies
from tests.scenarios.test_deciding import drawn, panel
from tests.world import Someone, World


def offered(world: World, names: tuple[str, ...] = ("Anna", "Berit", "Cecilie")) -> tuple[Someone, list[Someone]]:
    """The first has the seat, the others are in line, and everybody has been answered."""
    world.load()
    secretary = world.secretariat()
    them = [applies(world, name) for name in names]
    drawn(world, {1: "fri"}, {"fri.1": list(range(2, len(names) + 1))})
    if len(names) > 1:
        panel(secretary).presses("Decide the rest").presses("Yes, decide the rest")
    else:
        with world.db.transaction() as tx:
            schedules.plan(tx, "answers_due", 1, world.mandate.call.answered, 1)
    world.until(world.mandate.call.answered)
    return secretary, them


def is_member(world: World, someone: Someone) -> bool:
    with world.db.reading() as tx:
        return Role.CITIZEN in people.roles(tx, someone.id).get(1, frozenset())


def test_only_the_yes_gives_the_seat_and_it_is_taken_once(world: World) -> None:
    _secretary, (anna, berit, _cecilie) = offered(world)
    anna.hears("Do you take the seat? Please answer by")
    berit.presses_data("take:1").hears("That is not here any more")
    assert not is_member(world, anna)
    anna.presses("Yes, I take the seat").hears("the seat is yours")
    anna.presses_data("take:1").hears("You have taken this seat already. Write /leave")
    anna.presses_data("giveup:1").hears("You have taken this seat already. Write /leave")
    assert is_member(world, anna) and not is_member(world, berit)


def test_reserves_hear_their_place_and_until_when(world: World) -> None:
    _secretary, (_anna, berit, cecilie) = offered(world)
    berit.hears("You are number 1 in line for a seat.", "This holds until")
    cecilie.hears("You are number 2 in line for a seat.")


def test_after_a_no_the_bot_proposes_the_next_and_a_person_asks_them(world: World) -> None:
    secretary, (anna, berit, cecilie) = offered(world)
    anna.presses("No, I cannot").hears("May we write when the committee").presses("No thanks")
    world.wait(timedelta(minutes=1))
    secretary.hears(f"Anna has said no to this seat: {FRI}.", "Next in line is Berit", "before you say so")
    berit.does_not_hear("You have been appointed")
    secretary.presses("Ask the reserve").hears("Berit is asked")
    berit.hears("You have been appointed", "Do you take the seat?")
    secretary.presses_data("askres:1:3").hears("Somebody has been asked for this seat already")
    anna.presses_data("take:1").hears("You have given up this seat", "call")
    berit.presses("Yes, I take the seat")
    assert is_member(world, berit) and not is_member(world, anna) and not is_member(world, cecilie)
    with world.db.reading() as tx:
        states = {row.application_id: row.state for row in tx.execute(Reserve.__table__.select())}
    assert states == {2: "seated", 3: "waiting"}


def test_silence_is_reminded_of_once_and_then_frees_the_seat_and_a_late_yes_says_what_to_do(world: World) -> None:
    secretary, (anna, berit, _cecilie) = offered(world)
    world.wait(timedelta(days=4, hours=23))
    anna.does_not_hear("is waiting for your answer")
    world.wait(timedelta(hours=2))
    anna.hears("is waiting for your answer until")
    world.wait(timedelta(days=2))
    anna.hears("We have not heard from you")
    secretary.hears(f"Anna has not answered in time, and this seat is free: {FRI}.", "Next in line is Berit")
    anna.presses("Yes, I take the seat").hears("The deadline for this seat was", "you may be next")
    assert not is_member(world, anna)
    secretary.presses("Ask the reserve")
    world.wait(timedelta(days=8))
    berit.hears("We have not heard from you")
    secretary.hears("Next in line is Cecilie")


def test_a_late_yes_is_too_late_even_where_the_clock_has_not_ticked_yet(world: World) -> None:
    _secretary, (anna, _berit, _cecilie) = offered(world)
    world.now += timedelta(days=7)
    anna.presses("Yes, I take the seat").hears("The deadline for this seat was")
    assert not is_member(world, anna)


def test_a_member_who_leaves_is_replaced_in_the_same_way(world: World) -> None:
    secretary, (anna, berit, _cecilie) = offered(world)
    anna.presses("Yes, I take the seat").says("/leave").presses("Yes, leave")
    world.wait(timedelta(minutes=1))
    secretary.hears("Next in line is Berit").presses("Ask the reserve")
    berit.hears("You have been appointed")


def test_an_erased_member_is_not_named_and_the_seat_goes_on(world: World) -> None:
    secretary, (anna, _berit, _cecilie) = offered(world)
    anna.presses("Yes, I take the seat").says("/forget").presses("Yes, erase it all")
    world.wait(timedelta(minutes=1))
    secretary.hears("A member has left, and this seat is free", "Next in line is Berit")


def test_with_nobody_in_line_it_is_said_what_to_do(world: World) -> None:
    secretary, (anna,) = offered(world, ("Anna",))
    anna.presses("No, I cannot")
    world.wait(timedelta(minutes=1))
    secretary.hears("Nobody is in line for it", "or call the seat again")


def test_a_reserve_who_would_break_a_hard_rule_is_passed_over(world: World) -> None:
    hard = 'kind = "age"\nhard = false'
    world.load(change=lambda source: source.replace(hard, hard.replace("false", "true")))
    secretary = world.secretariat()
    anna, _berit, _cecilie = (
        applies(world, "Anna"),
        applies(world, "Berit", age="19 to 25 years"),
        applies(world, "Cecilie"),
    )
    drawn(world, {1: "fri"}, {"fri.1": [2, 3]})
    panel(secretary).presses("Decide the rest").presses("Yes, decide the rest")
    world.until(world.mandate.call.answered)
    anna.presses("No, I cannot")
    world.wait(timedelta(minutes=1))
    secretary.hears("Next in line is Cecilie")


def test_only_those_who_decide_ask_a_reserve(world: World) -> None:
    _secretary, (anna, berit, _cecilie) = offered(world)
    frida = world.facilitator()
    anna.presses("No, I cannot")
    for someone in (anna, berit, frida):
        someone.presses_data("askres:1:2").hears("That is not here any more")
    berit.does_not_hear("You have been appointed")


def test_a_name_is_public_only_with_a_yes_and_can_be_taken_back(world: World) -> None:
    _secretary, (anna, _berit, _cecilie) = offered(world)
    anna.presses_data("shown:1:yes").hears("That is not here any more")
    anna.presses("Yes, I take the seat").hears("May we show your name")
    assert roll(world) == ([], 1)
    anna.presses("Yes, show my name").hears("Your name stands on the committee's page now")
    assert roll(world) == (["Anna"], 0)
    anna.says("/mydata").presses("Take my name off the committee's page").hears("does not stand on the page")
    assert roll(world) == ([], 1)


def roll(world: World) -> tuple[list[str], int]:
    with world.db.reading() as tx:
        found = named.roll(tx, 1)
    return list(found.names), found.others


def test_the_name_of_somebody_under_15_needs_a_guardians_yes_too(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    lea = applies(world, "Lea")
    mother = world.person("Mother")
    mother.says("/help")
    with world.db.transaction() as tx:
        young = {"age": "13-14", "profiles": ["fri"]}
        tx.execute(Application.__table__.update().values(guardian="yes", guardian_id=mother.id, answers=young))
    panel(secretary)
    drawn(world, {1: "fri"}, {})
    with world.db.transaction() as tx:
        schedules.plan(tx, "answers_due", 1, world.mandate.call.answered, 1)
    world.until(world.mandate.call.answered)
    lea.presses("Yes, I take the seat").presses("Yes, show my name").hears("We ask your parent or guardian too")
    assert roll(world) == ([], 1)
    lea.presses_data("kidshown:1:yes").hears("That is not here any more")
    mother.hears("May the name stand on the committee's public page?").does_not_hear(FRI, LAG).presses("Yes")
    assert roll(world) == (["Lea"], 0)
    mother.presses("No").hears("does not stand on the page")
    assert roll(world) == ([], 1)
