"""Assessing applications: 0 to 3 for each line, alone or in pairs, perhaps without names, and who sees what."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from bot.domain.people import Role
from storage import ratings
from storage.tables import Audit
from tests.scenarios.test_appointing import FRI, LAG, applies
from tests.world import Someone, World

VAULTED = "A young person with a disability"


def selecting(**keys: object) -> Callable[[str], str]:
    """The same task with other rules of choosing."""
    said = "\n".join(
        f"{key} = {str(value).lower() if isinstance(value, bool) else value}" for key, value in keys.items()
    )
    return lambda source: f"{source}\n[selection]\n{said}\n"


def rates(someone: Someone, value: str, note: str = "Skip") -> Someone:
    someone.presses(next(label for label in ("Rate", "Change the rating") if label in someone.labels))
    return someone.answers(value, note)


def agreed(world: World) -> dict[int, dict[str, int]]:
    with world.db.reading() as tx:
        return ratings.agreed(tx, 1, 0, world.engine.house.vault)


def missing(world: World) -> dict[int, list[str]]:
    with world.db.reading() as tx:
        return ratings.missing(tx, 1, 0, world.engine.house.vault)


def test_a_facilitator_rates_one_application_after_another_and_sees_how_far_it_is(world: World) -> None:
    world.load()
    frida = world.facilitator()
    frida.says("/assess").hears("There is nothing to assess yet")
    applies(world, "Anna"), applies(world, "Berit", LAG)
    frida.says("/assess").hears("0 of 2 rated", "Anna", FRI, "not rated yet")
    assert missing(world) == {1: ["fri"], 2: ["lag"]}
    rates(frida, "2 – fits", "Knows the harbour").hears("1 of 2 rated", "Berit")
    rates(frida, "0 – does not fit").hears("2 of 2 rated", "You have rated them all")
    assert (agreed(world), missing(world)) == ({1: {"fri": 2}, 2: {"lag": 0}}, {})
    frida.presses("See them again").hears("Anna", "2 – fits").presses("Next").hears("Berit", "0 – does not fit")
    frida.presses("Previous")
    rates(frida, "3 – fits very well")
    assert agreed(world)[1] == {"fri": 3}
    with world.db.reading() as tx:
        changes = ratings.changes_since(tx, 1, world.now.replace(year=2020))
        logged = tx.execute(select(Audit.object).where(Audit.action == "rated")).scalars().all()
    assert [(one["application"], one["line"], one["before"], one["after"]) for one in changes] == [
        (1, "fri", None, 2),
        (2, "lag", None, 0),
        (1, "fri", 2, 3),
    ]
    assert logged == ["application:1", "application:2", "application:1"]


def test_of_two_raters_neither_sees_the_other_before_rating_and_where_they_differ_is_shown(world: World) -> None:
    world.load(change=selecting(raters=2))
    frida, farid = world.facilitator("Frida"), world.facilitator("Farid")
    applies(world, "Anna"), applies(world, "Berit")
    frida.says("/assess")
    rates(frida, "1 – fits a little", "Rarely there")
    rates(frida, "2 – fits")
    assert missing(world) == {1: ["fri"], 2: ["fri"]}
    farid.says("/assess").hears("0 of 2 rated").does_not_hear("Rarely there", "Frida about", "fits a little")
    rates(farid, "2 – fits")
    rates(farid, "3 – fits very well").hears("You have rated them all")
    farid.presses("Where the two of you differ").hears("the mean is used, rounded up")
    assert farid.labels == [f"Anna: {FRI}"]
    farid.presses(f"Anna: {FRI}").hears("Frida about", "1 – fits a little. Rarely there")
    assert agreed(world) == {1: {"fri": 2}, 2: {"fri": 3}} and missing(world) == {}


def test_without_assessment_whoever_declares_a_line_fits_it(world: World) -> None:
    world.load(change=selecting(rated=False))
    frida = world.facilitator()
    applies(world, "Anna")
    frida.says("/assess").hears("whoever declares a line fits it")
    assert (agreed(world), missing(world)) == ({1: {"fri": 2}}, {})


def test_in_blind_mode_no_rater_finds_a_name_until_all_is_rated(world: World) -> None:
    world.load(change=selecting(blind=True))
    frida, secretary = world.facilitator(), world.secretariat()
    anna = world.person("Anna").says("/start svelvik-ungdom").presses("Sign up")
    anna.presses("A seat in the committee (about 6 meetings)").presses("15 to 17 years").presses("Woman")
    anna.ticks(FRI).presses("Done").says("I am ANNA and live by the harbour").says("Anna Berg").presses("Skip")
    anna.presses("Send my application")
    for someone in (frida, secretary):
        someone.says("/assess").hears("Application 1", "I am […] and live by the harbour")
        someone.presses("Rate").answers("2 – fits", "Skip") if someone is frida else None
    applies(world, "Berit")
    secretary.says("/applications").presses("1. Application 1: no decision yet").hears("Application 1")
    for someone in (frida, secretary):
        someone.does_not_hear("Anna", "ANNA", "Berg", "Berit")
    frida.says("/assess")
    rates(frida, "2 – fits")
    secretary.says("/applications")
    assert "1. Anna Berg: no decision yet" in secretary.labels


def test_politicians_rate_only_where_the_mandate_lets_them_choose_and_never_read_a_sensitive_line(world: World) -> None:
    world.load()
    per = world.member("Per", role=Role.POLITICIAN)
    applies(world, "Anna")
    per.says("/assess").hears("That is for others in this committee")
    per.says("/applications").hears("That is for others in this committee")
    per.presses_data("applicant:1").hears("That is for others in this committee").does_not_hear("Anna")

    home = world.load(
        "svelvik-ungdom", lambda source: selecting(by='"politicians"')(source).replace("version = 1", "version = 2")
    )
    with world.db.transaction() as tx:
        sealed = world.engine.house.vault.seal(["funksj"])
        tx.exec_driver_sql(
            "UPDATE application SET special = %s"
            if tx.dialect.name == "postgresql"
            else "UPDATE application SET special = ?",
            (sealed,),
        )
    assert home.id == 1
    secretary = world.secretariat()
    per.says("/assess").hears("Anna", FRI).does_not_hear(VAULTED)
    rates(per, "2 – fits").hears("You have rated them all")
    per.says("/applications").presses("1. Anna: no decision yet").hears(FRI)
    assert not any(VAULTED in text for text in [per.last])
    per.presses_data("open:appoint:1")
    assert not any(VAULTED in label for label in per.labels), "the line of somebody is not theirs to fill"
    assert missing(world) == {1: ["funksj"]}
    secretary.says("/assess").hears(VAULTED)
    with world.db.reading() as tx:
        read = select(Audit.person_id).where(Audit.action == "special line read")
        assert tx.execute(read).scalars().all() == [secretary.id]


def test_nobody_rates_or_decides_about_themselves_and_members_cannot_rate(world: World) -> None:
    world.load()
    frida = world.facilitator()
    frida.says("/start svelvik-ungdom").presses("Sign up")
    frida.presses("A seat in the committee (about 6 meetings)").presses("18 years").presses("Woman")
    frida.ticks(FRI).presses("Done").presses("Skip").says("Frida").says("frida@example.org")
    frida.presses("Send my application")
    frida.says("/assess").hears("There is nothing to assess yet")
    frida.presses_data("assessed:1").hears("That is not here any more")
    member = world.member("Maria")
    member.says("/assess").hears("That is for others in this committee")
    member.presses_data("assessed:1").hears("That is not here any more")
    member.presses_data("open:rate:1").hears("That is not here any more")
