"""Putting in order, numbers and dates: drafted, answered in a chat, on a page and in a window, and summed up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.chat.events import Address, Outcome, Press, Submitted
from bot.platforms.slack_modals import form_view
from storage import answers, people
from tests.world import Someone, World

DEADLINE = datetime(2026, 3, 12, 11, tzinfo=UTC)


def drafts(frida: Someone) -> Someone:
    """An order of three, a number of minutes and a date, written in the first language only."""
    frida.says("/ask").answers("Not before a meeting", "bussen", "bussen", "the bus", "2026-03-12 12:00")
    frida.presses("Add a question").answers("Putting answers in order", "Hva først?", "Kva?", "What?")
    frida.answers("Lys\nTak\nBenk", "Lys\nTak\nBenk", "Lys\nTak\nBenk")
    frida.presses("Add a question").answers(
        "A number", "Hvor langt?", "Kor?", "How far?", "minutter", "minutt", "minutter"
    )
    frida.answers("0", "90")
    return frida.presses("Add a question").answers("A date", "Hvilken dag?", "Kva dag?", "Which day?")


def taps(world: World, someone: Someone, *labels: str) -> None:
    """Tap one choice after the other; all but the last tap only redraw the message, which is never stored."""
    message = someone.messages[-1].message
    row = str(someone.messages[-1].row)
    for label in labels:
        (button,) = [one for line in message.buttons for one in line if one["label"] == label]
        route, *args = button["data"].split(":")
        assert len(button["data"].encode()) <= 64
        if route == "a":
            assert label == labels[-1]
            world.event(someone.address, Press(route, tuple(args), row))
            return
        outcome = world.view(someone.address, Press(route, tuple(args), row))
        assert outcome.replaces is not None, outcome.toast
        message = outcome.replaces


def given(world: World, member: Someone) -> Any:
    with world.db.reading() as tx:
        found = answers.of(tx, 1, member.id)
    return found and found.values


def test_the_preview_shows_what_can_be_answered(world: World) -> None:
    world.member("Ola")
    frida = drafts(world.facilitator())
    frida.hears("1. What?", "(to be put in order)", "- Lys", "A number from 0 to 90 minutter")
    frida.hears("Day, month and year, such as 2026-12-03.")


def test_an_order_is_tapped_and_can_be_begun_again(world: World) -> None:
    ola = world.member("Ola")
    drafts(world.facilitator()).presses("Send to 1 member")
    ola.presses("Start").hears("1/3 · What?", "Tap what matters most to you first", "1. Lys\n2. Tak\n3. Benk")
    taps(world, ola, "Lys", "Start again", "Benk", "Lys")
    ola.says("about 20 minutes").hears("I could not read that as a number").says("20 minutter").says("5/3")
    ola.hears("I could not read that date").says("5.3.2026")
    ola.hears("Your answers are in:", "1. Benk\n2. Lys\n3. Tak", "20 minutter", "5 March 2026")
    assert given(world, ola) == {"q1": ["o3", "o1", "o2"], "q2": "20", "q3": "2026-03-05"}


def test_an_order_can_be_typed_and_nothing_but_an_order_is_taken(world: World) -> None:
    ola = world.member("Ola")
    drafts(world.facilitator()).presses("Send to 1 member")
    ola.presses("Start").says("light first").hears("Please put all 3 in order, each once.").says("3, 1, 2")
    ola.says("120").hears("The most is 90 minutter").presses("Skip").presses("Skip")
    assert given(world, ola) == {"q1": ["o3", "o1", "o2"], "q2": None, "q3": None}
    forged = world.view(ola.address, Press("rank", ("answers", "1", "q1", "9,9"), None))
    assert "Please choose among the answers shown." in forged.toast


def test_the_summary_has_mean_places_ends_and_days(world: World) -> None:
    ola, kari = world.member("Ola"), world.member("Kari")
    frida = drafts(world.facilitator()).presses("Send to 2 members")
    ola.presses("Start").says("3, 1, 2").says("20").says("2026-03-05")
    kari.presses("Start").says("3, 2, 1").says("31").says("2026-03-05")
    world.until(DEADLINE)
    frida.hears("Benk: mean place 1.0, first for 2", "Mean 25.5, median 25.5", "From 20 to 31 minutter")
    frida.hears("5 March 2026: 2")


def page(world: World, someone: Someone) -> Outcome:
    """The first page of the questions, as the web and Slack show it."""
    web = Address("web", "browser")
    with world.db.transaction() as tx:
        people.give_address(tx, someone.id, web, world.now)
    someone.address = web
    return world.event(web, Press("open", ("answers", "1")))


def test_on_a_page_all_three_are_answered_together_and_mistakes_are_said(world: World) -> None:
    ola = world.member("Ola")
    drafts(world.facilitator()).presses("Send to 1 member")
    opened = page(world, ola).opens
    assert opened is not None and [field.kind for field in opened.fields] == ["ranking", "number", "date"]
    wrong: dict[str, tuple[str, ...]] = {"q1": ("o3", "o3", "o1"), "q2": ("200",), "q3": ("2026-03-05",)}
    refused = world.event(ola.address, Submitted("answers", 1, wrong))
    assert "each once" in refused.errors["q1"] and "The most is 90" in refused.errors["q2"]
    assert refused.opens is not None and refused.opens.fields[0].given == ("o3", "o3", "o1")
    right: dict[str, tuple[str, ...]] = {"q1": ("o3", "o1", "o2"), "q2": ("20",), "q3": ("",)}
    assert world.event(ola.address, Submitted("answers", 1, right)).done
    assert given(world, ola) == {"q1": ["o3", "o1", "o2"], "q2": "20", "q3": None}


def test_in_slack_the_order_is_written_by_numbers(world: World) -> None:
    ola = world.member("Ola")
    drafts(world.facilitator()).presses("Send to 1 member")
    opened = page(world, ola).opens
    assert opened is not None
    blocks = form_view(opened)["blocks"]
    assert any("1. Lys\n2. Tak\n3. Benk" in str(block.get("text", {}).get("text")) for block in blocks)
    (entry,) = [block for block in blocks if block.get("block_id") == "q1"]
    assert entry["element"]["type"] == "plain_text_input" and "in order" in entry["hint"]["text"]
    written = world.event(ola.address, Submitted("answers", 1, {"q1": ("2, 3, 1",), "q2": ("5",), "q3": ("",)}))
    assert written.done and given(world, ola)["q1"] == ["o2", "o3", "o1"]
