"""A seat falls empty: the draw's order for it, reserves kept by hand, and who moves so that somebody can come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot import i18n
from bot.domain.people import Role
from storage import applications, draws, people, selection_record
from storage.database import insert
from storage.tables import Application, Audit, Entrant, RoleRow
from tests.scenarios.test_appointing import FRI, LAG, applies, appoints
from tests.scenarios.test_deciding import drawn, panel
from tests.world import Someone, World

VERV = "Young people who have been elected to something, such as a student council or the youth council"
DISABLED = "A young person with a disability"


def applies_for(world: World, name: str, *lines: str, sex: str = "Woman") -> Someone:
    someone = world.person(name).says("/start svelvik-ungdom").presses("Sign up")
    someone.presses("A seat in the committee (about 6 meetings)").presses("15 to 17 years").presses(sex)
    someone.ticks(*lines).presses("Done")
    return someone.presses("Skip").says(name).presses("Skip").presses("Send my application")


def seated_as_drawn(world: World, seats: Mapping[str, int]) -> None:
    """Which seat of the draw is whose."""
    with world.db.transaction() as tx:
        named = {seat: f"P{number}" for seat, number in seats.items()}
        draw = {"panels": [{"index": 0, "seats": named}], "reasons": {}}
        draws.keep(tx, 1, result=draw)
        rows = [{"draw_id": 1, "pseudonym": f"P{number}", "application_id": number} for number in seats.values()]
        tx.execute(insert(tx, Entrant), rows)


def answered(world: World, secretary: Someone) -> None:
    panel(secretary).presses("Decide the rest").presses("Yes, decide the rest")
    world.until(world.mandate.call.answered)


def gives_up(world: World, someone: Someone) -> None:
    someone.presses("No, I cannot")
    world.wait(timedelta(minutes=1))


def seats(world: World) -> dict[int, str | None]:
    with world.db.reading() as tx:
        return {row.application_id: row.seat for row in applications.seated(tx, 1)}


def test_the_order_is_that_of_the_vacated_seat_in_the_draw_and_then_of_its_line(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    them = [applies_for(world, name, VERV) for name in ("Anna", "Berit", "Cecilie", "Dina", "Eva")]
    drawn(world, {1: "verv", 2: "verv"}, {"verv.1": [3, 4, 5], "verv.2": [4]})
    seated_as_drawn(world, {"verv.1": 1, "verv.2": 2})
    answered(world, secretary)
    gives_up(world, them[1])
    secretary.hears("Next in line is Dina").presses("Ask the reserve")
    gives_up(world, them[3])
    secretary.hears("Next in line is Cecilie")


def test_the_order_is_that_of_the_seat_on_the_panel_that_was_taken(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    them = [applies_for(world, name, VERV) for name in ("Anna", "Berit", "Cecilie", "Dina")]
    drawn(world, {1: "verv", 2: "verv"}, {"verv.1": [3, 4], "verv.2": [4, 3]})
    seated_as_drawn(world, {"verv.1": 1, "verv.2": 2})
    with world.db.transaction() as tx:
        both = [{"index": n, "seats": {"verv.1": f"P{2 - n}", "verv.2": f"P{1 + n}"}} for n in (0, 1)]
        draws.keep(tx, 1, result={"panels": both, "taken": 2, "reasons": {}})
    answered(world, secretary)
    gives_up(world, them[1])
    secretary.hears("Next in line is Dina")


def test_a_reserve_kept_by_hand_is_proposed_in_the_order_of_the_decisions(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    anna, _berit, _cecilie = (applies(world, name) for name in ("Anna", "Berit", "Cecilie"))
    appoints(secretary, "Anna", FRI)
    for name in ("Cecilie", "Berit"):
        world.wait(timedelta(minutes=1))
        secretary.says("/applications").presses(next(label for label in secretary.labels if name in label))
        secretary.presses("Keep as a reserve")
    world.until(world.mandate.call.answered)
    gives_up(world, anna)
    secretary.hears("Next in line is Cecilie").presses("Ask the reserve").hears("Cecilie is asked")


def test_somebody_who_sits_moves_where_only_so_the_next_can_come_in(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    anna, berit = applies(world, "Anna"), applies_for(world, "Berit", FRI, LAG)
    cecilie = applies(world, "Cecilie", LAG)
    drawn(world, {1: "fri", 2: "lag"}, {"fri.1": [3]})
    answered(world, secretary)
    berit.presses("Yes, I take the seat")
    gives_up(world, anna)
    secretary.hears("Next in line is Cecilie", "only if somebody who sits already moves")
    secretary.hears(f"Berit moves from this seat: {LAG}. To this one: {FRI}.")
    assert seats(world) == {2: "lag"}
    secretary.presses("Ask the reserve").hears("Cecilie is asked")
    told = next(message for message in berit.messages if "you now sit in another of the seats" in message.text)
    assert FRI not in told.text and LAG not in told.text, "a seat may say something sensitive"
    assert seats(world) == {2: "fri", 3: "lag"}
    with world.db.reading() as tx:
        assert tx.execute(RoleRow.__table__.select().where(RoleRow.person_id == berit.id)).one().seat == "fri"
        moved = tx.execute(Audit.__table__.select().where(Audit.action == "seat moved")).one()
        assert (moved.object, moved.reason) == ("application:2", "lag>fri")
        record = selection_record.of(tx, world.engine.house.vault, 1, world.now)
    part = next(part for part in record.parts if i18n.say(part.title, "en") == "Moved to another seat")
    cells = [[i18n.say(cell, "en") for cell in row] for row in part.tables[0].rows]
    assert [row[:4] for row in cells] == [["Berit", LAG, FRI, secretary.name]]
    cecilie.presses("Yes, I take the seat").hears("the seat is yours")
    with world.db.reading() as tx:
        assert Role.CITIZEN in people.roles(tx, cecilie.id)[1]


def test_where_others_would_move_by_now_they_are_named_before_anything_is_done(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    anna, berit = applies(world, "Anna"), applies_for(world, "Berit", FRI, LAG)
    applies(world, "Cecilie", LAG)
    drawn(world, {1: "fri", 2: "lag"}, {"fri.1": [3]})
    answered(world, secretary)
    gives_up(world, anna)
    secretary.presses_data("askres:1:3").hears(f"Berit moves from this seat: {LAG}")
    berit.does_not_hear("you now sit in another")
    assert seats(world) == {2: "lag"}


def test_who_moves_from_a_sensitive_seat_is_named_to_the_secretariat_alone(world: World) -> None:
    by = '[selection]\nby = "politicians"\nrated = false\n\n[contact]'
    world.load(change=lambda source: source.replace("[contact]", by))
    secretary = world.secretariat()
    chair = world.member("Klara", role=Role.CHAIR)
    anna, _berit, _cecilie = (applies(world, name) for name in ("Anna", "Berit", "Cecilie"))
    with world.db.transaction() as tx:
        line = {"special": world.engine.house.vault.seal(["funksj"])}
        tx.execute(Application.__table__.update().where(Application.id == 2).values(**line))
        alone = {**line, "answers": {"age": "15-17", "sex": "woman", "profiles": []}}
        tx.execute(Application.__table__.update().where(Application.id == 3).values(**alone))
    drawn(world, {1: "fri", 2: "funksj"}, {"fri.1": [3]})
    answered(world, secretary)
    gives_up(world, anna)
    secretary.hears(f"Berit moves from this seat: {DISABLED}")
    chair.hears("Somebody moves whom only the secretariat sees.").does_not_hear("Berit", DISABLED)


def test_after_an_erasure_the_rules_are_kept_as_if_the_erased_one_had_met_them(world: World) -> None:
    soft = 'kind = "sex"\nhard = false'
    world.load(change=lambda source: source.replace(soft, soft.replace("false", "true")))
    secretary = world.secretariat()
    anna = applies(world, "Anna")
    applies_for(world, "Bo", FRI, sex="Man"), applies(world, "Cecilie")
    applies(world, "Bodil", VERV), applies(world, "Bente", VERV), applies(world, "Birte", LAG)
    drawn(world, {1: "fri", 4: "verv", 5: "verv", 6: "lag"}, {"fri.1": [2, 3]})
    answered(world, secretary)
    anna.presses("Yes, I take the seat").says("/forget").presses("Yes, erase it all")
    world.wait(timedelta(minutes=1))
    secretary.hears("A member has left, and this seat is free", "Next in line is Cecilie")


def test_a_seat_that_was_filled_otherwise_is_offered_to_nobody(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    anna, _berit = applies(world, "Anna"), applies(world, "Berit")
    drawn(world, {1: "fri"}, {"fri.1": [2]})
    answered(world, secretary)
    gives_up(world, anna)
    secretary.hears("Next in line is Berit")
    panel(secretary).presses("Appoint somebody who did not apply")
    secretary.answers("Gro", "gro@example.org", FRI, "18 years", "Asked by the council").presses("Send")
    secretary.presses_data("askres:1:2").hears("This person is not in line any more")
