"""A member without e-mail: what others get as a message is a call or a letter, and nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.chat.events import Submitted
from bot.domain.people import Role
from bot.text import _
from handlers import beforehand
from storage import answers, attendance, contact, minutes, paper, people
from storage.tables import Audit
from tests.scenarios.test_beforehand import mornings
from tests.scenarios.test_everywhere import only
from tests.scenarios.test_prioritising import prioritisation
from tests.world import Someone, World

DAY = timedelta(days=1)


def on_the_phone(world: World, name: str, phone: str, locale: str = "en", role: Role = Role.CITIZEN) -> int:
    """A member who has given a phone number only."""
    home = world.committee or world.load()
    with world.db.transaction() as tx:
        person = people.add(tx, world.now, name, locale)
        people.give_role(tx, person.id, home.id, role, world.now)
        contact.give(tx, world.engine.house.vault, person.id, phone, world.now)
    return person.id


def asks(frida: Someone, deadline: str = "2026-03-12 12:00", members: str = "1 member") -> Someone:
    frida.says("/ask").answers("Not before a meeting", "bussen", "Skip", "the bus", deadline).presses("Add a question")
    return frida.answers("Yes or no", "Trenger vi flere busser?", "Skip", "Do we need more buses?").presses(
        f"Send to {members}"
    )


def test_a_question_becomes_a_call_and_the_answer_is_entered(world: World) -> None:
    kari = on_the_phone(world, "Kari", "+47 22 22 22 22")
    frida = world.facilitator()
    asks(frida).says("/calls").hears("1 person who has no e-mail")
    frida.presses("Kari, until Thursday 12 March at 12:00")
    frida.hears("Call Kari, about 3 minutes, or print the letter.", "Phone: +47 22 22 22 22", "Hello Kari.")
    frida.presses("Not reached").says("/calls").presses("Kari, until Thursday 12 March at 12:00").hears("Tried 1 time.")
    frida.presses("Enter the answers").presses("By phone").presses("Yes").presses("Enter these answers")
    frida.hears("The answers of Kari are in.").presses("The next one").hears("Nobody is waiting for a call")
    with world.db.reading() as tx:
        found = answers.of(tx, 1, kari)
        assert found is not None
        assert (found.values, found.entered_by, found.entered_how) == ({"q1": True}, frida.id, "phone")
        logged = tx.execute(select(Audit.reason).where(Audit.action == "answers entered on behalf")).scalars().all()
    assert logged == ["phone"]
    world.until(datetime(2026, 3, 12, 12, tzinfo=UTC))
    frida.says("/calls").hears("Nobody is waiting for a call")  # no reminder to who has answered


def test_a_notice_is_ticked_off_and_counts_as_delivered(world: World) -> None:
    on_the_phone(world, "Kari", "+47 22 22 22 22")
    frida = world.facilitator()
    frida.says("/prompt").answers("Ta med kaffe", "Skip", "Bring coffee", "all members (1)", "Now").presses("Send now")
    frida.presses("How did it arrive?").hears("Kari: waiting (phone or letter)")
    frida.says("/calls").presses(frida.labels[0]).hears("Ta med kaffe").presses("Done")
    frida.says("/prompts").presses(frida.labels[0]).presses("How did it arrive?").hears("Kari: has it")


def test_only_those_who_look_after_the_committee_see_the_number(world: World) -> None:
    on_the_phone(world, "Kari", "+47 22 22 22 22")
    frida, ola = world.facilitator(), world.member("Ola")
    fie = world.facilitator("Fie", committee=world.load("gentofte-biblioteker"))
    asks(frida, members="2 members").says("/calls").presses("Kari, until Thursday 12 March at 12:00")
    data = next(b["data"] for row in frida.messages[-1].message.buttons for b in row if b["label"] == "Done")
    number = data.partition(":")[2]
    for stranger in (ola, fie):
        stranger.presses_data(f"task:{number}").hears("That is not here any more")
        stranger.presses_data(f"open:onbehalf:{number}").hears("That is not here any more").does_not_hear("+47 22")
    frida.presses_data("task:1").hears("not here any more")


def test_a_vote_by_phone_is_said_not_to_be_secret_before_it_is_given(world: World) -> None:
    on_the_phone(world, "Kari", "+47 22 22 22 22")
    world.members("Ola", "Per", "Eva", "Liv")
    frida = prioritisation(world)
    frida.says("/calls").presses(frida.labels[0]).hears("Say this first: a vote on paper or by phone is not secret")
    frida.presses("Enter the vote").hears("Say this before the vote is given: it is not secret")
    frida.ticks("A night bus").presses("Enter this vote").hears("The vote of Kari is in")
    frida.says("/calls").hears("Kari")


def test_a_member_on_the_phone_and_a_politician_by_mail_go_through_a_season(world: World) -> None:
    """In Danish, from the notice of the meeting to the results: one is called, the other gets mails that lead on."""
    home = world.load("gentofte-biblioteker", only("da"))
    karen = on_the_phone(world, "Karen", "+45 22 22 22 22", "da")
    poul, frida = world.person("Poul", "da", "web"), world.facilitator("Frida", locale="da")
    with world.db.transaction() as tx:
        person = people.add(tx, world.now, "Poul", "da")
        people.give_role(tx, person.id, home.id, Role.POLITICIAN, world.now)
        people.change(tx, person.id, committee_id=home.id)
        people.give_address(tx, person.id, poul.address, world.now)
        contact.give(tx, world.engine.house.vault, person.id, "poul@example.org", world.now)
        beforehand.plan(tx, world.now, "Europe/Copenhagen")
    others = [world.member(name, locale="da") for name in ("Ane", "Bo", "Carl")]

    def calls(*what: str) -> Someone:
        """Frida opens the one task for Karen, and reads this aloud."""
        frida.says("/calls").presses(next(label for label in frida.labels if label.startswith("Karen")))
        return frida.hears("+45 22 22 22 22", *what)

    def done() -> None:
        frida.presses(frida.word(_("Done")))

    frida.says("/meeting").fills(
        {"Hvornår er mødet?": "2026-03-26 17:00", "Hvor er det?": "Hovedbiblioteket", "dagsordenen?": "Hverdagen"}
    )
    frida.presses("Meld ud")
    calls("torsdag 26. marts kl. 17", "Hovedbiblioteket", "Hverdagen")
    done()
    assert "torsdag 26. marts kl. 17" in world.mails(poul)[-1].text

    world.until(datetime(2026, 3, 12, 10, tzinfo=UTC))
    frida.says("/ask").fills(
        {
            "Hvilket møde": "Mødet torsdag 26. marts kl. 17",
            "Hvad handler spørgsmålene om?": "biblioteket i hverdagen",
            "Hvor længe kan": "2026-03-26 09:00",
        }
    )
    frida.presses("Tilføj et spørgsmål").fills(
        {"Hvilken slags": "Med egne ord", "Hvad spørger du om?": "Hvad savner du?"}
    )
    frida.presses("Send til 5 medlemmer")
    calls("Hej Karen.", "Vi mødes torsdag 26. marts kl. 17").presses(frida.word(_("Enter the answers")))
    frida.presses(frida.word(_("By phone"))).says("En stol ved vinduet").presses(frida.word(_("Enter these answers")))
    world.until(datetime(2026, 3, 25, 12, tzinfo=UTC))
    letters = [mail.text for mail in world.mails(poul)]
    assert any("Hvad" in text or "Du kan stadig nå at svare" in text for text in letters), letters
    world.event(poul.address, Submitted("answers", 1, {"q1": ("Åbent om søndagen",)}))  # a page with one field
    poul.hears("Dine svar er modtaget")
    calls("26. marts kl. 17")
    done()
    world.until(datetime(2026, 3, 26, 9, tzinfo=UTC))
    frida.hears("2 af 5 har svaret", "En stol ved vinduet", "Åbent om søndagen")

    for author, idea in zip(others, ("Musik om aftenen", "Et værksted", "Åbent til kl. 22"), strict=True):
        author.says(f"/idea {idea}")
    world.until(datetime(2026, 4, 7, 10, tzinfo=UTC))
    frida.says("/ballot").fills(
        {
            "Hvad skal prioriteringen hedde?": "Det første vi prøver",
            "Hvilke idéer er udvalgt?": ("Musik om aftenen", "Et værksted"),
            "Hvornår åbner den?": "Så snart jeg sender den",
            "Hvornår lukker den?": "2026-04-20 12:00",
            "Hvad ser udvalget, når der er talt op?": "Tallene",
        }
    )
    frida.presses("Se, hvordan den bliver").presses("Åbn den")
    poul.ticks("Et værksted").presses("Send min stemme").hears("Din stemme er modtaget")
    for other in others:
        other.votes("Send min stemme", "Et værksted")
    calls(frida.word(_("Read this:"))).presses(frida.word(_("Enter the vote")))
    frida.ticks("Et værksted").presses(frida.word(_("Enter this vote")))
    world.until(datetime(2026, 4, 21, 10, tzinfo=UTC))
    poul.hears("5 af 5 medlemmer var med")
    assert any("prioritering" in mail.text.lower() for mail in world.mails(poul)[-2:])
    with world.db.reading() as tx:
        waiting = [paper.text_of(tx, one.id).text for one in paper.tasks(tx, home.id, world.now)]
        assert answers.of(tx, 1, karen) is not None
    assert any("5 af 5 medlemmer var med" in text for text in waiting), waiting


def test_what_comes_before_the_call_goes_along_in_it_and_the_slip_of_the_first_letter_leads_there(world: World) -> None:
    on_the_phone(world, "Kari", "+47 22 22 22 22")
    frida = world.facilitator()
    asks(frida).says("/calls").presses(frida.labels[0]).hears("the bus")
    code = next(b["data"] for row in frida.messages[-1].message.buttons for b in row if b["label"] == "Done")[7:]
    frida.says("/prompt").answers("Ta med kaffe", "Skip", "Bring coffee", "all members (1)", "Now").presses("Send now")
    frida.says("/prompt").answers("Ta med te", "Skip", "Bring tea", "all members (1)", "Now").presses("Send now")
    world.wait(timedelta(minutes=1))  # the clock puts together what waits for her
    frida.says("/calls").hears("1 person who has no e-mail")
    frida.says(f"/calls {code}").hears(
        "1 of 3:\nHello Kari.",
        "2 of 3:\nFrom the administration:\nBring coffee",
        "3 of 3:\nFrom the administration:\nBring tea",
    ).presses("Enter the answers")
    frida.presses("By phone").presses("Yes").presses("Enter these answers").says("/calls").hears("Nobody is waiting")
    frida.says("/calls 1").hears("No task has that code").says("/calls x").hears("No task has that code")


def test_each_morning_the_facilitator_is_told_of_new_calls_and_of_none_twice(world: World) -> None:
    on_the_phone(world, "Kari", "+47 22 22 22 22")
    frida = world.facilitator()
    asks(frida)
    mornings(world)
    world.until(datetime(2026, 3, 3, 7, 14, tzinfo=UTC))
    frida.does_not_hear("is to be called")
    world.wait(timedelta(minutes=2))
    frida.hears("1 person without e-mail is to be called or written to.")
    world.wait(3 * DAY)
    assert sum("is to be called" in seen.text for seen in frida.messages) == 1
    frida.presses("See whom to call").presses("Kari, until Thursday 12 March at 12:00")


def test_on_monday_the_facilitator_is_told_of_saturdays_calls(world: World) -> None:
    on_the_phone(world, "Kari", "+47 22 22 22 22")
    frida = world.facilitator()
    mornings(world)
    world.until(datetime(2026, 3, 7, 12, tzinfo=UTC))
    asks(frida)
    world.until(datetime(2026, 3, 8, 20, tzinfo=UTC))
    frida.does_not_hear("is to be called")
    world.until(datetime(2026, 3, 9, 8, tzinfo=UTC))
    frida.hears("1 person without e-mail is to be called or written to.")


def meeting(frida: Someone, at: str = "2026-03-19 17:00") -> Someone:
    frida.says("/meeting").answers(at, "The town hall", "Skip", "Skip", "The last bus", "Skip", "Skip")
    return frida.presses("Announce")


def test_who_says_on_the_phone_that_she_comes_is_counted_and_it_is_noted_who_wrote_it(world: World) -> None:
    kari = on_the_phone(world, "Kari", "+47 22 22 22 22")
    frida, ola = world.facilitator(), world.member("Ola")
    meeting(frida).says("/calls").presses(frida.labels[0]).hears("The town hall").presses("Is coming")
    frida.says("/meetings").presses(frida.labels[0]).hears("Coming, 1: Kari")
    frida.says("/calls").presses(frida.labels[0])
    assert "Is coming" not in frida.labels
    ola.presses_data(f"comesfor:1:{kari}:no").hears("That is")
    frida.presses_data(f"comesfor:1:{frida.id}:no").hears("That is not here any more")
    with world.db.reading() as tx:
        noted = tx.execute(select(Audit.person_id, Audit.object).where(Audit.action == "reply entered on behalf")).all()
        assert attendance.replies(tx, 1) == {kari: "yes"}
    assert [tuple(row) for row in noted] == [(frida.id, f"meeting:1 person:{kari}")]


def test_a_vote_entered_from_the_phone_makes_no_further_call(world: World) -> None:
    on_the_phone(world, "Kari", "+47 22 22 22 22")
    world.members("Ola", "Per", "Eva", "Liv")
    frida = prioritisation(world)
    frida.says("/calls").presses(frida.labels[0]).hears("2. A night bus").presses("Enter the vote")
    frida.ticks("A night bus").presses("Enter this vote").does_not_hear("Kari is told")
    frida.says("/calls").hears("Nobody is waiting for a call or a letter.")


def test_what_was_missed_is_asked_on_the_phone_and_stands_with_the_meeting(world: World) -> None:
    kari = on_the_phone(world, "Kari", "+47 22 22 22 22")
    frida = world.facilitator()
    meeting(frida)
    frida.says("/calls").presses(frida.labels[0]).presses("Done")
    world.until(datetime(2026, 3, 20, 9, tzinfo=UTC))
    frida.says("/meetings").presses(frida.labels[0]).presses("Who was there?").presses("Save")
    frida.presses("Write the minutes").answers("Buss", "Skip", "Bus", "Alt", "Skip", "All", "The usual three")
    frida.presses("Save").presses("Publish to members")
    frida.says("/calls").presses(frida.labels[0]).hears("We missed you.").presses("Enter the answers")
    frida.says("A bench").presses("Skip").presses("Skip").hears("The answers of Kari are in.")
    frida.presses("Back to the call").presses("Done").says("/calls").hears("Nobody is waiting")
    with world.db.reading() as tx:
        found = minutes.answer_of(tx, 1, kari)
        assert found is not None and found.values["q1"] == "A bench"
