"""It is somebody's turn, and they are told: a call closes, a public drawing has been held, a panel is drawn."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain.people import Role
from tests.scenarios.test_appointing import LAG, applies
from tests.scenarios.test_assessing import selecting
from tests.scenarios.test_call import reopens
from tests.scenarios.test_drawing import SEED, announced, applicants, three_panels, unrated
from tests.world import World

CLOSED = "The call for the committee on"


def test_those_who_assess_hear_how_many_came_and_until_when_to_assess(world: World) -> None:
    world.load()
    frida, sekri, per = world.facilitator(), world.secretariat(), world.member("Per", role=Role.POLITICIAN)
    anna, _berit = applies(world, "Anna"), applies(world, "Berit", LAG)
    world.until(world.mandate.call.closes - timedelta(minutes=1))
    frida.does_not_hear(CLOSED)
    world.wait(timedelta(minutes=2))
    for someone in (frida, sekri):
        someone.hears("2 people have applied for a seat. Please assess the applications by 21 March 2026")
    per.does_not_hear(CLOSED), anna.does_not_hear(CLOSED)
    frida.presses("Assess applications").hears("0 of 2 rated")


def test_politicians_who_choose_assess_too_and_where_nobody_assesses_those_who_decide_hear_it(world: World) -> None:
    world.load(change=selecting(by='"politicians"'))
    per, klara = world.member("Per", role=Role.POLITICIAN), world.member("Klara", role=Role.CHAIR)
    frida = world.facilitator()
    applies(world, "Anna")
    world.until(world.mandate.call.closes)
    for someone in (per, klara, frida):
        someone.hears("1 person has applied for a seat. Please assess the application by")


def test_where_nobody_assesses_those_who_decide_hear_that_the_call_has_closed(world: World) -> None:
    world.load(change=unrated)
    frida, sekri = world.facilitator(), world.secretariat()
    applies(world, "Anna")
    world.until(world.mandate.call.closes)
    sekri.hears("1 person has applied for a seat. Everybody is answered").presses("All applications")
    assert "1. Anna: no decision yet" in sekri.labels
    frida.does_not_hear(CLOSED)


def test_where_nobody_came_that_is_said(world: World) -> None:
    world.load()
    sekri = world.secretariat()
    world.until(world.mandate.call.closes)
    sekri.hears("has closed, and nobody has applied for a seat.")


def test_the_hour_moves_with_the_dates_of_the_call_and_a_line_called_again_has_its_own(world: World) -> None:
    world.load()
    frida, sekri = world.facilitator(), world.secretariat()
    applies(world, "Anna")
    first = world.mandate.call.closes

    def moved(source: str) -> str:
        source = re.sub(r"closes = .*", "closes = 2026-03-18T23:59:00", source)
        return re.sub(r"version = 1\b", "version = 2", source)

    world.load(change=moved)
    assert world.mandate.call.closes == first + timedelta(days=2)
    world.until(first + timedelta(hours=1))
    frida.does_not_hear(CLOSED)
    world.until(world.mandate.call.closes)
    frida.hears("1 person has applied for a seat.")
    world.wait(timedelta(hours=1))
    reopens(sekri, LAG, closes="2026-03-24 12:00", answered="2026-04-10 12:00")
    world.until(world.mandate.call.closes)
    assert sum(CLOSED in seen.text for seen in frida.messages) == 2


def test_everybody_whose_turn_it_is_hears_of_each_step_of_a_draw(world: World) -> None:
    by = 'rated = false\nby = "politicians"'
    world.load(change=lambda source: three_panels(source).replace("rated = false", by))
    applicants(world, 30)
    world.until(world.mandate.call.closes + timedelta(hours=1))
    sekri, klara = world.secretariat("Sekri"), world.member("Klara", role=Role.CHAIR)
    per, frida = world.member("Per", role=Role.POLITICIAN), world.facilitator()
    announced(world, sekri, klara)
    klara.does_not_hear("goes on as soon as this is known")
    world.wait(timedelta(days=4))
    sekri.hears("Draw 1 goes on as soon as this is known.").presses("Type what decides draw 1").says(SEED)
    klara.hears("What decides draw 1 was typed: 12345612345612345612. Please compare it with the source.")
    assert sum("was typed" in seen.text for seen in sekri.messages) == 0
    klara.presses("Confirm draw 1").presses("Yes, it is right")
    assert sum("is drawn. It is a proposal" in seen.text for seen in klara.messages) == 1, "who drew it knows"
    for someone in (per, sekri):
        someone.hears("please decide it, seat by seat.", "Everybody is answered Thursday 26 March at 12:00.")
        someone.presses("See the panel").hears("The panel", "drawn by lot")
    frida.does_not_hear("please decide it"), per.does_not_hear("was typed")
