"""The main job in a real browser: a citizen on a phone, a facilitator at a desk, from sign-up to the result."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bot.domain.people import Role
from storage import contact, people, sessions
from tests.doors.stage import Stage
from tests.scenarios.test_everywhere import FRI, only
from tests.web.test_browser import CHROMIUM, chromium, sound

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


class Reader:
    """Somebody at a screen, who looks at every page: each is kept as a picture, and checked."""

    def __init__(self, browser: Browser, town: Stage, folder: Path, name: str, size: dict[str, int]) -> None:
        self.town, self.folder, self.name = town, folder, name
        context = browser.new_context(viewport=size, locale="nb-NO")
        self.page: Page = context.new_page()
        self.looked = 0

    def looks(self) -> None:
        sound(self.page)
        self.looked += 1
        self.page.screenshot(path=self.folder / f"{self.name}-{self.looked:02}.png", full_page=True)

    def opens(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.town.url + path)
        self.looks()

    def enters(self, person_id: int, *, staff: bool = False, path: str = "/talk") -> None:
        """Come by a sign-in link."""
        with self.town.db.transaction() as tx:
            token = sessions.mint_login(tx, person_id, self.town.now, staff=staff, path=path)
        self.opens(f"/login/{token}")
        self.presses("Fortsett" if self.page.get_by_role("button", name="Fortsett").count() else "Videre")

    def presses(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).last.click()
        self.page.wait_for_load_state()
        self.looks()

    def ticks(self, *labels: str) -> None:
        for label in labels:
            self.page.get_by_label(label, exact=True).check()

    def writes(self, label: str, text: str) -> None:
        self.page.get_by_label(label).last.fill(text)

    def says(self, text: str) -> None:
        """Write at the bottom of the conversation."""
        self.writes("Skriv her", text)
        self.presses("Send")

    def sees(self, *parts: str) -> None:
        text = " ".join(self.page.locator("main").inner_text().split())
        for part in parts:
            assert part in text, text


def test_from_sign_up_to_the_result(town: Stage, tmp_path: Path) -> None:
    town.load("svelvik-ungdom", only("nb"))
    shots = tmp_path / "shots"
    shots.mkdir()
    with chromium() as browser:
        anna = Reader(browser, town, shots, "anna-phone", PHONE)
        frida = Reader(browser, town, shots, "frida-desk", DESK)

        anna.opens("/c/svelvik-ungdom")
        anna.presses("Meld interesse")
        anna.ticks("En plass i utvalget (omtrent 6 møter)")
        anna.presses("Videre")
        anna.ticks("15 til 17 år")
        anna.presses("Videre")
        anna.ticks("Kvinne", FRI)
        anna.presses("Videre")
        for label, text in (
            ("Hvorfor vil du være med, og hva kan du bidra med?", "Et sted å være om kvelden"),
            ("Hva skal vi kalle deg?", "Anna"),
        ):
            anna.writes(label, text)
        anna.page.locator("[name=f-reach]").fill("anna@example.org")
        anna.presses("Videre")
        anna.sees("Ingenting er sendt ennå", "Et sted å være om kvelden")
        anna.presses("Send søknaden min")
        anna.sees("Takk, Anna. Vi har søknaden din.")

        committee = town.committee
        assert committee is not None
        with town.db.transaction() as tx:
            found = contact.find(tx, town.app.engine.house.vault, "anna@example.org")
            assert found is not None
            people.give_role(tx, found.id, committee.id, Role.CITIZEN, town.now)
            boss = people.add(tx, town.now, "Frida", "nb")
            people.give_role(tx, boss.id, committee.id, Role.FACILITATOR, town.now)
            people.give_role(tx, boss.id, committee.id, Role.SECRETARIAT, town.now)
            people.change(tx, boss.id, committee_id=committee.id)
        others = [town.member(name, locale="nb") for name in ("Ola", "Kari", "Per", "Pål")]

        frida.enters(boss.id, staff=True, path="/desk")
        frida.sees("søknad")
        frida.presses("Still spørsmål")
        frida.ticks("Ikke før et møte")
        frida.page.locator("[name^=f-topic]").fill("kveldene")
        frida.page.locator("[name=f-deadline]").fill("2026-03-12T12:00")
        frida.presses("Videre")
        frida.presses("Legg til et spørsmål")
        frida.ticks("Ja eller nei")
        frida.presses("Videre")
        frida.page.locator("[name^=f-text]").fill("Er det nok å gjøre om kvelden?")
        frida.presses("Videre")
        frida.sees("1. Er det nok å gjøre om kvelden?")
        frida.presses("Send til 5 medlemmer")

        town.settle()
        anna.opens("/talk")
        anna.sees("hva du tenker om kveldene")
        anna.presses("Start")
        anna.ticks("Nei")
        anna.presses("Videre")
        anna.sees("Svarene dine er mottatt")
        for idea in ("Flere benker", "En nattbuss"):
            anna.says(f"/idea {idea}")

        frida.opens("/desk")
        frida.sees("1 av 5 har svart")
        frida.presses("Velg ut ideer")
        frida.page.locator("[name^=f-title]").fill("Hva vi tar først")
        frida.ticks("Flere benker", "En nattbuss", "Så snart jeg sender den")
        frida.presses("Videre")
        frida.page.locator("[name=f-closes]").fill("2026-03-10T12:00")
        frida.presses("Videre")
        frida.presses("Se hvordan den blir")
        frida.presses("Åpne den")

        anna.opens("/talk")
        anna.ticks("En nattbuss")
        anna.presses("Send stemmen min")
        anna.sees("Stemmen din er mottatt")
        for someone in others:
            someone.votes("Send stemmen min", "En nattbuss")

        town.until(datetime(2026, 3, 12, 11, 1, tzinfo=UTC))
        frida.enters(boss.id, staff=True)  # those who work here are signed out after a day's work
        for reader in (anna, frida):
            reader.opens("/talk")
            reader.sees(
                "5 av 5 medlemmer var med", "En nattbuss", "5 stemmer", "Dette er en prioritering, ikke et vedtak"
            )
            assert reader.page.evaluate("document.querySelector('#talk img').naturalWidth") > 0
        frida.sees("1 av 5 har svart", "Er det nok å gjøre om kvelden?")
