"""What a person hears in a week: few messages, several things in one, nothing at night, and nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.chat.events import Address
from bot.domain.people import Role
from storage import people
from tests.world import Someone, World

DAY = timedelta(days=1)


def message(frida: Someone, text: str) -> None:
    """Written to all members in the committee's one language, now."""
    frida.says("/prompt").answers(text)
    while "Who gets it?" not in frida.last:
        frida.says(text)
    frida.presses(next(label for label in frida.labels if label.startswith("all members"))).presses("Now")
    frida.presses("Send now")


def unasked(someone: Someone) -> list[str]:
    """What came that was no answer, by its neutral first line."""
    return [seen.message.subject for seen in someone.messages if seen.message.subject]


def test_two_messages_of_a_day_are_two_and_a_third_waits_for_the_next_week(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    message(frida, "The minutes are on the wall.")
    ola.hears("The minutes are on the wall.")
    message(frida, "The key is with the caretaker.")
    ola.does_not_hear("The key")
    frida.presses("How did it arrive?").hears("1")
    world.wait(DAY)
    ola.hears("The key is with the caretaker.")
    message(frida, "Bring a cake.")
    message(frida, "Bring a chair.")
    world.wait(5 * DAY)
    ola.does_not_hear("Bring")
    world.wait(DAY)
    ola.hears("1 of 2:\nFrom the administration:\nBring a cake.", "\nBring a chair.", "2 things for you")
    assert len(unasked(ola)) == 3


def test_what_waits_counts_as_delivered_when_it_went_along(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    for text in ("One.", "Two.", "Three."):
        message(frida, text)
    world.wait(DAY)
    ola.hears("1 of 2:\nFrom the administration:\nTwo.", "\nThree.")
    frida.presses("How did it arrive?").hears("Ola: has it (Direct, Tuesday 3 March at 08:00)")


def test_nobody_is_written_to_at_night_in_the_own_zone(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    with world.db.transaction() as tx:
        people.change(tx, ola.id, zone="America/New_York")
    message(frida, "Good morning.")  # ten in Norway, four in New York
    ola.does_not_hear("Good morning.")
    world.until(datetime(2026, 3, 2, 13, tzinfo=UTC))
    ola.hears("Good morning.")


def test_a_politician_gets_one_message_a_week(world: World) -> None:
    pia, ola = world.member("Pia", role=Role.POLITICIAN), world.member("Ola")
    frida = world.facilitator()
    message(frida, "One.")
    world.wait(2 * DAY)
    message(frida, "Two.")
    ola.hears("Two.")
    pia.does_not_hear("Two.")
    world.wait(5 * DAY)
    pia.hears("Two.")


def test_nothing_goes_beyond_a_politicians_week_and_what_would_be_too_late_stands_on_the_page(world: World) -> None:
    pia, ola, frida = world.member("Pia", role=Role.POLITICIAN), world.member("Ola"), world.facilitator()
    message(frida, "One.")
    world.wait(DAY)
    message(frida, "Two.")
    world.wait(DAY)
    questions(frida, "bussen", "2026-03-06 12:00", "2 members")
    world.until(datetime(2026, 3, 5, 12, tzinfo=UTC))
    assert any("bussen" in text for text in told(ola)), "who is no politician is asked before it is too late"
    assert not any("bussen" in text for text in told(pia))
    (there,) = world.messages(Address("web", f"p{pia.id}"))
    assert "bussen" in there.text and "Start" in there.labels
    pia.says("/status").hears("questions before the meeting, until Friday 6 March")
    world.until(datetime(2026, 3, 6, 13, tzinfo=UTC))
    frida.says("/questions").presses(frida.labels[0]).presses("How did it arrive?").hears("Pia: was not sent it")
    world.wait(4 * DAY)
    assert len(unasked(pia)) == 2 and "Two." in told(pia)[-1], "the next one is a week after the first"
    world.until(datetime(2026, 3, 11, 9, tzinfo=UTC))
    questions(frida, "benken", "2026-03-17 12:00", "2 members")
    message(frida, "Three.")
    world.until(datetime(2026, 3, 16, 12, tzinfo=UTC))
    assert "benken" in told(pia)[-1] and "Three." in told(pia)[-1], "what can wait for it goes along"


def told(someone: Someone) -> list[str]:
    """The texts of what came that was no answer."""
    return [seen.text for seen in someone.messages if seen.message.subject]


def test_the_budget_is_over_all_committees(world: World) -> None:
    ola = world.member("Ola")
    frida, fie = world.facilitator(), world.facilitator("Fie", committee=world.load("gentofte-biblioteker"))
    assert world.committee is not None
    with world.db.transaction() as tx:
        people.give_role(tx, ola.id, world.committee.id, Role.CITIZEN, world.now)
    message(frida, "From the youth.")
    message(fie, "From the libraries.")
    ola.hears("From the youth.").does_not_hear("From the libraries.")
    world.wait(DAY)
    ola.hears("From the libraries.")


def test_after_stop_nothing_that_waited_comes(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    message(frida, "One.")
    message(frida, "Two.")
    ola.says("/stop").presses("Only the necessary")
    world.wait(9 * DAY)
    ola.does_not_hear("Two.")


def test_a_pause_holds_what_can_wait_and_the_facilitator_knows(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    ola.says("/pause").presses("2 weeks").hears("Until 16 March 2026 we write only what you must know")
    frida.hears("Ola takes a pause until 16 March 2026 and keeps the place")
    message(frida, "Bring a cake.")
    message(frida, "Bring a chair.")
    frida.says("/meeting").answers("2026-03-19 17:00", "The town hall", "Skip", "Skip", "The bus", "Skip", "Skip")
    frida.presses("Announce")
    ola.hears("The town hall")
    world.until(datetime(2026, 3, 16, 6, 59, tzinfo=UTC))
    ola.does_not_hear("Bring")
    world.wait(timedelta(minutes=2))
    ola.hears("1 of 2:\nFrom the administration:\nBring a cake.", "\nBring a chair.")


def test_who_is_back_earlier_hears_at_once_what_waited(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    message(frida, "One.")
    ola.says("/stop").presses("A pause").presses("Until a day I choose").says("2026-04-01")
    message(frida, "Two.")
    world.wait(3 * DAY)
    ola.does_not_hear("Two.").says("/pause").hears("You have a pause until 1 April 2026").presses("I am back")
    assert [seen for seen in ola.messages if "Two." in seen.text], ola.transcript()


def questions(frida: Someone, about: str, deadline: str, whom: str = "1 member") -> None:
    """One question to all members, in one language after the other."""
    frida.says("/ask").answers("Not before a meeting", about, "Skip", about, deadline).presses("Add a question")
    frida.answers("Yes or no", f"{about}?", "Skip", f"{about}?").presses(f"Send to {whom}")


def test_whoever_answers_before_the_message_comes_has_got_the_questions(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    message(frida, "The minutes are on the wall.")
    questions(frida, "bussen", "2026-03-16 12:00")
    ola.does_not_hear("bussen").says("/status").presses(ola.labels[0]).presses("Yes").hears("Your answers are in")
    world.wait(DAY)
    ola.does_not_hear("what you think about bussen")
    frida.presses("How did it arrive?").hears("Sent to 1 of 1.", "Ola: has it").does_not_hear("does not get it")


def test_reminders_due_at_one_time_are_one_message_with_the_buttons_of_each(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    questions(frida, "bussen", "2026-03-16 12:00")
    questions(frida, "benken", "2026-03-16 12:00")
    world.until(datetime(2026, 3, 15, 12, tzinfo=UTC))
    reminders = [seen for seen in ola.messages if "You can still answer." in seen.text]
    assert [seen.text.count("You can still answer.") for seen in reminders] == [2], ola.transcript()
    labels = [f"{number}. {label}" for number in (1, 2) for label in ("Answer now", "Skip this time")]
    assert reminders[0].labels == labels
    ola.presses("2. Answer now").presses("Yes").hears("Your answers are in")
    world.wait(3 * DAY)
    assert len(unasked(ola)) == 4 and "bussen" in ola.last, ola.transcript()  # the last day's is of what is open
