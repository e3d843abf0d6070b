"""A panel is drawn in the open: tried, frozen, announced to everybody, decided by a public drawing, and proposed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.people import Role
from bot.domain.selection.drawing import drawn
from bot.domain.selection.file import digest
from bot.domain.selection.reading import read
from bot.domain.selection.records import Record
from bot.domain.selection.verifying import check_hash, check_record
from storage import applications, committees, draws, people, ratings
from tests.scenarios.test_deciding import changes
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
    everybody[0].hears("You hear from us Thursday 26 March at 12:00, whether you are drawn or not.")

    klara.says("/draw").presses("Type what decides draw 1").hears("Type it after that")
    world.wait(timedelta(days=4))
    klara.says("/draw").presses("Type what decides draw 1").says("seven").hears("20 digits from 1 to 6")
    klara.says(SEED).hears("Somebody else now compares it")
    klara.says("/draw").presses("Confirm draw 1").hears("You typed it, so somebody else confirms it")
    sekri.says("/draw").presses("Confirm draw 1").presses("Yes, it is right")
    sekri.hears("The panel of draw 1 is drawn. It is a proposal: people appoint, seat by seat.")

    draw = the_draw(world)
    assert draw.file is not None and draw.result is not None
    assert [one.seats for one in draws.panels(draw)] == [drawn(draw.file, SEED)]
    with world.db.reading() as tx:
        decided = applications.decisions(tx, 1)
    assert len(decided) == 8 and {one.drawn_in for one in decided.values()} == {1}
    assert all(one.announced_at is None for one in decided.values()), "people decide and everybody hears at one hour"
    assert {draws.reasons(draw)[number] for number in decided} == {"profile"}, "no lot takes a seat from who was drawn"


def test_everybody_can_check_the_draw_with_the_own_record(world: World, everybody: list[Someone]) -> None:
    sekri, klara = world.secretariat("Sekri"), world.member("Klara", role=Role.CHAIR)
    announced(world, sekri, klara)
    draw = the_draw(world)
    assert draw.file is not None and draw.hash == digest(draw.file)
    file = read(draw.file)
    with world.db.reading() as tx:
        mine = draws.own(tx, 1, everybody[3].id)
    assert mine is not None and mine.record is not None
    own = Record.read(world.engine.house.vault.open(mine.record))
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
    assert Record.read(world.engine.house.vault.open(mine.record)).lines == ("verv", "lag")


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


def test_what_is_kept_of_a_draw_is_sealed_as_it_says_who_fills_which_line(
    world: World, everybody: list[Someone]
) -> None:
    frozen(world, world.secretariat("Sekri"))
    with world.db.reading() as tx:
        kept = [one.record for one in draws.entrants(tx, 1)]
        assert all(record is not None and b"lines" not in record and b"vgs" not in record for record in kept)
        assert "vgs" not in str((the_draw(world).result or {})["barred"])


def aged(low: int, high: int, words: str) -> str:
    """A rule of the mandate: all eight are of these ages."""
    texts = "".join(f'description.{locale} = "{words}"\n' for locale in ("nb", "nn", "en"))
    return f'[[rules]]\nkind = "age"\nhard = true\nmin_seats = 8\nages = {{ from = {low}, to = {high} }}\n{texts}\n'


def too_few_young(source: str) -> str:
    """A hard rule that no panel keeps: too few of the youngest have applied."""
    source = unrated(source)
    return source.replace("[call]", aged(13, 15, "Only the youngest") + "[call]", 1)


def test_where_no_panel_keeps_every_rule_the_trial_says_what_would_help(world: World) -> None:
    world.load(change=too_few_young)
    applicants(world, 16)
    sekri = world.secretariat("Sekri")
    sekri.says("/draw").presses("Try a selection")
    world.wait(timedelta(minutes=1))
    sekri.hears(
        "With 16 applicants there is no panel for 8 seats that keeps every rule.",
        "Any one of these would help, the smallest change first:",
        "1. Only the youngest: at least 4 instead of 8",
        "Call a line again",
    )


def test_where_no_panel_keeps_every_rule_the_draw_is_void_and_says_what_would_help(world: World) -> None:
    world.load(change=too_few_young)
    everybody = applicants(world, 16)
    world.until(world.mandate.call.closes + timedelta(hours=1))
    sekri = world.secretariat("Sekri")
    sekri.says("/draw").presses("Freeze the pool for a draw").presses("A die, thrown 20 times in an open meeting")
    sekri.says(f"{world.now + timedelta(days=3):%Y-%m-%d} 20:00").presses("Freeze the pool")
    world.wait(timedelta(minutes=1))
    sekri.hears("Draw 1 is void: nothing is announced.", "1. Only the youngest: at least 4 instead of 8")
    everybody[0].does_not_hear("void")
    sekri.says("/draw").hears("Draw 1: void")


def only_young(source: str) -> str:
    """A hard rule that keeps everybody over eighteen off."""
    source = unrated(source)
    return source.replace("[call]", aged(13, 18, "Nobody over 18") + "[call]", 1)


def drawn_panel(world: World, sekri: Someone, klara: Someone) -> None:
    announced(world, sekri, klara)
    world.wait(timedelta(days=4))
    klara.says("/draw").presses("Type what decides draw 1").says(SEED)
    sekri.says("/draw").presses("Confirm draw 1").presses("Yes, it is right").presses("See the panel")


def with_a_panel(world: World, change: Callable[[str], str]) -> tuple[Someone, list[Someone]]:
    """The secretariat before the panel drawn from thirty people, and these."""
    world.load(change=change)
    everybody = applicants(world, 30)
    world.until(world.mandate.call.closes + timedelta(hours=1))
    sekri = world.secretariat("Sekri")
    drawn_panel(world, sekri, world.member("Klara", role=Role.CHAIR))
    return sekri, everybody


def test_those_who_choose_see_what_stands_behind_a_seat_and_who_had_no_chance(world: World) -> None:
    sekri, everybody = with_a_panel(world, only_young)
    changes(sekri, 1).hears(
        "Why: drawn by lot",
        "of the 1,000 panels.",
        "This person counts toward: At least 40 per cent should be women, and at least 40 per cent men",
        "Fits as well:",
    )
    sekri.presses("The panel").presses("Who had no chance")
    sekri.hears("people have no chance. It would take: Nobody over 18: at least 7 instead of 8.", "Applicant 3")
    assert "Applicant 0" not in sekri.last
    everybody[3].hears("there is no panel with you on it")
    everybody[0].does_not_hear("there is no panel with you on it")
    assert draws.reasons(the_draw(world))[4] == "spread"


def test_whoever_fits_no_seat_well_enough_is_told_that_it_was_neither_the_lot_nor_the_group(world: World) -> None:
    world.load(change=lambda source: unrated(source).replace("rated = false", "rated = true"))
    everybody = applicants(world, 30)
    frida = world.facilitator()
    with world.db.transaction() as tx:
        mandate = committees.mandate(tx, 1)
        for one in applications.listed(tx, 1):
            for profile in ratings.declared(mandate, world.engine.house.vault, one):
                line = ratings.stored(world.engine.house.vault, one.id, profile)
                ratings.rate(tx, one, line, frida.id, 0 if one.id == 1 else 3, "", world.now)
    world.until(world.mandate.call.closes + timedelta(hours=1))
    sekri, klara = world.secretariat("Sekri"), world.member("Klara", role=Role.CHAIR)
    drawn_panel(world, sekri, klara)
    changes(sekri, 1).hears("Fit for this seat: 3 of 3.").presses("The panel")
    sekri.presses("Who had no chance").hears("1 person is rated too low for every seat, and had no chance.")
    assert sekri.last.count("Applicant") == 1 and "Applicant 0" in sekri.last
    everybody[0].hears("there is no panel with you on it")
    assert draws.reasons(the_draw(world))[1] == "condition"


def three_panels(source: str) -> str:
    return unrated(source).replace("rated = false", "rated = false\npanels = 3")


def test_a_further_panel_is_taken_only_where_it_was_announced_and_for_a_reason(world: World) -> None:
    sekri, everybody = with_a_panel(world, three_panels)
    everybody[0].hears("3 panels are drawn. Your chance holds for the first; those who decide may take another.")
    sekri.presses("The other drawn panels").hears("Panel 1, taken now", "Panel 2", "Panel 3")
    sekri.presses("Take another of these panels").presses("Panel 2").says("It has somebody from each school")
    sekri.presses("Send").hears("Panel 2 is the proposal now.")
    draw, file = the_draw(world), the_draw(world).file
    assert file is not None
    assert [one.seats for one in draws.panels(draw)] == [drawn(file, SEED, k) for k in (1, 2, 3)]
    assert draws.taken(draw) == draws.panels(draw)[1]
    with world.db.reading() as tx:
        numbers = {one.pseudonym: one.application_id for one in draws.entrants(tx, 1)}
        decided = applications.decisions(tx, 1)
    assert set(decided) == {numbers[one] for one in drawn(file, SEED, 2).values()}
    assert {one.drawn_in for one in decided.values()} == {1}


def test_no_further_panel_is_shown_where_none_was_announced(world: World, everybody: list[Someone]) -> None:
    sekri, klara = world.secretariat("Sekri"), world.member("Klara", role=Role.CHAIR)
    drawn_panel(world, sekri, klara)
    assert "The other drawn panels" not in sekri.labels
    sekri.presses_data("further:1").hears("That is not here any more")


def test_a_further_panel_does_not_undo_a_seat_that_was_changed_by_hand(world: World) -> None:
    sekri, _everybody = with_a_panel(world, three_panels)
    changes(sekri, 1).presses("Somebody else takes this seat").presses(sekri.labels[0])
    sekri.says("Lives farthest away").presses("Send")
    sekri.says("/applications").presses("The panel").presses("The other drawn panels")
    sekri.presses("Take another of these panels").presses("Panel 2").says("A better spread").presses("Send")
    sekri.hears("has been changed by hand, so another panel does not fit")
