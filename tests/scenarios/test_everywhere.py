"""Whole stories, each told through every door: straight in on both databases, Telegram, Slack, and the web page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.world import Someone, World

FRI = "Ungdom som kjenner livet utenfor lag og foreninger"
INFORMED = "Sekretariatet for utvalget ser det"
SEAT = "En plass i utvalget (omtrent 6 møter)"


def only(locale: str) -> Callable[[str], str]:
    """The same task in a municipality that writes one language."""
    other = "|".join({"da", "nb", "nn", "en"} - {locale})

    def change(source: str) -> str:
        source = re.sub(r"(?m)^languages = .*$", f'languages = ["{locale}"]', source)
        source = re.sub(rf"(?m)^(\w+\.)*({other}) = .*\n", "", source)
        source = re.sub(rf', ({other}) = "[^"]*"', "", source)
        return re.sub(rf'{{ ({other}) = "[^"]*", ', "{ ", source)

    return change


def applies(world: World, name: str, line: str) -> Someone:
    """A young person in Svelvik signs up."""
    someone = world.person(name, "nb").starts("svelvik-ungdom").hears("Dette ligger fast", "kommunestyret")
    someone.presses("Meld interesse").fills(
        {
            INFORMED: "Videre",
            "Hvordan vil du være med?": SEAT,
            "Hvor gammel er du": "15 til 17 år",
            "Hvilket kjønn er du?": "Kvinne",
            "Hvem vi ser etter": (line,),
            "Hvorfor vil du være med?": "Jeg vil ha et sted å være om kvelden",
            "Hva kan du bidra med?": None,
            "Hva skal vi kalle deg?": name,
            "kan vi nå deg?": f"{name.lower()}@example.org",
        }
    )
    someone.hears("Her er det du skrev. Ingenting er sendt ennå.", "Jeg vil ha et sted å være om kvelden")
    return someone.presses("Send søknaden min").hears(f"Takk, {name}. Vi har søknaden din.")


def opens(secretary: Someone, name: str) -> Someone:
    """Look at an application."""
    secretary.says("/applications")
    return secretary.presses(next(label for label in secretary.labels if f". {name}:" in label))


def meets(frida: Someone, when: str, members: int) -> Someone:
    """A facilitator sets up a meeting."""
    frida.says("/meeting").fills(
        {"Når er møtet?": when, "Hvor er det?": "Biblioteket, inngang fra torget", "sakslista?": "Hva mangler?"}
    )
    return frida.hears(f"Dette går til {members} medlemmer").presses("Meld ut")


def asks(frida: Someone, meeting: str, deadline: str, members: int) -> Someone:
    """A facilitator asks two questions before a meeting."""
    frida.says("/ask").fills(
        {"Hvilket møte hører": meeting, "Hva handler spørsmålene om?": "kveldene", "Hvor lenge kan": deadline}
    )
    frida.presses("Legg til et spørsmål").fills(
        {
            "Hva slags spørsmål": "Ett svar av flere",
            "Hva spør du om?": "Hva mangler mest?",
            "Hva kan man svare?": "Et sted å være\nEn nattbuss",
        }
    )
    frida.presses("Legg til et spørsmål").fills({"Hva slags spørsmål": "Med egne ord", "Hva spør du om?": "Noe mer?"})
    return frida.hears("1. Hva mangler mest?").presses(f"Send til {members} medlemmer")


def test_a_young_people_in_svelvik_from_the_call_to_the_shortlist(everywhere: World) -> None:
    world = everywhere
    world.load("svelvik-ungdom", only("nb"))
    siri = world.secretariat("Siri", locale="nb")
    anna, berit = applies(world, "Anna", FRI), applies(world, "Berit", FRI)

    emil = world.person("Emil", "nb").starts("svelvik-ungdom").presses("Meld interesse")
    emil.fills({INFORMED: "Videre", "Hvordan vil du være med?": SEAT, "Hvor gammel er du": "Under 13 år"})
    emil.hears("Du må være minst 13 år", "Vi har ikke lagret noe om deg")

    opens(siri, "Anna").presses("Oppnevn")
    siri.fills({"Hvilken plass?": f"{FRI} (0 av 1 fylt)", "Begrunnelsen står i protokollen": "Kjenner stedet"})
    siri.presses("Send")
    opens(siri, "Berit").presses("Ikke oppnevn").fills({"Hva er grunnen?": "plassene som passet for deg, er fylt"})
    anna.does_not_hear("Du er oppnevnt")
    world.until(world.mandate.call.answered)
    anna.hears("Du er oppnevnt til utvalget")
    berit.hears("2 søkte på 10 plasser", "plassene som passet for deg, er fylt").presses("Ja, skriv gjerne")
    berit.hears("Du bestemmer hver gang")

    frida = world.facilitator("Frida", locale="nb")
    others = [world.member(name, locale="nb") for name in ("Ola", "Kari", "Per", "Pål")]
    meets(frida, "2026-04-14 17:00", 5)
    anna.hears("Biblioteket, inngang fra torget", "tirsdag 14. april kl. 17")

    asks(frida, "Møtet tirsdag 14. april kl. 17", "2026-04-10 12:00", 5)
    anna.hears("kveldene", "Svar innen fredag 10. april kl. 12").presses("Start")
    anna.fills({"Hva mangler mest?": "En nattbuss", "Noe mer?": "Lys på stien"})
    anna.hears("Svarene dine er mottatt", "En nattbuss", "Lys på stien")
    world.wait(timedelta(days=16))
    frida.hears("1 av 5 har svart", "En nattbuss", "Lys på stien")

    for idea in ("Flere benker", "En nattbuss", "Et ungdomshus"):
        anna.says(f"/idea {idea}").hears("Ideen din står på lista, uten navnet ditt")
    others[0].says("/ideas").hears("3 ideer så langt", "Et ungdomshus").does_not_hear("Anna")
    frida.says("/ballot").fills(
        {
            "Hva skal prioriteringen hete?": "Hva vi tar først",
            "Hvilke ideer er valgt ut?": ("Flere benker", "En nattbuss", "Et ungdomshus"),
            "Når åpner den?": "Så snart jeg sender den",
            "Når lukker den?": "2026-05-20 12:00",
        }
    )
    frida.presses("Se hvordan den blir").presses("Åpne den")
    anna.hears("Dette er en prioritering, ikke et vedtak")
    for someone in (anna, *others):
        someone.votes("Send stemmen min", "En nattbuss").hears("Stemmen din er mottatt")
    anna.presses("Endre stemmen min").votes("Send stemmen min", "Flere benker", "En nattbuss")
    world.until(datetime(2026, 5, 20, 12, tzinfo=UTC))
    anna.hears("5 av 5 medlemmer var med", "En nattbuss", "5 stemmer", "Dette er en prioritering, ikke et vedtak")
    anna.hears("Ideen din fikk 1 stemme: Flere benker")
