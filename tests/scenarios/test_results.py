"""The end of a season: what the committee stands behind, handing over, and the council's answer to each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.people import Role
from storage import people
from tests.world import Someone, World

DAY = timedelta(days=1)


@pytest.fixture
def town(world: World) -> World:
    world.load("svelvik-byhuset")
    return world


def recommends(frida: Someone, title: str, text: str = "A bus each hour until midnight.") -> Someone:
    frida.says("/recommendations").presses("New recommendation")
    return in_every_language(frida, title, text)


def in_every_language(someone: Someone, *texts: str) -> Someone:
    """Answer in the committee's first language, and leave the others out."""
    others = ["Skip"] * (len(someone.world.mandate.locales) - 1)
    return someone.answers(*(turn for text in texts for turn in (text, *others)))


def sources(frida: Someone, title: str, *ideas: str) -> Someone:
    frida.says("/recommendations").presses(title).presses("What fed it")
    return frida.ticks(*ideas).presses("Done")


def handed_over(world: World) -> tuple[Someone, Someone, Someone]:
    """A result that is delivered: who facilitates, who chairs, and who keeps the records."""
    frida, sekri = world.facilitator(), world.secretariat()
    chair = world.member("Cecilie", role=Role.CHAIR)
    recommends(frida, "A night bus")
    recommends(frida, "Benches", "A bench at each stop.")
    frida.presses("All recommendations").presses("The case in short")
    in_every_language(frida, "We talked with 40 people.")
    frida.presses("All recommendations").presses("Ask the chair whether the committee stands behind them")
    chair.presses("Read the first").presses("The committee stands behind this text")
    chair.presses("The committee stands behind this text")
    return frida, chair, sekri


def test_the_chair_says_what_the_committee_stands_behind_without_a_vote(town: World) -> None:
    frida, chair, ola = town.facilitator(), town.member("Cecilie", role=Role.CHAIR), town.member("Ola")
    recommends(frida, "A night bus").hears("Recommendation 1: A night bus", "State: a draft.")
    frida.presses("What follows").answers("Ask the bus company", "The county", "A meeting in May", "2026-05-05")
    frida.hears("Action 1: Ask the bus company", "Carried out by: The county", "By 5 May 2026.")
    frida.presses("All recommendations").presses("Ask the chair whether the committee stands behind them")
    chair.hears("Frida asks whether the committee stands behind 1 recommendation", "It is not a vote", "1. A night bus")
    ola.says("/recommendations").presses("Read 1").hears("A bus each hour until midnight.")
    assert "The committee stands behind this text" not in ola.labels + frida.labels
    chair.presses("Read the first").presses("Not yet").says("Say which buses.")
    frida.hears("Cecilie says of recommendation 1 that the committee needs a change: Say which buses.")
    frida.presses("Change the text").presses("Change something").presses("What does the committee recommend?")
    frida.says("Bus 51, each hour until midnight.").presses("Save the change")
    # The chair's old button is about words that are gone.
    chair.presses("The committee stands behind this text").hears("The text has been changed since", "Bus 51")
    chair.presses("The committee stands behind this text")
    chair.hears("Noted: the committee stands behind recommendation 1.")
    frida.hears("The committee stands behind all its recommendations.").says("/recommendations")
    assert "Ask the chair whether the committee stands behind them" not in frida.labels
    ola.says("/recommendations").hears("1. A night bus: the committee stands behind it")


def test_nobody_else_can_say_it(town: World) -> None:
    frida, ola = town.facilitator(), town.member("Ola")
    recommends(frida, "A night bus")
    for someone in (frida, ola):
        someone.presses_data("behind:1:1").hears("That is not here any more")
    ola.presses_data("open:recnew:1").hears("That is not here any more")
    ola.says("/recommendations").hears("1. A night bus: a draft")
    frida.says("/recommendations").presses("Ask the chair whether the committee stands behind them")
    frida.hears("This committee has no chair yet")


def test_what_is_not_whole_is_not_delivered_and_says_what_is_missing(town: World) -> None:
    frida, chair = town.facilitator(), town.member("Cecilie", role=Role.CHAIR)
    recommends(frida, "A night bus").presses("All recommendations").presses("Deliver")
    frida.hears("The chair has not said yet that the committee stands behind these: 1.")
    chair.says("/recommendations").presses("Read 1").presses("The committee stands behind this text")
    frida.says("/recommendations").presses("Deliver").hears("The case in short is not written yet.")


def test_delivering_notes_the_day_and_tells_every_member_what_happens_next(town: World) -> None:
    frida, chair, _sekri = handed_over(town)
    ola = town.member("Ola", locale="da")
    frida.says("/recommendations").presses("Deliver")
    frida.hears("2 recommendations go to", "These name nothing that follows: 1 and 2.", "All members are told.")
    frida.presses("Deliver, and tell 2 members").hears("Delivered. 2 members are told.")
    chair.hears("Your recommendations were delivered to", "on 2 March 2026", "with the reason")
    frida.presses_data("handed:1").hears("The result is delivered, so its words stand.")
    frida.presses_data("open:recedit:1").hears("The result is delivered, so its words stand.")
    assert len([one for one in ola.messages if "2. marts 2026" in one.text or "2 March 2026" in one.text]) == 1


def test_what_was_tried_stands_in_the_result(town: World) -> None:
    frida, ola = town.facilitator(), town.member("Ola")
    ola.says("/idea A bench at the quay")
    frida.says("/recommendations").presses("An idea that was tried")
    frida.answers("A bench at the quay", "A bench stood there for a week", "The harbour", "2026-02-20")
    frida.answers("It was used every evening")
    frida.hears("A bench stood there for a week (The harbour, 20 February 2026)", "Learnt: It was used every evening")
    frida.presses("Another one").answers("None of these", "A bus", "The county", "2026-03-20", "None")
    frida.hears("That day is still to come.")


def answers_come(sekri: Someone, number: int, outcome: str, reason: str, on: str = "2026-03-02") -> Someone:
    sekri.says("/council").presses(f"Answer to {number}").answers(outcome, reason, on)
    return sekri.presses("Keep it")


def test_the_answer_reaches_members_and_whoever_fed_it_once_with_the_reason(town: World) -> None:
    ola, kari, nina = town.member("Ola"), town.member("Kari"), town.member("Nina", locale="da")
    nina.says("/idea A bus at night")
    nina.says("/idea A seat while one waits")
    frida, _chair, sekri = handed_over(town)
    sources(frida, "Read 1", "A bus at night").hears("It builds on 1 idea.").does_not_hear("Nina")
    sources(frida, "Read 2", "A seat while one waits")
    # Nina has left the committee since, and is still told what became of her ideas.
    with town.db.transaction() as tx:
        people.take_role(tx, nina.id, 1, Role.CITIZEN)
    sekri.says("/council").hears("The recommendations are not delivered yet.")
    frida.says("/recommendations").presses("Deliver").presses("Deliver, and tell 3 members")
    town.wait(30 * DAY)
    answers_come(sekri, 1, "Adopted with changes", "Until 23, because of the drivers' hours.", "2026-03-30")
    sekri.hears("1. A night bus: Adopted with changes, not told yet", "2. Benches: no answer yet")
    answers_come(sekri, 2, "Not adopted", "There is no room on the pavement.", "2026-03-30")
    for someone in (ola, kari, nina):
        someone.does_not_hear("pavement")
    sekri.presses("Look them over, and tell")
    sekri.hears("Adopted with changes, 30 March 2026.", "3 members are told. So is 1 other person whose idea")
    sekri.presses("Tell 4 people")
    ola.hears("Recommendation 1: A night bus\nAdopted with changes, 30 March 2026.\nUntil 23")
    told = [one.text for one in nina.messages if "pavement" in one.text]
    assert len(told) == 1
    assert "A night bus" in told[0]
    assert told[0].startswith(f"{town.mandate.short_name['nb']}:") and "bus" not in told[0].split("\n")[0]
    sekri.presses_data("telling:1:2").hears("Everybody has been told all that is entered.")
    assert len([one for one in ola.messages if "pavement" in one.text]) == 1


def test_whoever_only_fed_one_recommendation_hears_of_that_one(town: World) -> None:
    nina = town.member("Nina")
    nina.says("/idea A bus at night")
    frida, _chair, sekri = handed_over(town)
    sources(frida, "Read 1", "A bus at night")
    with town.db.transaction() as tx:
        people.take_role(tx, nina.id, 1, Role.CITIZEN)
    frida.says("/recommendations").presses("Deliver").presses("Deliver, and tell 1 member")
    answers_come(sekri, 1, "Adopted", "It starts in August.")
    answers_come(sekri, 2, "Not treated", "It comes up in June.")
    sekri.presses("Look them over, and tell").presses("Tell 2 people")
    nina.hears("You wrote something to the committee", "It starts in August.").does_not_hear("June")


def test_a_correction_says_what_was_told_before(town: World) -> None:
    ola = town.member("Ola")
    frida, _chair, sekri = handed_over(town)
    frida.says("/recommendations").presses("Deliver").presses("Deliver, and tell 2 members")
    answers_come(sekri, 1, "Not treated", "The meeting ran out of time.")
    sekri.presses("Look them over, and tell").presses("Tell 2 people")
    town.wait(7 * DAY)
    sekri.says("/council").presses("Answer to 1").presses("Keep it").hears(
        "That is what everybody has been told already."
    )
    sekri.says("/council").presses("Answer to 1").presses("Change something")
    sekri.presses("What does kommunestyret answer to recommendation 1: A night bus?").presses("Adopted")
    sekri.presses("Change something").presses("What is the reason? Everybody who worked on it reads it.")
    sekri.says("It starts in August.").presses("Change something").presses("When was it decided?").says("2026-03-09")
    sekri.presses("Keep it")
    ola.does_not_hear("August")
    sekri.presses("Look them over, and tell").presses("Tell 2 people")
    ola.hears("Adopted, 9 March 2026.", "This corrects what we told you before: Not treated, 2 March 2026.")
    ola.says("/recommendations").hears("1. A night bus: Adopted")


def test_a_decision_of_tomorrow_is_not_entered(town: World) -> None:
    frida, _chair, sekri = handed_over(town)
    frida.says("/recommendations").presses("Deliver").presses("Deliver, and tell 1 member")
    answers_come(sekri, 1, "Adopted", "Yes.", "2026-03-03").hears("3 March 2026 is still to come.")
    frida.presses_data("open:reply:1").hears("That is not here any more")


def test_a_closed_committee_releases_only_by_the_councils_rule_or_after_delivery(world: World) -> None:
    world.load("gentofte-biblioteker", lambda source: source.replace('["da", "en"]', '["en", "da"]'))
    ola = world.member("Ola")
    ola.says("/idea Keep one library open at night")
    frida, chair, _sekri = handed_over(world)
    recommends(frida, "Nights", "Ola said: “One evening is enough.” Keep one library open at night")
    sources(frida, "Read 3", "Keep one library open at night")
    chair.says("/recommendations").presses("Read 3").presses("The committee stands behind this text")
    chair.says("/recommendations").presses("Make them public")
    chair.hears("the municipal council has made no rule that lets it publish", "Deliver them first")
    frida.says("/recommendations").presses("Deliver").presses("Deliver, and tell 2 members")
    chair.says("/recommendations").presses("Make them public")
    chair.hears("nobody's words may stand there with a name", "Ola", "One evening is enough.", "Keep one library open")
    frida.presses_data("recout:1").hears("That is not here any more")
    chair.presses("I have looked at them. Make it public").hears("stand on the committee's page now")


def test_a_change_after_the_release_is_looked_at_before_it_is_public(town: World) -> None:
    frida, chair, _sekri = handed_over(town)
    chair.says("/recommendations").presses("Make them public").presses("I have looked at them. Make it public")
    assert "Make them public" not in chair.says("/recommendations").labels
    frida.says("/recommendations").presses("Read 1").presses("What follows")
    frida.answers("Ask Ola", "The county", "Skip", "Skip")
    assert "Make them public" in chair.says("/recommendations").labels
