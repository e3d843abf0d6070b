"""Whole stories, each told through every door: straight in on both databases, Telegram, Slack, and the web page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx

from tests.doors.stage import Stage
from tests.doors.web import Surfer
from tests.test_locales import NOT_NYNORSK
from tests.world import Someone, World

FRI = "Ungdom som kjenner livet utenfor lag og foreninger"
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
            "Hvordan vil du være med?": SEAT,
            "Hvor gammel er du": "15 til 17 år",
            "Hvilket kjønn er du?": "Kvinne",
            "Hvem vi ser etter": (line,),
            "Hvorfor vil du være med": "Jeg vil ha et sted å være om kvelden",
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
    emil.fills({"Hvordan vil du være med?": SEAT, "Hvor gammel er du": "Under 13 år"})
    emil.hears("Du må være minst 13 år", "Vi har ikke lagret noe om deg")

    opens(siri, "Anna").presses("Oppnevn")
    siri.fills({"Hvilken plass?": f"{FRI} (0 av 1 fylt)", "Begrunnelsen står i protokollen": "Kjenner stedet"})
    siri.presses("Send")
    opens(siri, "Berit").presses("Ikke oppnevn").fills({"Hva er grunnen?": "plassene som passet for deg, er fylt"})
    anna.does_not_hear("Du er oppnevnt")
    world.until(world.mandate.call.answered)
    anna.hears("Du er oppnevnt til utvalget").presses("Ja, jeg tar plassen").hears("plassen er din")
    anna.presses("Ja, vis navnet mitt").hears("Navnet ditt står nå på siden til utvalget")
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
            "Hva ser utvalget når det er talt opp?": None,
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


def test_b_the_libraries_of_gentofte_from_a_seat_to_the_ideas_to_go_on_with(everywhere: World) -> None:
    """In Danish: an open seat, a late answer that is handed over, and a message the day before the meeting."""
    world = everywhere
    world.load("gentofte-biblioteker", lambda source: only("da")(called_now(source)))
    sofie, frida = world.secretariat("Sofie", locale="da"), world.facilitator("Frida", locale="da")

    gerda = world.person("Gerda", "da").starts("gentofte-biblioteker").hears("kommunalbestyrelsen")
    gerda.presses("Meld din interesse").fills(
        {
            "Hvordan vil du gerne være med?": "En plads i udvalget (cirka 6 møder)",
            "Hvad passer på dig?": ("Medlem af en forældrebestyrelse",),
            "Hvorfor vil du gerne være med": "Jeg kender mange forældre",
            "Hvad skal vi kalde dig?": "Gerda",
            "kan vi nå dig?": "gerda@example.org",
        }
    )
    gerda.presses("Send min ansøgning").hears("Tak, Gerda. Vi har din ansøgning.", "Du hører fra os senest")
    opens(sofie, "Gerda").hears("Jeg kender mange forældre").presses("Udpeg")
    sofie.fills({"Hvilken plads?": "Medlem af en forældrebestyrelse (0 af 1 besat)", "Begrundelsen": "Kender området"})
    sofie.presses("Send")
    world.until(world.mandate.call.answered)
    gerda.hears("Du er udpeget til udvalget").presses("Ja, jeg tager pladsen").hears("pladsen er din")
    gerda.presses("Nej, ikke mit navn")

    members = [gerda, *(world.member(name, locale="da") for name in ("Hans", "Inger", "Jens", "Karen"))]
    frida.says("/meeting").fills(
        {"Hvornår er mødet?": "2026-04-14 17:00", "Hvor er det?": "Hovedbiblioteket", "dagsordenen?": "Hverdagen"}
    )
    frida.presses("Meld ud")
    for someone in members:
        someone.hears("tirsdag 14. april kl. 17", "Hovedbiblioteket")
    frida.says("/prompt").fills(
        {
            "Hvad vil du sige?": "Tag gerne et foto af dit bibliotek med.",
            "Hvem får den?": "alle medlemmer (5)",
            "Hvornår skal den sendes?": "Nogle dage før mødet tirsdag 14. april kl. 17",
            "Hvor mange dage": "3 dage",
            "Hvornår på dagen?": "09:00",
        }
    )
    frida.hears("Den går til alle medlemmer: 5 personer").presses("Planlæg til lørdag 11. april kl. 9")
    frida.says("/ask").fills(
        {
            "Hvilket møde": "Mødet tirsdag 14. april kl. 17",
            "Hvad handler spørgsmålene om?": "biblioteket i hverdagen",
            "Hvor længe kan": "2026-04-10 12:00",
        }
    )
    frida.presses("Tilføj et spørgsmål").fills(
        {"Hvilken slags": "Med egne ord", "Hvad spørger du om?": "Hvad savner du?"}
    )
    frida.presses("Send til 5 medlemmer")
    gerda.presses("Start").fills({"Hvad savner du?": "Et sted til musik"})
    gerda.hears("Dine svar er modtaget", "Et sted til musik")
    world.until(datetime(2026, 4, 10, 13, tzinfo=UTC))
    frida.hears("1 af 5 har svaret", "Et sted til musik")
    members[1].presses("Start").fills({"Hvad savner du?": "Længere åbningstid"})
    members[1].hears("Fristen var", "Vi har gemt det, du skrev").presses("Ja, send det")
    members[1].hears("Frida har dit svar nu")
    frida.hears("Hans har svaret efter fristen")
    world.until(datetime(2026, 4, 11, 7, 1, tzinfo=UTC))
    for someone in members:
        someone.hears("Tag gerne et foto af dit bibliotek med.")

    for author, idea in zip(members, ("Musik om aftenen", "Åbent til kl. 22", "Et værksted"), strict=False):
        author.says(f"/idea {idea}").hears("Din idé står på listen, uden dit navn")
    frida.says("/ballot").fills(
        {
            "Hvad skal prioriteringen hedde?": "Det første vi prøver",
            "Hvilke idéer er udvalgt?": ("Musik om aftenen", "Åbent til kl. 22", "Et værksted"),
            "Hvornår åbner den?": "Så snart jeg sender den",
            "Hvornår lukker den?": "2026-04-20 12:00",
            "Hvad ser udvalget, når der er talt op?": "Tallene",
        }
    )
    frida.presses("Se, hvordan den bliver").presses("Åbn den")
    world.until(datetime(2026, 4, 16, 6, 1, tzinfo=UTC))  # those who were reminded have had two messages this week
    for someone in members:
        someone.votes("Send min stemme", "Et værksted").hears("Din stemme er modtaget. Du kan ændre den indtil")
    world.until(datetime(2026, 4, 20, 12, tzinfo=UTC))
    members[2].hears("5 af 5 medlemmer var med", "Det er en prioritering, ikke en beslutning")
    members[2].hears("Din idé fik 5 stemmer: Et værksted")


def called_now(source: str) -> str:
    """The same task, with a call that is open now."""
    source = source.replace('opens = "day-91 12:00"', 'opens = "day-1 12:00"')
    source = source.replace('closes = "day-64 23:59"', 'closes = "day+20 23:59"')
    return source.replace('answered = "day-35 12:00"', 'answered = "day+24 12:00"')


def test_f_a_nynorsk_municipality_hears_nothing_else(everywhere: World) -> None:
    """From the call to the shortlist, with not one word of Bokmål or Danish from us."""
    world = everywhere
    world.load("svelvik-ungdom", only("nn"))
    siri, frida = world.secretariat("Siri", locale="nn"), world.facilitator("Frida", locale="nn")
    line = "Ungdom som kjenner livet utanfor lag og foreiningar"
    anna = world.person("Anna", "nn").starts("svelvik-ungdom").presses("Meld interesse")
    anna.fills(
        {
            "Korleis vil du vere med?": "Ein plass i utvalet (om lag 6 møte)",
            "Kor gammal er du": "15 til 17 år",
            "Kva kjønn er du?": "Kvinne",
            "Kven vi ser etter": (line,),
            "Kvifor vil du vere med": "Eg vil ha ein stad å vere",
            "Kva skal vi kalle deg?": "Anna",
            "kan vi nå deg?": "anna@example.org",
        }
    )
    anna.presses("Send søknaden min").hears("Takk, Anna. Vi har søknaden din.")
    opens(siri, "Anna").presses("Oppnemn")
    siri.fills({"Kva plass?": f"{line} (0 av 1 fylte)", "Grunngivinga": "Kjenner staden"}).presses("Send")
    world.until(world.mandate.call.answered)
    anna.hears("Du er oppnemnd til utvalet").presses("Ja, eg tek plassen").hears("plassen er din")
    anna.presses("Nei, ikkje namnet mitt")

    members = [anna, *(world.member(name, locale="nn") for name in ("Ola", "Kari", "Per", "Pål"))]
    frida.says("/meeting").fills(
        {"Kva tid er møtet?": "2026-04-14 17:00", "Kvar er det?": "Biblioteket", "sakslista?": "Kva manglar?"}
    )
    frida.presses("Meld ut")
    frida.says("/ask").fills(
        {
            "Kva møte": "Møtet tysdag 14. april kl. 17",
            "Kva handlar spørsmåla om?": "kveldane",
            "Kor lenge kan": "2026-04-10 12:00",
        }
    )
    frida.presses("Legg til eit spørsmål").fills({"Kva slag": "Ja eller nei", "Kva spør du om?": "Er det nok å gjere?"})
    frida.presses("Send til 5 medlemer")
    anna.presses("Start").fills({"Er det nok å gjere?": "Nei"}).hears("Svara dine er mottekne")
    world.until(datetime(2026, 4, 10, 13, tzinfo=UTC))
    frida.hears("1 av 5 har svart")
    for idea in ("Fleire benkar", "Ein nattbuss"):
        anna.says(f"/idea {idea}")
    frida.says("/ballot").fills(
        {
            "Kva skal prioriteringa heite?": "Kva vi tek først",
            "Kva idear er valde ut?": ("Fleire benkar", "Ein nattbuss"),
            "Kva tid opnar ho?": "Så snart eg sender ho",
            "Kva tid lukkar ho?": "2026-05-20 12:00",
            "Kva ser utvalet når det er talt opp?": None,
        }
    )
    frida.presses("Sjå korleis ho blir").presses("Opne ho")
    world.wait(timedelta(days=1))  # those who were reminded have had two messages this week
    for someone in members:
        someone.votes("Send røysta mi", "Ein nattbuss").hears("Røysta di er motteken")
    world.until(datetime(2026, 5, 20, 12, tzinfo=UTC))
    anna.hears("5 av 5 medlemer var med", "Dette er ei prioritering, ikkje eit vedtak")
    for someone in (siri, frida, *members):
        found = NOT_NYNORSK.findall(someone.transcript())
        assert not found, f"{someone.name} reads {found}\n{someone.transcript()}"


def test_i_an_elected_body_has_no_ballot_and_no_ideas_between_meetings(everywhere: World) -> None:
    """Under section 5-7 answers reach the facilitator only, and become a paper for the meeting."""
    world = everywhere
    world.load("svelvik-ungdom", lambda source: only("nb")(elected(source)))
    frida, ola = world.facilitator("Frida", locale="nb"), world.member("Ola", locale="nb")
    why = "Dette utvalget er et folkevalgt organ"
    ola.says("/idea En nattbuss").hears(why, "Ta med ideen til neste møte")
    frida.says("/ballot").hears(why, "Meld ut møtet først")
    frida.says("/meeting").fills(
        {"Når er møtet?": "2026-03-19 17:00", "Hvor er det?": "Rådhuset", "sakslista?": "Kveldene"}
    )
    frida.presses("Meld ut")
    frida.says("/ask").fills(
        {
            "Hvilket møte hører": "Møtet torsdag 19. mars kl. 17",
            "Hva handler spørsmålene om?": "kveldene",
            "Hvor lenge kan": "2026-03-12 12:00",
        }
    )
    frida.presses("Legg til et spørsmål").fills({"Hva slags": "Med egne ord", "Hva spør du om?": "Hva trengs?"})
    frida.presses("Send til 1 medlem")
    ola.hears("Bare Frida ser svarene dine").presses("Start").fills({"Hva trengs?": "Billig kaffe"})
    world.until(datetime(2026, 3, 12, 11, 1, tzinfo=UTC))
    frida.hears("Papir til møtet", "Billig kaffe").does_not_hear("Ola: Billig kaffe")


def elected(source: str) -> str:
    """The same task given to an elected body of grown-ups who live there."""
    source = source.replace('legal_form = "no_medvirkning"', 'legal_form = "no_5_7"')
    source = source.replace("{ from = 13, to = 25 }", "{ from = 18, to = 25 }")
    return source.replace("{ from = 13, to = 18 }", "{ from = 18, to = 20 }")


def test_e_with_telegram_switched_off_slack_and_the_web_page_have_it_all(without_telegram: Stage) -> None:
    """One committee, some at their desk in Slack and some in a browser; one of them uses both."""
    town = without_telegram
    town.load("svelvik-ungdom", only("nb"))
    frida = town.facilitator("Frida", locale="nb")
    slackers = [town.member(name, locale="nb") for name in ("Ola", "Kari")]
    town.people_are = Surfer
    surfers = [town.member(name, locale="nb") for name in ("Per", "Pål", "Eva")]
    members = [*slackers, *surfers]

    visitor = town.person("Noen", "nb").starts("svelvik-ungdom")
    assert isinstance(visitor, Surfer)
    assert "Telegram" not in visitor.browser.page.links
    assert httpx.post(f"{town.url}/telegram", json={}).status_code in (404, 405)

    frida.says("/ask").fills(
        {
            "Hvilket møte hører": "Ikke før et møte",
            "Hva handler spørsmålene om?": "kveldene",
            "Hvor lenge kan": "2026-03-12 12:00",
        }
    )
    frida.presses("Legg til et spørsmål")
    frida.fills({"Hva slags": "Med egne ord", "Hva spør du om?": "Hva mangler mest?"}).presses("Send til 5 medlemmer")
    for someone in members:
        someone.hears("1 kort spørsmål").presses("Start").fills({"Hva mangler mest?": "En nattbuss"})
        someone.hears("Svarene dine er mottatt")
    town.until(datetime(2026, 3, 12, 11, 1, tzinfo=UTC))
    frida.hears("5 av 5 har svart", "En nattbuss")
    slackers[0].says("/idea Flere benker")
    surfers[0].says("/idea En nattbuss")
    surfers[1].says("/ideas").hears("Flere benker", "En nattbuss")


def test_those_who_work_here_come_back_to_their_desk_by_mail(without_telegram: Stage) -> None:
    """After a day they are signed out; a mail that was asked for gives their rights back, another link does not."""
    town = without_telegram
    town.load("svelvik-ungdom", only("nb"))
    town.people_are = Surfer
    frida, ola = town.facilitator("Frida", locale="nb"), town.member("Ola", locale="nb")
    assert isinstance(frida, Surfer)
    assert isinstance(ola, Surfer)
    assert frida.browser.opens("/desk").status == 404, (
        "a link that was not asked for at the sign-in page has no such right"
    )
    for someone, status in ((frida, 200), (ola, 404)):
        someone.browser.client.cookies.clear()
        someone._at_home()
        assert someone.browser.opens("/desk").status == status
    assert "i 15 minutter" in frida.mail().text
    assert "i et døgn" in ola.mail().text
    asked = frida.browser
    asked.client.cookies.clear()
    town.wait(timedelta(minutes=2))
    asked.opens("/signin").presses("Send meg en lenke", email=frida.email)
    town.settle()
    code = re.search(r"[0-9]{6}", frida.mail().text)
    assert code is not None
    assert asked.presses("Logg inn med koden", code=code[0]).path == "/desk"
