"""Members say whether they come: one tap, changed by another, seen by the facilitator alone."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.people import Role
from storage import people
from tests.scenarios.test_meetings import announced, plans_a_meeting
from tests.world import Someone, World

AFAR = "Can one join from afar? Paste the link to the online meeting."
THURSDAY = "Thursday 19 March at 17:00"


def opens(frida: Someone, label: str = f"{THURSDAY} (announced)") -> Someone:
    return frida.says("/meetings").presses(label)


def test_the_notice_is_answered_by_one_tap_and_changed_by_another(world: World) -> None:
    ola, kari = world.members("Ola", "Kari")
    frida = announced(world)
    ola.presses("I am coming").hears("You have said that you are coming.", "Rådhuset, sal 2")
    ola.presses("I cannot come").hears("You have said that you cannot come.")
    assert len(ola.messages) == 1 and "are coming" not in ola.last
    kari.presses("I will be late")
    opens(frida).hears("Coming late, 1: Kari", "Not coming, 1: Ola")
    ola.presses("I am coming")
    opens(frida).hears("Coming, 1: Ola")
    assert "Ola" not in "".join(seen.text for seen in kari.messages)


def test_who_has_said_nothing_is_counted_too(world: World) -> None:
    world.members("Ola", "Kari")
    opens(announced(world)).hears("No answer yet, 2: Ola and Kari")


def test_an_answer_is_changed_until_the_meeting_and_not_after(world: World) -> None:
    ola = world.member("Ola")
    announced(world)
    world.wait(timedelta(days=17, hours=7) - timedelta(seconds=1))
    ola.presses("I will be late").hears("You have said that you will be late.")
    world.wait(timedelta(seconds=2))
    ola.presses("I am coming").hears("The meeting has begun.", world.mandate.contact.phone)


def test_nobody_has_to_say_why_but_can(world: World) -> None:
    ola = world.member("Ola")
    frida = announced(world)
    ola.presses("I cannot come").presses("Tell my contact person why").says("I work that evening")
    ola.hears("Thank you. It is passed on.")
    frida.hears("Ola cannot come to the meeting Thursday 19 March at 17:00.", "I work that evening")


def test_members_see_their_meetings_and_what_they_said(world: World) -> None:
    ola = world.member("Ola")
    frida = announced(world)
    plans_a_meeting(frida, "2026-04-09 17:00")
    ola.says("/meetings").hears("These meetings are planned:")
    assert ola.labels == [THURSDAY]
    ola.presses(THURSDAY).hears("Are you coming?").presses("I am coming").hears("that you are coming")


def test_only_those_invited_answer(world: World) -> None:
    announced(world)
    for someone in (world.secretariat(), world.person("Nobody"), world.member("Sub", role=Role.SUBSTITUTE)):
        someone.presses_data("coming:1:yes").hears("That is not here any more")
    world.member("Ola").presses_data("coming:1:maybe").hears("That is not here any more")


def test_a_substitute_is_asked_for_one_meeting_where_a_politician_cannot_come(world: World) -> None:
    berit = world.member("Berit", role=Role.POLITICIAN)
    sivert = world.member("Sivert", role=Role.SUBSTITUTE)
    frida = announced(world)
    assert not sivert.messages
    berit.presses("I cannot come")
    berit.presses("I am coming")
    berit.presses("I cannot come")
    assert [seen.text for seen in frida.messages].count(frida.last) == 1
    frida.hears("Berit cannot come to the meeting").presses("Ask a substitute").presses("Sivert")
    sivert.hears("Can you take the place at this meeting?", "Rådhuset, sal 2").presses("I am coming")
    opens(frida).hears("Coming, 1: Sivert", "Not coming, 1: Berit").presses("Cancel the meeting").presses(
        "Yes, cancel it"
    )
    sivert.hears("is cancelled")


def test_whoever_has_left_hears_no_more_of_a_meeting_they_had_answered(world: World) -> None:
    ola = world.member("Ola")
    frida = announced(world)
    ola.presses("I am coming")
    with world.db.transaction() as tx:
        people.take_role(tx, ola.id, 1, Role.CITIZEN)
    count = len(ola.messages)
    opens(frida).presses("Cancel the meeting").presses("Yes, cancel it").hears("Cancelled. 0 members are told.")
    assert len(ola.messages) == count


def test_a_citizens_no_asks_for_no_substitute(world: World) -> None:
    ola = world.member("Ola")
    world.member("Sivert", role=Role.SUBSTITUTE)
    frida = announced(world)
    ola.presses("I cannot come")
    frida.does_not_hear("Ola cannot come")


def test_a_link_and_another_length_are_told(world: World) -> None:
    ola = world.member("Ola")
    frida = announced(world)
    opens(frida).presses("Change it").presses("Change something").presses(
        "Can one join from afar? Paste the link to the online meeting."
    )
    frida.says("meet.example/abc").hears("it begins with https://")
    frida.says("https://meet.example/abc").presses("Save the change")
    ola.hears("There is a change in how to join", "Or join from where you are: https://meet.example/abc")
    opens(frida).presses("Change it").presses("Change something").presses("How long does it last?")
    frida.presses("180 minutes").presses("Save the change")
    assert "It lasts about 3 hours." in ola.last and "The meeting has another length." in ola.last


def test_a_member_abroad_reads_the_hour_of_the_place_they_are_in(world: World) -> None:
    ola = world.member("Ola")
    with world.db.transaction() as tx:
        people.change(tx, ola.id, zone="America/New_York")
    announced(world)
    ola.hears("Thursday 19 March at 12:00")
