"""A facilitator announces meetings and writes to members: now, at a time, or some days before the meeting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from bot.domain.people import Role
from storage import meetings, people, prompts
from tests.world import Someone, World

SECOND = timedelta(seconds=1)


def plans_a_meeting(frida: Someone, at: str = "2026-03-19 17:00") -> Someone:
    """In nb and nn; English is left out."""
    frida.says("/meeting").answers(at, "Rådhuset, sal 2", "Rådhuset, sal 2 på nynorsk", "Skip")
    return frida.answers("1. Bussen om kvelden", "Skip", "Skip")


def announced(world: World) -> Someone:
    frida = world.facilitator()
    plans_a_meeting(frida).presses("Announce")
    return frida


def recorded(world: World) -> list[str]:
    with world.db.reading() as tx:
        return list(tx.execute(text("SELECT action FROM audit ORDER BY id")).scalars())


def test_a_meeting_is_shown_then_announced_with_its_facts_in_the_message(world: World) -> None:
    ola, kari = world.member("Ola"), world.member("Kari", locale="nn")
    frida = world.facilitator()
    plans_a_meeting(frida)
    frida.hears("This goes to 2 members:", "Thursday 19 March at 17:00", "Rådhuset, sal 2", "1. Bussen om kvelden")
    assert not ola.messages
    frida.presses("Announce").hears("2 members are told.")
    ola.hears("Thursday 19 March at 17:00", "Rådhuset, sal 2", "1. Bussen om kvelden", world.mandate.contact.phone)
    kari.hears("sal 2 på nynorsk", "torsdag 19. mars kl. 17")
    assert recorded(world) == ["meeting added", "meeting announced"]


def test_a_meeting_is_announced_once(world: World) -> None:
    ola = world.member("Ola")
    frida = announced(world)
    with world.db.reading() as tx:
        meeting = meetings.upcoming(tx, 1, world.now)
    assert meeting is not None and meeting.starts_at == datetime(2026, 3, 19, 16, tzinfo=UTC)
    frida.presses_data(f"announce:{meeting.id}").hears("no longer waiting to be announced")
    assert len(ola.messages) == 1


def test_members_see_no_meeting_before_it_is_announced(world: World) -> None:
    plans_a_meeting(world.facilitator())
    with world.db.reading() as tx:
        assert meetings.upcoming(tx, 1, world.now) is None
        assert len(meetings.planned(tx, 1, world.now)) == 1


def test_a_moved_meeting_is_told_even_to_those_who_hear_only_the_necessary(world: World) -> None:
    ola, tove = world.member("Ola"), world.member("Tove")
    with world.db.transaction() as tx:
        people.change(tx, tove.id, state="necessary")
    frida = announced(world)
    frida.says("/meetings").presses("Thursday 19 March at 17:00 (announced)").presses("Change it")
    frida.presses("Change something").presses("When is the meeting?").says("20/3 18:30")
    assert not any("changed" in seen.text for seen in ola.messages)
    frida.presses("Save the change").hears("Saved. 2 members are told.")
    for member in (ola, tove):
        assert "Thursday 19 March at 17:00 no longer holds" in member.last
        assert "Friday 20 March at 18:30" in member.last


def test_another_agenda_disturbs_nobody(world: World) -> None:
    ola = world.member("Ola")
    frida = announced(world)
    frida.says("/meetings").presses("Thursday 19 March at 17:00 (announced)").presses("Change it")
    frida.presses("Change something").presses("What is on the agenda?").says("1. Natta").presses("Save the change")
    frida.hears("Saved.", "1. Natta")
    assert len(ola.messages) == 1


def test_a_cancelled_meeting_takes_two_steps_and_stops_what_was_to_go_out_before_it(world: World) -> None:
    ola = world.member("Ola")
    frida = announced(world)
    writes(frida, "Husk møtet").answers("all members (1)", "Some days before the meeting Thursday 19 March at 17:00")
    frida.answers("2 days", "09:00").presses("Schedule for Tuesday 17 March at 09:00")
    frida.says("/meetings").presses("Thursday 19 March at 17:00 (announced)").presses("Cancel the meeting")
    assert len(ola.messages) == 1
    frida.presses("Yes, cancel it").hears("Cancelled. 1 member is told.")
    ola.hears("The meeting Thursday 19 March at 17:00 is cancelled.")
    world.wait(timedelta(days=20))
    ola.does_not_hear("Husk møtet")


def test_a_date_that_cannot_be_read_or_has_passed_is_asked_again(world: World) -> None:
    frida = world.facilitator()
    frida.says("/meeting").says("next Thursday").hears("I could not read that date", "2026-12-03 17:00")
    frida.says("2026-03-01 17:00").hears("That moment has passed")
    frida.says("19.3.2026 17:00").hears("Where is it?")


def test_only_the_facilitator_plans_meetings_and_writes(world: World) -> None:
    announced(world)
    with world.db.reading() as tx:
        meeting = meetings.upcoming(tx, 1, world.now)
    assert meeting is not None
    for someone in (world.member("Ola"), world.secretariat(), world.person("Nobody")):
        for command in ("/meeting", "/prompt", "/prompts"):
            someone.says(command)
            assert "That is for others" in someone.last, command
        for data in (f"unmeet:{meeting.id}", f"announce:{meeting.id}", f"open:remeet:{meeting.id}", "open:prompt:1"):
            someone.presses_data(data).hears("That is not here any more")
    with world.db.reading() as tx:
        assert meetings.upcoming(tx, 1, world.now) == meeting


def test_a_facilitator_of_another_committee_touches_nothing_here(world: World) -> None:
    ola = world.member("Ola")
    announced(world)
    other = world.load("gentofte-biblioteker")
    gerda = world.facilitator("Gerda", committee=other)
    for data in ("unmeet:1", "meets:1", "open:remeet:1", "open:meeting:1", "open:prompt:1"):
        gerda.presses_data(data).hears("That is not here any more")
    assert len(ola.messages) == 1


# Messages ----------------------------------------------------------------------------------------------------


def writes(frida: Someone, words: str) -> Someone:
    return frida.says("/prompt").answers(words, words, words)


def test_a_message_goes_to_those_it_is_for_after_a_preview(world: World) -> None:
    ola, berit = world.member("Ola"), world.member("Berit", role=Role.POLITICIAN)
    chair = world.member("Carl", role=Role.CHAIR)
    frida = world.facilitator()
    writes(frida, "Velkommen til utvalget").presses("the politicians (2)").presses("Now")
    frida.hears("This goes to the politicians: 2 people.", "Velkommen til utvalget")
    assert not berit.messages
    frida.presses("Send now").hears("It is on its way.")
    for politician in (berit, chair):
        politician.hears("Svelvik, young people: a message for you", "Velkommen til utvalget")
    assert not ola.messages
    frida.presses("How did it arrive?").hears("Sent to 2 of 2.", "Berit: has it")
    assert recorded(world) == ["message drafted", "message sent"]


def test_a_message_is_sent_once_however_often_it_is_pressed(world: World) -> None:
    ola = world.member("Ola")
    frida = world.facilitator()
    writes(frida, "Bare én gang").presses("all members (1)").presses("Now").presses("Send now")
    frida.presses_data("sendnow:1").hears("already sent or cancelled")
    frida.presses_data("plan:1")
    world.wait(timedelta(days=2))
    assert len(ola.messages) == 1


def test_two_days_before_the_meeting_at_nine_is_nine_there_also_over_the_clock_change(world: World) -> None:
    zone = 'zone = "Europe/Oslo"\n'
    world.load(change=lambda source: source.replace(zone, f"{zone}write_on_holidays = true\n"))
    ola = world.member("Ola")
    frida = world.facilitator()
    plans_a_meeting(frida, "2026-03-30 17:00").presses("Announce")  # summer time begins on the 29th
    writes(frida, "Ta med en idé").answers("all members (1)", "Some days before the meeting Monday 30 March at 17:00")
    frida.answers("1 day", "09:00").presses("Schedule for Sunday 29 March at 09:00")
    world.until(datetime(2026, 3, 29, 7, tzinfo=UTC) - SECOND)
    ola.does_not_hear("Ta med en idé")
    world.wait(SECOND)
    ola.hears("Ta med en idé")


def test_a_message_before_a_meeting_follows_the_meeting(world: World) -> None:
    ola = world.member("Ola")
    frida = announced(world)
    writes(frida, "Ta med en idé").answers("all members (1)", "Some days before the meeting Thursday 19 March at 17:00")
    frida.answers("2 days", "09:00").presses("Schedule for Tuesday 17 March at 09:00")
    frida.says("/meetings").presses("Thursday 19 March at 17:00 (announced)").presses("Change it")
    frida.presses("Change something").presses("When is the meeting?").says("26/3 17:00").presses("Save the change")
    world.until(datetime(2026, 3, 24, 8, tzinfo=UTC) - SECOND)
    ola.does_not_hear("Ta med en idé")
    world.wait(SECOND)
    assert "Ta med en idé" in ola.last


def test_a_scheduled_message_is_listed_and_can_be_cancelled(world: World) -> None:
    ola = world.member("Ola")
    frida = world.facilitator()
    writes(frida, "Glem det").answers("all members (1)", "At a time", "5/3 12:00")
    frida.presses("Schedule for Thursday 5 March at 12:00").hears("It goes out Thursday 5 March at 12:00.")
    frida.says("/prompts").presses("Thursday 5 March at 12:00: waiting").hears("Glem det").presses("Cancel")
    frida.hears("Cancelled. Nobody gets it.")
    world.wait(timedelta(days=5))
    assert not ola.messages
    frida.says("/prompts").hears("No message has been written yet.")
    assert recorded(world) == ["message drafted", "message scheduled", "message cancelled"]


def test_a_long_list_is_reached_in_batches_and_nobody_twice(world: World) -> None:
    frida = world.facilitator()
    with world.db.transaction() as tx:
        for number in range(prompts.BATCH + 5):
            person = people.add(tx, world.now, f"Member {number}")
            people.give_role(tx, person.id, 1, Role.CITIZEN, world.now)
    writes(frida, "Til alle").presses("all members (205)").presses("Now").presses("Send now")
    frida.presses("How did it arrive?").hears("Sent to 200 of 205.")
    world.wait(SECOND)
    frida.presses_data("arrived:1").hears("Sent to 205 of 205.")
    with world.db.reading() as tx:
        sent = prompts.get(tx, 1)
        assert sent is not None and sent.state == "sent"


def test_those_who_asked_for_silence_are_counted_to_be_called(world: World) -> None:
    world.member("Ola")
    tove = world.member("Tove")
    with world.db.transaction() as tx:
        people.change(tx, tove.id, state="silent")
    frida = world.facilitator()
    writes(frida, "Hei").presses("all members (2)").presses("Now")
    frida.hears("This goes to all members: 2 people.", "1 of them has asked not to be written to. Please call instead.")
    frida.presses("Send now")
    assert not tove.messages


def test_a_message_too_old_after_an_outage_is_said_and_not_sent(world: World) -> None:
    ola = world.member("Ola")
    frida = world.facilitator()
    writes(frida, "For sent").answers("all members (1)", "At a time", "5/3 12:00")
    frida.presses("Schedule for Thursday 5 March at 12:00")
    world.now += timedelta(days=9)  # the service was down
    world.wait(SECOND)
    assert not ola.messages
    assert "could not go out in time, so nobody got it" in frida.last
