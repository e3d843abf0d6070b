"""Posters and the page of one's own committees: short links, codes, and what a visit leaves behind."""

from __future__ import annotations

from bot.domain.people import Role
from storage import applications, people, sources
from tests.web.site import Browser, Site


def a_source(site: Site, label: str = "The library", committee: int | None = None) -> str:
    """A poster of the committee; its code."""
    frida = site.person("Frida", Role.FACILITATOR)
    with site.db.transaction() as tx:
        return sources.add(tx, committee or site.committee.id, label, frida.id, site.now).code


def counted(site: Site) -> tuple[int, int]:
    with site.db.reading() as tx:
        found = sources.listed(tx, site.committee.id)[0]
        return found.begun, found.sent


def follows(browser: Browser) -> Browser:
    """Send the form, only to follow along."""
    browser.presses("Continue", "Just follow along").presses("Continue", name="Anna", reach="anna@example.org")
    return browser.presses("Send my application")


def test_a_short_link_leads_to_the_page_and_leaves_no_trace(site: Site) -> None:
    code = a_source(site)
    before = site.rows()
    browser = site.browser()
    answer = browser.client.get(f"/p/{code.lower()}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/c/svelvik-ungdom?from={code}")
    browser.opens(f"/p/{code}").sees("This is fixed")
    assert browser.page.links["Telegram"] == f"https://t.me/bot?start=svelvik-ungdom_{code}"
    assert site.rows() == before
    assert counted(site) == (0, 0)


def test_the_source_lasts_from_the_page_into_the_application(site: Site) -> None:
    code = a_source(site)
    browser = site.browser().opens(f"/p/{code}").presses("Norsk (nynorsk)").presses("English").presses("Sign up")
    assert browser.path == "/form/signup/1"
    assert counted(site) == (1, 0)
    follows(browser)
    assert counted(site) == (1, 1)


def test_without_a_code_or_with_a_forged_one_one_signs_up_all_the_same(site: Site) -> None:
    other = site.load("gentofte-biblioteker")
    foreign = a_source(site, committee=other.id)
    a_source(site)
    for code in ("", "NONSENSE", foreign, "x" * 500, "%00"):
        browser = site.browser().opens(f"/c/svelvik-ungdom?from={code}").sees("This is fixed")
        assert browser.page.links["Telegram"] == "https://t.me/bot?start=svelvik-ungdom"
        action, fields = browser.fields("Sign up")
        data = dict(fields) | {"from": code}
        assert browser.client.post(action, data=data).url.path == "/form/signup/1"
    assert counted(site) == (0, 0)
    assert site.rows()["arrival"] == 0


def test_the_poster_says_what_one_needs_in_each_language(site: Site) -> None:
    code = a_source(site)
    browser = site.browser("da").opens(f"/p/{code}/poster/nb")
    browser.sees("Ungdom i Svelvik", "Vi søker 10 innbyggere", "mandag 16. mars", f"localhost:8000/p/{code}")
    browser.sees("00 00 00 00", "kontakt@svelvik.example.org", "papir eller telefon")
    assert browser.page.lang == "nb"
    browser.opens(f"/p/{code}/poster/nn").sees("Vi søkjer 10 innbyggjarar")
    picture = browser.client.get(f"/p/{code}/qr.svg")
    assert picture.headers["content-type"] == "image/svg+xml" and b"<svg" in picture.content
    for path in (f"/p/{code}/poster/da", "/p/NOTHERE", "/p/NOTHERE/qr.svg", "/p/NOTHERE/poster/nb"):
        assert browser.client.get(path).status_code == 404


def test_the_desk_makes_posters_and_counts(site: Site) -> None:
    frida = site.person("Frida", Role.FACILITATOR)
    desk = site.signed_in(frida, staff=True, minutes=15).opens("/desk").sees("The call", "Open until")
    desk.presses("Posters and links").presses("New poster or link").presses("Continue", where="The library")
    with site.db.reading() as tx:
        code = sources.listed(tx, site.committee.id)[0].source.code
    assert desk.page.links["Poster to print: English"] == f"http://localhost:8000/p/{code}/poster/en"
    desk.opens("/desk").sees("The library", "0 began, 0 sent").presses("What is missing").sees("1 person is missing")


def test_an_application_on_paper_with_a_sensitive_seat_needs_the_signed_consent(site: Site) -> None:
    frida = site.person("Frida", Role.FACILITATOR)
    desk = site.signed_in(frida, staff=True, minutes=15).opens("/desk").presses("Enter an application")
    desk.presses("Continue", "On paper").presses("Continue", "A seat in the committee (about 6 meetings)")
    desk.presses("Continue", "15 to 17 years").sees(
        "This seat says something sensitive: A young person with a disability"
    )
    box = desk.form("Continue").boxes["The consent is signed on the paper form"]
    assert box == ("f-p-funksj", "signed")
    desk.presses("Continue", "Woman", "The consent is signed on the paper form", name="Olga")
    desk.presses("Continue", letter="Storgata 1").presses("Send the application").sees(
        "The application of Olga is entered"
    )
    with site.db.reading() as tx:
        saved = applications.listed(tx, site.committee.id)[0]
        assert site.house.vault.open(saved.special) == ["funksj"]
        assert saved.answers["profiles"] is None and "disab" not in str(saved.answers)
        given = [(one.purpose, one.given) for one in people.consents(tx, saved.person_id)]
    assert given == [("special funksj", True)]


def test_by_phone_no_sensitive_seat_is_offered(site: Site) -> None:
    frida = site.person("Frida", Role.FACILITATOR)
    desk = site.signed_in(frida, staff=True, minutes=15).opens("/desk").presses("Enter an application")
    desk.presses("Continue", "By phone").presses("Continue", "A seat in the committee (about 6 meetings)")
    desk.presses("Continue", "15 to 17 years").does_not_see("sensitive", "disability")


def test_all_of_ones_committees_stand_on_one_page(site: Site) -> None:
    assert site.browser().opens("/mine").path == "/signin"
    other = site.load("gentofte-biblioteker")
    maria = site.person("Maria", Role.CITIZEN)
    with site.db.transaction() as tx:
        people.give_role(tx, maria.id, other.id, Role.CIRCLE, site.now)
    browser = site.signed_in(maria).opens("/talk")
    assert browser.page.links["My committees"] == "/mine"
    browser.opens("/mine").sees(
        "Citizen member", "Following along", "kontakt@svelvik.example.org", "None is announced yet"
    )
    assert {"/c/svelvik-ungdom", "/c/gentofte-biblioteker"} <= set(browser.page.links.values())
    site.signed_in(site.person("Nobody")).opens("/mine").sees("You are not in any committee yet")
