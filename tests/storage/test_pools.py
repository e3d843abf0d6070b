"""Who is in the pool of a call, and who counts toward its rules without being drawn."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.selection.pool import Pool
from storage import applications, nominations, pools, ratings
from storage.tables import Application
from tests.scenarios.test_appointing import FRI, LAG, applies, declines
from tests.scenarios.test_assessing import selecting
from tests.scenarios.test_call import reopens
from tests.scenarios.test_nominating import with_a_named_line
from tests.world import World

UNRATED = selecting(rated=False)


def pool(world: World, call: int) -> Pool:
    with world.db.reading() as tx:
        return pools.pool(tx, world.engine.house.vault, 1, call)


def test_those_who_wait_for_an_answer_are_drawn_with_those_of_a_line_called_again(world: World) -> None:
    world.load(change=UNRATED)
    secretary = world.secretariat()
    anna = applies(world, "Anna")
    world.until(world.mandate.call.closes)
    reopens(secretary, LAG, closes="2026-03-24 12:00", answered="2026-04-10 12:00")
    anna.hears("you hear from us by Friday 10 April at 12:00", "Your application stands")
    applies(world, "Berit", LAG).does_not_hear("Your application stands")
    found = pool(world, 1)
    assert [dict(one.ratings) for one in found.applicants] == [{"fri": 2}, {"lag": 2}]
    assert {line.key for line in found.lines} == {"sprak", "verv", "fri", "lag", "funksj", "vgs", "ikkevgs"}


def test_an_application_that_goes_along_into_a_later_call_is_rated_once(world: World) -> None:
    world.load(change=UNRATED)
    secretary = world.secretariat()
    applies(world, "Anna")
    world.until(world.mandate.call.closes)
    reopens(secretary, LAG, closes="2026-03-24 12:00", answered="2026-04-10 12:00")
    applies(world, "Berit", LAG)
    with world.db.reading() as tx:
        found = ratings.of_all_calls(tx, 1, world.engine.house.vault)
    assert found == {1: {"fri": 2}, 2: {"lag": 2}}


def test_after_the_answers_a_line_called_again_is_a_draw_of_its_own(world: World) -> None:
    world.load(change=UNRATED)
    secretary = world.secretariat()
    anna = applies(world, "Anna")
    declines(secretary, "Anna")
    world.until(world.mandate.call.answered + timedelta(minutes=1))
    reopens(secretary, LAG)
    anna.does_not_hear("Your application stands")
    applies(world, "Berit", LAG)
    found = pool(world, 1)
    assert [one.id for one in found.applicants] == ["2"] and {line.key for line in found.lines} == {"lag"}


def test_who_was_named_by_a_body_counts_toward_the_rules_before_any_decision(world: World) -> None:
    world.load(change=lambda source: UNRATED(with_a_named_line(source)))
    secretary = world.secretariat()
    applies(world, "Anna", FRI)
    nora = world.member("Nora").id
    before = {quota.key: quota.least for quota in pool(world, 0).quotas}
    with world.db.transaction() as tx:
        given = {"age": "15-17", "sex": "woman", "profiles": ["verv"]}
        saved = applications.save(
            tx, nora, 1, door="named", answers=given, special=None, mandate_version=1, now=world.now
        )
        named = nominations.add(tx, 1, "verv", "The youth council", nora, secretary.id, world.now)
        nominations.enter(tx, named.id, "confirmed", "asked", application_id=saved.id)
    after = {quota.key: quota.least for quota in pool(world, 0).quotas}
    assert (before["sex-3-woman"], after["sex-3-woman"]) == (4, 3)
    assert (before["sex-3-man"], after["sex-3-man"]) == (4, 4)
    with world.db.transaction() as tx:
        tx.execute(Application.__table__.update().where(Application.id == saved.id).values(state="withdrawn"))
    assert {quota.key: quota.least for quota in pool(world, 0).quotas} == before
