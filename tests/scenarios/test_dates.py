"""A date is found: members tick all that fit, and only the facilitator sees who can when."""

from __future__ import annotations

from tests.world import Someone, World

FIRST, SECOND = "Tuesday 5 May at 17:00", "Thursday 7 May at 17:00"


def asked(world: World) -> Someone:
    frida = world.facilitator()
    frida.says("/dates").answers("2026-05-07 17:00", "2026-05-05 17:00", "Skip")
    frida.hears("which of these fit:", f"{FIRST}\n{SECOND}").presses("Ask the members")
    return frida


def test_members_tick_all_that_fit_and_the_facilitator_picks_one(world: World) -> None:
    ola, kari, _per = world.members("Ola", "Kari", "Per")
    frida = asked(world).hears("3 members are asked.")
    ola.hears("We are looking for a date").ticks(FIRST, SECOND).presses("Send")
    ola.hears(f"These fit you: {FIRST} and {SECOND}")
    kari.ticks(SECOND).presses("Send").presses("Change my answer").ticks(FIRST, SECOND).presses("Send")
    frida.says("/dates").hears("2 of 3 have answered.", f"{FIRST} fits 2: Ola and Kari", f"{SECOND} fits 1: Ola")
    frida.presses(f"Choose {FIRST}").hears("Now place and agenda.", "Where is it?")
    frida.answers("Sal 2", "Skip", "Skip", "1. Natta", "Skip", "Skip").presses("Save the change")
    assert "Sal 2" not in ola.last
    frida.presses("Announce").hears("3 members are told.")
    ola.hears(FIRST, "Sal 2")
    kari.presses("Change my answer").hears("A date is chosen already")
    for word in ("Kari", "fits"):
        assert word not in "".join(seen.text for seen in ola.messages)


def test_a_meeting_without_place_or_agenda_is_not_announced(world: World) -> None:
    world.member("Ola")
    frida = asked(world)
    frida.presses("What fits?").presses(f"Choose {SECOND}")
    frida.presses_data("announce:1").hears("Place or agenda is missing.")


def test_one_date_is_no_choice(world: World) -> None:
    frida = world.facilitator()
    frida.says("/dates").answers("2026-05-05 17:00", "5/5 17:00", "Skip").hears("Those are the same date.")


def test_members_are_asked_once_and_only_members_answer(world: World) -> None:
    ola = world.member("Ola")
    frida = asked(world)
    frida.presses_data("askdates:1").hears("asked already")
    assert len(ola.messages) == 1
    ola.presses_data("fit:1:8").hears("That is not here any more")
    for someone in (world.secretariat(), world.person("Nobody")):
        someone.presses_data("fit:1:1").hears("That is not here any more")
    for data in ("datesnow:1", "pickdate:1:0", "askdates:1", "nodates:1"):
        ola.presses_data(data).hears("That is not here any more")
    frida.presses("What fits?").presses("Give it up")
    ola.presses_data("fit:1:1").hears("A date is chosen already")
