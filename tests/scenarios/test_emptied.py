"""Somebody on the drawn panel is gone before anything was told: the draw stands, and the first in line is asked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.domain.people import Role
from bot.domain.selection.drawing import drawn
from storage import applications, draws
from storage.database import every
from storage.frozen import frozen
from storage.tables import Reserve
from tests.scenarios.test_deciding import changes, panel
from tests.scenarios.test_drawing import SEED, announced, applicants, drawn_panel, the_draw, unrated
from tests.world import Someone, World

EMPTY = "empty: the person has been erased; ask the first in line"


@pytest.fixture
def everybody(world: World) -> list[Someone]:
    world.load(change=unrated)
    found = applicants(world, 30)
    world.until(world.mandate.call.closes + timedelta(hours=1))
    return found


def holder(world: World, everybody: list[Someone], seat: str) -> Someone:
    """Whom the seed draws, or drew, for a seat."""
    file = the_draw(world).file
    assert file is not None
    with world.db.reading() as tx:
        numbers = {one.pseudonym: one.application_id for one in draws.entrants(tx, 1)}
        application = applications.get(tx, numbers[drawn(file, SEED)[seat]] or 0)
    assert application is not None
    return next(one for one in everybody if one.id == application.person_id)


def in_line(world: World, everybody: list[Someone], seat: str) -> list[str]:
    """The names of the reserves of a seat, in their order."""
    with world.db.reading() as tx:
        rows = [row for row in every(tx, Reserve, Reserve.__table__.select()) if row.seat == seat]
        order = [applications.get(tx, row.application_id) for row in sorted(rows, key=lambda row: row.place)]
    names = {one.id: one.name for one in everybody}
    return [names[one.person_id] for one in order if one is not None]


def confirmed(world: World, sekri: Someone, klara: Someone) -> None:
    world.wait(timedelta(days=4))
    klara.says("/draw").presses("Type what decides draw 1").says(SEED)
    sekri.says("/draw").presses("Confirm draw 1").presses("Yes, it is right").presses("See the panel")


def test_the_draw_stands_where_somebody_on_the_panel_was_erased_before_it(
    world: World, everybody: list[Someone], tmp_path: Path
) -> None:
    sekri, klara = world.secretariat("Sekri"), world.member("Klara", role=Role.CHAIR)
    announced(world, sekri, klara)
    seat = "fri.1"
    gone = holder(world, everybody, seat)
    staying = next(one for one in everybody if one is not gone)
    left = [one for one in everybody if one is not gone]
    with world.db.reading() as tx:
        mine = draws.own(tx, 1, staying.id)
        pool = frozen(tx, world.engine.house.vault, the_draw(world)).pool
    gone.says("/forget").presses("Yes, erase it all")
    confirmed(world, sekri, klara)
    sekri.hears(EMPTY)
    with world.db.reading() as tx:
        assert len(applications.seated(tx, 1)) == pool.seats - 1, "nobody is drawn anew"
        assert draws.emptied(tx, the_draw(world)) == {seat: "erased"}
    first = in_line(world, left, seat)[0]

    number = sekri.last.split(EMPTY)[0].rsplit("\n", 1)[-1].split(".")[0]
    changes(sekri, number).hears(
        "Whoever was drawn for this seat has had everything erased", f"Next in line is {first}"
    )
    sekri.presses("Ask the reserve").hears("Noted. The applicant hears it")
    panel(sekri).hears(f"{first}, next in line when the seat fell empty").does_not_hear(f"{first}: empty")
    assert EMPTY not in sekri.last
    comes = next(one for one in left if one.name == first)
    comes.does_not_hear("You have been appointed")
    sekri.presses("Decide the rest").presses("Yes, decide the rest")
    world.until(world.mandate.call.answered)
    comes.hears("You have been appointed to the committee")

    file, own = tmp_path / "panels.txt", tmp_path / "record.json"
    assert mine is not None and mine.record is not None
    file.write_bytes(the_draw(world).file or b"")
    own.write_text(world.engine.house.vault.open(mine.record), encoding="utf-8")
    checked = CliRunner().invoke(app, ["panel", "verify", str(file), SEED, "--record", str(own)])
    assert checked.exit_code == 0 and "No fault was found." in checked.output


def test_who_is_gone_after_the_draw_and_before_the_answers_leaves_the_seat_to_the_first_in_line(
    world: World, everybody: list[Someone]
) -> None:
    sekri, klara = world.secretariat("Sekri"), world.member("Klara", role=Role.CHAIR)
    drawn_panel(world, sekri, klara)
    erased, withdrawn = holder(world, everybody, "fri.1"), holder(world, everybody, "lag.1")
    erased.says("/forget").presses("Yes, erase it all")
    panel(sekri).hears(EMPTY)
    withdrawn.presses_data("withdraw:1").presses("Yes, withdraw it")
    panel(sekri).hears("empty: the person has withdrawn; ask the first in line")
    klara.presses_data("firstin:1:fri.1").hears("That is for others in this committee")
    sekri.presses_data("firstin:1:vgs.1").hears("That is not here any more")


def test_who_was_offered_a_seat_and_has_everything_erased_frees_it(world: World, everybody: list[Someone]) -> None:
    sekri, klara = world.secretariat("Sekri"), world.member("Klara", role=Role.CHAIR)
    drawn_panel(world, sekri, klara)
    panel(sekri).presses("Decide the rest").presses("Yes, decide the rest")
    world.until(world.mandate.call.answered)
    holder(world, everybody, "fri.1").hears("Do you take the seat?").says("/forget").presses("Yes, erase it all")
    world.wait(timedelta(minutes=1))
    sekri.hears("A member has left, and this seat is free", "Next in line is")


def test_a_draw_whose_panels_were_being_made_when_somebody_was_erased_is_void(
    world: World, everybody: list[Someone]
) -> None:
    sekri = world.secretariat("Sekri")
    sekri.says("/draw").presses("Freeze the pool for a draw").presses("A die, thrown 20 times in an open meeting")
    sekri.says(f"{world.now + timedelta(days=3):%Y-%m-%d} 20:00").presses("Freeze the pool")
    everybody[4].says("/forget").presses("Yes, erase it all")
    world.wait(timedelta(minutes=1))
    sekri.hears("Draw 1 is void: nothing is announced.", "Freeze the pool again.")
    sekri.says("/draw").hears("29 people can be drawn for 8 free seats.")
