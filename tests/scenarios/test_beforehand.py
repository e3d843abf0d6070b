"""The first messages a member gets: a welcome, and the day before a meeting where to go; nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handlers import beforehand
from tests.world import Someone, World

DAY = timedelta(days=1)


def mornings(world: World) -> None:
    """The service has started, and looks at the calendar each morning."""
    with world.db.transaction() as tx:
        beforehand.plan(tx, world.now, "Europe/Oslo")


def announced(frida: Someone, at: str = "2026-03-19 17:00") -> None:
    frida.says("/meeting").answers(at, "Rådhuset, inngang nord", "Skip", "Skip", "Bussen", "Skip", "Skip")
    frida.presses("Announce")


def test_members_are_welcomed_once_and_told_the_day_before_where_to_go(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    mornings(world)
    announced(frida)
    world.wait(DAY)
    ola.hears("Welcome to the committee", "Rådhuset, inngang nord", "You need not say why")
    ola.presses("I need something").says("En rampe").hears("Thank you")
    frida.hears("Ola needs this to take part: En rampe")
    world.until(datetime(2026, 3, 18, 6, 59, tzinfo=UTC))
    ola.does_not_hear("We meet tomorrow")
    world.wait(timedelta(hours=2))
    ola.hears("We meet tomorrow: Thursday 19 March at 17:00", "Place and door: Rådhuset, inngang nord")
    world.wait(9 * DAY)
    texts = [seen.text for seen in ola.messages]
    assert sum("Welcome to the committee" in text for text in texts) == 1
    assert sum("We meet tomorrow" in text for text in texts) == 1


def test_of_a_cancelled_meeting_nobody_is_told_the_day_before(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    mornings(world)
    announced(frida)
    frida.says("/meetings").presses("Thursday 19 March at 17:00 (announced)").presses("Cancel the meeting")
    frida.presses("Yes, cancel it")
    world.wait(20 * DAY)
    ola.does_not_hear("Welcome", "We meet tomorrow")


def test_the_day_before_and_the_last_reminder_are_one_message(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    announced(frida)
    frida.says("/ask").presses("The meeting Thursday 19 March at 17:00")
    frida.answers("bussen", "Skip", "the bus", "2026-03-19 08:00").presses("Add a question")
    frida.answers("Yes or no", "Flere busser?", "Skip", "More buses?").presses("Send to 1 member")
    world.until(datetime(2026, 3, 17, 12, tzinfo=UTC))
    mornings(world)
    world.wait(DAY)
    ola.hears("2 things for you", "We meet tomorrow", "You can still answer.")


def test_a_draft_that_was_given_up_was_no_first_meeting(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    frida.says("/meeting").answers("2026-03-10 17:00", "Rådhuset", "Skip", "Skip", "Bussen", "Skip", "Skip")
    frida.presses("Cancel the meeting").presses("Yes, cancel it")
    announced(frida)
    mornings(world)
    world.wait(DAY)
    ola.hears("Welcome to the committee")
