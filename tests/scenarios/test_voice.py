"""Answers that are spoken: kept, listened to, written down by hand, and deleted whenever their speaker wants."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.chat.delivery import Fetched, Found, Lost, RetryAfter
from bot.domain.retention import Recordings
from bot.text import _
from handlers import housekeeping
from storage import answers, prompts, recordings, retention
from storage.tables import Recording, Sound
from tests import sounds
from tests.scenarios.test_everywhere import only
from tests.world import Someone, World

DEADLINE = datetime(2026, 3, 12, 11, tzinfo=UTC)
KIND = "In one's own words, written or spoken"


def asks(world: World, who: str = "", *names: str) -> tuple[Someone, list[Someone]]:
    """One question that can be spoken, sent to some members."""
    members = world.members(*(names or ("Ola",)))
    frida = world.facilitator()
    frida.says("/ask").answers("Not before a meeting", "kveldene", "kveldane", "the evenings", "2026-03-12 12:00")
    frida.presses("Add a question").answers(KIND, "Hva mangler?", "Kva manglar?", "What is missing?")
    frida.hears("(in one's own words, written or spoken)", "only Frida can hear the recording")
    if who:
        frida.presses("Who sees the answers?").presses(who).presses("Look at it again")
    frida.presses(f"Send to {len(members)} member{'s' * (len(members) > 1)}")
    return frida, members


def given(world: World, someone: Someone) -> Any:
    with world.db.reading() as tx:
        found = answers.of(tx, 1, someone.id)
    return found and found.values["q1"]


def kept(world: World) -> tuple[int, int]:
    """How many recordings there are, and how many of them with their bytes."""
    with world.db.reading() as tx:
        rows, bytes_ = (tx.execute(select(func.count()).select_from(one)).scalar_one() for one in (Recording, Sound))
    return rows, bytes_


def test_an_answer_is_spoken_kept_and_deleted(world: World) -> None:
    _frida, (ola,) = asks(world)
    ola.hears("If you speak, only Frida can hear the recording.").presses("Start")
    ola.hears("send it as a voice message of at most 3 minutes").speaks(sounds.ogg(42), 42)
    ola.hears("Your answers are in:", "A voice answer, 0:42", "Your recording is kept: A voice answer, 0:42.")
    assert given(world, ola) == ["1", "42"]
    assert kept(world) == (1, 1)
    ola.presses("Delete the recording").hears("the question is then unanswered").presses("Yes, delete it")
    ola.hears("It is deleted.")
    assert given(world, ola) is None
    assert kept(world) == (0, 0)
    ola.presses_data("unvoice:1").hears("That is not here any more")


def test_what_is_written_down_is_the_answer_and_takes_part_with_the_others(world: World) -> None:
    frida, (ola, kari, per) = asks(world, "", "Ola", "Kari", "Per")
    ola.presses("Start").speaks(sounds.ogg(5), 5)
    kari.presses("Start").says("Flere busser om kvelden")
    per.presses("Start").speaks(sounds.ogg(61), 61)
    frida.says("/questions").presses("the evenings: open").presses("Voice answers")
    frida.hears("2 voice answers are not written down.", "Ola\nWhat is missing?\nA voice answer, 0:05")
    frida.presses_data("open:heard:1").says("Bussen går for sjelden om kvelden, flere busser")
    frida.hears("It is written down, and the words are the answer now.")
    assert given(world, ola) == "Bussen går for sjelden om kvelden, flere busser"
    world.until(DEADLINE)
    frida.hears("3 answers", "Bussen går for sjelden om kvelden", "A voice answer, 1:01")
    frida.presses("See the groups").hears("3 answers in 2 groups.")
    assert "A voice answer, 1:01 (1)" in [label for seen in frida.messages for label in seen.labels]
    frida.presses("Send the groups to members")
    kari.hears("A voice answer, 1:01")
    kari.does_not_hear("/voice/")
    ola.says("/recordings").hears("It is written down, and the words are your answer.").presses("Delete the recording")
    ola.presses("The whole answer")
    assert given(world, ola) is None
    assert kept(world) == (1, 1)
    frida.presses("See the groups").hears("2 answers in 2 groups.")


def test_what_is_written_down_later_joins_the_group_it_is_like(world: World) -> None:
    frida, (ola, kari, per) = asks(world, "", "Ola", "Kari", "Per")
    ola.presses("Start").speaks(sounds.ogg(5), 5)
    kari.presses("Start").says("Flere busser om kvelden")
    per.presses("Start").speaks(sounds.ogg(61), 61)
    world.until(DEADLINE)
    frida.presses("See the groups").hears("3 answers in 3 groups.")
    frida.presses_data("open:heard:1").says("Bussen går for sjelden om kvelden, flere busser")
    frida.presses("See the groups").hears("3 answers in 2 groups.")
    frida.presses_data("open:heard:2").says("Kantina er stengt")
    frida.presses("See the groups").hears("3 answers in 2 groups.")
    assert "“Kantina er stengt” (1)" in [label for seen in frida.messages for label in seen.labels]


def test_its_speaker_can_write_it_down_and_change_the_words(world: World) -> None:
    _frida, (ola,) = asks(world)
    ola.presses("Start").speaks(sounds.ogg(5), 5).presses("Write down what I said").says("Bussen")
    ola.hears("It is written down").says("/edit").presses("Change my answers")
    ola.hears("Here is what you wrote. Nothing is sent yet.", "Bussen")
    ola.presses("Change something").presses("What is missing?").says("Flere busser").presses("Send my answers")
    assert given(world, ola) == "Flere busser"
    assert kept(world) == (1, 1)


def test_another_answer_takes_the_place_of_a_recording(world: World) -> None:
    _frida, (ola,) = asks(world)
    ola.presses("Start").speaks(sounds.ogg(5), 5).presses("Change my answers").presses("Change something")
    ola.presses("What is missing?").speaks(sounds.ogg(9), 9).presses("Send my answers").hears("0:09")
    assert given(world, ola) == ["2", "9"]
    assert kept(world) == (1, 1)
    ola.presses("Change my answers").presses("Change something").presses("What is missing?").says("Bussen")
    ola.presses("Send my answers")
    assert given(world, ola) == "Bussen"
    assert kept(world) == (0, 0)


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (sounds.PDF, "What you sent is no recording that we can play."),
        (b"", "What you sent is no recording that we can play."),
        (sounds.ogg(181), "That recording is too long: there is room for 3 minutes."),
        (sounds.wav(60) * 100, "That recording is too long"),
    ],
)
def test_what_is_no_short_recording_is_not_kept_and_its_sender_is_asked_again(
    world: World, sound: bytes, why: str
) -> None:
    _frida, (ola,) = asks(world)
    ola.presses("Start").speaks(sound).hears(why, "Please send it again, or write your answer.")
    assert given(world, ola) is None
    assert kept(world) == (1, 0)
    ola.presses("Answer again").presses("Change something").presses("What is missing?").says("Bussen")
    ola.presses("Send my answers")
    assert given(world, ola) == "Bussen"


def test_too_long_is_said_at_once_where_the_platform_says_how_long(world: World) -> None:
    _frida, (ola,) = asks(world)
    ola.presses("Start").speaks(sounds.ogg(200), 200).hears("there is room for 3 minutes. Please record a shorter one")
    ola.speaks(sounds.ogg(2), 2, words="and this, too").hears("send the recording alone")
    assert kept(world) == (0, 0)


def test_where_nothing_takes_a_recording_the_refusal_says_what_to_do(world: World) -> None:
    ola = world.member("Ola")
    ola.speaks(sounds.ogg(3), 3).hears("Nothing you are asked just now takes a recording. Please write it in words")
    ola.says("/idea").speaks(sounds.ogg(3), 3).hears("Nothing you are asked just now takes a recording.")


def test_it_is_fetched_again_until_it_is_there(world: World) -> None:
    _frida, (ola,) = asks(world)
    ola.presses("Start").speaks(RetryAfter(), 5).hears("A voice answer, 0:05")
    world.sounds = dict.fromkeys(world.sounds, Fetched(sounds.ogg(6)))
    world.wait(timedelta(seconds=14))
    assert kept(world) == (1, 0)
    world.wait(timedelta(seconds=2))
    ola.hears("Your recording is kept: A voice answer, 0:06.")
    assert kept(world) == (1, 1)


@pytest.mark.parametrize("found", [RetryAfter(), Lost()])
def test_what_cannot_be_had_is_given_up_and_its_sender_is_asked_again(world: World, found: Found) -> None:
    _frida, (ola,) = asks(world)
    ola.presses("Start").speaks(found, 5)
    for _try in range(12):
        world.wait(timedelta(minutes=20))
    ola.hears("We could not get your recording. So it is not among your answers.")
    assert given(world, ola) is None
    assert sum("could not get" in seen.text for seen in ola.messages) == 1


def test_nobody_hears_or_deletes_another_ones(world: World) -> None:
    _frida, (ola, kari) = asks(world, "", "Ola", "Kari")
    ola.presses("Start").speaks(sounds.ogg(5), 5)
    for press in ("unvoice:1", "novoice:1:sound", "novoice:1:answer", "open:heard:1", "unvoice:99", "voices:1"):
        kari.presses_data(press).hears("not here any more")
    bo = world.facilitator("Bo", committee=world.load("gentofte-biblioteker"))
    for press in ("open:heard:1", "voices:1"):
        bo.presses_data(press).hears("not here any more")
    assert kept(world) == (1, 1)
    assert given(world, ola) == ["1", "5"]


def test_without_names_a_voice_is_heard_only_once_enough_have_answered(world: World) -> None:
    names = ("Ola", "Kari", "Per", "Mia", "Leo")
    frida, members = asks(world, "Nobody sees names, not even the facilitator", *names)
    members[0].hears("You can also speak, but a voice can be recognised. Only Frida can hear the recording.")
    for member in members[:4]:
        member.presses("Start").speaks(sounds.ogg(5), 5)
    frida.presses_data("open:heard:1").hears("not here any more")
    frida.presses_data("voices:1").hears("There is no voice answer that you can listen to.")
    members[4].presses("Start").says("Lys")
    frida.presses_data("open:heard:1").hears("not here any more")
    world.until(DEADLINE)
    frida.presses("Voice answers").hears("4 voice answers are not written down.").does_not_hear("Mia")
    buttons = [one for seen in frida.messages for row in seen.message.buttons for one in row]
    heard = [one["url"].rpartition("/")[2] for one in buttons if "/voice/" in one.get("url", "")]
    assert sorted(heard) == ["1", "2", "3", "4"] != heard, "who spoke first is not heard first"
    frida.presses_data("open:heard:1").says("Buss").hears("It is written down")


def test_forgetting_and_time_delete_recordings(world: World) -> None:
    frida, (ola, kari, per) = asks(world, "", "Ola", "Kari", "Per")
    for someone in (ola, kari, per):
        someone.presses("Start").speaks(sounds.ogg(5), 5)
    ola.says("/mydata").hears("Recordings of your voice: 1")
    ola.says("/forget")
    ola.presses(next(label for label in ola.labels if "rase" in label.lower() or "erase" in label.lower()))
    assert kept(world) == (2, 2)
    frida.presses_data("open:heard:2").says("Buss")
    aged(world, 31)
    assert kept(world) == (1, 1)
    assert given(world, kari) == "Buss"
    aged(world, 91)
    assert kept(world) == (0, 0)
    assert given(world, per) == ["3", "5"]


def test_a_house_that_keeps_recordings_for_a_shorter_time_deletes_them_sooner(world: World) -> None:
    world.engine = replace(world.engine, house=replace(world.engine.house, recordings=Recordings.of(20, 3)))
    frida, (kari, per) = asks(world, "", "Kari", "Per")
    for someone in (kari, per):
        someone.presses("Start").speaks(sounds.ogg(5), 5)
    frida.presses_data("open:heard:1").says("Buss")
    with world.db.transaction() as tx:
        housekeeping.plan(tx, world.now, "Europe/Oslo")
    world.wait(timedelta(days=3))
    assert kept(world) == (2, 2)
    world.wait(timedelta(days=1))
    assert kept(world) == (1, 1), "the one that is written down"
    world.wait(timedelta(days=16))
    assert kept(world) == (1, 1)
    world.wait(timedelta(days=1))
    assert kept(world) == (0, 0)


def aged(world: World, days: int) -> None:
    """What the nightly cleaning does after so many days."""
    with world.db.transaction() as tx:
        retention.clean(tx, world.now + timedelta(days=days))


def test_what_is_no_answer_any_more_is_not_written_down(world: World) -> None:
    ola, frida = world.member("Ola"), world.facilitator()
    frida.says("/ask").answers("Not before a meeting", "kveldene", "kveldane", "the evenings", "2026-04-12 12:00")
    for text in ("What is missing?", "What else?"):
        frida.presses("Add a question").answers(KIND, text, text, text)
    frida.presses("Send to 1 member")
    ola.presses("Start").speaks(sounds.ogg(5), 5).hears("2/2 · What else?")
    frida.presses_data("open:heard:1").hears("That is not here any more")  # it is not sent
    ola.presses_data("back:answers:1").hears("What is missing?").says("Lamps").hears("2/2 · What else?")
    ola.presses_data("open:heard:1").says("Buss").hears("Something else is the answer by now, so this was not kept.")
    with world.db.reading() as tx:
        assert tx.execute(select(Recording.written_at)).scalars().all() == [None]


def test_twenty_recordings_a_day_are_enough(world: World) -> None:
    _frida, (ola,) = asks(world, "", "Ola")
    with world.db.transaction() as tx:
        prompt = prompts.get(tx, 1)
        assert prompt is not None
        for ago in range(20):
            recordings.add(tx, prompt, 1, ola.id, world.now - timedelta(hours=ago), state="kept")
    ola.presses("Start").speaks(sounds.ogg(5), 5).hears("You have sent many recordings today.")
    world.wait(timedelta(hours=6))
    ola.speaks(sounds.ogg(5), 5)
    ola.hears("Your answers are in")


def test_a_recording_that_was_never_sent_goes_with_its_conversation(world: World) -> None:
    ola = world.member("Ola")
    frida = world.facilitator()
    frida.says("/ask").answers("Not before a meeting", "kveldene", "kveldane", "the evenings", "2026-04-12 12:00")
    for text in ("What is missing?", "What else?"):
        frida.presses("Add a question").answers(KIND, text, text, text)
    frida.presses("Send to 1 member")
    ola.presses("Start").speaks(sounds.ogg(5), 5).hears("2/2 · What else?")
    aged(world, 13)
    assert kept(world) == (1, 1)
    aged(world, 15)
    assert kept(world) == (0, 0)


def test_late_it_is_passed_on_or_deleted(world: World) -> None:
    _frida, (ola, kari) = asks(world, "", "Ola", "Kari")
    ola.presses("Start")
    kari.presses("Start")
    world.until(DEADLINE)
    ola.speaks(sounds.ogg(5), 5).presses("No, delete it")
    assert kept(world) == (0, 0)
    kari.speaks(sounds.ogg(6), 6).presses("Yes, send it")
    _frida.presses("Read it").hears("A voice answer, 0:06")
    assert kept(world) == (1, 1)


def test_an_answer_is_spoken_and_deleted_at_every_door(everywhere: World) -> None:
    """The platform brings the recording in its own way; what people read is the same."""
    world = everywhere
    world.load("svelvik-ungdom", only("nb"))
    frida, ola = world.facilitator("Frida", locale="nb"), world.member("Ola", locale="nb")
    frida.says("/ask").fills(
        {
            "Hvilket møte hører": "Ikke før et møte",
            "Hva handler spørsmålene om?": "kveldene",
            "Hvor lenge kan": "2026-03-12 12:00",
        }
    )
    frida.presses("Legg til et spørsmål").fills(
        {"Hva slags": "Med egne ord, skrevet eller muntlig", "Hva spør du om?": "Hva mangler mest?"}
    )
    frida.presses("Send til 1 medlem")
    ola.hears("Snakker du inn svaret, kan bare Frida høre opptaket.").presses("Start").speaks(sounds.ogg(42), 42)
    ola.hears("Et muntlig svar, 0:42").says("/recordings").hears("Hva mangler mest?", "Et muntlig svar, 0:42")
    assert kept(world) == (1, 1)
    assert given(world, ola) == ["1", "42"]
    ola.presses("Slett opptaket").presses("Ja, slett det").hears("Det er slettet.")
    assert kept(world) == (0, 0)
    assert given(world, ola) is None


@pytest.mark.parametrize(("locale", "committee"), [("da", "gentofte-biblioteker"), ("nb", "svelvik-ungdom")])
def test_from_the_draft_to_the_shared_groups_in_a_readers_own_language(
    world: World, locale: str, committee: str
) -> None:
    world.load(committee)
    skips = len(world.mandate.locales) - 1
    ola, kari = (world.member(name, locale=locale) for name in ("Ola", "Kari"))
    frida = world.facilitator(locale=locale)
    frida.says("/ask").answers(frida.word(_("Not before a meeting")), "aften", *[frida.word(_("Skip"))] * skips)
    frida.says("2026-03-12 12:00").presses(frida.word(_("Add a question")))
    frida.answers(frida.word(_("In one's own words, written or spoken")), "Bus?", *[frida.word(_("Skip"))] * skips)
    frida.presses(frida.word(_("Who sees the answers?"))).presses(frida.word(_("All members, with names")))
    frida.presses(frida.word(_("Look at it again")))
    frida.presses(next(label for label in frida.labels if "2" in label))
    ola.presses(ola.word(_("Start"))).speaks(sounds.PDF, 5).hears(
        ola.word(_("What you sent is no recording that we can play."))
    )
    ola.presses(ola.word(_("Answer again"))).presses(ola.word(_("Change something"))).presses("Bus?")
    ola.speaks(sounds.ogg(42), 42).presses(ola.word(_("Send my answers")))
    kari.presses(kari.word(_("Start"))).speaks(sounds.ogg(200), 200).speaks(sounds.ogg(61), 61)
    world.until(DEADLINE)
    frida.presses(frida.word(_("Voice answers"))).presses(frida.word(_("Write it down")))
    frida.says("En natbus").presses(frida.word(_("Voice answers")))
    frida.presses(frida.word(_("See the groups"))).presses(frida.word(_("Send the groups to members")))
    ola.hears("Kari: En natbus", "0:42 http://localhost:8000/voice/")
    kari.says("/recordings").presses(kari.word(_("Delete the recording")))
    kari.presses(kari.word(_("Only the recording")))
    assert given(world, kari) == "En natbus"
    assert kept(world)[1] == 1
    for someone in (ola, kari, frida):
        someone.does_not_hear("None", "{")
