"""The call: posters that show which of them brings people, texts, what is missing, and calling a line again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.people import Role
from storage import applications, people, sources
from storage.tables import Arrival, Audit
from tests.scenarios.test_appointing import FRI, LAG, applies, appoints, declines
from tests.world import Someone, World

VERV = "Ungdom som har hatt et tillitsverv, for eksempel i elevråd eller Ungdommens kommunestyre"


def a_source(world: World, frida: Someone, label: str = "The library") -> str:
    """A poster is made; its code."""
    frida.says("/posters").presses("New poster or link").says(label).hears(f"{label}: 0 people began")
    assert world.committee is not None
    with world.db.reading() as tx:
        return sources.listed(tx, world.committee.id)[-1].source.code


def came_by(frida: Someone, words: str) -> None:
    frida.says("posters").hears(words)


def reopens(
    secretary: Someone, *lines: str, closes: str = "2026-05-01 12:00", answered: str = "2026-05-08 12:00"
) -> None:
    """The secretariat calls lines again."""
    secretary.says("/reopen")
    secretary.ticks(*(next(label for label in secretary.labels if label.startswith(line)) for line in lines))
    secretary.presses("Done").says(closes).says(answered).says("Nobody fitted the seat").presses("Open the call")


def test_each_poster_shows_how_many_began_and_how_many_sent(world: World) -> None:
    world.load()
    frida = world.facilitator()
    code = a_source(world, frida)
    frida.hears(f"http://localhost:8000/p/{code}")
    anna = world.person("Anna").starts(f"svelvik-ungdom_{code}").hears("is looking for 10 citizens")
    came_by(frida, "The library: 0 people began, 0 applications were sent.")
    anna.presses("Sign up")
    came_by(frida, "The library: 1 person began, 0 applications were sent.")
    anna.presses("Just follow along").says("Anna").presses("Skip").presses("Send my application")
    came_by(frida, "The library: 1 person began, 1 application was sent.")
    with world.db.reading() as tx:
        saved = applications.of(tx, anna.id, 1)
        assert saved is not None and saved.source_id == sources.listed(tx, 1)[0].source.id


def test_a_source_lasts_a_pause_and_the_first_one_counts(world: World) -> None:
    world.load()
    frida = world.facilitator()
    library, school = a_source(world, frida), a_source(world, frida, "School mail")
    anna = world.person("Anna").starts(f"svelvik-ungdom_{library}").presses("Sign up").says("/start")
    world.wait(timedelta(days=2))
    anna.starts(f"svelvik-ungdom_{school}").presses("Sign up").presses("Just follow along")
    anna.says("Anna").presses("Skip").presses("Send my application")
    came_by(frida, "The library: 1 person began, 1 application was sent.")
    came_by(frida, "School mail: 0 people began, 0 applications were sent.")


@pytest.mark.parametrize("payload", ["svelvik-ungdom_{other}", "svelvik-ungdom_NONSENSE", "svelvik-ungdom_"])
def test_a_forged_code_is_no_source_and_the_committee_is_found_all_the_same(world: World, payload: str) -> None:
    gentofte = world.load("gentofte-biblioteker")
    other = a_source(world, world.facilitator("Finn", committee=gentofte))
    world.load()
    anna = world.person("Anna").starts(payload.format(other=other)).hears("Young people in Svelvik").presses("Sign up")
    anna.hears("How would you like to take part?")
    with world.db.reading() as tx:
        assert tx.execute(select(Arrival.source_id)).all() == []


def test_a_link_with_a_code_alone_finds_the_committee(world: World) -> None:
    world.load("gentofte-biblioteker")
    world.load()
    code = a_source(world, world.facilitator())
    world.person("Anna").starts(f"_{code.lower()}").hears("Young people in Svelvik")


def test_posters_and_texts_are_for_the_staff_of_this_committee(world: World) -> None:
    gentofte = world.load("gentofte-biblioteker")
    finn = world.facilitator("Finn", committee=gentofte)
    world.load()
    a_source(world, world.facilitator())
    for press in (
        "poster:1",
        "posters:2",
        "share:1",
        "sharing:2",
        "missing:2",
        "lack:2",
        "lacksend:2",
        "open:source:2",
    ):
        finn.presses_data(press).hears("That is not here any more")
    for command in ("/posters", "/share", "/missing", "/enter", "/reopen", "/nominate"):
        world.member("Mia").says(command).hears("That is for others in this committee")


def test_texts_to_share_stand_in_each_of_the_committees_languages(world: World) -> None:
    world.load()
    frida = world.facilitator(locale="nb")
    code = a_source_in_norwegian(world, frida)
    frida.presses("Tekster til deling")
    frida.hears("Svelvik kommune søker 10 innbyggere", "Svelvik kommune søkjer 10 innbyggjarar")
    frida.hears("Svelvik municipality is looking for 10 citizens", f"http://localhost:8000/p/{code}")
    frida.says("tekster til deling").hears("http://localhost:8000/c/svelvik-ungdom")


def a_source_in_norwegian(world: World, frida: Someone) -> str:
    frida.says("plakater").presses("Ny plakat eller lenke").says("Biblioteket")
    with world.db.reading() as tx:
        return sources.listed(tx, 1)[-1].source.code


def test_what_is_missing_is_said_in_plain_words_and_drafted_as_a_message(world: World) -> None:
    world.load()
    frida = world.facilitator()
    fern = world.person("Fern").says("/start svelvik-ungdom").presses("Sign up").presses("Just follow along")
    fern.says("Fern").presses("Skip").presses("Send my application")
    applies(world, "Anna")
    frida.says("/missing").hears(f"{FRI}: 1 of 1", f"{LAG}: 0 of 1", f"{LAG}: 1 person is missing.")
    frida.hears("At least 40 per cent should be women, and at least 40 per cent men, women: 3 people are missing.")
    frida.does_not_hear("All ten citizens are aged")
    assert f"{FRI}: 1 person" not in frida.last
    frida.presses("Draft a message about it").hears("We are still looking for people", f"– {LAG}", "– women\n– men")
    frida.hears("Vi ser fortsatt etter folk", "Vi ser framleis etter folk", "1 person follows along")
    fern.does_not_hear("We are still looking")
    frida.presses("Make it a message to them").hears("Nothing is sent yet")
    frida.presses("Look at it and send it").hears("This goes to those who follow along: 1 person.")
    frida.presses("Send now")
    fern.hears("We are still looking for people", "http://localhost:8000/c/svelvik-ungdom")


def test_a_line_is_called_again_and_only_that_line_is_offered(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    anna, berit = applies(world, "Anna"), applies(world, "Berit")
    secretary.says("/reopen").hears("The call is still open, until")
    appoints(secretary, "Anna", FRI)
    declines(secretary, "Berit")
    world.until(world.mandate.call.answered)
    berit.hears("did not get a seat").presses("No thanks")

    reopens(secretary, LAG)
    secretary.hears("The call is open again until", LAG, "can apply again")
    berit.says("/start svelvik-ungdom").hears("is looking for 1 citizen for", f"This time we are looking for: {LAG}.")
    berit.presses("Sign up").hears("We use what you write", "How would you like to take part?")
    berit.presses("A seat in the committee (about 6 meetings)").presses("15 to 17 years").presses("Woman")
    assert LAG in berit.labels and FRI not in berit.labels, berit.transcript()
    berit.ticks(LAG).presses("Done").presses("Skip").presses("Send my application").hears(
        "Thank you, Berit. We have your application."
    )
    anna.says("/start svelvik-ungdom").presses("Sign up").hears("You already have a seat in this committee")

    with world.db.reading() as tx:
        again = applications.of(tx, berit.id, 1)
        assert again is not None and (again.call, again.state) == (1, "sent")
        assert again.answers["profiles"] == ["lag"]
        assert applications.decision(tx, again.id) is None
        reason = select(Audit.reason).where(Audit.action == "call opened again")
        assert tx.execute(reason).scalars().all() == ["Nobody fitted the seat"]

    appoints(secretary, "Berit", LAG)
    world.until(world.mandate.call.answered)
    berit.hears("You have been appointed to the committee").presses("Yes, I take the seat")
    with world.db.reading() as tx:
        assert Role.CITIZEN in people.roles(tx, berit.id)[1]


def test_an_answer_before_the_deadline_is_refused_and_nothing_opens(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    world.until(world.mandate.call.answered)
    reopens(secretary, LAG, answered="2026-04-30 12:00")
    secretary.hears("The answer must come after the deadline")
    world.person("Anna").says("/start svelvik-ungdom").does_not_hear("is looking for")


def test_only_the_secretariat_calls_again(world: World) -> None:
    gentofte = world.load("gentofte-biblioteker")
    other = world.secretariat("Other", committee=gentofte)
    world.load()
    world.until(world.mandate.call.answered)
    world.facilitator().says("/reopen").hears("That is for others in this committee")
    other.presses_data("open:reopen:2").hears("That is not here any more")


def with_a_named_line(source: str) -> str:
    """The youth council fills one line."""
    named = 'nominated_by = { nb = "Ungdomsrådet", nn = "Ungdomsrådet", en = "The youth council" }'
    return source.replace('key = "verv"\nseats = 2', f'key = "verv"\nseats = 2\n{named}')


def test_a_call_from_the_poster_to_a_message_about_what_is_missing(everywhere: World) -> None:
    """A poster is made, somebody comes by it, somebody is named, and a message is drafted about the rest."""
    world = everywhere
    world.load("svelvik-ungdom", with_a_named_line)
    frida, siri = world.facilitator("Frida", locale="nb"), world.secretariat("Siri", locale="nb")
    frida.says("/posters").presses("Ny plakat eller lenke").fills({"Hvor skal den henge": "Biblioteket"})
    frida.hears("Biblioteket: 0 begynte, 0 søknader ble sendt.")
    with world.db.reading() as tx:
        code = sources.listed(tx, 1)[0].source.code

    anna = world.person("Anna", "nb").starts(f"svelvik-ungdom_{code}").presses("Meld interesse")
    anna.fills(
        {
            "Hvordan vil du være med?": "En plass i utvalget (omtrent 6 møter)",
            "Hvor gammel er du": "15 til 17 år",
            "Hvilket kjønn er du?": "Kvinne",
            "Hvem vi ser etter": ("Ungdom som kjenner livet utenfor lag og foreninger",),
            "Hvorfor vil du være med": None,
            "Hva skal vi kalle deg?": "Anna",
            "kan vi nå deg?": "anna@example.org",
        }
    )
    anna.presses("Send søknaden min").hears("Takk, Anna. Vi har søknaden din.")
    frida.says("plakater").hears("Biblioteket: 1 begynte, 1 søknad ble sendt.")

    siri.says("/nominate").presses("Skriv hvem som er pekt ut").fills(
        {
            "Hvilken plass?": f"{VERV}, pekes ut av Ungdomsrådet",
            "Hva heter personen?": "Nora",
            "kan vi nå personen?": "41 52 63 74",
        }
    )
    siri.presses("Spør personen").hears("Ring 41526374").presses("Svaret er ja")
    siri.fills({"Hvor gammel er du": "18 år", "Hvilket kjønn er du?": "Kvinne", "Hva skal vi kalle deg?": "Nora"})
    siri.hears("Det er notert at Nora har sagt ja.")

    frida.says("/missing").hears("Ungdommens kommunestyre: 1 av 2", "Det mangler 1 person.")
    frida.presses("Lag et utkast til en beskjed om det")
    frida.hears("Vi ser fortsatt etter folk til utvalget om Ungdom i Svelvik", "Vi ser framleis etter folk")
    frida.says("/enter").fills(
        {
            "Hvordan kom søknaden?": "På telefon",
            "Hvordan vil du være med?": "En plass i utvalget (omtrent 6 møter)",
            "Hvor gammel er du": "18 år",
            "Hvilket kjønn er du?": "Mann",
            "Hvem vi ser etter": ("Ungdom som er aktiv i et lag eller en forening",),
            "Hvorfor vil du være med": None,
            "Hva skal vi kalle deg?": "Olaf",
            "telefonnummeret til personen": "41 52 63 75",
        }
    )
    frida.presses("Send søknaden").hears("Søknaden fra Olaf er skrevet inn. Vi kan ikke skrive til Olaf")
