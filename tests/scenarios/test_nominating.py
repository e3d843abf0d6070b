"""Seats that others fill: a body names a person, who is asked and says yes or no."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import applications, nominations, people
from storage.tables import Nomination
from tests.world import Someone, World

VERV = "Ungdom som har hatt et tillitsverv, for eksempel i elevråd eller Ungdommens kommunestyre"
COUNCIL = 'nominated_by = { nb = "Ungdomsrådet", nn = "Ungdomsrådet", en = "The youth council" }'


def with_a_named_line(source: str) -> str:
    """The youth council fills the line of those elected to something."""
    return source.replace('key = "verv"\nseats = 2', f'key = "verv"\nseats = 2\n{COUNCIL}')


def with_a_sensitive_named_line(source: str) -> str:
    """The youth council fills the line of those with a disability."""
    return source.replace('key = "funksj"\nseats = 1', f'key = "funksj"\nseats = 1\n{COUNCIL}')


def names(secretary: Someone, name: str, reach: str) -> Someone:
    secretary.says("/nominate").presses("Name a person").presses(secretary.labels[0])
    return secretary.says(name).says(reach).presses("Ask the person")


def nominee(world: World, name: str = "Nora") -> tuple[Someone, Someone]:
    """The secretariat has named somebody, who has the mail before her."""
    world.load(change=with_a_named_line)
    secretary = names(world.secretariat(), name, f"{name.lower()}@example.org").hears(f"{name} is asked")
    nora = world.person(name)
    with world.db.transaction() as tx:
        row = tx.execute(select(Nomination.person_id).order_by(Nomination.id.desc())).scalars().first()
        assert row is not None
        people.give_address(tx, row, nora.address, world.now)
    return secretary, nora


def state(world: World, number: int = 1) -> str:
    with world.db.reading() as tx:
        found = nominations.find(tx, number)
        assert found is not None
        return found.state


def test_the_person_named_hears_by_mail_who_named_her_and_for_what(world: World) -> None:
    _secretary, nora = nominee(world)
    letter = world.mails(nora.id)[0]
    assert "Ungdomsrådet har pekt ut deg til en plass i utvalget om Ungdom i Svelvik" in letter.text
    assert VERV in letter.text
    assert [button["label"] for row in letter.buttons for button in row] == ["Ja, det vil jeg", "Nei"]
    assert letter.secrets["login"] == {"kind": "login", "path": "/talk"}


def test_yes_asks_only_what_rules_need_and_becomes_an_application(world: World) -> None:
    secretary, nora = nominee(world)
    nora.presses_data("open:named:1").hears("We use what you write only to find members", "How old are you")
    nora.presses("15 to 17 years").presses("Woman").says("Nora N.").hears("Thank you, Nora N.")
    secretary.hears("Nora N., named by Ungdomsrådet, has said yes to the seat.")
    assert state(world) == "confirmed"
    with world.db.reading() as tx:
        saved = applications.of(tx, nora.id, 1)
        found = nominations.find(tx, 1)
        assert saved is not None and found is not None and found.application_id == saved.id
        assert (saved.door, saved.answers["profiles"], saved.answers["age"]) == ("named", ["verv"], "15-17")
    nora.presses_data("nomno:1").hears("This was answered or taken back already")


def test_a_no_is_told_so_that_the_body_can_be_asked_again(world: World) -> None:
    secretary, nora = nominee(world)
    nora.presses_data("nomno:1").hears("Thank you for your answer")
    secretary.hears("Nora, named by Ungdomsrådet, has said no to the seat. Please ask Ungdomsrådet for somebody else.")
    number = nora.id
    world.wait(timedelta(days=8))
    with world.db.reading() as tx:
        assert people.get(tx, number).state == "forgotten"
    names(secretary, "Nils", "nils@example.org").hears("Nils is asked")


def test_one_reminder_then_the_secretariat_hears_of_the_silence(world: World) -> None:
    secretary, nora = nominee(world)
    world.wait(timedelta(days=9))
    assert len(nora.messages) == 1
    nora.hears("Ungdomsrådet har pekt ut deg")
    secretary.does_not_hear("has not answered")
    world.wait(timedelta(days=20))
    assert len(nora.messages) == 1
    secretary.hears("Nora, named by Ungdomsrådet, has not answered")


def test_who_has_answered_is_not_reminded(world: World) -> None:
    _secretary, nora = nominee(world)
    nora.presses_data("nomno:1")
    nora.hears("Thank you for your answer")
    world.wait(timedelta(days=6))
    nora.does_not_hear("named you for a seat")


def test_nobody_else_answers_for_the_person_named(world: World) -> None:
    gentofte = world.load("gentofte-biblioteker")
    other = world.secretariat("Other", committee=gentofte)
    _secretary, _nora = nominee(world)
    for thief in (world.person("Thief").says("/start svelvik-ungdom"), world.facilitator(), other):
        for press in ("open:named:1", "nomno:1", "a:named:1:age:15-17", "send:named:1", "nominee:1", "unname:1"):
            thief.presses_data(press).hears("That is not here any more")
    assert state(world) == "asked"


@pytest.mark.parametrize("age", ["Under 13", "26 or older"])
def test_the_rules_hold_for_who_is_named_too(world: World, age: str) -> None:
    _secretary, nora = nominee(world)
    nora.presses_data("open:named:1").presses(age).hears(
        "You need to be at least 13" if age == "Under 13" else "aged 13 to 25"
    )
    assert state(world) == "asked"
    with world.db.reading() as tx:
        assert applications.of(tx, nora.id, 1) is None


def test_the_guardian_of_a_young_nominee_is_asked(world: World) -> None:
    _secretary, nora = nominee(world)
    nora.presses_data("open:named:1").presses("13 to 14 years").presses("Woman").says("Nora")
    nora.hears("a parent or guardian must say yes too").says("parent@example.org")
    with world.db.reading() as tx:
        saved = applications.of(tx, nora.id, 1)
        assert saved is not None and saved.guardian == "asked"


def test_a_nomination_is_withdrawn_and_the_person_is_told(world: World) -> None:
    secretary, nora = nominee(world)
    nora.presses_data("open:named:1").presses("15 to 17 years").presses("Woman").says("Nora")
    secretary.says("/nominate").presses("Nora: has said yes").presses("Withdraw it").hears("It is withdrawn")
    nora.hears("That is taken back, and you need do nothing")
    assert state(world) == "withdrawn"
    with world.db.reading() as tx:
        assert applications.of(tx, nora.id, 1) is None


def test_no_more_are_named_than_there_are_seats(world: World) -> None:
    secretary, _nora = nominee(world)
    names(secretary, "Nils", "nils@example.org")
    secretary.says("/nominate").presses("Name a person").hears("All seats that a body fills have somebody who is asked")


def test_a_phone_is_called_and_the_answer_is_written_down(world: World) -> None:
    world.load(change=with_a_named_line)
    secretary = names(world.secretariat(), "Nora", "41 52 63 74").hears("Please call 41526374")
    secretary.presses("The answer is yes").presses("15 to 17 years").presses("Woman").says("Nora")
    secretary.hears("It is noted that Nora has said yes")
    with world.db.reading() as tx:
        saved = applications.listed(tx, 1, None)[0]
        assert (saved.door, saved.entered_how, saved.entered_by) == ("named", "phone", secretary.id)


def test_a_member_or_staff_cannot_be_named_and_nobody_twice(world: World) -> None:
    secretary, _nora = nominee(world)
    names(secretary, "Nora", "nora@example.org").hears("This person is named here already")


def test_a_sensitive_seat_needs_the_persons_own_consent(world: World) -> None:
    world.load(change=with_a_sensitive_named_line)
    secretary = names(world.secretariat(), "Nora", "41526374")
    secretary.presses("The answer is yes").presses("15 to 17 years").presses("Woman")
    secretary.hears("we ask it on our own web page only")


def test_a_mandate_without_such_seats_says_so(world: World) -> None:
    world.load()
    world.secretariat().says("nominate").hears("no seat is filled by another body")
