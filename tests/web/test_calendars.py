"""Meetings in people's own calendars: a file behind the notice, and a secret address that can be ended."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from bot.domain.people import Person, Role
from storage import calendars, meetings, people
from storage.meetings import Meeting
from tests.web.site import Browser, Site

AT = datetime(2026, 3, 19, 16, tzinfo=UTC)


def planned(site: Site, state: str = "announced", committee: int | None = None) -> Meeting:
    with site.db.transaction() as tx:
        frida = people.add(tx, site.now, "Frida")
        number = committee or site.committee.id
        made = meetings.add(tx, number, AT, {"nb": "Sal 2"}, {"nb": "1. Bussen"}, frida.id, site.now)
        meetings.enter(tx, made.id, state, "draft")
    return made


def path_of(site: Site, meeting: Meeting) -> str:
    return calendars.path(site.house.vault, meeting.id)


def new_address(browser: Browser) -> str:
    browser.opens("/calendar").presses("Make a new address")
    found = re.search(r"http\S+/feed/\S+\.ics", browser.page.text)
    assert found
    return urlsplit(found[0]).path


def test_the_file_in_the_notice_follows_the_meeting(site: Site) -> None:
    made = planned(site)
    anyone = site.browser().client
    first = anyone.get(path_of(site, made))
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["cache-control"].startswith("private")
    assert "DTSTART:20260319T160000Z" in first.text and "SUMMARY:Svelvik\\, young people" in first.text
    with site.db.transaction() as tx:
        meetings.change(tx, made.id, starts_at=AT + timedelta(days=1))
    moved = anyone.get(path_of(site, made)).text
    with site.db.transaction() as tx:
        meetings.enter(tx, made.id, "cancelled", "announced")
    gone = anyone.get(path_of(site, made)).text
    assert "DTSTART:20260320T160000Z" in moved and "METHOD:CANCEL" in gone and "STATUS:CANCELLED" in gone
    texts = (first.text, moved, gone)
    assert len({re.findall(r"UID:(.*)\r", text)[0] for text in texts}) == 1
    numbers = [int(re.findall(r"SEQUENCE:(\d+)", text)[0]) for text in texts]
    assert numbers == sorted(set(numbers))


def test_nobody_guesses_a_meeting_and_no_draft_is_shown(site: Site) -> None:
    made, other = planned(site), planned(site)
    proof = path_of(site, other).split("/")[-1]
    client = site.browser().client
    assert client.get(f"/meeting/{made.id}/{proof}").status_code == 404
    assert client.get(f"/meeting/{made.id}/x.ics").status_code == 404
    draft = planned(site, state="draft")
    assert client.get(path_of(site, draft)).status_code == 404


def member(site: Site, name: str = "Ola") -> Person:
    return site.person(name, Role.CITIZEN)


def test_the_secret_address_shows_ones_meetings_and_nothing_else(site: Site) -> None:
    planned(site)
    planned(site, state="dropped")
    ola = site.signed_in(member(site))
    address = new_address(ola)
    stranger = site.browser().client
    text = stranger.get(address).text
    assert text.count("BEGIN:VEVENT") == 1 and "Ola" not in text
    assert stranger.get(address).headers["cache-control"].startswith("private")
    assert not stranger.cookies
    token = address.removeprefix("/feed/").removesuffix(".ics")
    assert token not in str(site.ask("SELECT * FROM feed"))
    assert stranger.get("/feed/guessed.ics").status_code == 404
    follower = site.signed_in(site.person("Kari", Role.CIRCLE))
    assert "BEGIN:VEVENT" not in stranger.get(new_address(follower)).text


def test_a_cancelled_meeting_stays_in_the_feed_as_cancelled(site: Site) -> None:
    made = planned(site)
    address = new_address(site.signed_in(member(site)))
    with site.db.transaction() as tx:
        meetings.enter(tx, made.id, "cancelled", "announced")
    text = site.browser().client.get(address).text
    assert "STATUS:CANCELLED" in text and "METHOD:PUBLISH" in text


def test_an_address_dies_when_it_is_renewed_or_ended(site: Site) -> None:
    ola = site.signed_in(member(site))
    first = new_address(ola)
    second = new_address(ola)
    client = site.browser().client
    assert client.get(first).status_code == 404 and client.get(second).status_code == 200
    ola.opens("/calendar").presses("End my address")
    assert client.get(second).status_code == 404
    ola.opens("/calendar").does_not_see("End my address")
    assert site.browser().opens("/calendar").path == "/signin"
