"""A politician's own sign-up, and all of one's committees at a glance."""

from __future__ import annotations

from bot.domain.people import Role
from storage import applications, people
from tests.world import Someone, World


def politician(world: World, name: str = "Pia") -> Someone:
    """A politician of the municipality who sits on no committee."""
    someone = world.person(name)
    with world.db.transaction() as tx:
        person = people.add(tx, world.now, name, "en")
        people.give_role(tx, person.id, None, Role.POLITICIAN, world.now)
        people.give_address(tx, person.id, someone.address, world.now)
    return someone


def test_a_politician_says_which_committee_and_why(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    pia = politician(world).says("/standing").presses("Young people in Svelvik")
    pia.hears("Why would you like to sit on the committee").says("I was young once").hears("Thank you, Pia")
    secretary.hears("Pia, a politician, would like a seat")
    with world.db.reading() as tx:
        saved = applications.of(tx, pia.id, 1)
        assert saved is not None
        assert (saved.door, saved.answers) == ("politics", {"name": "Pia", "why": "I was young once"})
    pia.says("/standing").presses("Young people in Svelvik").hears("You have signed up for this committee")
    pia.presses("Change it").presses("Skip").hears("Thank you, Pia")
    with world.db.reading() as tx:
        changed = applications.of(tx, pia.id, 1)
        assert changed is not None and changed.answers["why"] is None
    pia.presses("Withdraw it").presses("Yes, withdraw it").hears("what you wrote is erased")


def test_a_politician_of_another_committee_may_too_and_a_citizen_may_not(world: World) -> None:
    gentofte = world.load("gentofte-biblioteker")
    chair = world.member("Carl", committee=gentofte, role=Role.CHAIR)
    world.load()
    chair.says("stand for a committee").presses("Young people in Svelvik").hears("Why would you like to sit")
    citizen = world.member("Mia")
    citizen.says("/standing").hears("This is for the municipality's politicians")
    for press in ("stand:2", "open:standing:2", "send:standing:2"):
        citizen.presses_data(press).hears("This is for the municipality's politicians")


def test_a_politician_without_a_committee_is_a_member_of_none(world: World) -> None:
    world.load()
    world.member("Mia").says("/idea A bench").hears("on the list")
    pia = politician(world).says("/start svelvik-ungdom").says("/ideas").hears("That is for others in this committee")
    pia.presses_data("second:1").hears("That is not here any more")


def test_only_a_committee_whose_call_is_open_can_be_chosen(world: World) -> None:
    world.load()
    pia = politician(world)
    world.until(world.mandate.call.closes)
    pia.says("/standing").hears("No committee is looking for politicians right now")
    pia.presses_data("open:standing:1").hears("You cannot sign up for this committee now")


def test_all_of_ones_committees_stand_at_a_glance(world: World) -> None:
    gentofte = world.load("gentofte-biblioteker")
    world.load()
    ola = world.member("Ola", role=Role.POLITICIAN)
    frida = world.facilitator()
    with world.db.transaction() as tx:
        people.give_role(tx, ola.id, gentofte.id, Role.CHAIR, world.now)
    frida.says("/meeting").answers("2026-03-19 17:00", "The town hall", "Skip", "Skip")
    frida.answers("The last bus", "Skip", "Skip").presses("Announce")
    ola.says("/committees").hears("Svelvik, young people. You are: Politician member.", "You are: Chair.")
    ola.hears("Next meeting: Thursday 19 March at 17:00, The town hall.", "Your contact person is Demo Kontaktperson")
    world.person("Nobody").says("/committees").does_not_hear("You are:")
