"""A panel is drawn in the open: tried, frozen, announced to everybody, decided by a public drawing, and proposed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.domain.people import Role
from bot.domain.selection.drawing import drawn
from bot.domain.selection.file import digest
from bot.domain.selection.reading import read
from bot.domain.selection.records import Record
from bot.domain.selection.verifying import check_hash, check_record
from storage import applications, draws, people
from tests.world import Someone, World

LINES = ("verv", "fri", "lag", "vgs", "ikkevgs")
SEED = "1 2 3 4 5 6 1 2 3 4 5 6 1 2 3 4 5 6 1 2"


def unrated(source: str) -> str:
    """A municipality where whoever declares a line fits it, and without the two lines that say something sensitive."""
    source = re.sub(r'\[\[profiles\]\]\nkey = "(sprak|funksj)".*?(?=\[\[)', "", source, flags=re.DOTALL)
    source = source.replace("citizens = 10", "citizens = 8")
    return source.replace("[contact]", "[selection]\nrated = false\n\n[contact]")


def applicants(world: World, count: int) -> list[Someone]:
    """People who have applied, each for two lines."""
    found = []
    for number in range(count):
        someone = world.person(f"Applicant {number}")
        answers = {
            "door": "seat",
            "age": ("13-14", "15-17", "18", "19-25")[number % 4],
            "sex": ("woman", "man")[number % 2],
            "profiles": [LINES[number % 5], LINES[(number + 2) % 5]],
        }
        with world.db.transaction() as tx:
            person = people.add(tx, world.now, someone.name, "en")
            people.give_role(tx, person.id, 1, Role.APPLICANT, world.now)
            people.change(tx, person.id, committee_id=1)
            saved = applications.save(
                tx, person.id, 1, door="seat", answers=answers, special=None, mandate_version=1, now=world.now
            )
            if answers["age"] == "13-14":
                applications.guardian_says(tx, saved.id, "yes", world.now)
        someone.enters(person.id)
        found.append(someone)
    return found


@pytest.fixture
def everybody(world: World) -> list[Someone]:
    world.load(change=unrated)
    found = applicants(world, 30)
    world.until(world.mandate.call.closes + timedelta(hours=1))
    return found


def frozen(world: World, sekri: Someone) -> None:
    sekri.says("/draw").presses("Freeze the pool for a draw").presses("A die, thrown 20 times in an open meeting")
    day = world.now + timedelta(days=3)
    sekri.says(f"{day:%Y-%m-%d} 20:00").presses("Freeze the pool").hears("The pool is frozen for draw 1")
    world.wait(timedelta(minutes=1))
    sekri.hears("Draw 1 is ready. Its fingerprint is")


def announced(world: World, sekri: Someone, klara: Someone) -> None:
    frozen(world, sekri)
    klara.presses("Announce draw 1").presses("Announce it to everybody").hears("Announced to 30 people who applied")


def the_draw(world: World) -> draws.Draw:
    with world.db.reading() as tx:
        found = draws.get(tx, 1)
    assert found is not None
    return found


def test_a_panel_is_drawn_by_two_people_and_a_die(world: World, everybody: list[Someone]) -> None:
    sekri, klara = world.secretariat("Sekri"), world.member("Klara", role=Role.CHAIR)
    announced(world, sekri, klara)
    everybody[0].hears("30 people are drawn for 8 seats", "thrown 20 times", "of the 1,000 panels", "The fingerprint")

    klara.says("/draw").presses("Type what decides draw 1").hears("Type it after that")
    world.wait(timedelta(days=4))
    klara.says("/draw").presses("Type what decides draw 1").says("seven").hears("20 digits from 1 to 6")
    klara.says(SEED).hears("Somebody else now compares it")
    klara.says("/draw").presses("Confirm draw 1").hears("You typed it, so somebody else confirms it")
    sekri.says("/draw").presses("Confirm draw 1").presses("Yes, it is right")
    sekri.hears("The panel of draw 1 is drawn. It is a proposal: people appoint, seat by seat.")

    draw = the_draw(world)
    assert draw.file is not None and draw.result is not None
    assert draw.result["seats"] == drawn(draw.file, SEED)
    with world.db.reading() as tx:
        decided = applications.decisions(tx, 1)
    assert len(decided) == 8 and {one.drawn_in for one in decided.values()} == {1}
    assert all(one.announced_at is None for one in decided.values()), "people decide and everybody hears at one hour"


def test_everybody_can_check_the_draw_with_the_own_record(world: World, everybody: list[Someone]) -> None:
    sekri, klara = world.secretariat("Sekri"), world.member("Klara", role=Role.CHAIR)
    announced(world, sekri, klara)
    draw = the_draw(world)
    assert draw.file is not None and draw.hash == digest(draw.file)
    file = read(draw.file)
    with world.db.reading() as tx:
        mine = draws.own(tx, 1, everybody[3].id)
    assert mine is not None and mine.record is not None
    own = Record.read(mine.record["document"])
    assert check_hash(file.digest, draw.hash).fine and all(check.fine for check in check_record(file, own))
    everybody[3].hears(f"In the list you are called {own.pseudonym}. You are in {own.chance} of the 1,000 panels.")
    everybody[4].does_not_hear(own.pseudonym)


def test_what_is_changed_after_the_freeze_does_not_reach_the_draw(world: World, everybody: list[Someone]) -> None:
    sekri, klara = world.secretariat("Sekri"), world.member("Klara", role=Role.CHAIR)
    sekri.says("/draw").presses("Freeze the pool for a draw").presses("A die, thrown 20 times in an open meeting")
    sekri.says(f"{world.now + timedelta(days=3):%Y-%m-%d} 20:00").presses("Freeze the pool")
    with world.db.transaction() as tx:
        changed = applications.listed(tx, 1)[0]
        applications.save(
            tx, changed.person_id, 1, door="seat", answers={**changed.answers, "profiles": ["vgs"], "sex": "man"},
            special=None, mandate_version=1, now=world.now,
        )  # fmt: skip
    world.wait(timedelta(minutes=1))
    klara.presses("Announce draw 1").presses("Announce it to everybody")
    with world.db.reading() as tx:
        mine = draws.own(tx, 1, everybody[0].id)
    assert mine is not None and mine.record is not None
    assert Record.read(mine.record["document"]).lines == ("verv", "lag")


def test_whoever_froze_it_does_not_announce_it_and_not_too_late(world: World, everybody: list[Someone]) -> None:
    sekri, klara = world.secretariat("Sekri"), world.member("Klara", role=Role.CHAIR)
    frozen(world, sekri)
    sekri.presses("Announce draw 1").hears("You froze this draw, so somebody else announces it")
    world.wait(timedelta(days=2, hours=12))
    klara.says("/draw").presses("Announce draw 1").hears("at least 24 hours after the announcement")
    everybody[0].does_not_hear("The seats are drawn by lot")


def test_a_slip_is_typed_again(world: World, everybody: list[Someone]) -> None:
    sekri, klara = world.secretariat("Sekri"), world.member("Klara", role=Role.CHAIR)
    announced(world, sekri, klara)
    world.wait(timedelta(days=4))
    klara.says("/draw").presses("Type what decides draw 1").says(SEED)
    sekri.says("/draw").presses("Confirm draw 1").presses("No, it is wrong").hears("Then it is typed again.")
    assert the_draw(world).state == "announced" and the_draw(world).seed is None


def test_a_draw_is_void_by_two_people_and_everybody_hears_why(world: World, everybody: list[Someone]) -> None:
    sekri, klara = world.secretariat("Sekri"), world.member("Klara", role=Role.CHAIR)
    announced(world, sekri, klara)
    sekri.says("/draw").presses("Make draw 1 void").says("One application was counted twice")
    sekri.presses_data("voided:1").hears("You asked for it, so somebody else decides")
    klara.hears("Sekri asks to make draw 1 void").presses("Make it void").hears("stays listed")
    everybody[7].hears("before what decides it was known", "One application was counted twice")
    sekri.says("/draw").presses("Freeze the pool for a draw").presses("A die, thrown 20 times in an open meeting")
    sekri.says(f"{world.now + timedelta(days=3):%Y-%m-%d} 20:00").presses("Freeze the pool").hears("for draw 2")
    world.wait(timedelta(minutes=1))
    klara.presses("Announce draw 2").presses("Announce it to everybody")
    everybody[7].hears("This is draw 2", "Draw 1 was made void: One application was counted twice")


def test_a_trial_binds_nobody_and_names_nobody(world: World, everybody: list[Someone]) -> None:
    sekri = world.secretariat("Sekri")
    sekri.says("/draw").presses("Try a selection").hears("The trial is being computed")
    world.wait(timedelta(minutes=1))
    sekri.hears("This was a trial, not a draw. It binds nobody.", "30 of 30 applicants can be drawn")
    sekri.does_not_hear("Applicant")
    with world.db.reading() as tx:
        assert applications.decisions(tx, 1) == {}


def test_nobody_else_tries_or_draws(world: World, everybody: list[Someone]) -> None:
    for someone in (everybody[0], world.member("Maria"), world.facilitator()):
        someone.says("/draw").hears("That is for others in this committee")
        someone.presses_data("trydraw:1").hears("That is not here any more")


def test_the_pool_is_not_frozen_while_people_can_apply(world: World) -> None:
    world.load(change=unrated)
    sekri = world.secretariat("Sekri")
    applicants(world, 12)
    sekri.says("/draw").presses("Freeze the pool for a draw").hears("People can still apply until")
