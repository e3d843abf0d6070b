"""Paper and phone are equal: the administration enters an application, marked as such."""

from __future__ import annotations

from sqlalchemy import select

from storage import applications, contact
from storage.tables import Audit
from tests.scenarios.test_signup import signs_up
from tests.world import Someone, World

SEAT = "A seat in the committee (about 6 meetings)"
FRI = "A young person who knows what goes on outside clubs and associations"


def enters(staff: Someone, how: str = "By phone", age: str = "15 to 17 years", name: str = "Olga") -> Someone:
    staff.says("/enter").presses(how).hears("We use what you write only to find members").presses(SEAT)
    return staff.presses(age).presses("Woman").ticks(FRI).presses("Done").presses("Skip").says(name)


def test_an_application_by_phone_is_marked_and_told_at_once(world: World) -> None:
    world.load()
    frida = world.facilitator()
    enters(frida).says("olga@example.org").presses("Send the application").hears("Olga is told")
    with world.db.reading() as tx:
        saved = applications.listed(tx, 1)[0]
        assert (saved.entered_by, saved.entered_how, saved.door) == (frida.id, "phone", "seat")
        assert saved.answers["profiles"] == ["fri"] and "how" not in saved.answers
        logged = tx.execute(select(Audit.object, Audit.reason).where(Audit.action == "entered on behalf")).all()
        assert [tuple(row) for row in logged] == [(f"application:{saved.id}", "phone")]
    assert "Vi har skrevet inn søknaden din" in world.mails(saved.person_id)[0].text
    frida.does_not_hear("We have entered your application")


def test_an_address_for_letters_is_enough(world: World) -> None:
    world.load()
    frida = world.facilitator()
    for name in ("Olga", "Olaf"):
        enters(frida, "On paper", name=name).presses("Skip").says("Storgata 1, 3060 Svelvik")
        frida.presses("Send the application").hears(f"We cannot write to {name}: please call or send a letter")
    with world.db.reading() as tx:
        first, second = applications.listed(tx, 1)
        assert (first.entered_how, second.entered_how) == ("paper", "paper")
        assert contact.of(tx, world.engine.house.vault, first.person_id) == []


def test_sensitive_seats_are_not_entered_in_a_chat(world: World) -> None:
    world.load()
    frida = world.facilitator()
    enters(frida, "On paper").does_not_hear("nationality").does_not_hear("disability")


def test_a_young_applicants_guardian_is_asked_whoever_enters_it(world: World) -> None:
    world.load()
    frida = world.facilitator()
    enters(frida, age="13 to 14 years").says("olga@example.org").hears("a parent or guardian must say yes too")
    frida.says("parent@example.org").presses("Send the application")
    with world.db.reading() as tx:
        saved = applications.listed(tx, 1)[0]
        assert saved.guardian == "asked" and saved.guardian_id is not None
    assert "would like to join a committee" in world.mails(saved.guardian_id)[0].text


def test_a_twelve_year_old_is_refused_and_nothing_is_stored(world: World) -> None:
    world.load()
    frida = world.facilitator()
    frida.says("/enter").presses("By phone").presses(SEAT).presses("Under 13").hears("at least 13 years old")
    with world.db.reading() as tx:
        assert applications.listed(tx, 1) == []


def test_who_has_applied_is_not_entered_a_second_time(world: World) -> None:
    anna = signs_up(world, mail="anna@example.org")
    frida = world.facilitator()
    enters(frida).says("anna@example.org").presses("Send the application").hears("has applied already")
    with world.db.reading() as tx:
        assert [one.person_id for one in applications.listed(tx, 1)] == [anna.id]
        assert applications.listed(tx, 1)[0].entered_by is None


def test_staff_of_another_committee_enters_nothing_here(world: World) -> None:
    gentofte = world.load("gentofte-biblioteker")
    finn = world.facilitator("Finn", committee=gentofte)
    world.load()
    for press in ("open:entry:2", "a:entry:2:how:phone", "send:entry:2"):
        finn.presses_data(press).hears("That is not here any more")
    world.member("Mia").presses_data("open:entry:2").hears("That is not here any more")


def test_those_who_decide_see_how_an_application_came_in(world: World) -> None:
    world.load()
    enters(world.facilitator()).says("olga@example.org").presses("Send the application")
    secretary = world.secretariat().says("/applications")
    secretary.presses(next(label for label in secretary.labels if "Olga" in label))
    secretary.hears("It was told by phone, and Frida entered it.").does_not_hear("on paper")
