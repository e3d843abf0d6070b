"""After a meeting: who was there, the minutes, and what those who missed it say afterwards."""

from __future__ import annotations

from datetime import timedelta

from storage import attendance, calendars, minutes, mydata
from tests.scenarios.test_meetings import announced, plans_a_meeting, recorded
from tests.world import Someone, World

HELD = "Thursday 19 March at 17:00 (held)"
AFTER = timedelta(days=18)


def held(world: World) -> Someone:
    """A meeting that was announced and is over."""
    frida = announced(world)
    world.wait(AFTER)
    return frida


def ticks_present(frida: Someone, *names: str, label: str = HELD) -> Someone:
    frida.says("/meetings").presses(label).presses("Who was there?")
    seen = frida.messages[-1].message.ticks
    assert seen is not None
    ticked = {name for place, name in enumerate(seen["options"]) if seen["ticked"] >> place & 1}
    return frida.ticks(*sorted(ticked ^ set(names))).presses("Save")


def writes_minutes(frida: Someone, *turns: str) -> Someone:
    frida.says("/meetings").presses(HELD).presses("Write the minutes")
    frida.answers("Vi vil ha nattbuss.", "Skip", "Skip", "1. Alle var enige.", "Skip", "Skip")
    return frida.answers(*(turns or ("The usual three",))).presses("Save")


def test_the_list_begins_from_what_people_said(world: World) -> None:
    ola, kari, _per = world.members("Ola", "Kari", "Per")
    frida = announced(world)
    ola.presses("I am coming")
    kari.presses("I will be late")
    world.wait(AFTER)
    frida.says("/meetings").presses(HELD).presses("Who was there?")
    frida.presses("Save").hears("Saved. 2 people were there.")
    ticks_present(frida, "Ola").hears("Saved. 1 person was there.")


def test_nobody_is_ticked_before_the_meeting(world: World) -> None:
    world.member("Ola")
    frida = announced(world)
    frida.presses_data("there:1:0").hears("The meeting has not begun.")
    frida.presses_data("open:minutes:1").hears("The meeting has not begun.")


def test_a_box_never_means_somebody_else(world: World) -> None:
    world.members("Ola", "Kari")
    frida = held(world)
    frida.says("/meetings").presses(HELD).presses("Who was there?")
    world.member("Anna")
    frida.presses("Save").hears("The members have changed since this list was made.")


def test_a_long_list_is_ticked_in_parts(world: World) -> None:
    names = [f"M{number:02}" for number in range(23)]
    world.members(*names)
    frida = held(world)
    frida.says("/meetings").presses(HELD).presses("Who was there?").ticks("M00", "M19").presses("Save")
    frida.hears("Here are the next ones.").ticks("M22").presses("Save").hears("Saved. 3 people were there.")


def test_minutes_go_to_all_and_questions_to_whoever_was_not_there(world: World) -> None:
    ola, kari = world.members("Ola", "Kari")
    frida = held(world)
    ticks_present(frida, "Ola").presses("Write the minutes")
    frida.answers("Vi vil ha nattbuss.", "Skip", "Skip", "1. Alle var enige.", "Skip", "Skip", "The usual three")
    frida.presses("Save").hears("1 person was not there and is asked afterwards.")
    ola.does_not_hear("nattbuss")
    frida.presses("Publish to members").hears("2 members are told.")
    ola.hears("Minutes of the meeting Thursday 19 March at 17:00", "Vi vil ha nattbuss.")
    ola.does_not_hear("We missed you")
    ola.presses("Read the minutes").hears("1. Alle var enige.")
    kari.hears("Vi vil ha nattbuss.", "We missed you. May we ask you 3 questions?").presses("Answer now")
    kari.hears("What would you have said if you had been there?").answers("Nattbuss også søndag", "Skip", "Skip")
    kari.hears("said afterwards")
    frida.says("/meetings").presses(HELD).presses("1 answer afterwards")
    frida.hears("What would you have said", "– Nattbuss også søndag (Kari, afterwards)")
    frida.does_not_hear("What have we not thought of?\n–")
    assert recorded(world)[-1] == "answers read with names"
    ola.presses_data("open:catchup:1").hears("That is not here any more")
    ola.presses_data("after:1").hears("That is not here any more")


def test_the_facilitators_own_questions_or_none(world: World) -> None:
    kari = world.member("Kari")
    frida = held(world)
    ticks_present(frida)
    writes_minutes(frida, "My own", "Hvem skal vi spørre?\nHva nå?", "Skip", "Skip").presses("Publish to members")
    kari.hears("May we ask you 2 questions?").presses("Answer now").hears("Hvem skal vi spørre?")


def test_nothing_is_asked_where_the_facilitator_wants_nothing(world: World) -> None:
    kari = world.member("Kari")
    frida = held(world)
    ticks_present(frida)
    writes_minutes(frida, "Nothing").presses("Publish to members")
    kari.hears("Vi vil ha nattbuss.").does_not_hear("We missed you")


def test_minutes_are_published_once_and_corrected_without_a_message(world: World) -> None:
    ola = world.member("Ola")
    frida = held(world)
    ticks_present(frida, "Ola")
    writes_minutes(frida).presses("Publish to members")
    frida.presses_data("pubmin:1").hears("published already")
    count = len(ola.messages)
    frida.says("/meetings").presses(HELD).presses("The minutes").presses("Change it").presses("Change something")
    frida.presses("Now the whole minutes. Paste them here.").says("1. De fleste var enige.").presses("Save")
    assert len(ola.messages) == count
    ola.says("/minutes").presses("Thursday 19 March at 17:00").hears("De fleste")
    ola.says("/meetings").presses("Minutes of the meeting Thursday 19 March at 17:00").hears("De fleste")


def test_erasure_takes_ones_attendance_and_answers_and_my_data_shows_them(world: World) -> None:
    kari = world.member("Kari")
    number = kari.id
    frida = held(world)
    ticks_present(frida)
    writes_minutes(frida).presses("Publish to members")
    kari.presses("Answer now").answers("Nattbuss også søndag", "Skip", "Skip")
    with world.db.transaction() as tx:
        calendars.mint(tx, number, world.now)
        shown = mydata.everything(tx, world.engine.house.vault, number, {})
    assert {str(getattr(part.title, "message", part.title)) for part in shown} >= {
        "Meetings",
        "What you answered about meetings you missed",
        "Your calendar's own address",
    }
    kari.says("/forget").presses("Yes, erase it all")
    with world.db.reading() as tx:
        assert attendance.of(tx, 1) == {} and minutes.answers(tx, 1) == [] and not calendars.has(tx, number)


def test_drafts_are_read_by_nobody_else(world: World) -> None:
    ola = world.member("Ola")
    frida = held(world)
    ola.presses_data("readmin:1").hears("That is not here any more")
    writes_minutes(frida).hears("Nobody is ticked as present yet")
    ola.presses_data("readmin:1").hears("That is not here any more")
    ola.presses_data("premin:1").hears("That is not here any more")
    ola.says("/minutes").hears("No minutes are published yet.")


def test_two_misses_in_a_row_are_answered_by_a_word_that_the_facilitator_sends(world: World) -> None:
    _ola, kari = world.members("Ola", "Kari")
    sekri = world.secretariat()
    frida = held(world)
    ticks_present(frida, "Ola").does_not_hear("A word from you")
    plans_a_meeting(frida, "2026-04-09 17:00").presses("Announce")
    world.wait(timedelta(days=25))
    ticks_present(frida, "Ola", label="Thursday 9 April at 17:00 (held)")
    frida.hears("Missed the last two meetings or more: Kari.")
    count = len(kari.messages)
    frida.presses("A word to Kari").hears("This would go to Kari alone. Nothing is sent yet.", "Hello Kari.")
    assert len(kari.messages) == count
    frida.presses("Send it").presses_data("checked:1:2")
    assert len(kari.messages) == count + 1
    kari.hears("We have missed you at the last meetings.", "Regards, Frida")
    frida.says("/meetings").presses(HELD).presses("Attendance so far")
    frida.hears("Only you see this.", "Ola: 2 of 2 meetings", "Kari: 0 of 2 meetings").presses("A word to Kari")
    frida.presses("Suggest a replacement").hears("The secretariat is told.")
    sekri.hears("Frida suggests that you talk with Kari about the seat").presses("All applications")
    for data in ("trend:1", "checkin:1:2", "there:1:0", "pubmin:1"):
        kari.presses_data(data).hears("That is not here any more")
