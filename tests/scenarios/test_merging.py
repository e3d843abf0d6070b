"""Several things to one person in one message: each once, and none that has been settled meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.engine.merging import without_echoes
from storage import paper
from tests.scenarios.test_calling import asks, on_the_phone
from tests.world import World

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Row:
    """A message that waits."""

    kind: str
    about: str | None = None
    about_id: int | None = None


def test_of_several_reminders_of_one_thing_the_newest_goes_along_and_none_with_the_thing_itself() -> None:
    early, late = Row("reminder", "prompt", 1), Row("reminder", "prompt", 1)
    asked, echo, other = Row("prompt", "prompt", 2), Row("reminder", "prompt", 2), Row("reminder")
    found = without_echoes([early, asked, echo, other, other, late])
    assert [id(row) for row in found] == [id(row) for row in (asked, other, other, late)]


def test_what_is_answered_meanwhile_falls_out_of_a_call_that_waits(world: World) -> None:
    on_the_phone(world, "Kari", "+47 22 22 22 22")
    frida = world.facilitator()
    asks(frida)
    frida.says("/prompt").answers("Ta med kaffe", "Skip", "Bring coffee", "all members (1)", "Now").presses("Send now")
    frida.says("/prompt").answers("Ta med te", "Skip", "Bring tea", "all members (1)", "Now").presses("Send now")
    assert [parts for parts in calls(world) if "the bus" in parts]
    frida.says("/questions").presses("the bus: open").presses("Cancel").presses("Yes, cancel them")
    world.wait(HOUR)
    (left,) = calls(world)
    assert "Bring coffee" in left and "Bring tea" in left and "the bus" not in left


def calls(world: World) -> list[str]:
    """What waits to be read aloud."""
    with world.db.reading() as tx:
        return [one.message.text for one in paper.tasks(tx, 1, world.now)]
