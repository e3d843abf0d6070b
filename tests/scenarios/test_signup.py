"""Signing up for scenario A: young people in Svelvik, where ages are hard rules and two lines are sensitive."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import applications, conversations, people
from tests.world import Someone, World


def begins(world: World, name: str = "Anna", account: str = "direct") -> Someone:
    world.load()
    return world.person(name, account=account).says("/start svelvik-ungdom").presses("Sign up")


def signs_up(world: World, name: str = "Anna", age: str = "15 to 17 years", mail: str = "") -> Someone:
    anna = begins(world, name).presses("A seat in the committee (about 6 meetings)").presses(age).presses("Woman")
    anna.ticks("A young person who knows what goes on outside clubs and associations").presses("Done")
    anna.says("I want a place to be in the evening").says(name)
    anna.says(mail) if mail else anna.presses("Skip")
    return anna.presses("Send my application")


def test_the_task_comes_first_with_what_is_fixed(world: World) -> None:
    world.load()
    anna = world.person("Anna").says("/start svelvik-ungdom")
    anna.hears("is looking for 10 citizens", "5 politicians take part too", "This is fixed:")
    anna.hears("You need not know anything about politics")


def test_signing_up_takes_at_most_eight_screens(world: World) -> None:
    anna = begins(world)
    anna.hears("We use what you write only to find members", "How would you like to take part?")
    before = len(anna.messages)
    anna.presses("A seat in the committee (about 6 meetings)").presses("15 to 17 years").presses("Woman")
    anna.hears("We use what you write only to find members", "Your answer: A seat in the committee")
    anna.ticks("A young person who knows what goes on outside clubs and associations").presses("Done")
    anna.presses("Skip").says("Anna").says("anna@example.org").hears("Nothing is sent yet")
    assert 1 + len(anna.messages) - before <= 8, anna.transcript()


def test_a_citizen_signs_up_in_chat_and_gets_a_receipt_with_a_date(world: World) -> None:
    anna = signs_up(world)
    anna.hears("Thank you, Anna. We have your application.", "You hear from us by")
    with world.db.reading() as tx:
        saved = applications.of(tx, anna.id, 1)
    assert saved is not None
    assert saved.answers["profiles"] == ["fri"]
    assert saved.answers["age"] == "15-17"
    assert saved.special is None


def test_a_twelve_year_old_is_refused_kindly_and_nothing_is_stored(world: World) -> None:
    anna = begins(world).presses("A seat in the committee (about 6 meetings)").presses("Under 13")
    anna.hears("You need to be at least 13 years old", "We have not stored anything about you")
    with world.db.reading() as tx:
        assert applications.of(tx, anna.id, 1) is None
        assert conversations.current(tx, anna.id) is None
        assert people.get(tx, anna.id).name == ""


def test_a_twenty_six_year_old_is_refused_and_can_follow_along(world: World) -> None:
    anna = begins(world).presses("A seat in the committee (about 6 meetings)").presses("26 or older")
    anna.hears("for people aged 13 to 25").presses("Follow along").hears("We write when there is something")


def test_a_sensitive_line_is_asked_on_the_web_only_and_stored_sealed(world: World) -> None:
    anna = (
        begins(world).presses("A seat in the committee (about 6 meetings)").presses("15 to 17 years").presses("Woman")
    )
    anna.ticks("Show me the other seats too (on our web page)").presses("Done")
    anna.hears("we ask it on our own web page only")
    assert anna.messages[-1].message.buttons[0][0]["secret"] == "login"
    anna.does_not_hear("nationality")


def test_back_skip_and_pause_lose_nothing(world: World) -> None:
    anna = begins(world).presses("A seat in the committee (about 6 meetings)").presses("15 to 17 years")
    anna.says("/back").hears("How old are you").presses("18 years").presses("Man")
    world.wait(timedelta(days=7))
    anna.says("/status").hears("You have begun something and not sent it").presses("Go on")
    anna.hears("Who we are looking for")


def test_an_application_can_be_changed_until_the_deadline_and_not_after(world: World) -> None:
    anna = signs_up(world)
    anna.presses("Change my application").hears("Here is what you wrote").presses("Change something")
    anna.presses("What should we call you?").says("Annika").presses("Send my application")
    anna.hears("Thank you, Annika. Your application is changed.")
    world.wait(timedelta(days=15))
    anna.presses("Change my application").hears("The deadline was")


def test_withdrawing_takes_two_steps_and_erases_what_was_written(world: World) -> None:
    anna = signs_up(world).presses("Withdraw my application").presses("Yes, withdraw it")
    anna.hears("what you wrote is erased")
    with world.db.reading() as tx:
        assert applications.of(tx, anna.id, 1) is None


def test_after_the_deadline_nobody_is_just_turned_away(world: World) -> None:
    world.load()
    anna = world.person("Anna").says("/start svelvik-ungdom").presses("Sign up")
    anna.presses("A seat in the committee (about 6 meetings)").presses("15 to 17 years").presses("Woman")
    world.wait(timedelta(days=20))
    anna.ticks("A young person who knows what goes on outside clubs and associations").presses("Done")
    anna.presses("Skip").says("Anna").presses("Skip").presses("Send my application")
    anna.hears("The deadline for applying was", "if a seat falls empty").presses("Follow along")


def test_somebody_under_fifteen_needs_a_guardian_who_never_sees_the_answers(world: World) -> None:
    anna = (
        begins(world).presses("A seat in the committee (about 6 meetings)").presses("13 to 14 years").presses("Woman")
    )
    anna.ticks("A young person who knows what goes on outside clubs and associations").presses("Done")
    anna.says("A secret reason").says("Anna").presses("Skip")
    anna.hears("a parent or guardian must say yes too").says("parent@example.org").presses("Send my application")
    anna.hears("We now ask your parent or guardian")
    with world.db.reading() as tx:
        saved = applications.of(tx, anna.id, 1)
    assert saved is not None
    assert saved.guardian == "asked"
    assert saved.guardian_id is not None
    letter = world.mails(saved.guardian_id)[0]
    assert "would like to join a committee" in letter.text
    assert "A secret reason" not in letter.text
    assert "Anna" not in letter.text


def test_one_person_signs_up_once(world: World) -> None:
    anna = signs_up(world, mail="anna@example.org")
    other = signs_up(world, "Anne", mail="anna@example.org")
    other.hears("This address or number is already used here")
    with world.db.reading() as tx:
        assert len(applications.listed(tx, 1)) == 1
        assert applications.listed(tx, 1)[0].person_id == anna.id


@pytest.mark.parametrize("text", ["x" * 4001, "x" * 801])
def test_text_that_is_too_long_is_refused_with_the_limit(world: World, text: str) -> None:
    anna = (
        begins(world).presses("A seat in the committee (about 6 meetings)").presses("15 to 17 years").presses("Woman")
    )
    anna.ticks("A young person who knows what goes on outside clubs and associations").presses("Done")
    anna.says(text).hears(f"{len(text)} characters")
    anna.says("Short").hears("What should we call you?")


def test_names_lose_signs_that_hide_or_turn_text(world: World) -> None:
    anna = begins(world).presses("Just follow along").says("An\u202ena\u200b 👩‍👧 ")
    anna.presses("Skip").hears("Anna 👩‍👧")


def young(world: World) -> Someone:
    """Somebody of thirteen has signed up; a guardian is asked."""
    anna = begins(world).presses("A seat in the committee (about 6 meetings)").presses("13 to 14 years")
    anna.presses("Woman").ticks("A young person who knows what goes on outside clubs and associations").presses("Done")
    anna.presses("Skip").says("Anna").presses("Skip").says("parent@example.org")
    return anna.presses("Send my application")


def test_a_guardian_is_reminded_once_and_silence_ends_the_application_kindly(world: World) -> None:
    anna = young(world)
    with world.db.reading() as tx:
        saved = applications.of(tx, anna.id, 1)
    assert saved is not None
    assert saved.guardian_id is not None
    guardian = saved.guardian_id
    assert len(world.mails(guardian)) == 1
    world.wait(timedelta(days=4))
    assert len(world.mails(guardian)) == 2
    world.until(world.mandate.call.closes + timedelta(days=13))
    assert len(world.mails(guardian)) == 2
    anna.does_not_hear("has not answered")
    world.wait(timedelta(days=2))
    anna.hears("Your parent or guardian has not answered, so your application is deleted").hears("open evenings")
    with world.db.reading() as tx:
        assert applications.of(tx, anna.id, 1) is None
        assert people.addresses(tx, guardian) == []
        assert people.get(tx, guardian).state == "forgotten"


def test_a_guardian_who_has_answered_is_left_alone(world: World) -> None:
    anna = young(world)
    with world.db.transaction() as tx:
        saved = applications.of(tx, anna.id, 1)
        assert saved is not None
        assert saved.guardian_id is not None
        guardian = world.person("Parent")
        people.give_address(tx, saved.guardian_id, guardian.address, world.now)
    guardian.presses_data(f"guardian:{saved.id}:yes").hears("The application now counts")
    anna.hears("Your parent or guardian has said yes")
    world.until(world.mandate.call.closes + timedelta(days=15))
    guardian.does_not_hear("would like to join a committee")
    with world.db.reading() as tx:
        assert applications.of(tx, anna.id, 1) is not None
