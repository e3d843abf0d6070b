"""Several things to one person in one message: each once, and none that has been settled meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.chat.messages import Rendered, Ticks
from bot.engine.errand import Errand
from bot.engine.merging import merged, without_echoes
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
    world.wait(HOUR)
    (all_of_it,) = calls(world)
    assert "Bring coffee" in all_of_it and "Bring tea" in all_of_it and "the bus" in all_of_it
    frida.says("/questions").presses("the bus: open").presses("Cancel").presses("Yes, cancel them")
    world.wait(HOUR)
    (left,) = calls(world)
    assert left.count("Bring coffee") == left.count("Bring tea") == 1 and "the bus" not in left


def calls(world: World) -> list[str]:
    """What waits to be read aloud."""
    with world.db.reading() as tx:
        return [paper.text_of(tx, one.id).text for one in paper.tasks(tx, 1, world.now)]


def test_each_keeps_its_buttons_and_boxes_stand_under_what_they_belong_to() -> None:
    def button(label: str) -> dict[str, str]:
        return {"label": label, "data": "x"}

    ticks = {"options": ["A"], "send_label": "Send"}
    statements = Rendered("Tick.", ticks=ticks, locale="en")
    minutes = Rendered("Minutes.", ((button("Answer now"),), (button("Read"),), (button("Not now"),)), locale="en")
    both = merged([statements, minutes])
    assert both.text == "1 of 2:\nMinutes.\n\n2 of 2:\nTick."
    assert both.ticks == ticks
    assert [row[0]["label"] for row in both.buttons] == ["1. Answer now", "1. Read", "1. Not now"]


def test_of_two_with_boxes_the_second_goes_a_day_later(world: World) -> None:
    """No message has the boxes of two: whoever ticked would not know which."""
    ola, frida = world.member("Ola"), world.facilitator()
    frida.says("/prompt").answers("One.", "One.", "One.").presses("all members (1)").presses("Now").presses("Send now")
    with world.db.transaction() as tx:
        errand = Errand(world.engine.house, world.engine.router, tx, world.now)
        errand.about(1)
        for text in ("Which idea?", "Which day?"):
            boxes = Ticks("boxes", "cast", ("1",), (f"{text} A", f"{text} B"), "Send")
            errand.tell(ola.id, text, notice="x", ticks=boxes, lasting=9 * 24 * HOUR)
    world.wait(24 * HOUR)
    assert [one for one in ola.labels if "?" in one] == ["Which idea? A", "Which idea? B"]
    ola.does_not_hear("Which day?")
    world.wait(8 * 24 * HOUR)
    assert [one for one in ola.labels if "?" in one] == ["Which day? A", "Which day? B"]


def test_what_could_not_go_before_its_deadline_lets_nothing_else_go_then(world: World) -> None:
    """A reminder beyond the budget waits for company until its deadline; what waits for its own day keeps waiting."""
    ola, frida = world.member("Ola"), world.facilitator()
    for text in ("One.", "Two."):
        frida.says("/prompt").answers(text, text, text).presses("all members (1)").presses("Now").presses("Send now")
        world.wait(24 * HOUR)
    frida.says("/prompt").answers("Three.", "Three.", "Three.").presses("all members (1)").presses("Now")
    frida.presses("Send now")
    with world.db.transaction() as tx:
        errand = Errand(world.engine.house, world.engine.router, tx, world.now)
        errand.about(1)
        deadline = world.now + 24 * HOUR
        errand.tell(ola.id, "Only along.", notice="x", kind="reminder", about=("prompt", 99), expires_at=deadline)
    world.wait(25 * HOUR)
    ola.does_not_hear("Only along.", "Three.")
    world.wait(9 * 24 * HOUR)
    ola.hears("Three.").does_not_hear("Only along.")
