"""The season: proposed from the mandate, changed, approved by one button, and then carried on by the clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.people import Role
from storage import meetings, people, season
from tests.scenarios.test_beforehand import mornings
from tests.scenarios.test_meetings import announced, plans_a_meeting, recorded
from tests.world import Someone, World

FIRST = "Tuesday 14 April at 17:00"
SECOND = timedelta(seconds=1)


def moments(world: World, kind: str) -> list[str]:
    """When things of a kind are due, in Norway."""
    with world.db.reading() as tx:
        found = season.of(tx, 1, "proposed", "approved")
    return [f"{one.due_at:%Y-%m-%d %H:%M}" for one in found if one.kind == kind]


def test_a_calendar_is_proposed_and_nobody_hears_of_it(world: World) -> None:
    ola = world.member("Ola")
    frida = world.facilitator()
    frida.says("/season").hears("6 meetings are ahead:", f"{FIRST}: 6 things to do", "Deliver the result")
    with world.db.reading() as tx:
        planned = meetings.planned(tx, 1, world.now)
    assert [one.starts_at.strftime("%a") for one in planned] == ["Tue"] * 6
    assert {one.state for one in planned} == {"draft"}
    assert not ola.messages
    world.wait(timedelta(days=400))
    assert not ola.messages and len(frida.messages) == 2
    frida.hears("has closed, and nobody has applied")
    assert recorded(world) == ["season proposed"]


def test_meetings_that_are_planned_already_are_taken_in(world: World) -> None:
    world.member("Ola")
    frida = announced(world)
    frida.says("/season").hears("6 meetings are ahead:", "Thursday 19 March at 17:00: ")
    frida.says("/season").presses("Propose it anew").hears("6 meetings are ahead:")
    with world.db.reading() as tx:
        assert len(meetings.planned(tx, 1, world.now)) == 6


def test_an_item_is_moved_or_dropped_on_its_own_side_of_the_meeting(world: World) -> None:
    frida = world.facilitator()
    frida.says("/season").presses(FIRST).hears("Thursday 9 April at 09:00: Send questions before the meeting")
    frida.presses("Thursday 9 April at 09:00: Send questions before the meeting").presses("Another date")
    frida.says("15/4 09:00").hears("this comes before it. Please write an earlier date.")
    frida.says("10/4 10:00").hears("Friday 10 April at 10:00: Send questions before the meeting")
    frida.presses("Friday 17 April at 09:00: Publish the minutes").presses("Another date")
    frida.says("13/4 09:00").hears("this comes after it. Please write a later date.").says("16/4 08:00")
    frida.presses("Thursday 16 April at 08:00: Publish the minutes").presses("Drop it")
    assert "Publish the minutes" not in frida.last


def test_approving_drafts_questions_and_sends_nothing(world: World) -> None:
    ola = world.member("Ola")
    frida = world.facilitator()
    frida.says("/season").presses("Approve the calendar")
    frida.hears("6 sets of questions are drafted", "everything else is yours to send.")
    frida.presses_data("seasyes:1").hears("There is nothing left to approve.")
    frida.says("/questions").presses("the problem, and whom it affects: not sent")
    frida.hears("How do you meet this problem in daily life?", "Monday 13 April at 12:00")
    assert not ola.messages
    assert recorded(world) == ["season proposed", "season approved"]


def season_begun(world: World) -> Someone:
    frida = world.facilitator()
    mornings(world)
    frida.says("/season").presses("Approve the calendar")
    return frida


def test_the_clock_tells_the_facilitator_what_to_do_with_the_button_that_does_it(world: World) -> None:
    ola = world.member("Ola")
    frida = season_begun(world)
    world.until(datetime(2026, 3, 24, 8, tzinfo=UTC))
    frida.hears("It is time: Send the notice", FIRST).presses("Look at the meeting")
    frida.hears("Place and agenda are still to be written.").presses("Write place and agenda")
    frida.answers("Sal 2", "Skip", "Skip", "1. Natta", "Skip", "Skip").presses("Save the change").presses("Announce")
    world.until(datetime(2026, 4, 9, 7, tzinfo=UTC))
    assert "Send questions before the meeting" in frida.last
    frida.presses("Look at the questions").presses("Send to 1 member")
    ola.hears("the problem, and whom it affects")
    world.until(datetime(2026, 4, 16, 22, tzinfo=UTC))
    frida.hears("It is time: Send the five statements")
    world.until(datetime(2026, 4, 17, 7, tzinfo=UTC))
    assert "It is time: Publish the minutes" in frida.last
    frida.presses("Write the minutes").hears("What did the meeting come to")


def has_met(world: World, frida: Someone) -> None:
    """The first meeting is announced."""
    frida.says("/meetings").presses(f"{FIRST} (not announced)").presses("Write place and agenda")
    frida.answers("Sal 2", "Skip", "Skip", "1. Natta", "Skip", "Skip").presses("Save the change").presses("Announce")


def test_members_are_reminded_only_where_it_helps(world: World) -> None:
    ola, kari, per = world.members("Ola", "Kari", "Per")
    frida = season_begun(world)
    has_met(world, frida)
    ola.presses("I am coming")
    kari.presses("I cannot come")
    world.until(datetime(2026, 4, 11, 7, tzinfo=UTC))
    per.hears("You have not said yet whether you are coming.", "Sal 2")
    for one in (ola, kari):
        one.does_not_hear("You have not said yet")
    world.until(datetime(2026, 4, 13, 6, tzinfo=UTC) - SECOND)
    ola.does_not_hear("We meet tomorrow")
    world.wait(SECOND)
    for one in (ola, per):
        assert "We meet tomorrow" in one.last and world.mandate.contact.phone in one.last
    kari.does_not_hear("We meet tomorrow")


def test_a_meeting_not_announced_reminds_nobody(world: World) -> None:
    ola = world.member("Ola")
    season_begun(world)
    world.wait(timedelta(days=60))
    assert not ola.messages


def test_moving_a_meeting_moves_its_calendar_and_its_questions_and_tells_members(world: World) -> None:
    ola = world.member("Ola")
    frida = season_begun(world)
    has_met(world, frida)
    world.until(datetime(2026, 4, 9, 8, tzinfo=UTC))
    frida.presses("Look at the questions").presses("Send to 1 member")
    frida.says("/meetings").presses(f"{FIRST} (announced)").presses("Change it").presses("Change something")
    frida.presses("When is the meeting?").says("28/4 17:00").presses("Save the change")
    assert "You can answer about the problem, and whom it affects until Monday 27 April at 12:00." in ola.last
    assert moments(world, "minutes")[0] == "2026-05-02 07:00"  # 1 May is a holiday in Norway
    world.until(datetime(2026, 4, 27, 6, tzinfo=UTC) - SECOND)
    ola.does_not_hear("We meet tomorrow")
    world.until(datetime(2026, 4, 27, 10, tzinfo=UTC) - SECOND)
    frida.does_not_hear("The answers are in", "Answers about")
    ola.hears("We meet tomorrow: Tuesday 28 April at 17:00").presses("Start")
    ola.answers("Ingen buss hjem", "Skip", "Skip")
    world.wait(SECOND)
    frida.hears("Answers about the problem, and whom it affects", "Ingen buss hjem")


def test_a_cancelled_meeting_takes_its_calendar_and_its_questions_with_it(world: World) -> None:
    ola = world.member("Ola")
    frida = season_begun(world)
    has_met(world, frida)
    world.until(datetime(2026, 4, 9, 8, tzinfo=UTC))
    frida.presses("Look at the questions").presses("Send to 1 member")
    frida.says("/meetings").presses(f"{FIRST} (announced)").presses("Cancel the meeting").presses("Yes, cancel it")
    ola.hears("is cancelled", "The questions about the problem, and whom it affects are withdrawn.")
    count = len(ola.messages)
    world.until(datetime(2026, 4, 30, tzinfo=UTC))
    assert len(ola.messages) == count
    frida.does_not_hear("Publish the minutes")


def test_after_an_outage_nobody_is_reminded_of_a_meeting_that_is_over(world: World) -> None:
    ola = world.member("Ola")
    frida = season_begun(world)
    has_met(world, frida)
    count = len(ola.messages)
    world.now = datetime(2026, 4, 15, tzinfo=UTC)  # the service was down
    world.wait(SECOND)
    assert len(ola.messages) == count


@pytest.mark.parametrize("file", ["gentofte-biblioteker", "svelvik-ungdom"])
def test_a_whole_season_writes_to_nobody_at_night_on_a_sunday_or_twice(world: World, file: str) -> None:
    world.load(file)
    ola = world.member("Ola")
    abroad = world.member("Anna")
    with world.db.transaction() as tx:
        people.change(tx, abroad.id, zone="Asia/Tokyo")
    frida = season_begun(world)
    for one in range(1, 7):
        with world.db.transaction() as tx:
            meetings.change(tx, one, place={"en": "The hall"}, agenda={"en": "1. All"})
        frida.presses_data(f"announce:{one}")
    world.wait(timedelta(days=420))
    zone = world.mandate.municipality.zone
    texts = [seen.text for seen in ola.messages]
    assert len(set(texts)) == len(texts) == 19  # a welcome; and the notice, one reminder, the day before: six times
    for seen in (*ola.messages[6:], *abroad.messages[6:]):
        local = seen.at.astimezone(ZoneInfo(zone))
        assert 8 <= local.hour < 21 and local.weekday() != 6, seen.text
    hours = {re.findall(r"at (\d\d:\d\d)", text)[0] for text in texts}
    assert hours == {"17:00"}


# The survey -----------------------------------------------------------------------------------------------


def test_a_survey_is_counted_without_names_and_shown_from_five_answers(world: World) -> None:
    names = [f"M{number}" for number in range(6)]
    members = world.members(*names)
    frida = announced(world)
    frida.presses_data("survey:1").hears("Which of these do you agree with now?").presses("Send it to the members")
    frida.hears("6 members are asked.")
    for one in members[:4]:
        one.ticks("I understand the problem well.").presses("Send").hears("Your answer is counted, without your name.")
    frida.presses_data("survey:1").hears("4 people have answered.", "The numbers are shown from 5 answers on.")
    frida.does_not_hear("of 4 agree")
    members[4].presses("Send").presses_data("gained:1:3").hears("You have answered this already.")
    frida.presses_data("survey:1").hears("4 of 5 agree: I understand the problem well.")
    frida.hears("0 of 5 agree: Working together like this is worth my time.")
    frida.presses_data("gained:1:1").hears("That is not here any more")


def test_the_last_survey_stands_beside_the_first(world: World) -> None:
    members = world.members(*(f"M{number}" for number in range(5)))
    frida = announced(world)
    frida.presses_data("survey:1").presses("Send it to the members")
    for one in members:
        one.presses("Send")
    world.wait(timedelta(days=18))
    plans_a_meeting(frida, "2026-04-09 17:00").presses("Announce")
    world.wait(timedelta(days=25))
    frida.presses_data("survey:2").presses("Send it to the members")
    for one in members:
        one.ticks("I understand the problem well.").presses("Send")
    frida.presses_data("survey:2").hears("At the first meeting", "0 of 5 agree: I understand the problem well.")
    frida.hears("At the last meeting", "5 of 5 agree: I understand the problem well.")


# Who may --------------------------------------------------------------------------------------------------


def test_only_the_facilitator_plans_the_season(world: World) -> None:
    ola = world.member("Ola")
    season_begun(world)
    for someone in (ola, world.secretariat(), world.person("Nobody")):
        assert "That is for others" in someone.says("/season").last
        for data in ("season:1", "seasyes:1", "seasnew:1", "seasmeet:1", "seasitem:1", "seasdrop:1", "survey:1"):
            someone.presses_data(data).hears("That is not here any more")


def test_a_politician_gets_a_neutral_page_for_the_party_group(world: World) -> None:
    berit = world.member("Berit", role=Role.POLITICIAN)
    berit.says("/group").hears("To take to your party group:", "This is settled:", "Three questions for the group:")
    world.member("Ola").says("/group").hears("That is for others")
