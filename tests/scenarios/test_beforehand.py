"""The first messages a member gets: a welcome, and the day before a meeting where to go; nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.people import Role
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


def unasked(ola: Someone) -> list[str]:
    return [seen.text for seen in ola.messages if "We meet" in seen.text or "Bring a cake" in seen.text]


def test_what_is_planned_for_later_that_day_and_the_day_before_are_one_message(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    announced(frida)
    frida.says("/prompt").answers("Bring a cake.", "Skip", "Bring a cake.", "all members (1)", "At a time")
    frida.says("2026-03-18 09:00").presses("Schedule for Wednesday 18 March at 09:00")
    world.until(datetime(2026, 3, 17, 12, tzinfo=UTC))
    mornings(world)
    world.until(datetime(2026, 3, 18, 7, 59, tzinfo=UTC))
    assert unasked(ola) == []
    world.wait(2 * DAY)
    (both,) = unasked(ola)
    assert "We meet tomorrow: Thursday 19 March at 17:00" in both
    assert "Bring a cake." in both


def test_what_was_planned_and_is_cancelled_holds_the_day_before_no_longer_than_that(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    announced(frida)
    frida.says("/prompt").answers("Bring a cake.", "Skip", "Bring a cake.", "all members (1)", "At a time")
    frida.says("2026-03-18 09:00").presses("Schedule for Wednesday 18 March at 09:00")
    world.until(datetime(2026, 3, 17, 12, tzinfo=UTC))
    mornings(world)
    world.until(datetime(2026, 3, 18, 7, tzinfo=UTC))
    frida.presses("Cancel")
    world.until(datetime(2026, 3, 18, 8, 1, tzinfo=UTC))
    (one,) = unasked(ola)
    assert "We meet tomorrow" in one


def test_who_has_not_said_yet_can_say_so_the_day_before(world: World) -> None:
    ola, kari, frida = world.member("Ola"), world.member("Kari"), world.facilitator()
    announced(frida)
    ola.presses("I will be late")
    world.until(datetime(2026, 3, 17, 12, tzinfo=UTC))
    mornings(world)
    world.wait(DAY)
    ola.hears("We meet tomorrow").does_not_hear("Are you coming?")
    assert ola.labels == []
    kari.hears("We meet tomorrow", "Are you coming? Only your contact person sees your answer.")
    kari.presses("I cannot come").hears("You have said that you cannot come.")


def monday(world: World) -> tuple[Someone, Someone]:
    """A citizen and a politician are asked on Wednesday, for a meeting on Monday."""
    ola, pia, frida = world.member("Ola"), world.member("Pia", role=Role.POLITICIAN), world.facilitator()
    announced(frida, "2026-03-16 17:00")
    mornings(world)
    world.until(datetime(2026, 3, 11, 9, tzinfo=UTC))
    frida.says("/ask").presses("The meeting Monday 16 March at 17:00")
    frida.answers("bussen", "Skip", "the bus", "2026-03-16 08:00").presses("Add a question")
    frida.answers("Yes or no", "Flere busser?", "Skip", "More buses?").presses("Send to 2 members")
    world.until(datetime(2026, 3, 16, 16, tzinfo=UTC))
    return ola, pia


def test_a_politician_reads_with_the_questions_where_the_meeting_is_and_hears_nothing_more_that_week(
    world: World,
) -> None:
    ola, pia = monday(world)
    where = "Place and door: Rådhuset, inngang nord"
    (asked,) = [seen.text for seen in pia.messages if seen.at > datetime(2026, 3, 11, tzinfo=UTC)]
    assert "questions before" in asked or "short question" in asked
    assert where in asked and "00 00 00 00" in asked
    pia.does_not_hear("We meet soon", "You can still answer.")
    ola.hears("We meet soon: Monday 16 March at 17:00", where)
    assert where not in next(seen.text for seen in ola.messages if "short question" in seen.text)
