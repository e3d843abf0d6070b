"""What everybody may see: the committees, each one's page, and the other doors."""

from __future__ import annotations

from storage import committees, draws, people
from storage.database import insert
from storage.draws import Draw
from tests.web.site import Site


def test_the_front_page_shows_which_committees_look_for_people(site: Site) -> None:
    site.load("gentofte-biblioteker")
    page = site.browser("nb").opens("/").page
    assert page.lang == "nb"
    assert {"/c/svelvik-ungdom", "/c/gentofte-biblioteker"} <= set(page.links.values())
    assert page.refers <= page.ids


def test_a_committees_page_says_the_task_what_is_fixed_the_load_and_who_decides(site: Site) -> None:
    browser = site.browser("en").opens("/c/svelvik-ungdom")
    with site.db.reading() as tx:
        mandate = committees.mandate(tx, site.committee.id)
    browser.sees(
        mandate.title["en"], mandate.contact.email, "This is fixed", "This is open", "Who decides", "What it takes"
    )
    for profile in mandate.profiles:
        browser.sees(" ".join(profile.label["en"].split()))
    assert browser.page.links["Telegram"] == "https://t.me/bot?start=svelvik-ungdom"
    assert site.rows()["session"] == 0, "reading leaves no trace"


def test_the_page_can_be_put_on_a_poster(site: Site) -> None:
    answer = site.browser().client.get("/c/svelvik-ungdom/qr.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert b'xmlns="http://www.w3.org/2000/svg"' in answer.content, "else no browser shows it as a picture"
    assert site.browser().client.get("/c/nowhere/qr.svg").status_code == 404


def test_a_page_that_is_not_there_says_where_to_go(site: Site) -> None:
    browser = site.browser().opens("/c/nowhere")
    assert browser.status == 404
    browser.sees("That page is not here", "To the front page")


def test_only_languages_we_speak_can_be_chosen(site: Site) -> None:
    browser = site.browser().opens("/")
    token = dict(browser.page.forms[-1].fields)["csrf"]
    for locale in ("xx", "x" * 500, "EN"):
        assert browser.client.post(f"/language/{locale}", data={"csrf": token, "nonce": locale}).status_code == 404
    assert browser.opens("/").status == 200


def test_the_language_switch_stays_on_the_page_and_on_our_site(site: Site) -> None:
    browser = site.browser().opens("/c/svelvik-ungdom").presses("Dansk")
    assert (browser.path, browser.page.lang) == ("/c/svelvik-ungdom", "da")
    token = dict(browser.page.forms[-1].fields)["csrf"]
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", ""):
        answer = browser.client.post(
            "/language/en", data={"csrf": token, "nonce": back, "back": back}, follow_redirects=False
        )
        assert answer.headers["location"] == "/", back


def test_committees_in_another_language_say_so(site: Site) -> None:
    site.load("gentofte-biblioteker")
    html = site.browser("nn").opens("/c/gentofte-biblioteker").html
    assert '<html lang="nn">' in html
    assert '<h1 lang="da">' in html


def test_personal_pages_stay_out_of_search_engines(site: Site) -> None:
    noindex = '<meta name="robots" content="noindex">'
    assert noindex not in site.browser().opens("/").html
    assert noindex not in site.browser().opens("/c/svelvik-ungdom").html
    assert noindex in site.browser().opens("/signin").html
    assert noindex in site.signed_in(site.person("Maria")).opens("/talk").html


def test_an_announced_draw_is_linked_from_the_committees_page(site: Site) -> None:
    link = "/c/svelvik-ungdom/draws"
    assert link not in site.browser("en").opens("/c/svelvik-ungdom").page.links.values()
    with site.db.transaction() as tx:
        by = people.add(tx, site.now, "Sekri").id
        values = {"committee_id": 1, "call": 0, "number": 1, "state": "ready", "facts": {}, "frozen_by": by}
        number = tx.execute(insert(tx, Draw).values(**values, frozen_at=site.now).returning(Draw.id)).scalar_one()
    assert link not in site.browser("en").opens("/c/svelvik-ungdom").page.links.values()
    with site.db.transaction() as tx:
        draws.keep(tx, number, announced_at=site.now)
    browser = site.browser("en").opens("/c/svelvik-ungdom")
    assert browser.page.links["See every draw, and check it yourself"] == link
