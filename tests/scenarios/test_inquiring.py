"""A politician asks afterwards: what do we miss? The facilitator sends it, and the answers come back without names."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import i18n
from bot.domain.people import Role
from storage import mydata, results
from tests.world import Someone, World

DAY = timedelta(days=1)


@pytest.fixture
def town(world: World) -> World:
    world.load("svelvik-ungdom")
    return world


def delivered(world: World) -> tuple[Someone, Someone]:
    frida, per = world.facilitator(), world.member("Per", role=Role.POLITICIAN)
    with world.db.transaction() as tx:
        results.deliver(tx, 1, frida.id, world.now)
    return frida, per


def asks(per: Someone, on: str = "2026-03-20") -> Someone:
    per.says("/inquire").answers("Nattbussen", "Skip", "The night bus", on)
    return per.answers("Hva mangler vi?", "Skip", "What do we miss?").presses("Send")


def test_members_and_those_who_follow_along_answer_without_names(town: World) -> None:
    frida, per = delivered(town)
    ola, nina = town.member("Ola"), town.member("Nina", role=Role.CIRCLE)
    asks(per).hears("Your contact person looks at it and sends it. You get the answers", "without names")
    frida.hears("Per asks the committee and those who follow along about The night bus", "20 March 2026")
    ola.does_not_hear("What do we miss?")
    frida.presses("To the members").presses("Send to 1 member")  # not to who asks
    frida.presses("To those who follow along").presses("Send to 1 member")
    ola.hears("Per asks, and gets the answers without names.").presses("Start").hears("What do we miss?")
    ola.says("The last ferry")
    nina.presses("Start").says("Shelter at the stop")
    town.wait(18 * DAY)
    per.hears("Here is what you were answered, without names.", "The last ferry", "Shelter at the stop")
    per.does_not_hear("Ola", "Nina")
    assert len([one for one in per.messages if "The last ferry" in one.text]) == 1


def test_whoever_asked_finds_the_question_among_the_own_data(town: World) -> None:
    _frida, per = delivered(town)
    asks(per)
    with town.db.reading() as tx:
        found = mydata.everything(tx, town.engine.house.vault, per.id, {})
    said = [i18n.say(value, "en") for part in found for entry in part.entries for _what, value in entry]
    assert {"What do we miss?", "20 March 2026"} <= set(said)


def test_a_question_that_was_not_sent_is_said_to_be_so(town: World) -> None:
    _frida, per = delivered(town)
    asks(per)
    town.wait(18 * DAY)
    per.hears("Your question was not sent, so there is no answer.")


def test_only_politicians_ask_in_time_and_after_delivery(town: World) -> None:
    ola, paula = town.member("Ola"), town.member("Paula", role=Role.POLITICIAN)
    paula.says("/inquire").hears("The recommendations are not delivered yet.")
    _frida, per = delivered(town)
    ola.says("/inquire").hears("That is for others in this committee")
    asks(per, "2026-03-03").hears("That is too soon: people need at least a day to answer.")
