"""The record of a selection on the web: who may take it out, what for, and what no page shows."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from docx import Document

from bot.domain.people import Person, Role
from storage import applications, people
from tests.web.site import Browser, Site

FRI = "A young person who knows what goes on outside clubs and associations"
BLIND = "\n[selection]\nblind = true\n"


def applied(site: Site, name: str, *, special: bool = False, age: str = "15-17") -> Person:
    """Somebody who has applied for a seat."""
    person = site.person(name, Role.APPLICANT)
    with site.db.transaction() as tx:
        applications.save(
            tx,
            person.id,
            site.committee.id,
            door="seat",
            answers={"profiles": ["fri"], "age": age, "sex": "woman", "why": f"I, {name}, like it here"},
            special=site.house.vault.seal(["funksj"]) if special else None,
            mandate_version=1,
            now=site.now,
        )
    return person


def staff(site: Site, name: str, *roles: Role) -> Browser:
    return site.signed_in(site.person(name, *roles), staff=True)


def test_the_secretariat_says_what_for_and_gets_a_page_or_a_document(site: Site) -> None:
    anna = applied(site, "Anna")
    applied(site, "Berit")
    sekri = staff(site, "Sekri", Role.SECRETARIAT)
    with site.db.transaction() as tx:
        found = applications.of(tx, anna.id, site.committee.id)
        assert found is not None
        applications.decide(tx, found, "appointed", "fri", "Knows both clubs", anna.id, site.now)
    sekri.opens("/desk").sees("How the panel was chosen", "Record of the selection")
    sekri.opens(f"/record/{site.committee.id}").presses("Show it as a page to print")
    assert sekri.status == 422
    sekri.sees("Please write what you need it for")
    action, sent = sekri.fields("Show it as a page to print", purpose="Access asked for by the Gazette")
    sekri.presses("Show it as a page to print", purpose="Access asked for by the Gazette")
    sekri.sees("2 people applied for a seat", "Anna", "Knows both clubs").does_not_see("Berit")
    document = sekri.client.post(action, data={**dict(sent), "form": "docx"})
    assert document.headers["content-disposition"] == 'attachment; filename="svelvik-ungdom.docx"'
    opened = Document(BytesIO(document.content))
    cells = {cell.text for table in opened.tables for row in table.rows for cell in row.cells}
    assert {"Anna", "Knows both clubs"} <= cells and "Berit" not in cells
    assert "Record of the selection" in {one.text for one in opened.paragraphs}
    logged = site.ask("SELECT action, reason FROM audit WHERE action = 'record exported'")
    assert logged == [("record exported", "Access asked for by the Gazette")] * 2


def test_nobody_else_takes_it_out_and_not_long_after_signing_in(site: Site) -> None:
    applied(site, "Anna")
    path = f"/record/{site.committee.id}"
    assert site.browser().opens(path).path == "/signin"
    for roles in ((Role.FACILITATOR,), (Role.POLITICIAN,), (Role.APPLICANT,)):
        someone = site.signed_in(site.person("Somebody", *roles), staff=Role.FACILITATOR in roles)
        assert someone.opens(path).status == 404
        csrf = dict(someone.opens("/").page.forms[-1].fields)["csrf"]
        sent = {"csrf": csrf, "nonce": "1", "purpose": "curious", "form": "page"}
        assert someone.client.post(path, data=sent).status_code == 404
    sekri = staff(site, "Sekri", Role.SECRETARIAT)
    assert sekri.opens("/record/99").status == 404
    site.now += timedelta(minutes=16)
    assert sekri.opens(path).status == 403
    sekri.sees("please sign in once more")


def test_in_blind_mode_no_page_of_a_rater_holds_a_name(site: Site) -> None:
    site.load("svelvik-ungdom", lambda source: source.replace("version = 1", "version = 2") + BLIND)
    applied(site, "Annabella"), applied(site, "Birgitta")
    frida = staff(site, "Frida", Role.FACILITATOR)
    frida.opens("/desk").presses("Assess applications").sees("Application 1", "I, […], like it here")
    pages = [frida.html]
    pages.append(frida.presses("Rate").html)
    assert frida.path == "/form/rate/1"
    for path in ("/desk", "/talk", f"/compared/{site.committee.id}", "/mydata", "/mails", "/c/svelvik-ungdom"):
        pages.append(frida.opens(path).html)
    assert not [page for page in pages if "Annabella" in page or "Birgitta" in page]


def test_a_sensitive_line_is_rated_on_the_web_by_the_secretariat_only(site: Site) -> None:
    applied(site, "Anna", special=True)
    frida, sekri = staff(site, "Frida", Role.FACILITATOR), staff(site, "Sekri", Role.SECRETARIAT)
    frida.opens("/desk").presses("Assess applications").presses("Rate").does_not_see("disability")
    sekri.opens("/desk").presses("Assess applications").presses("Rate").sees("disability")
    hidden = dict(sekri.form("Continue").fields)
    assert "funksj" not in sekri.html, "what is stored says nothing of the line"
    numbers = {f"f-{key}": "3" for key in hidden["fields"].split(",") if key.startswith("v-")}
    assert sekri.client.post("/form/rate/1", data={**hidden, **numbers}).status_code == 200
    rows = site.ask("SELECT line, value FROM rating ORDER BY id")
    assert len(rows) == 2 and {value for _line, value in rows} == {3}
    assert "funksj" not in {line for line, _value in rows}


def test_the_public_page_names_only_members_who_said_yes(site: Site) -> None:
    anna = site.person("Anna", Role.CITIZEN)
    site.person("Berit", Role.CITIZEN)
    site.browser().opens("/c/svelvik-ungdom").sees("2 members are not named here.").does_not_see("Anna", "Berit")
    with site.db.transaction() as tx:
        people.consented(tx, anna.id, site.committee.id, "named", 1, True, site.now)
    page = site.browser().opens("/c/svelvik-ungdom")
    page.sees("Who sits on the committee", "Anna", "1 member is not named here.").does_not_see("Berit")


def test_panel_and_applicants_are_compared_without_small_numbers(site: Site) -> None:
    for number in range(13):
        applied(site, f"Someone {number}", age="15-17" if number < 6 else "18")
    frida = staff(site, "Frida", Role.FACILITATOR)
    frida.opens(f"/compared/{site.committee.id}").sees(
        "13 applied, 0 sit on the panel", "A number below 5 is not shown"
    )
    frida.sees("15 to 17 yearsnot shown", "18 years7")
    maria = site.signed_in(site.person("Maria", Role.CITIZEN))
    assert maria.opens(f"/compared/{site.committee.id}").status == 404
