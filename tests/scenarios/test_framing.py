"""What surrounds questions: who is asked, who sees the answers, in which languages, and with which background."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import summary
from bot.domain.people import Role
from storage import answers, desk, people
from tests.world import Someone, World

DEADLINE = datetime(2026, 3, 12, 11, tzinfo=UTC)


def drafts(frida: Someone, topic: str = "the bus", kind: str = "In one's own words") -> Someone:
    """One question in all three languages."""
    frida.says("/ask").answers("Not before a meeting", topic, topic, topic, "2026-03-12 12:00")
    return frida.presses("Add a question").answers(kind, "Hva mangler?", "Kva manglar?", "What is missing?")


def sees(frida: Someone, who: str) -> Someone:
    return frida.presses("Who sees the answers?").presses(who).presses("Look at it again")


def sends(frida: Someone, count: int) -> Someone:
    return frida.presses("Send to 1 member" if count == 1 else f"Send to {count} members")


# Who sees the answers ----------------------------------------------------------------------------------------

ALL, NAMED, NOBODY = (
    "All members, with names",
    "Only the facilitator sees names",
    "Nobody sees names, not even the facilitator",
)
ALL_SAID = "All members of the committee and Frida see your answers with your name."
NAMED_SAID = "Frida sees your answers with your name, and sums them up for the committee."
NOBODY_SAID = "Nobody sees your name beside your answers. Frida and the committee see them once at least 5 people have"


@pytest.mark.parametrize(("who", "said"), [(ALL, ALL_SAID), (NAMED, NAMED_SAID), (NOBODY, NOBODY_SAID)])
def test_who_sees_the_answers_is_said_first_in_the_review_and_in_the_receipt(world: World, who: str, said: str) -> None:
    ola = world.member("Ola")
    frida = sees(drafts(world.facilitator()), who).hears(said)
    sends(frida, 1)
    ola.hears(said).presses("Start").says("A night bus").hears("Thank you. Your answers are in:", said)
    ola.presses("Change my answers").hears("Nothing is sent yet.", said)


def test_who_sees_the_answers_is_fixed_once_the_questions_are_sent(world: World) -> None:
    world.member("Ola")
    frida = sends(sees(drafts(world.facilitator()), NOBODY), 1)
    for data in ("seenby:1", "seeby:1:members", "audience:1", "audset:1:citizens:0", "standin:1:yes", "open:backgr:1"):
        frida.presses_data(data).hears("This is sent or cancelled, so it cannot be changed.")
    with world.db.reading() as tx:
        assert answers.seen_by(tx, 1) == "unnamed"


def test_without_names_nobody_sees_one_and_nothing_is_repeated_in_the_chat(world: World) -> None:
    several = world.members("Ola", "Kari", "Per", "Mia", "Leo", "Ada")
    frida = sends(sees(drafts(world.facilitator()), NOBODY), 6)
    for place, member in enumerate(several[:5]):
        member.presses("Start").says(f"Secret {place}").hears("What is missing?\nAnswered")
        member.does_not_hear(f"Secret {place}")
    several[0].presses("Change my answers").does_not_hear("Secret 0")
    world.until(DEADLINE)
    frida.hears("5 of 6 have answered.", *(f"- Secret {place}" for place in range(5)))
    frida.does_not_hear("Ola")
    assert "With names" not in frida.labels
    frida.presses_data("names:1").hears("were told that nobody sees their names")
    with world.db.reading() as tx:
        table = summary.as_csv(answers.questions(tx, 1), answers.csv_rows(tx, 1), str).decode("utf-8-sig")
    assert "Secret 4" in table and not any(name in table for name in ("Ola", "Leo", "2026-03"))


def test_four_answers_without_names_are_shown_to_nobody(world: World) -> None:
    several = world.members("Ola", "Kari", "Per", "Mia", "Leo")
    frida = sends(sees(drafts(world.facilitator()), NOBODY), 5)
    for member in several[:4]:
        member.presses("Start").says("Secret")
    world.until(DEADLINE)
    frida.hears("4 of 5 have answered.", "fewer than 5 have answered. So they are not shown to anybody.")
    frida.does_not_hear("Secret").presses_data("summary:1").hears("So they are not shown to anybody.")
    with world.db.transaction() as tx, pytest.raises(PermissionError):
        desk.answers_file(tx, 1, frida.id, str, world.now)


def test_a_late_answer_without_names_is_handed_over_without_one(world: World) -> None:
    ola = world.member("Ola")
    frida = sends(sees(drafts(world.facilitator()), NOBODY), 1)
    world.until(DEADLINE)
    ola.presses("Start").says("Too late").presses("Yes, send it")
    frida.hears("Somebody has answered after the deadline").presses("Read it").hears("without names:", "Too late")
    frida.does_not_hear("Ola")
    assert not [seen for seen in frida.messages if f"readlate:1:{ola.id}" in str(seen.message.buttons)]


# Who is asked ------------------------------------------------------------------------------------------------


def reaches(frida: Someone, *presses: str) -> Someone:
    frida.presses("Who is asked?")
    for label in presses:
        frida.presses(label)
    return frida.presses("Look at it again")


def test_only_politicians_are_asked_and_others_cannot_answer(world: World) -> None:
    ola, tora = world.member("Ola"), world.member("Tora", role=Role.POLITICIAN)
    frida = reaches(drafts(world.facilitator()), "the politicians (1)").hears("It goes to the politicians.")
    sends(frida, 1)
    tora.hears("what you think about the bus")
    ola.does_not_hear("the bus")
    ola.presses_data("open:answers:1").hears("That is not here any more")
    ola.says("/status").does_not_hear("the bus")


def test_whoever_joins_later_is_not_asked_and_not_counted(world: World) -> None:
    world.member("Ola")
    frida = sends(drafts(world.facilitator()), 1)
    world.wait(timedelta(minutes=1))
    late = world.member("Late")
    frida.presses("How many have answered?").hears("0 of 1 have answered.")
    late.presses_data("open:answers:1").hears("That is not here any more")
    world.wait(timedelta(days=8))
    late.does_not_hear("You can still answer.")


def test_a_working_group_is_made_filled_and_asked(world: World) -> None:
    ola, kari, per = world.member("Ola"), world.member("Kari"), world.member("Per", role=Role.AD_HOC)
    frida = world.facilitator()
    frida.says("/groups").hears("There is no working group yet.").presses("New working group").says("Lights")
    frida.hears("Lights: nobody is in it yet.").presses("Put somebody in").presses("Ola").presses("Per").presses("Done")
    assert frida.hears("Lights: Ola and Per").presses("Take out Per").last == "Lights: Ola"
    frida.presses("Put somebody in").presses("Per").presses_data(f"grpin:1:{per.id}")  # twice is once
    kari.presses_data(f"grpin:1:{kari.id}").hears("That is not here any more")
    assert frida.presses("Done").last == "Lights: Ola and Per"
    frida.says("/groups").hears("The working groups:").presses("New working group").says("lights")
    frida.hears("There is a working group of that name.")
    reaches(drafts(frida), "A working group", "Lights").hears("It goes to the working group Lights.")
    sends(frida, 2)
    kari.does_not_hear("the bus")
    per.hears("what you think about the bus").presses("Start").says("Lamps").hears("Your answers are in:")
    ola.presses("Start").says("More lamps").hears("Your answers are in:")


def test_who_gives_up_the_seat_is_in_no_group_of_the_committee(world: World) -> None:
    world.member("Ola")
    kari, frida = world.member("Kari"), world.facilitator()
    frida.says("/groups").presses("New working group").says("Lights").presses("Put somebody in").presses("Ola")
    assert frida.presses("Kari").presses("Done").last == "Lights: Ola and Kari"
    with world.db.transaction() as tx:
        people.take_role(tx, kari.id, 1, Role.CITIZEN)
    assert frida.presses_data("grp:1").last == "Lights: Ola"


def test_nobody_from_another_committee_comes_into_a_group(world: World) -> None:
    frida = world.facilitator()
    frida.says("/groups").presses("New working group").says("Lights")
    other = world.load("gentofte-biblioteker")
    gitte, gerda = world.member("Gitte", committee=other), world.facilitator("Gerda", committee=other)
    frida.presses_data(f"grpin:1:{gitte.id}").hears("That is not here any more")
    gerda.presses_data("grp:1").hears("That is not here any more")
    frida.presses_data("audmore:1:group").hears("That is not here any more")


def test_those_who_did_not_answer_are_asked_something_else(world: World) -> None:
    ola, kari = world.member("Ola"), world.member("Kari")
    frida = sends(drafts(world.facilitator()), 2)
    ola.presses("Start").says("A night bus")
    world.until(DEADLINE)
    frida.says("/ask").answers("Not before a meeting", "time", "time", "time", "2026-03-20 12:00")
    frida.presses("Add a question").answers("Yes or no", "Fikk du tid?", "Fekk du tid?", "Was there time?")
    reaches(frida, "Those who did not answer other questions", "the bus")
    frida.hears("It goes to those who did not answer the questions about the bus.")
    sends(frida, 1)
    world.wait(timedelta(days=5))  # she has heard two things this week
    kari.hears("what you think about time")
    ola.does_not_hear("what you think about time")


def test_whether_one_answered_without_names_is_no_audience(world: World) -> None:
    world.member("Ola")
    frida = sends(sees(drafts(world.facilitator()), NOBODY), 1)
    world.until(DEADLINE)
    frida.says("/ask").answers("Not before a meeting", "time", "time", "time", "2026-03-20 12:00")
    frida.presses("Add a question").answers("Yes or no", "Fikk du tid?", "Fekk du tid?", "Was there time?")
    frida.presses("Who is asked?").presses("Those who answered other questions").hears(
        "There is none to choose from yet."
    )
    frida.presses_data("audset:2:did:1").hears("That is not here any more")


def test_those_in_one_seat_are_asked(world: World) -> None:
    world.load()
    line = next(one for one in world.mandate.profiles if one.special is None)
    anna = world._with_role("Anna", Role.CITIZEN, "en", None, line.key)
    ola = world.member("Ola")
    frida = world.facilitator()
    frida = reaches(drafts(frida), "Those in one seat", str(line.label["en"])).hears("It goes to those in this seat:")
    sends(frida, 1)
    anna.hears("the bus")
    ola.does_not_hear("the bus")


def test_those_who_follow_along_can_be_asked_and_answer(world: World) -> None:
    fern = world.member("Fern", role=Role.CIRCLE)
    world.member("Ola")
    frida = reaches(drafts(world.facilitator()), "those who follow along (1)")
    sends(frida, 1)
    fern.presses("Start").says("Buses on Sundays").hears("Your answers are in:")


# Languages ---------------------------------------------------------------------------------------------------


def one_language(frida: Someone) -> Someone:
    frida.says("/ask").answers("Not before a meeting", "bussen", "Skip", "Skip", "2026-03-12 12:00")
    return frida.presses("Add a question").answers("One of several answers", "Hva først?", "Skip", "Skip", "Lys\nTak")


def test_nothing_is_sent_while_somebody_could_not_read_it(world: World) -> None:
    ola, kari = world.member("Ola"), world.member("Kari", locale="nn")
    frida = one_language(world.facilitator())
    frida.hears(
        "1 person who gets this reads English, and this is not written in it: what the questions are about, "
        "question 1, and the answers to question 1.",
        "It cannot be sent before that is written.",
    )
    assert not [label for label in frida.labels if label.startswith("Send to")]
    frida.presses_data("release:1").hears(
        "1 person who gets this reads English", "Write what is missing, then send it."
    )
    frida.presses("Write it in English").hears("bussen", "Write this in English.").says("the bus").says("What first?")
    frida.says("Lights").hears("That is 1 line, but the first language has 2").says("Lights\nA roof")
    frida.presses("Look at it again").hears("1 person who gets this reads Norsk (nynorsk)")
    frida.presses("Write it in Norsk (nynorsk)").says("bussen").says("Kva først?").says("Lys\nTak på stoppet")
    sends(frida.presses("Look at it again"), 2)
    ola.presses("Start").hears("What first?").presses("A roof")
    kari.presses("Start").hears("Kva først?").presses("Tak på stoppet")


def test_danish_and_norwegian_stand_in_only_when_the_facilitator_says_so(world: World) -> None:
    dorte = world.member("Dorte", locale="da")
    frida = one_language(world.facilitator()).hears("1 person who gets this reads Dansk")
    frida.presses("Let Danish and Norwegian stand in for each other").presses("Look at it again")
    frida.hears("Those who read Dansk get it in Norsk (bokmål), with a line above that says so.")
    frida.presses("Danish and Norwegian do not stand in for each other").presses("Look at it again")
    frida.hears("It cannot be sent before that is written.")
    frida.presses("Let Danish and Norwegian stand in for each other").presses("Look at it again")
    sends(frida, 1)
    assert "Norsk (bokmål)" in dorte.messages[-1].text.split("\n\n")[0]


def test_english_is_read_for_by_no_other_language(world: World) -> None:
    world.member("Ola")
    frida = one_language(world.facilitator())
    assert "Let Danish and Norwegian stand in for each other" not in frida.labels
    frida.presses_data("standin:1:yes").hears("Something is still not written in a language that somebody reads.")
    frida.presses_data("release:1").hears("1 person who gets this reads English")


def test_a_message_waits_too_and_one_planned_comes_back_if_a_reader_has_joined(world: World) -> None:
    kari = world.member("Kari", locale="nb")
    frida = world.facilitator()
    frida.says("/prompt").answers("Vi ses", "Skip", "Skip", "all members (1)", "At a time", "2026-03-10 10:00")
    frida.presses("Schedule for Tuesday 10 March at 10:00")
    ola = world.member("Ola")
    world.wait(timedelta(days=9))
    frida.hears("A message waits: somebody it goes to could not read it.", "1 person who gets this reads English")
    kari.does_not_hear("Vi ses")
    frida.presses("Look at it").presses("Write it in English").says("See you").presses("Look at it again")
    frida.presses("Send now")
    kari.hears("Vi ses")
    ola.hears("From the administration:\nSee you")


# Background and advice ---------------------------------------------------------------------------------------


def test_a_background_is_marked_as_the_administrations(world: World) -> None:
    ola = world.member("Ola")
    frida = drafts(world.facilitator()).presses("Write a background").answers("Bakgrunn", "Bakgrunn", "How it stands.")
    frida.presses("Look at it again").hears("From the administration:\nHow it stands.")
    sends(frida, 1)
    ola.hears("From the administration:\nHow it stands.", "Regards, Frida")


def test_advice_is_given_and_blocks_nothing(world: World) -> None:
    ola = world.member("Ola")
    frida = world.facilitator()
    frida.says("/ask").answers("Not before a meeting", "bus", "bus", "bus", "2026-03-12 12:00")
    frida.presses("Add a question").answers("Yes or no", "Støtter du en ny buss?", "Kva?", "Do you support a new bus?")
    frida.hears("Before you send it, consider this. You can send it as it is.", "question 1: this asks for support")
    sends(frida, 1)
    ola.hears("what you think about bus").does_not_hear("consider this")
