"""Appointing: coverage, a seat with a reason, and everybody's answer at the same hour."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.domain.people import Role
from handlers import housekeeping
from storage import people
from storage.tables import Audit
from tests.world import Someone, World

FRI = "A young person who knows what goes on outside clubs and associations"
LAG = "A young person who is active in a club or an association"


def applies(world: World, name: str, line: str = FRI, age: str = "15 to 17 years") -> Someone:
    someone = world.person(name).says("/start svelvik-ungdom").presses("Sign up")
    someone.presses("A seat in the committee (about 6 meetings)").presses(age).presses("Woman")
    someone.ticks(line).presses("Done").presses("Skip").says(name).presses("Skip")
    return someone.presses("Send my application")


def appoints(secretary: Someone, name: str, seat: str, reason: str = "Knows the place well") -> None:
    secretary.says("/applications").presses(next(label for label in secretary.labels if name in label)).presses(
        "Appoint"
    )
    secretary.presses(next(label for label in secretary.labels if label.startswith(seat)))
    secretary.says(reason).presses("Send")


def declines(secretary: Someone, name: str, reason: str = "the seats you fit are filled") -> None:
    secretary.says("/applications").presses(next(label for label in secretary.labels if name in label))
    secretary.presses("Do not appoint").presses(reason)


def test_everybody_is_answered_at_the_same_hour(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    anna, berit = applies(world, "Anna"), applies(world, "Berit")
    appoints(secretary, "Anna", FRI)
    declines(secretary, "Berit")
    anna.does_not_hear("appointed")
    berit.does_not_hear("did not get a seat")

    world.until(world.mandate.call.answered)
    anna.hears("You have been appointed to the committee on Young people in Svelvik")
    berit.hears("2 applied for 10 seats", "The reason is: the seats you fit are filled", "Thank you for signing up")
    with world.db.reading() as tx:
        assert Role.CITIZEN not in people.roles(tx, anna.id)[1]
    anna.presses("Yes, I take the seat").hears("the seat is yours")
    with world.db.reading() as tx:
        assert Role.CITIZEN in people.roles(tx, anna.id)[1]
        assert Role.CITIZEN not in people.roles(tx, berit.id).get(1, frozenset())


def test_the_others_are_asked_to_take_part_along_the_way(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    berit = applies(world, "Berit")
    declines(secretary, "Berit")
    world.until(world.mandate.call.answered)
    berit.presses("Yes, please write").hears("You decide each time")
    with world.db.reading() as tx:
        assert Role.CIRCLE in people.roles(tx, berit.id)[1]
        assert [(one.purpose, one.given) for one in people.consents(tx, berit.id)] == [("contact later", True)]


def test_nobody_is_told_while_one_is_undecided(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    anna = applies(world, "Anna")
    applies(world, "Berit")
    appoints(secretary, "Anna", FRI)
    world.until(world.mandate.call.answered)
    anna.does_not_hear("appointed")
    secretary.hears("1 application has no decision", "Nobody has been told yet")
    declines(secretary, "Berit")
    world.wait(timedelta(days=1))
    anna.hears("You have been appointed")


def test_a_full_line_and_a_missing_guardian_are_refused_with_what_to_do(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    applies(world, "Anna")
    applies(world, "Berit")
    appoints(secretary, "Anna", FRI)
    appoints(secretary, "Berit", FRI)
    secretary.hears("are filled. Choose another seat")


def test_coverage_says_what_is_missing(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    applies(world, "Anna", LAG)
    secretary.says("/applications")
    secretary.hears(
        "1 application for 10 seats", f"{LAG}: 1 wanted, 1 fit, 0 appointed", f"{FRI}: 1 wanted, 0 fit, 0 appointed"
    )
    secretary.hears("(should be met): too few have applied so far")


def test_members_and_facilitators_cannot_read_applications(world: World) -> None:
    world.load()
    world.secretariat()
    anna = applies(world, "Anna")
    member, facilitator = world.member("Maria"), world.facilitator()
    for someone in (anna, member, facilitator):
        someone.says("/applications").hears("That is for others in this committee")
        someone.presses_data("applicant:1").hears("That is not here any more")


def test_each_decision_leaves_a_line_in_the_record_without_names(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    applies(world, "Anna")
    appoints(secretary, "Anna", FRI, "Knows Anna")
    with world.db.reading() as tx:
        lines = tx.execute(select(Audit.action, Audit.object, Audit.reason)).all()
    assert ("appointed", "application:1", "") in [tuple(line) for line in lines]


def test_whoever_got_no_seat_and_does_not_follow_along_is_forgotten_on_the_promised_day(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    berit, cecilie = applies(world, "Berit"), applies(world, "Cecilie")
    declines(secretary, "Berit")
    declines(secretary, "Cecilie")
    with world.db.transaction() as tx:
        housekeeping.plan(tx, world.now, "Europe/Oslo")
    world.until(world.mandate.call.answered)
    cecilie.presses("Yes, please write")
    numbers = berit.id, cecilie.id
    world.wait(timedelta(days=89))
    with world.db.reading() as tx:
        assert [people.get(tx, number).name for number in numbers] == ["Berit", "Cecilie"]
    world.wait(timedelta(days=3))
    with world.db.reading() as tx:
        assert [people.get(tx, number).name for number in numbers] == ["", "Cecilie"]
        assert people.addresses(tx, numbers[0]) == []
