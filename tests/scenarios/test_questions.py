"""Questions before a meeting: drafted, sent, answered one at a time, reminded of, summed up; as conversations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.chat.events import Address, Outcome, Press, Submitted
from bot.chat.messages import Rendered
from bot.domain import summary
from bot.domain.people import Role
from storage import answers, conversations, outbox, people
from tests.world import Someone, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MEETING = "2026-03-19 17:00"
DEADLINE = datetime(2026, 3, 12, 11, tzinfo=UTC)  # Thursday 12 March at 12:00 in Oslo, ten days away
ONE, SOME, SCALE = "One of several answers", "Some of several answers", "A scale"
FREE, YES_NO = "In one's own words", "Yes or no"


def frames(frida: Someone, deadline: str = "2026-03-12 12:00", meeting: str = "Not before a meeting") -> Someone:
    """What it is about, in nb, nn and en, and until when."""
    return frida.says("/ask").answers(meeting, "kveldsbussen", "kveldsbussen (nn)", "kveldsbussen", deadline)


def adds(frida: Someone, kind: str, nb: str, nn: str = "", *more: str) -> Someone:
    """One question; where no other words are given, all languages have the same."""
    frida.presses("Add a question").answers(kind, nb, nn or nb, nb)
    if kind in (ONE, SOME):
        options = more if len(more) > 1 else more * 2
        return frida.answers(*options, options[0])
    return frida.answers(*more)


def drafts(frida: Someone, deadline: str = "2026-03-12 12:00", meeting: str = "Not before a meeting") -> Someone:
    """Three questions: one of, a scale, and one's own words."""
    frames(frida, deadline, meeting)
    adds(frida, ONE, "Hva trengs mest?", "Kva trengst mest?", "Flere busser\nLys på stoppet", "Fleire bussar\nLys")
    adds(
        frida,
        SCALE,
        "Hvor trygg er du?",
        "Kor trygg er du?",
        "5",
        "utrygg",
        "utrygg",
        "utrygg",
        "trygg",
        "trygg",
        "trygg",
    )
    return adds(frida, FREE, "Hva ellers?")


def asks(world: World, members: int, deadline: str = "2026-03-12 12:00") -> Someone:
    """A facilitator who has just sent three questions."""
    frida = world.facilitator()
    label = "Send to 1 member" if members == 1 else f"Send to {members} members"
    return drafts(frida, deadline).presses(label)


def answers_all(member: Someone, first: str = "Flere busser", words: str = "Billigere") -> Someone:
    return member.presses("Start").presses(first).presses("4").says(words)


def given(world: World, member: Someone) -> dict[str, object] | None:
    with world.db.reading() as tx:
        found = answers.of(tx, 1, member.id)
    return None if found is None else {**found.values, "state": found.state}


def reminded(member: Someone) -> int:
    return len([seen for seen in member.messages if "You can still answer." in seen.text])


# Drafting ----------------------------------------------------------------------------------------------------


def test_the_preview_shows_what_members_will_see_and_how_many_get_it(world: World) -> None:
    world.load()
    ola, _kari = world.member("Ola"), world.member("Kari")
    frida = drafts(world.facilitator())
    frida.hears(
        "It goes to 2 people.", "Hello.", "what you think about kveldsbussen", "3 short questions, about 3 minutes"
    )
    frida.hears("1. Hva trengs mest?", "- Flere busser", "2. Hvor trygg er du?", "- 1 (utrygg)", "3. Hva ellers?")
    frida.hears("Frida sees your answers with your name", "Those who have not answered are reminded")
    assert not ola.messages


def test_a_meeting_gives_the_date_and_no_deadline_comes_after_it(world: World) -> None:
    ola = world.member("Ola")
    frida = world.facilitator()
    frida.says("/meeting").answers(MEETING, "Rådhuset", "Skip", "Skip", "Buss", "Skip", "Skip").presses("Announce")
    frames(frida, "2026-03-20 12:00", "The meeting Thursday 19 March at 17:00")
    frida.hears("answers after it come too late").says("2026-03-12 12:00")
    adds(frida, YES_NO, "Tar du bussen?").presses("Send to 1 member")
    ola.hears("We meet Thursday 19 March at 17:00.", "Regards, Frida, Svelvik")


def test_options_must_be_as_many_in_each_language(world: World) -> None:
    world.member("Ola")
    frida = frames(world.facilitator())
    frida.answers("Add a question", SOME, "Hva?", "Kva?", "Skip", "En\nTo\nTre").says("Ein\nTo")
    frida.hears("That is 2 lines, but the first language has 3").says("Ein\nTo\nTre").hears(
        "1. Hva?", "(several answers)"
    )


@pytest.mark.parametrize(
    ("lines", "why"),
    [("Bare én", "between 2 and 12"), ("En\nen", "Two lines are the same"), ("x" * 121 + "\ny", "120")],
)
def test_options_that_do_not_work_are_asked_again(world: World, lines: str, why: str) -> None:
    frida = frames(world.facilitator())
    frida.answers("Add a question", ONE, "Hva?", "Skip", "Skip").says(lines).hears(why)
    frida.says("En\nTo").hears("1. Hva?", "- En")


def test_a_fourth_question_needs_the_tick_and_a_seventh_is_refused(world: World) -> None:
    world.member("Ola")
    frida = drafts(world.facilitator())
    for number in (4, 5, 6):
        frida.presses("Add a question").hears(f"There are {number - 1} questions already.")
        frida.presses("Done").hears("Please choose at least 1")
        frida.ticks("I know that fewer will finish").presses("Done")
        frida.answers(YES_NO, f"Spørsmål {number}?", "Kva?", f"Question {number}?").hears(
            f"{number}. Question {number}?"
        )
    assert "Add a question" not in frida.labels
    frida.presses_data("open:question:1").hears("There are 6 questions already, and more are seldom answered")
    frida.presses("Send to 1 member")
    with world.db.reading() as tx:
        assert len(answers.questions(tx, 1)) == 6


def test_a_question_can_be_removed_and_the_frame_changed_until_it_is_sent(world: World) -> None:
    ola = world.member("Ola")
    frida = drafts(world.facilitator()).presses("Remove 1").hears("1. Hvor trygg er du?", "2. Hva ellers?")
    frida.presses("Change meeting, topic or deadline").presses("Change something").presses(
        "Until when can members answer?"
    )
    frida.says("10/3 12:00").presses("Save the change").hears("Please answer by Tuesday 10 March at 12:00")
    frida.presses("Send to 1 member")
    ola.hears("2 short questions", "Tuesday 10 March at 12:00")
    for data in ("unquest:1:1", "open:question:1", "open:reask:1"):
        frida.presses_data(data).hears("These questions are sent, so they cannot be changed.")
    with world.db.reading() as tx:
        assert len(answers.questions(tx, 1)) == 2


def test_no_questions_no_deadline_no_sending(world: World) -> None:
    ola = world.member("Ola")
    frida = frames(world.facilitator())
    frida.presses_data("release:1").hears("There is no question yet. Add one first.")
    adds(frida, YES_NO, "Tar du bussen?")
    world.wait(timedelta(days=11))
    frida.presses("Send to 1 member").hears("The deadline has passed. Change it first.")
    assert not ola.messages


# Answering ---------------------------------------------------------------------------------------------------


def test_members_answer_one_question_at_a_time_each_in_their_language(world: World) -> None:
    world.load()
    ola, kari, dorte = world.member("Ola"), world.member("Kari", locale="nn"), world.member("Dorte", locale="da")
    frida = drafts(world.facilitator()).presses("Let Danish and Norwegian stand in for each other")
    frida.presses("Look at it again").presses("Send to 3 members")
    dorte.hears("Denne besked er på et andet sprog end dit: Norsk (bokmål).")
    ola.does_not_hear("another language than yours")
    kari.does_not_hear("another language than yours")
    assert ola.messages[-1].message.subject == "Svelvik, young people: a question for you"
    ola.hears("Hello Ola.", "Please answer by Thursday 12 March at 12:00. No answer is wrong.")
    ola.presses("Start").hears("1/3 · Hva trengs mest?").presses("Flere busser")
    ola.hears("2/3 · Hvor trygg er du?", "Your answer: Flere busser").presses("4").hears("3/3 · Hva ellers?")
    ola.says("Billigere billetter").hears("Thank you. Your answers are in:", "Billigere billetter", "Flere busser")
    ola.hears("You can change them until Thursday 12 March at 12:00.", "Frida sees your answers with your name")
    kari.presses("Start").hears("Kva trengst mest?").presses("Fleire bussar").hears("Kor trygg er du?")
    dorte.presses("Start").hears("Hva trengs mest?").presses("Lys på stoppet")
    assert given(world, ola) == {"q1": "o1", "q2": 4, "q3": "Billigere billetter", "state": "sent"}
    assert given(world, kari) is None
    frida.presses("How many have answered?").hears("1 of 3 have answered.")


def test_every_kind_of_question_can_be_answered_and_typed(world: World) -> None:
    ola = world.member("Ola")
    frida = frames(world.facilitator())
    adds(frida, SOME, "Hva bruker du?", "", "Buss\nTog\nSykkel")
    adds(frida, YES_NO, "Er det nok?")
    adds(frida, SCALE, "Hvor ofte?", "", "7", "Skip", "Skip")
    frida.presses("Send to 1 member")
    ola.presses("Start").ticks("Tog", "Buss").presses("Done").says("no").says("7")
    ola.hears("Buss and Tog", "7")
    assert given(world, ola) == {"q1": ["o1", "o2"], "q2": False, "q3": 7, "state": "sent"}


def test_skip_back_and_pause_lose_nothing(world: World) -> None:
    ola = world.member("Ola")
    asks(world, 1)
    ola.presses("Start").presses("Skip").hears("2/3").presses_data("back:answers:1").hears("1/3 · Hva trengs mest?")
    ola.presses("Lys på stoppet").presses("5 (trygg)")
    ola.presses_data("pause:answers:1").hears("We have kept what you wrote.")
    world.wait(3 * DAY)
    ola.presses("Go on").hears("3/3 · Hva ellers?").presses("Skip").hears("Your answers are in:", "skipped")
    assert given(world, ola) == {"q1": "o2", "q2": 5, "q3": None, "state": "sent"}


def test_answers_can_be_changed_until_the_deadline_and_stand_after_it(world: World) -> None:
    ola = world.member("Ola")
    asks(world, 1)
    answers_all(ola).presses("Change my answers").hears("Here is what you wrote. Nothing is sent yet.")
    ola.presses("Change something").presses("Hva trengs mest?").presses("Lys på stoppet")
    assert given(world, ola) == {"q1": "o1", "q2": 4, "q3": "Billigere", "state": "sent"}
    ola.presses("Send my answers").hears("Thank you. Your answers are in:", "Lys på stoppet")
    with world.db.reading() as tx:
        assert [prompt.id for prompt in answers.editable(tx, ola.id, world.now)] == [1]
    world.until(DEADLINE)
    ola.presses("Change my answers").hears("The deadline was Thursday 12 March at 12:00, so your answers stand.")
    assert given(world, ola) == {"q1": "o2", "q2": 4, "q3": "Billigere", "state": "sent"}
    with world.db.reading() as tx:
        assert not answers.editable(tx, ola.id, world.now)
        assert conversations.current(tx, ola.id) is None


def test_a_change_begun_and_not_sent_in_time_leaves_what_was_sent(world: World) -> None:
    ola = world.member("Ola")
    asks(world, 1)
    answers_all(ola).presses("Change my answers").presses("Change something").presses("Hva trengs mest?")
    world.until(DEADLINE)
    ola.presses("Lys på stoppet").hears("so your answers stand")
    assert given(world, ola) == {"q1": "o1", "q2": 4, "q3": "Billigere", "state": "sent"}
    with world.db.reading() as tx:
        assert conversations.current(tx, ola.id) is None


def test_a_late_answer_is_kept_and_handed_over_only_if_its_writer_says_so(world: World) -> None:
    ola, kari = world.member("Ola"), world.member("Kari")
    frida = asks(world, 2)
    world.until(DEADLINE + HOUR)
    answers_all(ola, words="For sent, men viktig")
    ola.hears("The deadline was Thursday 12 March at 12:00", "We have kept what you wrote. Shall Frida have it?")
    frida.does_not_hear("Ola has answered", "For sent, men viktig")
    ola.presses("Yes, send it").hears("Thank you. Frida has your answer now.")
    frida.hears("Ola has answered after the deadline: kveldsbussen.").does_not_hear("For sent, men viktig")
    frida.presses("Read it").hears("Ola wrote after the deadline:", "For sent, men viktig")
    answers_all(kari).presses("No, delete it").hears("It is deleted.")
    kari.presses_data("late:1:yes").hears("There is no answer waiting here.")
    assert given(world, ola) == {"q1": "o1", "q2": 4, "q3": "For sent, men viktig", "state": "handed_over"}
    assert given(world, kari) is None
    ola.presses("Start").hears("so your answers stand")


def test_started_in_time_and_finished_late_is_late(world: World) -> None:
    ola = world.member("Ola")
    asks(world, 1)
    ola.presses("Start").presses("Flere busser")
    world.until(DEADLINE)
    ola.presses("4").says("Billigere").hears("We have kept what you wrote.")
    assert (given(world, ola) or {})["state"] == "late"


def test_a_busy_person_is_not_hijacked(world: World) -> None:
    ola = world.member("Ola")
    world.member("Kari")
    ola.says("/idea").hears("What is your idea?")
    asks(world, 2)
    ola.hears("You are in the middle of something. Finish it first if you like.")
    assert "Answer now" in ola.labels and "Start" not in ola.labels
    ola.says("En nattbuss").hears("Your idea is on the list", "En nattbuss")
    ola.presses("Answer now").hears("1/3 · Hva trengs mest?")


def test_what_was_put_aside_for_the_questions_is_offered_again(world: World) -> None:
    ola = world.member("Ola")
    ola.says("/idea")
    asks(world, 1)
    ola.presses("Answer now").presses("Flere busser").presses("4").presses("Skip")
    ola.hears("You had begun something else before.").presses("Go on with it").hears("What is your idea?")


# On a page ---------------------------------------------------------------------------------------------------


def page(world: World, someone: Someone, form: str, subject: int, **values: str) -> Outcome:
    """Send a page of a form; what is left out was left empty."""
    raw = {key: (value,) for key, value in values.items()}
    return world.event(someone.address, Submitted(form, subject, raw))


def keys(outcome: Outcome) -> list[str]:
    assert outcome.opens is not None, outcome
    return [field.key for field in outcome.opens.fields]


def test_on_the_web_the_same_questions_are_drafted_page_by_page(world: World) -> None:
    world.load()
    frida = world.facilitator()
    web = Address("web", "browser")
    with world.db.transaction() as tx:
        people.give_address(tx, frida.id, web, world.now)
    frida.address = web
    opened = world.event(web, Press("open", ("ask", "1")))
    assert keys(opened) == ["meeting", "topic_nb", "topic_nn", "topic_en", "deadline"]
    wrong = page(world, frida, "ask", 1, meeting="none", topic_nb="bussen", deadline="soon")
    assert "I could not read that date" in wrong.errors["deadline"]
    rest = {"topic_nn": "", "topic_en": ""}
    assert page(world, frida, "ask", 1, meeting="none", topic_nb="bussen", deadline="2026-03-12T12:00", **rest).done
    opened = world.event(web, Press("open", ("question", "1")))
    assert keys(opened) == ["kind"]
    texts = page(world, frida, "question", 1, kind="one_of")
    assert keys(texts) == ["text_nb", "text_nn", "text_en", "options_nb"]
    empty = {"text_en": ""}
    others = page(world, frida, "question", 1, text_nb="Hva?", text_nn="Kva?", options_nb="En\r\nTo", **empty)
    assert keys(others) == ["options_nn"]
    assert "That is 1 line," in page(world, frida, "question", 1, options_nn="Ein").errors["options_nn"]
    assert page(world, frida, "question", 1, options_nn="Ein\r\nTo").done
    frida.hears("1. Hva?", "- En")


def test_on_the_web_all_questions_stand_on_one_page(world: World) -> None:
    world.load()
    ola = world.member("Ola")
    asks(world, 1)
    ola.address = Address("web", "browser")
    with world.db.transaction() as tx:
        people.give_address(tx, 1, ola.address, world.now)
    opened = world.event(ola.address, Press("open", ("answers", "1")))
    assert keys(opened) == ["q1", "q2", "q3"]
    assert page(world, ola, "answers", 1, q1="", q2="3", q3="Billigere").done
    assert given(world, ola) == {"q1": None, "q2": 3, "q3": "Billigere", "state": "sent"}


# Reminders ---------------------------------------------------------------------------------------------------


def test_reminders_come_at_half_time_and_a_day_before_and_only_to_those_who_have_not_answered(world: World) -> None:
    ola, kari, per, tove = world.members("Ola", "Kari", "Per", "Tove")
    asks(world, 4)
    answers_all(ola)
    per.presses("Not this time").hears("That is fine. We do not remind you of it.")
    tove.presses("Start").presses("Skip")
    world.until(DEADLINE - timedelta(days=4))
    assert [reminded(one) for one in (ola, kari, per, tove)] == [0, 1, 0, 1]
    assert "Deadline: Thursday 12 March at 12:00." in kari.last
    tove.presses("Answer now").hears("2/3")
    tove.presses("3").presses("Skip")
    world.until(DEADLINE)
    assert [reminded(one) for one in (ola, kari, per, tove)] == [0, 2, 0, 1]
    world.wait(10 * DAY)
    assert reminded(kari) == 2


def test_a_reminder_can_be_skipped_and_then_none_follows(world: World) -> None:
    ola = world.member("Ola")
    asks(world, 1)
    world.until(DEADLINE - timedelta(days=4))
    ola.presses("Skip this time").hears("We do not remind you of it.")
    world.until(DEADLINE)
    # The pressed reminder itself has become the sentence above.
    assert reminded(ola) == 0
    ola.presses("Answer after all").hears("1/3")


@pytest.mark.parametrize(("deadline", "expected"), [("4/3 09:00", 0), ("5/3 12:00", 1), ("6/3 12:00", 1)])
def test_short_times_have_fewer_reminders(world: World, deadline: str, expected: int) -> None:
    ola = world.member("Ola")
    asks(world, 1, deadline)
    world.wait(6 * DAY)
    assert reminded(ola) == expected


def test_reminders_keep_to_the_day_and_out_of_the_night(world: World) -> None:
    ola = world.member("Ola")
    asks(world, 1, "2026-03-12 03:00")
    world.until(DEADLINE)
    local = [seen.at.astimezone(UTC).hour + 1 for seen in ola.messages if "You can still answer." in seen.text]
    assert len(local) == 2 and all(8 <= hour < 21 for hour in local)


def test_an_answer_cancels_what_is_still_waiting_to_be_sent(world: World) -> None:
    ola = world.member("Ola")
    asks(world, 1)
    waiting = Rendered("You can still answer.")
    with world.db.transaction() as tx:
        outbox.put(tx, Address("telegram:1", "5"), ola.id, waiting, world.now, kind="reminder", about=("prompt", 1))
    answers_all(ola)
    with world.db.reading() as tx:
        assert outbox.counts(tx, ("prompt", 1), "reminder") == {"cancelled": 1}


def test_nothing_arrives_twice(world: World) -> None:
    ola = world.member("Ola")
    frida = asks(world, 1)
    frida.presses_data("release:1").hears("These questions are sent or cancelled already.")
    world.wait(timedelta(seconds=1))
    assert len(ola.messages) == 1


# The end -----------------------------------------------------------------------------------------------------


def test_at_the_deadline_the_facilitator_gets_a_summary_and_a_table(world: World) -> None:
    ola, kari, _per = world.members("Ola", "Kari", "Per")
    frida = asks(world, 3)
    answers_all(ola, words="=Billigere")
    kari.presses("Start").presses("Lys på stoppet").presses("1 (utrygg)").presses("Skip")
    world.until(DEADLINE)
    frida.hears("Answers about kveldsbussen", "2 of 3 have answered.", "Flere busser: 1", "Lys på stoppet: 1")
    frida.hears("Mean 2.5, median 2.5", "4: 1", "- =Billigere", "1 skipped it")
    frida.does_not_hear("Ola: =Billigere")
    rows = [row for seen in frida.messages for row in seen.message.buttons]
    assert any(button.get("secret") == "login" for row in rows for button in row)
    frida.presses("With names").hears("- Ola: =Billigere")
    with world.db.reading() as tx:
        table = summary.as_csv(answers.questions(tx, 1), answers.csv_rows(tx, 1), str).decode("utf-8-sig")
        actions = list(tx.execute(text("SELECT action FROM audit ORDER BY id")).scalars())
    assert "Ola;" in table and "'=Billigere" in table
    assert actions == ["questions drafted", *["question added"] * 3, "questions sent", "answers read with names"]


def test_nobody_sees_answers_before_the_deadline(world: World) -> None:
    ola = world.member("Ola")
    frida = asks(world, 1)
    answers_all(ola)
    for data in ("summary:1", "names:1"):
        frida.presses_data(data).hears("That is not here any more")
    frida.does_not_hear("Billigere")


def test_a_mail_says_only_that_the_answers_are_in(world: World) -> None:
    ola = world.member("Ola")
    world.load()
    mette = world.facilitator("Mette")
    with world.db.transaction() as tx:
        people.give_address(tx, mette.id, Address("mail", "mette"), world.now, b"sealed")
        people.reachable(tx, mette.address, False)
    frida = world.facilitator()
    drafts(frida).presses("Send to 1 member")
    answers_all(ola)
    world.until(DEADLINE)
    mails = [message.text for message in world.mails(mette)]
    assert any("The answers about kveldsbussen are in." in mail for mail in mails)
    assert not any("Billigere" in mail for mail in mails)


def test_cancelling_stops_everything_and_says_so_kindly(world: World) -> None:
    ola, kari = world.member("Ola"), world.member("Kari")
    frida = asks(world, 2)
    kari.presses("Start").presses("Flere busser")
    frida.presses("How many have answered?").presses("Cancel").hears("Cancel the questions?", "0 have answered")
    frida.presses("Yes, cancel them").hears("Cancelled. Nobody is asked any more.")
    ola.presses("Start").hears("These questions were withdrawn, so you need not do anything.")
    with world.db.reading() as tx:
        assert conversations.current(tx, kari.id) is None
    world.wait(20 * DAY)
    assert reminded(ola) == 0
    frida.does_not_hear("Answers about")


def test_in_an_elected_body_answers_become_a_paper_without_names(world: World) -> None:
    world.load("svelvik-byhuset", elected)
    ola = world.member("Ola")
    frida = world.facilitator()
    frida.says("/meeting").answers(MEETING, "Rådhuset", "Byhuset").presses("Announce")
    frida.says("/ask").answers("The meeting Thursday 19 March at 17:00", "byhuset", "2026-03-12 12:00")
    frida.answers("Add a question", FREE, "Hva skal huset brukes til?")
    frida.presses("Write it in English").says("the town house").says("What is it for?")
    frida.hears("Good. Now it is written in English too.").presses("Look at it again").presses("Send to 1 member")
    frida.presses_data("seeby:1:members").hears("cannot be changed")
    ola.hears("Only Frida sees your answers. They become a paper for the meeting, without your name.")
    ola.presses("Start").says("Billig kaffe")
    world.until(DEADLINE)
    frida.hears("Paper for the meeting: 19 March 2026.", "- Billig kaffe").does_not_hear("Ola: Billig kaffe")


def elected(source: str) -> str:
    """The committee on the town house as if it were an elected body, which has grown-ups only."""
    changed = source.replace('legal_form = "no_medvirkning"', 'legal_form = "no_5_7"')
    return changed.replace("from = 13", "from = 18")


# Rights ------------------------------------------------------------------------------------------------------


def test_only_members_of_this_committee_answer(world: World) -> None:
    world.member("Ola")
    asks(world, 1)
    other = world.load("gentofte-biblioteker")
    outsiders = [
        world.person("Nobody"),
        world.member("Gitte", committee=other),
        world.facilitator("Gerda", committee=other),
    ]
    for someone in outsiders:
        for data in ("open:answers:1", "a:answers:1:q1:o1", "notnow:1", "later:1", "reopen:1", "late:1:yes"):
            someone.presses_data(data).hears("That is not here any more")
        for data in ("release:1", "unasked:1", "names:1", "readlate:1:1", "asked:1", "arrived:1", "open:question:1"):
            someone.presses_data(data).hears("That is not here any more")
    with world.db.reading() as tx:
        assert answers.counts(tx, 1) == {}


def test_members_cannot_do_what_the_facilitator_does(world: World) -> None:
    ola = world.member("Ola", role=Role.CHAIR)
    asks(world, 1)
    for command in ("/ask", "/questions"):
        assert "That is for others" in ola.says(command).last
    for data in ("unasked:1", "summary:1", "names:1", "readlate:1:1", "asked:1", "open:reask:1", "unquest:1:1"):
        ola.presses_data(data).hears("That is not here any more")


def test_a_draft_is_nobody_elses_business_and_made_up_answers_are_refused(world: World) -> None:
    ola = world.member("Ola")
    frida = drafts(world.facilitator())
    ola.presses_data("open:answers:1").hears("That is not here any more")
    frida.presses("Send to 1 member")
    ola.presses("Start").presses_data("a:answers:1:q1:o9").hears("Please choose one of the answers shown.")
    ola.presses_data("a:answers:1:q2:99")
    ola.presses("Flere busser").presses_data("a:answers:1:q2:99").hears("Please choose a number from 1 to 5.")
    ola.presses_data("open:answers:999").hears("That is not here any more")


def test_a_prompt_is_not_a_questionnaire(world: World) -> None:
    ola = world.member("Ola")
    frida = world.facilitator()
    frida.says("/prompt").answers("Hei", "Hei", "Hei", "all members (1)", "Now", "Send now")
    for data in ("release:1", "asked:1", "unask:1", "summary:1", "open:question:1"):
        frida.presses_data(data).hears("That is not here any more")
    ola.presses_data("open:answers:1").hears("That is not here any more")
    assert len([seen for seen in ola.messages if "Hei" in seen.text]) == 1
