"""Prioritising: votes that can be changed until closing, numbers nobody sees before, and what happens to the key."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.events import Address, Press
from bot.chat.messages import Rendered, pack
from bot.domain.ballots import State
from bot.domain.people import Role
from bot.work.closing import close_now
from storage import ballots, keys, outbox, people
from storage.database import Database
from tests.world import Someone, World

IDEAS = ("More benches", "A night bus", "A youth house")


def prioritisation(
    world: World, closes_in: timedelta = timedelta(days=3), ideas: tuple[str, ...] = IDEAS, shown: str = "The numbers"
) -> Someone:
    """A facilitator opens a prioritisation of some ideas that a member offered; members must exist before."""
    author = world.member("Author")
    for idea in ideas:
        author.says(f"/idea {idea}")
    frida = world.facilitator()
    closes = (world.now + closes_in).strftime("%Y-%m-%d %H:%M")
    frida.says("/ballot").says("What first").presses("Skip").presses("Skip").ticks(*ideas).presses("Done")
    frida.presses("As soon as I send it").says(closes).presses(shown)
    frida.presses("See how it will look").presses("Open it")
    return frida


def voters(world: World, count: int) -> list[Someone]:
    world.load()
    return [world.member(f"Member{number}") for number in range(count)]


def votes(someone: Someone, *ideas: str) -> None:
    someone.ticks(*ideas).presses("Send my vote")


def test_a_vote_can_be_changed_until_closing(world: World) -> None:
    maria, ola, *others = voters(world, 5)
    prioritisation(world)
    maria.hears("It is a prioritisation, not a decision", "Nobody sees the numbers before then")
    votes(maria, "A night bus")
    votes(ola, "A night bus")
    maria.hears("Your vote is in. You can change it until")
    maria.presses("Change my vote").hears("Your earlier vote counts until you send a new one")
    votes(maria, "More benches")
    maria.hears("Your vote is in. You can change it until")
    for someone in others:
        votes(someone, "A youth house", "More benches")
    world.wait(timedelta(days=4))
    maria.hears("5 of 6 members took part", "This is a prioritisation, not a decision")
    assert maria.messages[-1].message.table == (
        ("1. More benches", "4 votes"),
        ("2. A youth house", "3 votes"),
        ("3. A night bus", "1 vote"),
    )
    assert maria.messages[-1].message.image is not None
    maria.presses_data("cast:1:0").hears("The prioritisation closed")


def test_the_author_hears_that_an_idea_is_shortlisted_and_how_it_fared(world: World) -> None:
    members = voters(world, 5)
    maria = members[0]
    maria.says("/idea Lights on the path")
    prioritisation(world, ideas=("More benches", "A night bus"))
    maria.does_not_hear("Your idea is on the shortlist")
    author = next(someone for someone in world.people if someone.name == "Author")
    author.hears("Your idea is on the shortlist: More benches")
    for someone in members:
        votes(someone, "More benches")
    world.wait(timedelta(days=7))  # the author has had two messages this week
    author.hears("Your idea got 5 votes: More benches", "Yours stays on the list: A night bus")


def test_facilitators_and_guests_cannot_vote_and_forged_boxes_are_refused(world: World) -> None:
    maria, *_others = voters(world, 5)
    guest = world.member("Guest", role=Role.AD_HOC)
    frida = prioritisation(world)
    frida.presses_data("cast:1:1").hears("A contact person never votes")
    guest.presses_data("cast:1:1").hears("That is not here any more")
    maria.presses_data("cast:1:zzzzzz").hears("Those boxes are not on this prioritisation")
    maria.presses_data("cast:1:-1").hears("That is not here any more")
    late = world.member("Late")
    late.presses_data("cast:1:1").hears("Only the members who were in the committee when this opened")
    with world.db.reading() as tx:
        assert ballots.turnout(tx, 1) == 0


def test_another_committees_ballot_does_not_exist(world: World) -> None:
    voters(world, 5)
    prioritisation(world)
    world.load("gentofte-biblioteker")
    stranger = world.member("Stranger")
    stranger.presses_data("cast:1:1").hears("That is not here any more")
    stranger.presses_data("vote:1").hears("That is not here any more")


def test_fewer_than_five_votes_are_not_shown(world: World) -> None:
    members = voters(world, 6)
    frida = prioritisation(world)
    for someone in members[:4]:
        votes(someone, "A night bus")
    world.wait(timedelta(days=4))
    frida.hears("Fewer than five took part, so no numbers are shown")
    with world.db.reading() as tx:
        assert ballots.papers(tx, 1) == []
        assert ballots.get(tx, 1).tally == {"turnout": 4, "shown": False}


def test_a_tie_is_shown_as_a_tie(world: World) -> None:
    members = voters(world, 5)
    prioritisation(world)
    for someone in members:
        votes(someone, "A night bus", "More benches")
    world.wait(timedelta(days=4))
    members[0].hears("Ideas with the same number of votes share a place")
    assert [row[0] for row in members[0].messages[-1].message.table] == [
        "1. More benches",
        "1. A night bus",
        "3. A youth house",
    ]


def test_only_those_without_a_vote_are_reminded_once(world: World) -> None:
    maria, ola, *_others = voters(world, 5)
    prioritisation(world)
    votes(maria, "A night bus")
    world.wait(timedelta(days=2, hours=1))
    maria.does_not_hear("You can still take part")
    ola.hears("You can still take part in the prioritisation").presses("Prioritise")
    votes(ola, "A night bus")


def test_the_key_is_gone_once_the_result_is_told(world: World) -> None:
    members = voters(world, 5)
    prioritisation(world)
    folder = world.engine.house.keys
    assert keys.exists(folder, 1)
    for someone in members:
        votes(someone, "A night bus")
    world.wait(timedelta(days=4))
    assert keys.destroyed(folder, 1)
    with world.db.reading() as tx:
        assert ballots.get(tx, 1).state == State.RELEASED


def test_without_its_key_a_ballot_is_void_and_everybody_is_told(world: World) -> None:
    members = voters(world, 5)
    frida = prioritisation(world)
    votes(members[0], "A night bus")
    keys.destroy(world.engine.house.keys, 1)
    world.wait(timedelta(days=4))
    members[1].hears("The prioritisation could not be counted")
    frida.hears("The prioritisation could not be counted")
    with world.db.reading() as tx:
        assert ballots.turnout(tx, 1) == 0


def test_a_folder_that_is_not_mounted_is_waited_for(world: World) -> None:
    members = voters(world, 5)
    prioritisation(world)
    for someone in members:
        votes(someone, "A night bus")
    folder = world.engine.house.keys
    away = folder.with_name("away")
    folder.rename(away)
    world.wait(timedelta(days=4))
    members[0].does_not_hear("members took part")
    away.rename(folder)
    world.wait(timedelta(minutes=1))
    members[0].hears("5 of 6 members took part")


def sees_keys(world: World, name: str) -> None:
    """From here on the process knows what the key folder is called."""
    world.engine = replace(world.engine, house=replace(world.engine.house, keys_name=name))


def test_an_empty_folder_in_the_place_of_the_one_with_the_keys_makes_no_ballot_void(world: World) -> None:
    """Where a volume is not mounted there is an empty folder, and on another machine there is another one."""
    folder = world.engine.house.keys
    sees_keys(world, keys.take(folder))
    members = voters(world, 5)
    prioritisation(world)
    for someone in members:
        votes(someone, "A night bus")
    away = folder.with_name("away")
    folder.rename(away)
    folder.mkdir(mode=0o700)
    world.wait(timedelta(days=4))
    members[0].does_not_hear("could not be counted").does_not_hear("members took part")
    folder.rmdir()
    away.rename(folder)
    world.wait(timedelta(minutes=1))
    members[0].hears("5 of 6 members took part")


def test_a_process_without_the_key_folder_leaves_the_opening_to_one_that_has_it(world: World) -> None:
    members = voters(world, 5)
    sees_keys(world, "elsewhere")
    prioritisation(world).hears("It opens in a moment")
    members[0].does_not_hear("A night bus")
    assert not world.engine.house.keys.exists()
    sees_keys(world, keys.take(world.engine.house.keys))
    world.wait(timedelta(seconds=20))
    votes(members[0], "A night bus")
    members[0].hears("Your vote is in")


@pytest.mark.parametrize("step", ["closing", "counted", "key gone"])
def test_a_crash_between_the_steps_of_closing_changes_nothing(world: World, step: str) -> None:
    members = voters(world, 5)
    prioritisation(world)
    for someone in members:
        votes(someone, "A night bus")
    folder = world.engine.house.keys
    world.now += timedelta(days=4)
    with world.db.transaction() as tx:
        assert ballots.start_closing(tx, 1, world.now)
    if step != "closing":
        with world.db.transaction() as tx:
            assert ballots.count(tx, 1, keys.read(folder, 1))
    if step == "key gone":
        keys.destroy(folder, 1)
    again = Database(world.db.url.render_as_string(hide_password=False))
    assert close_now(again, world.engine, world.now) == [1]
    again.close()
    world.wait(timedelta(minutes=1))
    members[0].hears("5 of 6 members took part")


def test_an_elected_body_prioritises_in_a_meeting_only(world: World) -> None:
    world.load(change=elected)
    frida = world.facilitator()
    maria = world.member("Maria")
    frida.says("/ballot").hears("This committee is an elected body, so a prioritisation belongs to a meeting")
    maria.says("/idea A night bus").hears(
        "This committee is an elected body, so members exchange ideas in its meetings"
    )
    maria.presses_data("open:idea:1").hears("This committee is an elected body")


def elected(source: str) -> str:
    """Scenario I: the same task given to an elected body of grown-ups who live there."""
    source = source.replace('legal_form = "no_medvirkning"', 'legal_form = "no_5_7"')
    source = source.replace("{ from = 13, to = 25 }", "{ from = 18, to = 25 }")
    return source.replace("{ from = 13, to = 18 }", "{ from = 18, to = 20 }")


def test_a_vote_leaves_nothing_in_forms_outbox_or_events(world: World) -> None:
    maria, *_others = voters(world, 5)
    prioritisation(world)
    votes(maria, "A night bus")
    with world.db.reading() as tx:
        assert people.get(tx, maria.id).name == "Member0"
    assert "A night bus" not in maria.messages[-1].text
    assert pack(2) == "2"
    assert not any("A night bus" in seen.text for seen in maria.messages if seen.row > maria.since)


def test_a_committee_may_vote_on_the_web_page_only(world: World) -> None:
    world.load(change=lambda source: 'secret_on = "web"\n' + source)
    maria, *_others = [world.member(f"Member{number}") for number in range(5)]
    prioritisation(world)
    invitation = maria.messages[-1].message
    assert invitation.ticks is None
    assert invitation.buttons[-1][0] == {"label": "Vote on our web page", "secret": "login"}
    maria.presses_data("cast:1:1").hears("This committee votes on our web page only")
    with world.db.reading() as tx:
        assert ballots.turnout(tx, 1) == 0
        thread = outbox.thread(tx, maria.id, 9)
    assert len([row for row in thread if Rendered.of(row.content).ticks]) == 1
    with world.db.transaction() as tx:
        people.give_address(tx, maria.id, Address("web", f"p{maria.id}"), world.now)
    world.event(Address("web", f"p{maria.id}"), Press("cast", ("1", pack(1))))
    with world.db.reading() as tx:
        assert ballots.turnout(tx, 1) == 1


def test_a_vote_on_paper_is_entered_told_and_replaced_by_the_members_own(world: World) -> None:
    maria, ola, *others = voters(world, 6)
    frida = prioritisation(world)
    frida.presses("Enter a vote given on paper").hears("Whose vote do you enter?").presses("Member0")
    frida.hears("The vote of Member0. Tick what stands on the paper").ticks("A night bus").presses("Enter this vote")
    frida.hears("The vote of Member0 is in, and Member0 is told")
    maria.hears("Frida has entered the vote you gave on paper or by phone")
    assert "A night bus" not in frida.last + maria.last
    frida.presses("Enter another").presses("Member1").ticks("A night bus").presses("Enter this vote")
    ola.presses("Prioritise")
    votes(ola, "More benches")
    frida.presses_data(f"castfor:1:{ola.id}:1").hears("No vote can be entered for this person")
    frida.presses("Enter a vote given on paper")
    assert "Member1" not in frida.labels, "who voted in person needs nobody"
    maria.presses_data(f"castfor:1:{others[0].id}:1").hears("That is not here any more")
    peek = world.view(maria.address, Press("pboxes", ("1", str(others[0].id), "1")))
    assert peek.toast.startswith("That is not here any more")
    frida.presses_data(f"castfor:1:{frida.id}:1").hears("That is not here any more")
    for someone in others[:3]:
        votes(someone, "More benches")
    with world.db.reading() as tx:
        lines = tx.exec_driver_sql("SELECT object FROM audit WHERE action = 'vote entered on behalf' ORDER BY id")
        assert [line.object for line in lines] == [f"ballot:1 person:{one.id}" for one in (maria, ola)]
    world.wait(timedelta(days=4))
    maria.hears("5 of 7 members took part")
    assert maria.messages[-1].message.table[0] == ("1. More benches", "4 votes")
    frida.presses_data(f"castfor:1:{maria.id}:1").hears("The prioritisation closed")


def test_every_vote_is_shown_without_a_name_where_that_was_settled_before(world: World) -> None:
    maria, *others = voters(world, 6)
    prioritisation(world, shown="The numbers and each vote, unnamed")
    maria.hears("When it is counted, the committee sees every vote on a list without names")
    votes(maria, "A night bus", "A youth house")
    for someone in others[:4]:
        votes(someone, "More benches")
    with world.db.reading() as tx:
        assert ballots.papers(tx, 1) == []
    world.wait(timedelta(days=4))
    assert "All votes, without names" in maria.labels
    with world.db.reading() as tx:
        assert sorted(ballots.papers(tx, 1)) == [1, 1, 1, 1, 6]


def test_no_list_is_offered_where_only_numbers_were_settled(world: World) -> None:
    maria, *others = voters(world, 5)
    prioritisation(world)
    maria.does_not_hear("every vote on a list")
    for someone in (maria, *others):
        votes(someone, "More benches")
    world.wait(timedelta(days=4))
    maria.hears("5 of 6 members took part")
    assert "All votes, without names" not in maria.labels
