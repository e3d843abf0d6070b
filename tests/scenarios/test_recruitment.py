"""Scenario A, the whole recruitment: sixty apply, ten get a seat by lot and by people, and everybody hears why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle
from pathlib import Path

from sqlalchemy import select
from typer.testing import CliRunner

from bot.__main__ import app
from bot.domain.coverage import belongs
from bot.domain.eligibility import fits
from bot.domain.people import Role
from storage import applications, committees, draws, named, nominations, people, ratings
from storage.candidates import candidate
from storage.tables import Audit, Outbox
from tests.scenarios.test_appointing import FRI, LAG, applies
from tests.scenarios.test_call import reopens
from tests.scenarios.test_deciding import changes, panel
from tests.scenarios.test_nominating import names, with_a_named_line
from tests.scenarios.test_record import told
from tests.world import Someone, World

ORDINARY, SPECIAL = ("fri", "lag", "vgs"), ("sprak", "funksj")
AGES, SEXES = ("15-17", "19-25", "18", "13-14"), ("woman", "man", "woman", "other", "man")
OTHER_WAY = "A young person who chose something else than upper secondary school"
SENSITIVE = ("disability", "first language is not Norwegian")
SEED = "1 2 3 4 5 6 1 2 3 4 5 6 1 2 3 4 5 6 1 2"
MANY = 54


def chosen_by_politicians(source: str) -> str:
    """Scenario A: the youth council names two, and the politicians of the committee choose."""
    return with_a_named_line(source) + '\n[selection]\nby = "politicians"\n'


def stored(world: World, number: int, lines: Sequence[str], special: Sequence[str] = ()) -> int:
    """Somebody has signed up; the sensitive lines are sealed. Returns the person's number."""
    name = f"Applicant {number:02}"
    given = {"door": "seat", "age": AGES[number % 4], "sex": SEXES[number % 5], "profiles": [*lines], "name": name}
    with world.db.transaction() as tx:
        person = people.add(tx, world.now, name, world.mandate.locales[-1])
        people.give_role(tx, person.id, 1, Role.APPLICANT, world.now)
        people.change(tx, person.id, committee_id=1)
        sealed = world.engine.house.vault.seal([*special]) if special else None
        saved = applications.save(
            tx, person.id, 1, door="seat", answers=given, special=sealed, mandate_version=1, now=world.now
        )
        if given["age"] == "13-14":
            applications.guardian_says(tx, saved.id, "yes", world.now)
    return person.id


def entered(world: World, number: int, lines: Sequence[str], special: Sequence[str]) -> Someone:
    """Somebody has signed up, and is here to hear what comes of it."""
    someone = world.person(f"Applicant {number:02}")
    someone.enters(stored(world, number, lines, special))
    return someone


def many(world: World) -> list[Someone]:
    """Most of them; every ninth declares a line that says something sensitive, and nobody the line that is missing."""
    ways = cycle((("fri",), ("lag", "vgs"), ("vgs",), ("fri", "lag"), ("lag",)))
    sealed = {number: [SPECIAL[number // 9 % 2]] for number in range(4, MANY, 9)}
    return [entered(world, number, next(ways), sealed.get(number, ())) for number in range(MANY)]


def is_named(world: World, secretary: Someone, name: str) -> Someone:
    """The youth council names somebody, who says yes."""
    names(secretary, name, f"{name.lower()}@example.org").hears(f"{name} is asked")
    with world.db.reading() as tx:
        nomination = nominations.listed(tx, 1)[-1]
    someone = world.person(name)
    someone.enters(nomination.person_id)
    someone.presses_data(f"open:named:{nomination.id}").presses("18 years").presses("Woman").says(name)
    return someone.hears(f"Thank you, {name}.")


def rated(world: World, frida: Someone, sekri: Someone) -> None:
    """A facilitator rates the first two in chat; the rest, and what only the secretariat sees, is written down."""
    frida.says("/assess").hears("0 of 58 rated", "Anna", FRI)
    frida.presses("Rate").answers("3 – fits very well", "Knows the harbour").hears("1 of 58 rated", "Berit", LAG)
    frida.presses("Rate").answers("0 – does not fit", "Skip").hears("2 of 58 rated")
    vault = world.engine.house.vault
    with world.db.transaction() as tx:
        mandate = committees.mandate(tx, 1)
        for one in ratings.of_call(tx, 1, 1)[2:]:
            for line in ratings.declared(mandate, vault, one):
                by = sekri if line.special else frida
                ratings.rate(tx, one, ratings.stored(vault, one.id, line), by.id, 2 + one.id % 2, "", world.now)


def drawn(world: World, sekri: Someone, klara: Someone) -> None:
    """Tried, frozen by one and announced by another, typed by one and confirmed by another."""
    sekri.says("/draw").hears("58 people can be drawn for 8 free seats.", "Every application is assessed.")
    sekri.presses("Try a selection")
    world.wait(timedelta(minutes=1))
    sekri.hears("This was a trial, not a draw. It binds nobody.")
    sekri.says("/draw").presses("Freeze the pool for a draw").presses("A die, thrown 20 times in an open meeting")
    sekri.says("2026-03-28 20:00").presses("Freeze the pool").hears("The pool is frozen for draw 1")
    world.wait(timedelta(minutes=1))
    sekri.hears("Draw 1 is ready. Its fingerprint is").presses("Announce draw 1").hears("You froze this draw")
    klara.presses("Announce draw 1").presses("Announce it to everybody").hears("Announced to 58 people who applied")
    world.wait(timedelta(days=5))
    klara.says("/draw").presses("Type what decides draw 1").says(SEED).hears("Somebody else now compares it")
    sekri.says("/draw").presses("Confirm draw 1").presses("Yes, it is right").hears("It is a proposal: people appoint")


def overridden(world: World, per: Someone) -> tuple[str, str]:
    """A politician gives one drawn seat to the first reserve instead; the names of both."""
    panel(per).hears("only the secretariat sees who")
    drawn_seat = re.search(rf"(\d+)\. {FRI}: (Applicant \d+|Anna|Emil), drawn by lot", per.last)
    assert drawn_seat is not None, per.last
    changes(per, drawn_seat[1]).presses("Somebody else takes this seat")
    newcomer = per.labels[0]
    per.answers(newcomer, "Knows the harbour and the skate park").presses("Send").hears("Noted.")
    panel(per).hears(f"{FRI}: {newcomer}, chosen")
    return drawn_seat[2], newcomer


def decided(world: World) -> dict[int, str]:
    """What is decided about each person."""
    with world.db.reading() as tx:
        return {row.person_id: row.outcome for row in applications.decisions(tx, 1).values()}


ANSWERS = {
    "You have been appointed to the committee on": "appointed",
    "but you are a reserve": "reserve",
    "you did not get a seat this time. The reason is:": "not_appointed",
}


def answers(someone: Someone) -> list[str]:
    """What somebody was told at the answering hour, as often as it was told."""
    return [outcome for seen in someone.messages for words, outcome in ANSWERS.items() if words in seen.text]


def offered(world: World, per: Someone, pair: Sequence[Someone], everybody: Sequence[Someone]) -> None:
    """Of the two who applied for the line called again one says no, the other is asked, and all others say yes."""
    first, second = pair if answers(pair[0]) == ["appointed"] else pair[::-1]
    assert (answers(first), answers(second)) == (["appointed"], ["reserve"])
    first.presses("No, I cannot").presses("Yes, please write").hears("You decide each time.")
    world.wait(timedelta(minutes=1))
    per.hears(f"{first.name} has said no to this seat: {OTHER_WAY}.", f"Next in line is {second.name}")
    second.does_not_hear("Do you take the seat?")
    per.presses("Ask the reserve").hears(f"{second.name} is asked. You hear what the answer is.")
    assert answers(second) == ["reserve", "appointed"]
    for one in everybody:
        if one.id in sitting(world):
            one.presses("Yes, I take the seat").hears("the seat is yours")
            one.presses("No, not my name" if one is second else "Yes, show my name")


def sitting(world: World) -> dict[int, str]:
    """Who has a citizen's seat, or is offered one."""
    with world.db.reading() as tx:
        return {row.person_id: row.seat or "" for row in applications.seated(tx, 1)}


def require_kept_rules(world: World) -> None:
    """The seats that the mandate has, each taken by somebody who declared it, of an age that the hard rules ask for."""
    mandate, vault = world.mandate, world.engine.house.vault
    assert Counter(sitting(world).values()) == {line.key: line.seats for line in mandate.profiles}
    with world.db.reading() as tx:
        found = [(applications.get(tx, row.application_id), row.seat) for row in applications.seated(tx, 1)]
    for application, seat in found:
        assert application is not None and application.state == "appointed"
        one = candidate(mandate, vault, application)
        assert seat in one.profiles and fits(mandate.profile(str(seat)), one.age_band)
        assert all(belongs(rule, one, rule.sex) for rule in mandate.rules if rule.hard)


def require_kept_secret(world: World, sekri: Someone) -> None:
    """Beside a name nobody but the secretariat ever read a sensitive line; the secretariat did, and that is logged."""
    with world.db.reading() as tx:
        declared = [one.person_id for one in applications.listed(tx, 1) if one.special is not None]
        private = {people.get(tx, number).name for number in declared}
        rows = tx.execute(select(Outbox.person_id, Outbox.content).where(Outbox.content.is_not(None))).all()
        readers = select(Audit.person_id).where(Audit.action == "special line read")
        assert set(tx.execute(readers).scalars()) == {sekri.id}
    told = {(row.person_id, line) for row in rows for line in str(row.content).replace("\\n", "\n").split("\n")}
    beside = {
        number
        for number, line in told
        if any(words in line for words in SENSITIVE) and any(name in line for name in private)
    }
    assert beside == {sekri.id}
    assert not [line for number, line in told if number in declared and any(words in line for words in SENSITIVE)]


def require_verified(world: World, someone: Someone, folder: Path) -> None:
    """The published file and somebody's own record stand the check that anybody can make at home."""
    with world.db.reading() as tx:
        draw, mine = draws.get(tx, 1), draws.own(tx, 1, someone.id)
    assert draw is not None and draw.file is not None and mine is not None and mine.record is not None
    (folder / "panels.txt").write_bytes(draw.file)
    (folder / "record.json").write_text(world.engine.house.vault.open(mine.record), encoding="utf-8")
    command = ["panel", "verify", str(folder / "panels.txt"), SEED]
    checked = CliRunner().invoke(app, [*command, "--record", str(folder / "record.json"), "--hash", str(draw.hash)])
    assert checked.exit_code == 0, checked.output
    assert "This is the file whose hash was announced." in checked.output
    assert f"The commitment of {mine.pseudonym} is that of the record." in checked.output
    assert any(f"In the list you are called {mine.pseudonym}." in seen.text for seen in someone.messages)
    assert all(f"  {seat} {who}" in checked.output for seat, who in draws.panels(draw)[0].seats.items())


def test_the_whole_recruitment_of_young_people_in_svelvik(world: World, tmp_path: Path) -> None:
    world.load(change=chosen_by_politicians)
    sekri, frida = world.secretariat("Sekri"), world.facilitator("Frida")
    klara, per = world.member("Klara", role=Role.CHAIR), world.member("Per", role=Role.POLITICIAN)

    anna, berit, emil = applies(world, "Anna"), applies(world, "Berit", LAG), applies(world, "Emil")
    anna.hears("You hear from us by Thursday 26 March at 12:00", "The committee's politicians choose among those")
    emil.presses("Withdraw my application").presses("Yes, withdraw it")
    crowd = many(world)
    frida.says("/missing").hears(f"{OTHER_WAY}: 1 person is missing.", "The youth council has to name 2 people.")
    nora, nils = is_named(world, sekri, "Nora"), is_named(world, sekri, "Nils")
    sekri.hears("Nils, named by Ungdomsrådet, has said yes to the seat.")

    world.until(world.mandate.call.closes + timedelta(hours=9))
    reopens(sekri, OTHER_WAY, closes="2026-03-24 12:00", answered="2026-04-10 12:00")
    sekri.hears("56 people who have no answer yet are chosen among, too, and are told of the new hour.")
    anna.hears("all applicants are answered a little later: you hear from us by Friday 10 April at 12:00")
    isak, ida = applies(world, "Isak", OTHER_WAY), applies(world, "Ida", OTHER_WAY)
    everybody = [anna, berit, isak, ida, nora, nils, *crowd]
    assert len(everybody) == 60
    world.until(world.mandate.call.closes + timedelta(hours=1))

    rated(world, frida, sekri)
    drawn(world, sekri, klara)
    anna.hears("58 people are drawn for 8 seats", "thrown 20 times", "of the 1,000 panels")
    former, newcomer = overridden(world, per)
    panel(per).presses("Decide the rest").hears("2 were named by a body and get those seats.")
    per.presses("Yes, decide the rest")
    changes(panel(sekri).hears(*SENSITIVE), 1).presses("Read the application").hears(SENSITIVE[1])
    assert not [one.name for one in everybody if answers(one)], "nobody hears before everybody"

    world.until(world.mandate.call.answered)
    outcomes = decided(world)
    assert {one.id: answers(one) for one in everybody} == {number: [it] for number, it in outcomes.items()}
    assert Counter(outcomes.values())["appointed"] == 10 and outcomes[berit.id] == "not_appointed"
    berit.hears("The reason is:", "May we write when the committee").presses("Yes, please write")
    assert not answers(emil)

    offered(world, per, (isak, ida), everybody)
    require_kept_rules(world)
    require_kept_secret(world, sekri)
    require_verified(world, anna, tmp_path)
    with world.db.reading() as tx:
        roll = named.roll(tx, 1)
    assert {"Nora", "Nils"} <= {*roll.names} and not {"Ida", "Isak"} & {*roll.names}
    assert (len(roll.names) + roll.others) == 12, "ten citizens, and Klara and Per"
    text = told(world)
    assert f"{newcomer} | appointed | {FRI} | Knows the harbour and the skate park | Per" in text
    assert "1.1 | drawn |" in text and SEED.replace(" ", "") in text and "took the seat" in text
    assert former not in text and "Berit" not in text
