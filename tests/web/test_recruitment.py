"""Recruitment in a real browser, from the sign-up on a phone to the seat, with staff, a chair and a politician."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.people import Role
from storage import committees, people, ratings
from storage import draws as drawings
from tests.doors.stage import Stage
from tests.scenarios.test_everywhere import FRI, only
from tests.scenarios.test_recruitment import SEED, SPECIAL, stored
from tests.web.test_browser import CHROMIUM, chromium
from tests.web.test_story import DESK, PHONE, Reader

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")]
NOT_SCHOOL = "Ungdom som har valgt noe annet enn videregående skole"
MANY = 18
WAYS = (("fri",), ("lag",), ("vgs",), ("verv", "vgs"))


class Hurried(Reader):
    """Somebody at a desk whose pages are kept as pictures alone: the phones and the public pages are checked."""

    def looks(self) -> None:
        self.looked += 1
        self.page.screenshot(path=self.folder / f"{self.name}-{self.looked:02}.png", full_page=True)


def someone(town: Stage, name: str, *roles: Role) -> int:
    """Somebody with roles in the committee."""
    with town.db.transaction() as tx:
        person = people.add(tx, town.now, name, "nb")
        for role in roles:
            people.give_role(tx, person.id, 1, role, town.now)
        people.change(tx, person.id, committee_id=1)
    return person.id


def signs_up(anna: Reader) -> None:
    """On a phone, for a seat that only she wants and for one that says something sensitive."""
    anna.opens("/c/svelvik-ungdom")
    anna.presses("Meld interesse")
    anna.ticks("En plass i utvalget (omtrent 6 møter)")
    anna.presses("Videre")
    anna.ticks("15 til 17 år")
    anna.presses("Videre")
    anna.ticks("Kvinne", NOT_SCHOOL, "Vis meg også de andre plassene")
    anna.presses("Videre")
    anna.sees("Denne plassen sier noe om helsen din.")
    for line in ("sprak", "funksj"):
        anna.page.locator(f"[name=f-c-{line}]").last.check()
    anna.writes("Hva skal vi kalle deg?", "Anna")
    anna.page.locator("[name=f-reach]").fill("anna@example.org")
    anna.presses("Videre")
    anna.presses("Send søknaden min")
    anna.sees("Takk, Anna. Vi har søknaden din.", "velger blant dem som har søkt")


def rates(town: Stage, frida: Reader, number: int) -> None:
    """A facilitator rates one application on the web; the others are rated already."""
    frida.enters(number, staff=True, path="/desk")
    frida.presses("Vurder søknader")
    frida.sees("Anna", NOT_SCHOOL)
    frida.presses("Vurder")
    frida.ticks("3 – passer svært godt")
    frida.presses("Videre")
    frida.sees("1 av 19 vurdert")
    with town.db.transaction() as tx:
        for one in ratings.of_call(tx, 1, 0)[1:]:
            for line in ratings.declared(committees.mandate(tx, 1), town.engine.house.vault, one):
                key = ratings.stored(town.app.engine.house.vault, one.id, line)
                ratings.rate(tx, one, key, number, 2, "", town.now)


def draws(town: Stage, siri: Reader, secretary: int, klara: Reader, guest: Reader) -> None:
    """The secretariat freezes, the chair announces and types, the secretariat confirms; everybody can look."""
    siri.enters(secretary, staff=True, path="/desk")
    siri.presses("Alt om loddtrekningen")
    siri.presses("Lås søkerlista for en loddtrekning")
    siri.ticks("En terning, kastet 20 ganger i et åpent møte")
    siri.page.locator("[name=f-at]").fill("2026-03-19T18:00")
    siri.presses("Videre")
    siri.presses("Lås lista")
    town.until(town.now + timedelta(minutes=1))
    town.wait_until(lambda: state(town) == "ready", 40)
    town.settle()
    klara.opens("/talk")
    klara.presses("Kunngjør loddtrekning 1")
    klara.presses("Kunngjør den for alle")
    guest.opens("/c/svelvik-ungdom/draws")
    guest.sees("Loddtrekning 1", "terning")
    town.until(town.now + timedelta(days=3))
    klara.opens("/talk")
    klara.says("/draw")
    klara.presses("Skriv det som avgjør loddtrekning 1")
    klara.page.locator("[name=f-seed]").fill(SEED)
    klara.presses("Videre")
    siri.enters(secretary, staff=True, path="/desk")
    siri.presses("Alt om loddtrekningen")
    siri.presses("Bekreft loddtrekning 1")
    siri.presses("Ja, det er riktig")
    guest.opens("/c/svelvik-ungdom/draws")
    guest.sees(SEED.replace(" ", ""))


def state(town: Stage) -> str:
    """How far the draw has come."""
    with town.db.reading() as tx:
        found = drawings.get(tx, 1)
    return found.state if found else ""


def overrides(per: Reader) -> None:
    """A politician gives one seat to somebody else, says why, and decides the rest."""
    per.opens("/talk")
    per.presses("Se søknadene")
    per.presses("Utvalget, plass for plass")
    per.sees(f"{FRI}: Applicant")
    per.presses("4. Ungdom som kjenner livet utenfor…")
    per.presses("Noen andre får plassen")
    per.page.locator("[name=f-who]").first.check()
    per.writes("Hvorfor?", "Kjenner havna")
    per.presses("Videre")
    per.presses("Send")
    per.presses("Alle søknader")
    per.presses("Ta stilling til resten")
    per.presses("Ja, ta stilling til resten")


def test_from_the_sign_up_to_the_seat(town: Stage, tmp_path: Path) -> None:
    town.load("svelvik-ungdom", lambda source: only("nb")(source) + '\n[selection]\nby = "politicians"\n')
    shots = Path(os.environ.get("SHOTS", tmp_path / "shots"))
    shots.mkdir(exist_ok=True)
    secretary, facilitator = someone(town, "Siri", Role.SECRETARIAT), someone(town, "Frida", Role.FACILITATOR)
    chair, politician = someone(town, "Klara", Role.CHAIR), someone(town, "Per", Role.POLITICIAN)
    with chromium() as browser:
        anna, klara = (Reader(browser, town, shots, name, PHONE) for name in ("anna-phone", "klara-phone"))
        frida, siri, per = (Hurried(browser, town, shots, f"{name}-desk", DESK) for name in ("frida", "siri", "per"))
        guest = Reader(browser, town, shots, "guest-phone", PHONE)
        signs_up(anna)
        for number in range(MANY):
            stored(town, number, WAYS[number % 4], SPECIAL[number : number + 1])
        town.until(town.mandate.call.closes + timedelta(hours=1))
        rates(town, frida, facilitator)
        klara.enters(chair)
        draws(town, siri, secretary, klara, guest)
        per.enters(politician)
        overrides(per)
        town.until(town.mandate.call.answered)
        anna.opens("/talk")
        anna.sees("Du er oppnevnt")
        anna.presses("Ja, jeg tar plassen")
        anna.presses("Ja, vis navnet mitt")
        guest.opens("/c/svelvik-ungdom")
        guest.sees("Anna")
