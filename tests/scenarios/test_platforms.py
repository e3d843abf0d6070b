"""Another company's platform: asked once, alone and first, and a no only means that one goes on on our own page."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import func, select

from bot.domain.people import Role
from storage import applications, mydata, people
from storage.tables import ConsentRow
from tests.doors.slack import Slacker
from tests.doors.stage import Stage
from tests.doors.telegram import Telegrammer
from tests.doors.web import Surfer
from tests.scenarios.test_everywhere import called_now, only
from tests.world import Given, Someone, World

FREE = "A young person who knows what goes on outside clubs and associations"
OTHERS = "Show me the other seats too (on our web page)"
INSTEAD = "You sign up on our own web page instead"
Guest = Telegrammer | Slacker

on_platforms = pytest.mark.parametrize("everywhere", ["telegram", "slack"], indirect=True)
on_our_own = pytest.mark.parametrize("everywhere", ["sqlite", "postgresql", "web"], indirect=True)


def sheet(name: str, reach: str | None, *lines: str) -> dict[str, Given]:
    """The answers of somebody who wants a seat."""
    return {
        "How would you like to take part?": "A seat in the committee (about 6 meetings)",
        "How old are you": "18 years",
        "What is your sex?": "Woman",
        "Who we are looking for": lines or (FREE,),
        "Why would you like": None,
        "What should we call you?": name,
        "can we reach you?": reach,
    }


def platform(guest: Guest) -> str:
    return "Telegram" if isinstance(guest, Telegrammer) else "Slack"


def comes(stage: World, name: str) -> Guest:
    """Somebody presses what stands on the poster."""
    guest = stage.person(name).starts("svelvik-ungdom").presses("Sign up")
    return looks(guest)


def looks(someone: Someone) -> Guest:
    """A guest, with the window open where the form is one."""
    assert isinstance(someone, Telegrammer | Slacker)
    if isinstance(someone, Slacker):
        assert someone.window(), someone.transcript()
    return someone


def answers(guest: Guest, words: str) -> Guest:
    return guest.fills({"May we write to you on": words})


def allows(guest: Guest, rest: Mapping[str, Given]) -> Guest:
    answers(guest, f"Yes, write to me on {platform(guest)}").fills(rest)
    guest.presses("Send my application").hears("We have your application")
    return guest


def refuses(guest: Guest) -> Guest:
    return answers(guest, "No, I would rather use your web page").hears(INSTEAD)


def given(world: World, guest: Guest) -> list[tuple[str, int, bool]]:
    """The consents of a person."""
    with world.db.reading() as tx:
        return [(row.purpose, row.version, row.given) for row in people.consents(tx, guest.id)]


def state(world: World, guest: Guest) -> str:
    """How the platform's address may be used."""
    with world.db.reading() as tx:
        return next(row.state for row in people.addresses(tx, guest.id) if row.account == guest.address.account)


def goes_on(world: World, guest: Guest) -> Surfer:
    """The same person in a browser, by the link of the newest message."""
    assert isinstance(world, Stage)
    surfer = Surfer(world, guest.name, "en").signs_in(guest.link())
    world.people.append(surfer)
    assert surfer.id == guest.id
    return surfer


@on_platforms
def test_yes_is_kept_and_asked_for_once(everywhere: World) -> None:
    stage = everywhere
    assert isinstance(stage, Stage)
    everywhere.load("svelvik-ungdom", only("en"))
    anna = comes(everywhere, "Anna")
    name = platform(anna)
    anna.hears(f"May we write to you on {name}?", f"{name} belongs to another company", "also when you vote")
    assert "We use what you write" not in anna.last, "it is asked alone"
    allows(anna, sheet("Anna", None))
    assert given(everywhere, anna) == [(name.lower(), 1, True)]
    assert state(everywhere, anna) == "active"
    with everywhere.db.reading() as tx:
        saved = applications.of(tx, anna.id, 1)
        parts = {str(part.title): part for part in mydata.everything(tx, stage.app.engine.house.vault, anna.id, {})}
    assert saved is not None
    assert name.lower() not in saved.answers
    consents = next(part for title, part in parts.items() if "Consents" in title)
    assert [fact[1] for fact in consents.entries[0]][1:3] == [name, True]

    everywhere.load("gentofte-biblioteker", called_now)
    looks(anna.starts("gentofte-biblioteker").presses("Sign up"))
    assert "We use what you write" in anna.last
    assert "May we write" not in anna.last


@on_platforms
def test_no_goes_on_on_our_own_page_as_the_same_person(everywhere: World) -> None:
    everywhere.load("svelvik-ungdom", only("en"))
    berit = refuses(comes(everywhere, "Berit"))
    assert given(everywhere, berit) == [(platform(berit).lower(), 1, False)]
    surfer = goes_on(everywhere, berit)
    assert surfer.browser.path == "/form/signup/1"
    surfer.fills(sheet("Berit", surfer.email)).presses("Send my application").hears("Thank you, Berit")
    assert len(given(everywhere, berit)) == 1
    with everywhere.db.transaction() as tx:
        assert applications.of(tx, berit.id, 1) is not None
        people.give_role(tx, berit.id, 1, Role.CITIZEN, everywhere.now)

    berit.says("/status").hears("your application is in")
    frida = everywhere.facilitator("Frida")
    frida.says("/meeting").fills(
        {"When is the meeting?": "2026-04-14 17:00", "Where is it?": "The library", "agenda?": "The evenings"}
    )
    frida.presses("Announce")
    berit.does_not_hear("The library")
    surfer.hears("The library")
    assert "The library" in surfer.mail().text

    everywhere.load("gentofte-biblioteker", called_now)
    berit.starts("gentofte-biblioteker")
    assert "Sign up on our web page" in berit.labels
    assert "Sign up" not in berit.labels


@on_platforms
def test_who_comes_back_after_a_no_may_still_say_yes(everywhere: World) -> None:
    everywhere.load("svelvik-ungdom", only("en"))
    berit = refuses(comes(everywhere, "Berit"))
    assert state(everywhere, berit) == "replies"
    allows(berit.presses("Sign up"), sheet("Berit", None))
    assert [row[2] for row in given(everywhere, berit)] == [False, True]
    assert state(everywhere, berit) == "active"


@on_platforms
def test_a_yes_is_taken_back_from_the_help(everywhere: World) -> None:
    everywhere.load("svelvik-ungdom", only("en"))
    anna = everywhere.person("Anna").says("/help")
    assert "Do not write to me here any more" not in anna.labels
    anna = allows(comes(everywhere, "Anna"), sheet("Anna", None))
    anna.says("/help").presses("Do not write to me here any more")
    anna.fills({"can we reach you?": "anna@example.org"}).hears("From now on we write to you on our own web page")
    assert [row[2] for row in given(everywhere, anna)] == [True, False]
    assert state(everywhere, anna) == "replies"
    assert goes_on(everywhere, anna).browser.path == "/talk"


@pytest.mark.parametrize("everywhere", ["telegram"], indirect=True)
def test_a_yes_changed_to_no_leads_to_the_application_on_our_own_page(everywhere: World) -> None:
    everywhere.load("svelvik-ungdom", only("en"))
    anna = allows(comes(everywhere, "Anna"), sheet("Anna", None))
    anna.presses("Change my application").hears("Yes, write to me on Telegram")
    anna.presses("Change something").presses("May we write to you on Telegram?")
    refuses(anna)
    assert [row[2] for row in given(everywhere, anna)] == [True, False]
    surfer = goes_on(everywhere, anna).presses("Begin")
    surfer.fills({"can we reach you?": surfer.email}).hears(FREE)
    surfer.presses("Send my application").hears("Thank you, Anna. Your application is changed.")


@pytest.mark.parametrize("everywhere", ["telegram"], indirect=True)
def test_a_yes_outlives_the_questions_that_are_asked_on_our_page_only(everywhere: World) -> None:
    everywhere.load("svelvik-ungdom", only("en"))
    anna = comes(everywhere, "Anna")
    assert isinstance(anna, Telegrammer)
    answers(anna, "Yes, write to me on Telegram")
    pages = list(sheet("Anna", "anna@example.org", FREE, OTHERS).items())
    for place, page in enumerate(pages[:4], 1):
        if place > 1:
            assert f"{place}/7" in anna.last, "the question about the platform stands outside the count"
        anna.fills(dict([page]))
    surfer = goes_on(everywhere, anna)
    no = dict.fromkeys(("another nationality", "disability"), "No, show the other seats")
    surfer.fills({**no, **dict(pages[4:])}).hears("May we write to you on Telegram?", "Yes, write to me on Telegram")
    surfer.presses("Send my application").hears("Thank you, Anna")
    assert ("telegram", 1, True) in given(everywhere, anna)
    assert state(everywhere, anna) == "active"


@on_our_own
def test_our_own_page_needs_no_such_yes(everywhere: World) -> None:
    everywhere.load("svelvik-ungdom", only("en"))
    eva = everywhere.person("Eva").starts("svelvik-ungdom").presses("Sign up")
    assert "We use what you write" in eva.last
    eva.fills(sheet("Eva", "eva@example.org")).presses("Send my application")
    eva.hears("Thank you, Eva").does_not_hear("May we write")
    with everywhere.db.reading() as tx:
        assert tx.execute(select(func.count()).select_from(ConsentRow)).scalar_one() == 0
