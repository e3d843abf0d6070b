"""A member on the phone has ideas too, and says what was meant by an answer: a facilitator enters both."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.text import _
from storage import contact, ideas, myapplications, mydata, piles
from storage.tables import Audit
from tests.scenarios.test_calling import on_the_phone
from tests.scenarios.test_collating import DEADLINE
from tests.scenarios.test_questions import elected
from tests.world import Someone, World

IDEA = "A bench at every stop"


def logged(world: World, action: str) -> list[tuple[int | None, str, str]]:
    with world.db.reading() as tx:
        found = select(Audit.person_id, Audit.object, Audit.reason).where(Audit.action == action)
        return [(row.person_id, row.object, row.reason) for row in tx.execute(found)]


def test_an_idea_told_in_a_call_is_the_members_own_and_marked(world: World) -> None:
    kari, ola = on_the_phone(world, "Kari", "+47 22 22 22 22"), world.member("Ola")
    frida = world.facilitator()
    frida.says("/prompt").answers("Ta med kaffe", "Skip", "Bring coffee", "all members (2)", "Now").presses("Send now")
    frida.says("/calls").presses(frida.labels[0]).presses("Enter an idea")
    frida.hears("How did the idea come?").does_not_hear("Whose idea is it?")
    frida.presses("By phone").hears("in the member's own words").says(IDEA).hears("Whose idea is it?\nKari", IDEA)
    frida.presses("Enter this idea").hears(f"The idea of Kari is on the list, without the name:\n\n{IDEA}")
    ola.says("/ideas").hears(f"1. {IDEA}").does_not_hear("Kari").presses("1: second").hears("You now second")
    with world.db.reading() as tx:
        (found,) = ideas.own(tx, kari)
        shown = mydata.everything(tx, world.engine.house.vault, kari, {})
    assert (found.text, found.entered_by, found.entered_how) == (IDEA, frida.id, "phone")
    assert logged(world, "idea entered on behalf") == [(frida.id, f"idea:{found.id} person:{kari}", "phone")]
    facts = [fact for part in shown for entry in part.entries for fact in entry]
    assert (_("How it came to us"), myapplications.ENTERED["phone"]) in facts
    frida.presses("See whom to call").hears("1 person who has no e-mail")  # the call itself is not done by that


def test_an_idea_on_paper_comes_without_a_call_and_can_be_taken_back(world: World) -> None:
    on_the_phone(world, "Kari", "+47 22 22 22 22")
    frida, ola = world.facilitator(), world.member("Ola")
    frida.says("/calls").hears("Nobody is waiting for a call").presses("Enter an idea")
    frida.hears("Whose idea is it?").does_not_hear("Ola").presses("Kari").presses("On paper").says(IDEA)
    frida.presses("Enter this idea").presses("Take it back").hears("The idea is off the list.")
    ola.says("/ideas").hears("There are no ideas yet.")
    assert [how for _who, _what, how in logged(world, "idea entered on behalf")] == ["paper"]
    assert len(logged(world, "idea withdrawn on behalf")) == 1


def test_nothing_is_entered_for_who_writes_in_person_or_by_who_may_not(world: World) -> None:
    kari, ola = on_the_phone(world, "Kari", "+47 22 22 22 22"), world.member("Ola")
    frida = world.facilitator()
    fie = world.facilitator("Fie", committee=world.load("gentofte-biblioteker"))
    world.load()
    frida.presses_data(f"ideaof:1:{ola.id}").hears("That is not here any more")
    for stranger in (ola, fie):
        stranger.presses_data(f"ideaof:1:{kari}").hears("That is not here any more")
        stranger.presses_data("open:ideafor:1").hears("That is not here any more")
    ola.says(f"/idea {IDEA}")
    frida.presses_data("ideaback:1").hears("That is not here any more")
    with world.db.transaction() as tx:
        contact.give(tx, world.engine.house.vault, kari, "kari@example.org", world.now)
    world.engine.house.accounts.add("mail")
    frida.presses_data("open:ideafor:1").hears("No member is on paper or phone alone. Everybody here can write /idea.")


def test_in_an_elected_body_no_idea_is_entered_between_meetings(world: World) -> None:
    world.load("svelvik-byhuset", elected)
    on_the_phone(world, "Kari", "+47 22 22 22 22", "nb")
    frida = world.facilitator()
    frida.says("/prompt").answers("Ta med kaffe", "all members (1)", "Now").presses("Send now")
    assert "Enter an idea" not in frida.says("/calls").labels
    frida.presses(frida.labels[0]).hears("Ta med kaffe")
    assert "Enter an idea" not in frida.labels
    frida.presses_data("open:ideafor:1").hears("members exchange ideas in its meetings")


def grouped(world: World, who: str = "", *questions: str) -> tuple[Someone, Someone, int]:
    """Kari on the phone and five who chat have answered, and the groups are sent to members."""
    kari = on_the_phone(world, "Kari", "+47 22 22 22 22")
    others = world.members("Ola", "Per", "Mia", "Leo", "Ada")
    frida = world.facilitator()
    frida.says("/ask").answers("Not before a meeting", "kveldene", "Skip", "the evenings", "2026-03-12 12:00")
    for text in questions or ("What is missing?",):
        frida.presses("Add a question").answers("In one's own words", text, "Skip", text)
    if who:
        frida.presses("Who sees the answers?").presses(who).presses("Look at it again")
    frida.presses("Send to 6 members")
    for one in others:
        one.presses("Start")
        for _text in questions or ("What is missing?",):
            one.says(f"Buses for {one.name}")
    frida.says("/calls").presses(frida.labels[0]).presses("Enter the answers").presses("By phone")
    for _text in questions or ("What is missing?",):
        frida.says("A light behind the school")
    frida.presses("Enter these answers")
    world.until(DEADLINE)
    frida.presses("See the groups").presses("Send the groups to members")
    world.wait(timedelta(days=4))
    return frida, others[0], kari


def test_what_was_meant_is_entered_when_the_groups_are_read_aloud(world: World) -> None:
    fie = world.facilitator("Fie")
    frida, ola, kari = grouped(world)
    frida.says("/calls").presses(frida.labels[0]).hears("Answers about the evenings", "A light behind the school")
    frida.presses("Enter what was meant").hears("How did the correction come?").presses("By phone")
    frida.says("By the old school").hears("Whose answer was meant otherwise?\nKari", "By the old school")
    frida.presses("Enter the correction").hears("It stands beside the answer now.")
    frida.does_not_hear("says that an answer")
    fie.hears("Kari says that an answer about “the evenings” was meant otherwise.")
    ola.presses("See it as it is now").hears("A light behind the school\n   Its writer adds: By the old school")
    with world.db.reading() as tx:
        (found,) = piles.own(tx, 1, kari)
    assert (found.corrected_by, found.corrected_how) == (frida.id, "phone")
    assert logged(world, "correction entered on behalf") == [(frida.id, f"prompt:1 person:{kari}", "phone")]


def test_of_several_answers_the_question_says_which_and_without_names_nothing_says_whose(world: World) -> None:
    frida, ola, kari = grouped(world, "Nobody sees names, not even the facilitator", "What is missing?", "And in May?")
    fie = world.facilitator("Fie")
    frida.presses_data("open:meantfor:1").hears("Whose answer was meant otherwise?").presses("Kari")
    frida.hears("Which question was answered?")
    assert "A light behind the school" not in frida.last
    frida.presses("And in May?")
    frida.presses("On paper").says("Only in the dark").presses("Enter the correction")
    fie.hears("Somebody says that an answer about “the evenings” was meant otherwise.").does_not_hear("Kari")
    with world.db.reading() as tx:
        assert [(one.question, one.correction) for one in piles.own(tx, 1, kari)] == [(1, ""), (2, "Only in the dark")]
    assert logged(world, "correction entered on behalf") == [(frida.id, "prompt:1", "paper")]
    ola.presses("See it as it is now").hears("Its writer adds: Only in the dark")


def test_only_who_is_on_paper_has_a_correction_entered_and_only_by_who_looks_after_them(world: World) -> None:
    frida, ola, kari = grouped(world)
    fie = world.facilitator("Fie", committee=world.load("gentofte-biblioteker"))
    frida.presses_data(f"meantof:1:{ola.id}").hears("That is not here any more")
    for stranger in (ola, fie):
        stranger.presses_data(f"meantof:1:{kari}").hears("That is not here any more")
        stranger.presses_data("open:meantfor:1").hears("That is not here any more")


def test_the_secretariat_enters_it_too_but_reads_no_groups(world: World) -> None:
    sekri = world.secretariat("Siri")
    frida, _ola, kari = grouped(world)
    sekri.says("/calls").presses(sekri.labels[0]).presses("Enter what was meant").presses("By phone")
    sekri.says("By the old school").presses("Enter the correction").hears("It stands beside the answer now.")
    assert "See it as it is now" not in sekri.labels
    frida.hears("Kari says that an answer about “the evenings” was meant otherwise.")
    assert logged(world, "correction entered on behalf") == [(sekri.id, f"prompt:1 person:{kari}", "phone")]


def test_before_members_have_seen_the_groups_there_is_nothing_to_correct(world: World) -> None:
    kari = on_the_phone(world, "Kari", "+47 22 22 22 22")
    frida = world.facilitator()
    frida.says("/ask").answers("Not before a meeting", "kveldene", "Skip", "the evenings", "2026-03-12 12:00")
    frida.presses("Add a question").answers("In one's own words", "Hva?", "Skip", "What?").presses("Send to 1 member")
    frida.presses_data(f"meantof:1:{kari}").hears("That is not here any more")
    frida.presses_data("open:meantfor:1").hears("That is not here any more")
