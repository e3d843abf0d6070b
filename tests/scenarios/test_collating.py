"""Many answers become a few groups: named and arranged by the facilitator, seen and corrected by members."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from storage import piles, prompts
from storage.tables import Pile, PiledAnswer
from tests.scenarios.test_questions import elected
from tests.world import Someone, World

DEADLINE = datetime(2026, 3, 12, 11, tzinfo=UTC)
ANSWERS = {
    "Ola": "Bussen går for sjelden om kvelden",
    "Kari": "Det mangler lys på stien bak skolen",
    "Per": "Flere busser om kvelden",
    "Mia": "Lyset på stien er borte",
    "Leo": "Kantina er dyr",
    "Ada": "Kveldsbussen burde gå oftere, bussen er for sjelden",
}


def asks(world: World, who: str = "", locale: str = "nb") -> tuple[Someone, dict[str, Someone]]:
    """Six have answered one question in their own words, and the deadline has passed."""
    members = {name: world.member(name, locale=locale) for name in ANSWERS}
    frida = world.facilitator()
    frida.says("/ask").answers("Not before a meeting", "kveldene", "kveldane", "the evenings", "2026-03-12 12:00")
    frida.presses("Add a question").answers("In one's own words", "Hva mangler?", "Kva manglar?", "What is missing?")
    if who:
        frida.presses("Who sees the answers?").presses(who).presses("Look at it again")
    frida.presses("Send to 6 members")
    for name, text in ANSWERS.items():
        members[name].presses("Start").says(text)
    world.until(DEADLINE)
    return frida, members


def groups(world: World) -> list[list[str]]:
    with world.db.reading() as tx:
        return [[entry.name for entry in pile.entries] for pile in piles.listed(tx, 1, 1)]


def test_answers_are_grouped_by_themselves_and_none_is_left_out(world: World) -> None:
    frida, _members = asks(world)
    frida.hears("The answers about “the evenings” are grouped by what they have in common. Nothing is left out.")
    assert {frozenset(group) for group in groups(world)} == {
        frozenset({"Ola", "Per", "Ada"}),
        frozenset({"Kari", "Mia"}),
        frozenset({"Leo"}),
    }
    frida.presses("See the groups").hears("1. What is missing?\n\n6 answers in 3 groups.")
    assert any(label.startswith("“Flere busser om kvelden” (3)") for label in labels(frida))


def labels(someone: Someone) -> list[str]:
    return [label for seen in someone.messages for label in seen.labels]


def test_the_facilitator_names_joins_and_splits_and_every_line_keeps_its_number(world: World) -> None:
    frida, _members = asks(world)
    frida.presses("See the groups").presses("“Flere busser om kvelden” (3)")
    frida.hears("1. Bussen går for sjelden om kvelden", "(3 answers)").does_not_hear("Ola")
    frida.presses("Name it").hears("What do these answers have in common?").says("Evening buses")
    frida.hears("Evening buses (3 answers)").presses("Move an answer").presses("2. " + second(world))
    frida.hears("Where does it belong?").presses("A group of its own").hears("2. ")
    assert sorted(len(group) for group in groups(world)) == [1, 1, 2, 2]
    frida.presses("Join it with another").presses("Evening buses").hears("Evening buses (3 answers)")
    frida.presses("All groups").presses("“Kantina er dyr” (1)").presses("Move an answer")
    frida.presses("6. Kantina er dyr").hears("Where does it belong?")
    frida.presses("Evening buses").hears("Evening buses (4 answers)", "6. Kantina er dyr")
    assert sorted(len(group) for group in groups(world)) == [2, 4]
    with world.db.reading() as tx:
        assert len(tx.execute(select(Pile.id)).all()) == 2, "no group stays behind empty"
    assert sum(len(group) for group in groups(world)) == 6


def test_a_name_goes_along_where_a_named_group_is_joined_with_one_without(world: World) -> None:
    frida, _members = asks(world)
    frida.presses("See the groups").presses("“Kantina er dyr” (1)").presses("Name it").says("What is dear")
    frida.presses("Join it with another").presses(frida.labels[0]).hears("What is dear (", "6. Kantina er dyr")


def second(world: World) -> str:
    with world.db.reading() as tx:
        return str(piles.listed(tx, 1, 1)[0].entries[1].text)[:40].strip()


def test_stale_and_forged_presses_lose_no_answer(world: World) -> None:
    frida, members = asks(world)
    with world.db.reading() as tx:
        first, other, alone = [pile.id for pile in piles.listed(tx, 1, 1)]
    with world.db.transaction() as tx:
        asked = prompts.get(tx, 1)
        assert asked is not None
        piles.store(tx, asked, 2, [[members["Ola"].id]])
        (elsewhere,) = [pile.id for pile in piles.listed(tx, 1, 2)]
    for data in (
        f"pileput:{first}:99:{other}",
        f"pileput:{first}:1:{first}",
        f"pileown:{alone}:6",
        f"pileinto:{first}:99",
        f"pileput:{first}:1:{elsewhere}",
        f"pileinto:{first}:{elsewhere}",
    ):
        frida.presses_data(data).hears("That is not here any more")
    frida.presses_data(f"pileinto:{alone}:{other}").presses_data(f"pile:{alone}").hears("That is not here any more")
    for data in (f"pile:{first}", "piles:1", "colsend:1", f"open:pilename:{first}", "colsee:1", "open:notmeant:1"):
        members["Ola"].presses_data(data)
        assert "Bussen" not in members["Ola"].messages[-1].text
    assert sum(len(group) for group in groups(world)) == 6


def test_members_see_the_groups_and_say_what_they_meant(world: World) -> None:
    frida, members = asks(world, locale="en")
    frida.presses("See the groups").presses("“Kantina er dyr” (1)").presses("Name it").says("The canteen")
    frida.presses("All groups").presses("Send the groups to members").hears("It is on its way to members.")
    leo, ola = members["Leo"], members["Ola"]
    leo.hears("Answers about the evenings", "The canteen (1 answer)\n6. Kantina er dyr", "1. Bussen går for sjelden")
    leo.does_not_hear("Ola", "Leo: ")
    leo.presses("This is not what I meant").hears("stands beside your answer, for all who read it").says(
        "Too dear for pupils"
    )
    leo.hears("Thank you. It stands beside your answer now")
    frida.hears(
        "Leo says that an answer about “the evenings” was meant otherwise.", "It is number 6 in this group: The canteen"
    )
    frida.presses("See the group").hears("6. Kantina er dyr\n   Its writer adds: Too dear for pupils")
    ola.presses("See it as it is now").hears("Its writer adds: Too dear for pupils")
    frida.presses_data("colsend:1").hears("It is sent already.")


def test_names_stand_there_only_where_all_members_see_them(world: World) -> None:
    frida, members = asks(world, "All members, with names", locale="en")
    frida.presses("See the groups").presses("Send the groups to members")
    members["Leo"].hears("6. Leo: Kantina er dyr", "Ola: Bussen går for sjelden om kvelden")


def test_without_names_nothing_shows_who_wrote_what(world: World) -> None:
    frida, members = asks(world, "Nobody sees names, not even the facilitator", locale="en")
    frida.presses("See the groups").presses("Send the groups to members")
    leo = members["Leo"]
    leo.hears("Kantina er dyr").presses("This is not what I meant").says("Too dear")
    frida.hears("Somebody says that an answer about “the evenings” was meant otherwise.").does_not_hear("Leo")


def test_a_member_who_joined_later_reads_them_too_but_corrects_nothing(world: World) -> None:
    frida, _members = asks(world)
    late = world.member("Late")
    frida.presses("See the groups").presses("Send the groups to members")
    late.hears("Kantina er dyr")
    assert "This is not what I meant" not in late.labels
    late.presses_data("open:notmeant:1").hears("That is not here any more")


def test_a_late_answer_handed_over_joins_in_a_group_of_its_own(world: World) -> None:
    frida = world.facilitator()
    ola, kari = world.member("Ola"), world.member("Kari")
    frida.says("/ask").answers("Not before a meeting", "kveldene", "kveldane", "the evenings", "2026-03-12 12:00")
    frida.presses("Add a question").answers("In one's own words", "Hva?", "Kva?", "What?").presses("Send to 2 members")
    ola.presses("Start").says("Lights")
    world.until(DEADLINE)
    kari.presses("Start").says("More lights, please").presses("Yes, send it")
    assert groups(world) == [["Ola"], ["Kari"]]


def test_in_an_elected_body_the_groups_stay_with_the_facilitator(world: World) -> None:
    world.load("svelvik-byhuset", elected)
    ola = world.member("Ola", locale="nb")
    frida = world.facilitator()
    frida.says("/ask").answers("Not before a meeting", "byhuset", "2026-03-12 12:00")
    frida.presses("Add a question").answers("In one's own words", "Hva mangler?").presses("Send to 1 member")
    ola.presses("Start").says("Billig kaffe")
    world.until(DEADLINE)
    frida.presses("See the groups").presses("Send the groups to members").hears("as a paper for the meeting instead.")
    ola.does_not_hear("Answers about")


def test_whoever_is_erased_leaves_no_answer_and_no_empty_group(world: World) -> None:
    _frida, members = asks(world, locale="en")
    members["Leo"].says("/forget").presses("Yes, erase it all")
    assert sum(len(group) for group in groups(world)) == 5 and all(groups(world))
    with world.db.reading() as tx:
        assert len(tx.execute(PiledAnswer.__table__.select()).all()) == 5


def test_another_committees_facilitator_sees_and_changes_no_group(world: World) -> None:
    asks(world)
    gerda = world.facilitator("Gerda", committee=world.load("gentofte-biblioteker"))
    for press in ("pile:1", "pilejoin:1", "pileinto:1:2", "pilemove:1", "pilewhat:1:1", "pileput:1:1:2", "pileown:1:1"):
        gerda.presses_data(press)
    gerda.presses_data("open:pilename:1").says("Mine")
    gerda.does_not_hear("Bussen")
    with world.db.reading() as tx:
        assert [pile.name for pile in piles.listed(tx, 1, 1)] == ["", "", ""]
        assert len(groups(world)) == 3
