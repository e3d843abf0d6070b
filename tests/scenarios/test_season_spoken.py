"""A meeting from its notice to its minutes, read in Danish and in Bokmål."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.test_beforehand import mornings
from tests.world import World


def test_a_meeting_in_danish(world: World) -> None:
    world.load("gentofte-biblioteker")
    ole, karen = world.member("Ole", locale="da"), world.member("Karen", locale="da")
    frida = world.facilitator(locale="da")
    frida.says("/meeting").answers("2026-03-19 17:00", "Hovedbiblioteket", "Spring over", "1. Lyd i læsesalen")
    frida.presses("Spring over").presses("Meld ud")
    ole.hears("Møde: torsdag 19. marts kl. 17", "Det varer cirka 2 timer.", "Hovedbiblioteket")
    ole.presses("Jeg kommer").hears("Du har sagt, at du kommer. Du kan ændre det, indtil mødet begynder.")
    karen.presses("Jeg kan ikke komme").hears("Du har sagt, at du ikke kan komme.")
    world.wait(timedelta(days=18))
    frida.says("/meetings").presses("torsdag 19. marts kl. 17 (holdt)").hears("Kommer, 1: Ole", "Kommer ikke, 1: Karen")
    frida.presses("Hvem var der?").presses("Gem").presses("Skriv referatet")
    frida.answers("Vi vil have stille zoner.", "Spring over", "1. Alle var enige.", "Spring over", "De tre sædvanlige")
    frida.presses("Gem").hears("1 person var der ikke og bliver spurgt bagefter.").presses("Giv det til medlemmerne")
    ole.hears("Referat af mødet torsdag 19. marts kl. 17", "Vi vil have stille zoner.")
    karen.hears("Vi savnede dig. Må vi stille dig 3 spørgsmål?").presses("Svar nu")
    karen.hears("Hvad ville du have sagt, hvis du havde været der?")


def test_a_season_in_bokmaal(world: World) -> None:
    ola = world.member("Ola", locale="nb")
    frida = world.facilitator(locale="nb")
    mornings(world)
    frida.says("/season").hears("Det er 6 møter igjen:", "Ingenting blir sendt før du godkjenner kalenderen.")
    frida.presses("Godkjenn kalenderen").hears("Det er laget utkast til spørsmål til 6 møter.")
    frida.says("/questions").presses("problemet og hvem det rammer: ikke sendt").hears(
        "Hvordan møter du dette problemet i hverdagen?"
    )
    frida.says("/meetings").presses("tirsdag 14. april kl. 17 (ikke meldt ut)").presses("Skriv sted og saksliste")
    frida.answers("Sal 2", "Hopp over", "Hopp over", "1. Natta", "Hopp over", "Hopp over")
    frida.presses("Lagre endringen").presses("Meld ut")
    world.wait(timedelta(days=42, hours=10))
    ola.hears("Du har ikke sagt ennå om du kommer. Ett trykk er nok.", "Vi møtes i morgen: tirsdag 14. april")
    ola.presses("Jeg kommer senere").hears("Du har sagt at du kommer senere.")
    world.wait(timedelta(days=5))
    frida.hears("Nå er det tid: Send de fem påstandene", "Nå er det tid: Gi medlemmene referatet")
    frida.presses("Se på de fem påstandene").presses("Send det til medlemmene")
    world.wait(timedelta(days=3))  # he has heard two things this week
    ola.hears("Hva er du enig i akkurat nå?").ticks("Jeg forstår problemet godt.").presses("Send")
    ola.hears("Svaret ditt er talt med, uten navnet ditt.")
