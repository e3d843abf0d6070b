"""What anybody can ask for at any time: help, language, what is open, one's own data, less mail, leaving, erasure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import i18n
from bot.domain.people import Role
from storage import answers, conversations, ideas, mydata, people
from tests.scenarios.test_prioritising import prioritisation
from tests.scenarios.test_questions import FREE, adds, answers_all, asks, frames
from tests.scenarios.test_signup import signs_up
from tests.world import Someone, World


def roles(world: World, someone: Someone) -> set[Role]:
    with world.db.reading() as tx:
        return {role for held in people.roles(tx, someone.id).values() for role in held}


def test_a_stranger_who_writes_anything_is_shown_where_to_begin(world: World) -> None:
    world.load()
    anna = world.person("Anna").says("what is this").hears("I am not sure what you mean")
    anna.presses("See the committees").hears("There is 1 committee").presses("Young people in Svelvik")
    anna.hears("is looking for 10 citizens")


def test_help_names_the_contact_person(world: World) -> None:
    world.load()
    anna = world.person("Anna").says("/start svelvik-ungdom").says("/help")
    anna.hears("/mydata - See what we know about you", "Your contact person is Demo Kontaktperson, 00 00 00 00")


@pytest.mark.parametrize(
    ("locale", "words", "heard"),
    [
        ("da", ("hjælp", "sprog", "udvalg"), ("Det kan du altid skrive", "Hvilket sprog", "udvalg")),
        ("nb", ("hjelp", "språk", "utvalg"), ("Dette kan du alltid skrive", "Hvilket språk", "utvalg")),
        ("nn", ("hjelp", "språk", "utval"), ("Dette kan du alltid skrive", "Kva språk", "utval")),
        ("en", ("Help", "language", "committees"), ("Here is what you can write", "Which language", "committee")),
    ],
)
def test_commands_are_understood_as_plain_words(
    world: World, locale: str, words: tuple[str, ...], heard: tuple[str, ...]
) -> None:
    world.load()
    someone = world.person("Anna", locale)
    for word, answer in zip(words, heard, strict=True):
        someone.says(word).hears(answer)


def test_the_language_is_changed_by_a_button_and_kept(world: World) -> None:
    world.load()
    anna = world.person("Anna", "nb").says("/language").hears("Hvilket språk").presses("Dansk")
    anna.hears("Fra nu af skriver jeg til dig på dansk")
    anna.says("/status").hears("venter")
    anna.says("/language nn").hears("nynorsk")


def test_status_shows_what_is_open_and_the_next_meeting(world: World) -> None:
    ola = world.member("Ola")
    frida = asks(world, 1)
    frida.says("/meeting").answers("2026-03-19 17:00", "Rådhuset", "Skip", "Skip", "Buss", "Skip", "Skip")
    frida.presses("Announce")
    ola.says("/status").hears("questions before the meeting, until", "Next meeting: Thursday 19 March at 17:00")
    answers_all(ola.presses("Answer now"))
    ola.says("/status").hears("you have answered. You can change it until").presses("Change my answers")
    ola.hears("wrote")


def test_edit_and_back_say_when_there_is_nothing(world: World) -> None:
    world.load()
    anna = world.person("Anna").says("/edit").hears("There is nothing you can change right now")
    anna.says("/back").hears("No form is open").says("/leave").hears("That is for others in this committee")


def test_my_data_tells_kinds_in_chat_and_the_rest_behind_a_link(world: World) -> None:
    anna = signs_up(world, mail="anna@example.org").says("/mydata")
    anna.hears("Applications: 1", "Ways to reach you: 2").does_not_hear("anna@example.org is")
    link = anna.messages[-1].message.buttons[0][0]
    assert link["secret"] == "login"
    found = facts(world, anna)
    assert ("Address or number", "anna@example.org") in found
    assert ("Name", "Anna") in found
    assert ("Age", "15 to 17 years") in found
    assert ("Sex", "Woman") in found
    assert ("Why you would like to take part", "I want a place to be in the evening") in found
    assert ("Role", "Applicant") in found


def facts(world: World, someone: Someone) -> set[tuple[str, str | bool]]:
    """Everything we have about a person, as it is shown."""
    with world.db.reading() as tx:
        parts = mydata.everything(tx, world.engine.house.vault, someone.id, i18n.NAMES)
    return {
        (i18n.say(label, "en"), value if isinstance(value, bool) else i18n.say(value, "en"))
        for part in parts
        for entry in part.entries
        for label, value in entry
    }


def test_my_data_is_told_in_words_and_never_how_one_voted(world: World) -> None:
    world.load()
    ola, *_others = (world.member(f"Member{number}") for number in range(5))
    asks(world, 5)
    answers_all(ola)
    ola.says("/idea Lights on the path")
    prioritisation(world)
    world.wait(timedelta(days=1))  # a second message on the same day waits
    ola.ticks("A night bus").presses("Send my vote").says("/idea A bench").says("what is this")
    found = facts(world, ola)
    assert ("Your idea", "Lights on the path") in found
    assert ("What became of it", "Sent") in found
    assert ("Role", "Citizen member") in found
    assert ("Name", "What first") in found
    assert ("Text", "what is this") in found
    assert not any("A night bus" in str(value) for _label, value in found)
    coded = {"active", "citizen", "sent", "offered", "en", "direct", "seat"}
    assert not any("_" in label or value in coded for label, value in found), found


def test_hearing_less_stops_prompts_and_keeps_the_seat(world: World) -> None:
    ola, kari = world.member("Ola"), world.member("Kari")
    ola.says("/stop").hears("Your place in the committee stays as it is").presses("Only the necessary")
    frida = asks(world, 2)
    ola.does_not_hear("a question for you")
    kari.hears("a question for you")
    assert Role.CITIZEN in roles(world, ola)
    frida.says("/meeting").answers("2026-03-19 17:00", "Rådhuset", "Skip", "Skip", "Buss", "Skip", "Skip")
    frida.presses("Announce")
    ola.hears("Thursday 19 March at 17:00")
    ola.says("/stop").hears("You hear little from us already").presses("Yes, write to me").hears(
        "Good. You hear from us"
    )


def test_whoever_wants_nothing_is_called_instead(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    ola.says("/stop").presses("Nothing, call me instead").hears("We write nothing more")
    frida.hears("Ola wants no messages. Please call instead")
    frida.says("/meeting").answers("2026-03-19 17:00", "Rådhuset", "Skip", "Skip", "Buss", "Skip", "Skip")
    frida.presses("Announce")
    ola.does_not_hear("19 March")


def test_leaving_takes_two_steps_and_the_contact_person_is_told(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    ola.says("/leave").hears("Do you want to leave").presses("No, stay").hears("nothing is changed")
    assert Role.CITIZEN in roles(world, ola)
    ola.says("/leave").presses("Yes, leave").hears("You have left the committee")
    frida.hears("Ola has left the committee. The place is empty.")
    assert roles(world, ola) == set()


def test_erasure_says_what_stays_and_leaves_nothing_else(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    ola.says("/idea A night bus").says("/forget").hears("What stays", "You also give up your place")
    ola.presses("No, keep it").hears("nothing is changed")
    number = ola.id
    ola.says("/forget").presses("Yes, erase it all").hears("It is done. Your data is erased")
    frida.hears("A member has left the committee and had the data erased").does_not_hear("Ola has")
    with world.db.reading() as tx:
        assert people.get(tx, number).name == ""
        assert people.addresses(tx, number) == []
        assert conversations.current(tx, number) is None
        assert not [idea for idea in ideas.listed(tx, 1, number) if idea.person_id == number and idea.text]
        assert answers.of(tx, 1, number) is None
    again = ola.says("/status")
    assert again.id != number
    again.hears("Nothing is waiting for you")


def test_the_administration_cannot_be_erased_before_its_role_ends(world: World) -> None:
    frida = world.facilitator().says("/forget").hears("Ask the owner of the service to end your role first")
    assert Role.FACILITATOR in roles(world, frida)


def test_text_that_fits_nothing_finds_a_place(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    ola.says("The bus is always late").hears("What is it that you wrote?").presses("A message to my contact person")
    ola.hears("Your message is with Demo Kontaktperson")
    frida.hears("Ola writes to you:", "The bus is always late")
    ola.says("A night bus").presses("It is an idea").hears("Your idea is on the list")
    ola.says("Never mind me").presses("Never mind").hears("It is deleted")
    world.wait(timedelta(days=1))
    ola.presses_data("place:idea").hears("That text is gone. Please write it again.")


def test_a_text_that_was_meant_as_an_answer_becomes_one(world: World) -> None:
    ola, kari = world.member("Ola"), world.member("Kari")
    frida = world.facilitator()
    adds(frames(frida), FREE, "Hva mangler mest?").presses("Send to 2 members")
    ola.says("A night bus").hears("What is it that you wrote?").presses("It is an answer")
    ola.hears("Thank you. Your answers are in")
    kari.presses("Start").says("Benches")
    kari.says("More benches").hears("What is it that you wrote?")
    assert "It is an answer" not in kari.labels, "these questions are answered"
    kari.presses_data("place:answer").hears("These questions are closed, or you have answered them")
    kari.presses("A message to my contact person").hears("Your message is with")


def test_a_text_is_not_forced_into_a_question_it_cannot_answer(world: World) -> None:
    ola = world.member("Ola")
    asks(world, 1)
    ola.says("A night bus").hears("What is it that you wrote?").presses("Answer now").hears("Hva trengs mest?")


def test_erasure_takes_ideas_that_were_withdrawn_before_too(world: World) -> None:
    ola = world.member("Ola").says("/idea A secret wish")
    ola.presses("Withdraw it")
    number = ola.id
    ola.says("/forget").presses("Yes, erase it all")
    with world.db.reading() as tx:
        kept = tx.exec_driver_sql(f"SELECT text FROM idea WHERE person_id = {number}").scalars().all()
    assert kept == [""]
