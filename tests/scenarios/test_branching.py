"""A question asked only after some answers to an earlier one."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.chat.events import Address, Press, Submitted
from storage import answers, people
from tests.world import Someone, World

DEADLINE = datetime(2026, 3, 12, 11, tzinfo=UTC)


def drafts(frida: Someone) -> Someone:
    """Do you take the bus; if not, why; and anything else."""
    frida.says("/ask").answers("Not before a meeting", "bussen", "bussen", "the bus", "2026-03-12 12:00")
    for kind, nb, en in (
        ("Yes or no", "Tar du bussen?", "Do you take the bus?"),
        ("In one's own words", "Hvorfor ikke?", "Why not?"),
        ("In one's own words", "Noe mer?", "Anything else?"),
    ):
        frida.presses("Add a question").answers(kind, nb, nb, en)
    return frida


def only_after_no(frida: Someone) -> Someone:
    frida.presses("Ask one only after an answer").hears("Which question is not for everybody?")
    frida.presses("2. Why not?").presses("1. Do you take the bus?").ticks("No").presses("Done")
    return frida.hears("Only for those who answer “No” to question 1.").presses("Look at it again")


def values(world: World, member: Someone) -> object:
    with world.db.reading() as tx:
        found = answers.of(tx, 1, member.id)
    return found and found.values


def test_only_those_who_said_no_are_asked_why_and_the_steps_are_counted_rightly(world: World) -> None:
    ola, kari = world.member("Ola"), world.member("Kari")
    frida = only_after_no(drafts(world.facilitator()))
    frida.hears("2. Why not?\nOnly for those who answer “No” to question 1.").presses("Send to 2 members")
    ola.presses("Start").presses("Yes").hears("2/2 · Anything else?").says("Lights")
    kari.presses("Start").presses("No").hears("2/3 · Why not?").says("Too dear").hears("3/3 · Anything else?").presses(
        "Skip"
    )
    assert values(world, ola) == {"q1": True, "q3": "Lights"}
    assert values(world, kari) == {"q1": False, "q2": "Too dear", "q3": None}
    world.until(DEADLINE)
    frida.hears("2. Why not?\n1 answer\n- Too dear", "3. Anything else?\n1 answer\n1 skipped it")


def test_an_answer_changed_drops_what_it_led_to(world: World) -> None:
    kari = world.member("Kari")
    only_after_no(drafts(world.facilitator())).presses("Send to 1 member")
    kari.presses("Start").presses("No").says("Too dear").presses("Skip").presses("Change my answers")
    kari.presses("Change something").presses("Do you take the bus?").presses("Yes").presses("Send my answers")
    assert values(world, kari) == {"q1": True, "q3": None}


def test_whoever_skips_the_first_is_not_asked_the_second(world: World) -> None:
    ola = world.member("Ola")
    only_after_no(drafts(world.facilitator())).presses("Send to 1 member")
    ola.presses("Start").presses("Skip").hears("Anything else?")


def test_on_a_page_the_first_question_stands_alone(world: World) -> None:
    ola = world.member("Ola")
    only_after_no(drafts(world.facilitator())).presses("Send to 1 member")
    web = Address("web", "browser")
    with world.db.transaction() as tx:
        people.give_address(tx, ola.id, web, world.now)
    opened = world.event(web, Press("open", ("answers", "1"))).opens
    assert opened is not None and [field.key for field in opened.fields] == ["q1"]
    then = world.event(web, Submitted("answers", 1, {"q1": ("no",)})).opens
    assert then is not None and [field.key for field in then.fields] == ["q2", "q3"]
    assert world.event(web, Submitted("answers", 1, {"q2": ("Too dear",), "q3": ("",)})).done


def test_a_condition_can_be_taken_away_and_goes_with_its_question(world: World) -> None:
    world.member("Ola")
    frida = only_after_no(drafts(world.facilitator())).presses("Remove 1").hears("1. Why not?")
    assert "Only for those" not in frida.last
    assert "Ask one only after an answer" in frida.labels
    frida.presses("Ask one only after an answer").hears("There is no earlier question with answers to choose among.")


def test_a_condition_follows_its_question_when_another_is_removed(world: World) -> None:
    world.member("Ola")
    frida = world.facilitator()
    frida.says("/ask").answers("Not before a meeting", "bussen", "bussen", "the bus", "2026-03-12 12:00")
    for words in ("First?", "Second?", "Third?"):
        frida.presses("Add a question").answers("Yes or no", words, words, words)
    frida.presses("Ask one only after an answer").presses("3. Third?").presses("2. Second?").ticks("Yes").presses(
        "Done"
    )
    frida.presses("Look at it again").presses("Remove 1")
    frida.hears("2. Third?\nOnly for those who answer “Yes” to question 1.")
    frida.presses("Ask one only after an answer").presses("2. Third?").presses("None: everybody is asked")
    frida.hears("Everybody is asked question 2.").presses("Look at it again")
    assert "Only for those" not in frida.last


def test_it_is_frozen_once_sent(world: World) -> None:
    world.member("Ola")
    frida = only_after_no(drafts(world.facilitator())).presses("Send to 1 member")
    frida.presses_data("open:onlyif:1").hears("This is sent or cancelled, so it cannot be changed.")
