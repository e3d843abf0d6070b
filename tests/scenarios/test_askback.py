"""A member's question to the others, through the facilitator, who sends it on or says why not."""

from __future__ import annotations

from tests.scenarios.test_questions import elected
from tests.world import Someone, World


def asks(someone: Someone, name: str = "Yes, with my name") -> Someone:
    someone.says("/askback").hears("What would you like to ask the others?").says("Which stop is the darkest?")
    return someone.presses(name).hears("Your contact person has your question.")


def passes_on(frida: Someone, send: str = "Send to 1 member") -> Someone:
    frida.presses("Look at it").hears("Which stop is the darkest?").presses("Make it a draft")
    frida.answers("Kva stopp er mørkast?", "Which stop is the darkest?", "stoppene", "stoppa", "the stops")
    frida.says("2026-03-12 12:00").hears("Nothing is sent yet.", "Which stop is the darkest?").presses("Keep the draft")
    return frida.presses("Look at it and send it").presses(send)


def test_a_question_goes_to_the_others_with_the_name_of_who_asks(world: World) -> None:
    ola, kari = world.member("Ola"), world.member("Kari")
    frida = world.facilitator()
    asks(ola)
    kari.does_not_hear("darkest")
    passes_on(frida.hears("Ola would like to ask the others something."))
    kari.hears("Ola asks this, through your contact person.").presses("Start").hears("Which stop is the darkest?")
    ola.hears("Your question is sent to the others: Which stop is the darkest?")
    ola.does_not_hear("Ola asks this").says("/answers").does_not_hear("the stops")
    frida.presses_data("askedbk:1").hears("That question is taken care of already.")


def test_without_a_name_nobody_learns_who_asks(world: World) -> None:
    """Not even by who is left out: everybody is asked."""
    ola, kari = world.member("Ola"), world.member("Kari")
    frida = world.facilitator()
    asks(ola, "No, without my name")
    passes_on(frida.hears("A member would like to ask the others something."), "Send to 2 members")
    kari.hears("A member of the committee asks this").does_not_hear("Ola")
    frida.does_not_hear("Ola")


def test_a_question_that_is_not_sent_is_answered_with_a_reason(world: World) -> None:
    ola, kari = world.member("Ola"), world.member("Kari")
    frida = world.facilitator()
    asks(ola)
    frida.presses("Look at it").presses("Do not send it").says("We take it up on Thursday.")
    frida.hears("Whoever asked is told.")
    ola.hears("Your question was not sent to the others: We take it up on Thursday.", "You asked: Which stop")
    kari.does_not_hear("darkest")
    frida.presses_data("open:abdraft:1").hears("That question is taken care of already.")


def test_in_an_elected_body_members_ask_at_the_meeting(world: World) -> None:
    world.load("svelvik-byhuset", elected)
    world.member("Ola").says("/askback").hears("Please ask at the meeting, or write to your contact person.")


def test_only_the_facilitator_of_this_committee_decides(world: World) -> None:
    ola, kari = world.member("Ola"), world.member("Kari")
    world.facilitator()
    asks(ola)
    gerda = world.facilitator("Gerda", committee=world.load("gentofte-biblioteker"))
    for someone in (kari, gerda):
        for data in ("askedbk:1", "open:abdraft:1", "open:abno:1"):
            someone.presses_data(data).hears("That is not here any more")


def test_whoever_is_erased_takes_the_question_along(world: World) -> None:
    ola = world.member("Ola")
    frida = world.facilitator()
    asks(ola)
    ola.says("/forget").presses("Yes, erase it all")
    frida.presses("Look at it").hears("That is not here any more")
