"""Draws on the web: found from the committee's page, the file for those it concerns, and a politician's way in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.people import Person, Role
from storage import committees, draws, selection_record
from storage.database import insert
from storage.tables import Draw, Entrant
from tests.scenarios.test_drawing import unrated
from tests.web.site import Site
from tests.web.test_records import applied

FILE = b"samskab/panels/1\n"


def a_draw(site: Site) -> Person:
    """A draw was announced to one person."""
    anna = applied(site, "Anna")
    values = {"committee_id": site.committee.id, "call": 0, "number": 1, "state": "announced", "frozen_by": anna.id}
    facts = {"lines": [{"key": "fri", "seats": 1}]}
    seed = {"seed_rule": "dice", "seed_source": "", "seed_at": site.now, "void_reason": ""}
    at = {"frozen_at": site.now, "announced_at": site.now}
    with site.db.transaction() as tx:
        tx.execute(insert(tx, Draw).values(**values, facts=facts, file=FILE, hash="ab" * 32, result={}, **seed, **at))
        record = site.house.vault.seal('{"lines":["fri"]}')
        tx.execute(insert(tx, Entrant).values(draw_id=1, pseudonym="P001", application_id=1, record=record))
    return anna


def test_the_draws_are_found_from_the_page_and_the_file_by_whoever_it_concerns(site: Site) -> None:
    assert "See every draw, and check it yourself" not in site.browser().opens("/c/svelvik-ungdom").page.links
    anna = a_draw(site)
    guest = site.browser().opens("/c/svelvik-ungdom")
    assert guest.page.links["See every draw, and check it yourself"] == "/c/svelvik-ungdom/draws"
    guest.opens("/c/svelvik-ungdom/draws").sees("Draw 1", "ab" * 32, "Those who applied can get the list itself.")
    assert guest.opens("/draw/1/file").status == 404
    for role in (Role.SECRETARIAT, Role.POLITICIAN, Role.CITIZEN):
        somebody = site.signed_in(site.person("Somebody", role), staff=role is Role.SECRETARIAT)
        somebody.opens("/c/svelvik-ungdom/draws")
        assert ("The list as a file" in somebody.page.links) is (role is Role.SECRETARIAT)
    mine = site.signed_in(anna).opens("/c/svelvik-ungdom/draws")
    assert mine.opens(mine.page.links["The list as a file"]).status == 200 and mine.html == FILE.decode()


def test_the_list_of_a_call_with_sensitive_lines_is_for_applicants_and_those_who_fill_them(site: Site) -> None:
    anna = a_draw(site)
    site.browser().opens("/c/svelvik-ungdom/draws").sees("Draw 1", "ab" * 32, "Those who applied can get the list")
    assert site.browser().opens("/draw/1/file").status == 404
    for role, status in ((Role.SECRETARIAT, 200), (Role.POLITICIAN, 404), (Role.CHAIR, 404), (Role.APPLICANT, 404)):
        someone = site.signed_in(site.person("Somebody", role), staff=role is Role.SECRETARIAT)
        assert someone.opens("/draw/1/file").status == status, role
    assert site.signed_in(anna).client.get("/draw/1/file").content == FILE


def test_the_list_of_any_other_call_is_for_everybody(site: Site) -> None:
    site.load("svelvik-ungdom", lambda source: unrated(source).replace("version = 1", "version = 2"))
    a_draw(site)
    found = site.browser().client.get("/draw/1/file")
    assert found.content == FILE
    assert found.headers["content-disposition"] == 'attachment; filename="draw-1.txt"'


@pytest.mark.parametrize("name", ["Berit", "Sekri"])
def test_nobody_gets_the_record_of_somebody_else(site: Site, name: str) -> None:
    anna = a_draw(site)
    assert site.browser().opens("/draw/1/record").path == "/signin"
    other = site.person(name, Role.SECRETARIAT if name == "Sekri" else Role.APPLICANT)
    assert site.signed_in(other, staff=name == "Sekri").opens("/draw/1/record").status == 404
    found = site.signed_in(anna).client.get("/draw/1/record")
    assert found.content == b'{"lines":["fri"]}'
    assert found.headers["content-disposition"] == 'attachment; filename="record-1.json"'


def test_politicians_who_choose_find_their_work_beside_the_conversation(site: Site) -> None:
    per, klara = site.person("Per", Role.POLITICIAN), site.person("Klara", Role.CHAIR)
    site.signed_in(per).opens("/talk").does_not_see("See the applications", "All about the draw")
    change = "version = 2\n", '\n[selection]\nby = "politicians"\n'
    site.load("svelvik-ungdom", lambda source: source.replace("version = 1\n", change[0]) + change[1])
    site.signed_in(per).opens("/talk").does_not_see("All about the draw").presses("See the applications").sees(
        "0 applications for 10 seats."
    )
    site.signed_in(klara).opens("/talk").presses("All about the draw").sees("0 people can be drawn")


def test_what_explains_a_question_stands_in_plainer_letters(site: Site) -> None:
    visitor = site.browser().opens("/c/svelvik-ungdom").presses("Sign up")
    visitor.presses("Continue", "A seat in the committee (about 6 meetings)").presses("Continue", "15 to 17 years")
    visitor.presses("Continue", "Woman", "Show me the other seats too")
    assert 'A young person with a disability<span class="explains">This seat says' in visitor.html


def test_the_page_and_the_record_name_the_panel_drawn_first_and_the_one_that_was_taken(site: Site) -> None:
    a_draw(site)
    panels = [{"index": 417, "seats": {"fri.1": "P001"}}, {"index": 23, "seats": {"fri.1": "P002"}}]
    with site.db.transaction() as tx:
        drawn = {"seed": "1" * 20, "drawn_at": site.now, "result": {"panels": panels, "taken": 2}}
        draws.enter(tx, 1, "drawn", "announced", **drawn)
        record = selection_record.of(tx, site.house.vault, 1, site.now)
    page = site.browser().opens("/c/svelvik-ungdom/draws")
    page.sees("Number of the panel, from 0 to 999", "417", "Number of the further panel that those who decide", "23")
    cells = [cell for part in record.parts for table in part.tables for row in table.rows for cell in row]
    assert "417 → 23" in cells


@pytest.mark.parametrize(
    ("state", "hours", "said"),
    [
        ("ready", 0, "Draw 1 is ready. Somebody who did not freeze the pool announces it."),
        ("announced", 1, "The hour has come that decides draw 1. Type what came out."),
        ("announced", -1, ""),
        ("typed", 1, "What decides draw 1 is typed. Somebody else compares it with the source."),
        ("drawn", 1, "The panel of draw 1 is drawn, and waits for your decision, seat by seat."),
        ("void", 1, ""),
    ],
)
def test_the_desk_says_what_a_draw_waits_for(site: Site, state: str, hours: int, said: str) -> None:
    a_draw(site)
    with site.db.transaction() as tx:
        draws.enter(tx, 1, state, "announced", seed_at=site.now - timedelta(hours=hours))
    page = site.signed_in(site.person("Sekri", Role.SECRETARIAT), staff=True).opens("/desk")
    waits = [words for words in ("Draw 1 is", "decides draw 1", "of draw 1") if words in page.html]
    assert bool(waits) is bool(said) and said in page.html


def test_the_desk_asks_for_assessing_from_the_end_of_the_call_until_the_draw(site: Site) -> None:
    """The facilitator only for what he or she may see: one line of this application says something sensitive."""
    frida, sekri = site.person("Frida", Role.FACILITATOR), site.person("Sekri", Role.SECRETARIAT)
    applied(site, "Berit", special=True)
    wanted = "1 application is to be assessed. Everybody is answered Thursday 26 March at 12:00."
    site.signed_in(frida, staff=True).opens("/desk").does_not_see(wanted)
    with site.db.reading() as tx:
        site.now = committees.mandate(tx, site.committee.id).call.closes
    sekris = site.signed_in(sekri, staff=True).opens("/desk").sees(wanted)
    fridas = site.signed_in(frida, staff=True).opens("/desk").sees(wanted).presses("Assess applications")
    fridas.presses("Rate").presses("Continue", "2 – fits")
    fridas.opens("/desk").does_not_see(wanted)
    sekris.opens("/desk").sees(wanted)
    a_draw(site)
    sekris.opens("/desk").does_not_see(wanted, "are to be assessed")


def test_the_facilitator_draws_nothing_and_has_no_such_thing_to_do(site: Site) -> None:
    a_draw(site)
    with site.db.transaction() as tx:
        draws.enter(tx, 1, "ready", "announced")
    page = site.signed_in(site.person("Frida", Role.FACILITATOR), staff=True).opens("/desk")
    assert "Draw 1 is ready" not in page.html
