"""The conversation as a page: messages with buttons, boxes, pictures and forms, all without scripts."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

from structlog.testing import capture_logs

from bot.chat.messages import Button, Image, Link, Message, Secret
from bot.domain.people import Role
from storage import contact, outbox
from tests.web.site import Browser, Site


def test_a_message_is_answered_by_its_button(site: Site) -> None:
    maria = site.person("Maria")
    site.tells(maria, Message("A question & more", ((Button("Yes <i>now</i>", "t-say"),),)))
    browser = site.signed_in(maria).opens("/talk").sees("A question & more").presses("Yes <i>now</i>")
    assert browser.path == "/talk"
    browser.sees("said <b>once</b>")
    assert "<b>" not in browser.html and "<i>" not in browser.html


def test_a_short_line_is_shown_once(site: Site) -> None:
    maria = site.person("Maria")
    site.tells(maria, Message("Press", ((Button("Nod", "t-nod"),),)))
    browser = site.signed_in(maria).opens("/talk").presses("Nod")
    browser.sees("Continue").opens("/talk").does_not_see("Continue")


def test_a_double_press_counts_once(site: Site) -> None:
    maria = site.person("Maria")
    site.tells(maria, Message("Press", ((Button("Say", "t-say"),),)))
    browser = site.signed_in(maria).opens("/talk")
    action, sent = browser.fields("Say")
    for _time in range(2):
        assert browser.client.post(action, data=dict(sent)).status_code == 200
    assert browser.opens("/talk").html.count("said &lt;b&gt;once") == 1


def test_forged_presses_change_nothing_and_say_what_to_do(site: Site) -> None:
    browser = site.signed_in(site.person("Maria")).opens("/talk")
    token = dict(browser.form("Send").fields)["csrf"]
    forged = ["", ":::", "show:999999", "show:-1", "show:x", "nowhere:1", "send:signup:999", "t-ticks:7:zzzzzzz", "a:b"]
    forged.append("x" * 9000)
    for place, data in enumerate(forged):
        answer = browser.client.post("/press", data={"csrf": token, "nonce": f"n{place}", "data": data, "message": "9"})
        assert answer.status_code == 200, data
        assert "/status" in answer.text, data
    for tick in ("99", "-1", "x", "²", "0" * 50):
        boxes = {"csrf": token, "nonce": f"t{tick}", "data": "t-ticks:7", "boxes": "1", "tick": tick}
        assert browser.client.post("/press", data=boxes).status_code == 200, tick


def test_a_press_without_its_one_time_word_is_refused(site: Site) -> None:
    browser = site.signed_in(site.person("Maria")).opens("/talk")
    token = dict(browser.form("Send").fields)["csrf"]
    assert browser.client.post("/press", data={"csrf": token, "data": "t-say"}).status_code == 400


def test_boxes_are_ticked_in_one_form_and_no_log_knows_which(site: Site) -> None:
    maria = site.person("Maria")
    site.tells(maria, site.ballot())
    browser = site.signed_in(maria).opens("/talk")
    assert list(browser.form("Send it").boxes) == ["Benches", "A bus", "A hall"]
    with capture_logs() as logs:
        browser.presses("Send it", "Benches", "A hall").sees("boxes 5 of 7")
    assert "5" not in str(logs)
    assert repr(site.events[-1].what) == "Press('t-ticks')"
    assert 'autocomplete="off"' in browser.html


def test_what_is_typed_reaches_us_and_commands_too(site: Site) -> None:
    browser = site.signed_in(site.person("Maria")).opens("/talk")
    browser.presses("Send", text="/language").sees("Which language shall we use?")
    browser.presses("Send", text="   ").sees("That was empty")
    browser.presses("Help").sees("/mydata")


def test_everything_one_can_ask_for_is_a_button_too(site: Site) -> None:
    browser = site.signed_in(site.person("Maria", Role.CITIZEN)).opens("/talk")
    commands = [form for form in browser.page.forms if form.action.startswith("/command/")]
    assert len(commands) >= 7
    for form in commands:
        label = form.buttons[0][0]
        assert browser.opens("/talk").presses(label).status == 200, label
        browser.does_not_see("I do not know that command")


def test_a_picture_is_for_whom_it_was_sent_to(site: Site) -> None:
    png = b"\x89PNG\r\n\x1a\n chart"
    sha = hashlib.sha256(png).hexdigest()
    maria, ola = site.person("Maria"), site.person("Ola")
    with site.db.transaction() as tx:
        outbox.put_blob(tx, sha, "image/png", png, site.now)
    table = (("Benches", "3"), ("A bus", "2"))
    site.tells(maria, Message("Result", image=Image(sha, "Benches 3, a bus 2"), table=table))
    browser = site.signed_in(maria).opens("/talk").sees("Result", "A bus")
    assert 'alt="Benches 3, a bus 2"' in browser.html
    assert browser.client.get(f"/blob/{sha}").content == png
    assert site.signed_in(ola).client.get(f"/blob/{sha}").status_code == 404
    assert site.browser().client.get(f"/blob/{sha}").status_code == 404


def test_a_link_that_would_sign_in_leads_straight_there_for_who_is_here(site: Site) -> None:
    maria = site.person("Maria")
    links = (Link("See it", Secret("login", "/sessions")), Link("Page", "https://x.example/"))
    site.tells(maria, Message("Yours", (links,)))
    browser = site.signed_in(maria).opens("/talk")
    assert browser.page.links["See it"] == "/sessions"
    assert browser.page.links["Page"] == "https://x.example/"


def test_own_data_needs_a_fresh_sign_in_where_there_is_a_way_to_sign_in(site: Site) -> None:
    maria = site.person("Maria")
    with site.db.transaction() as tx:
        contact.give(tx, site.house.vault, maria.id, "maria@example.org", site.now)
    browser = site.signed_in(maria)
    assert browser.opens("/mydata").status == 200
    site.now += timedelta(minutes=16)
    assert browser.opens("/mydata").status == 403
    assert "/signin" in browser.page.links.values()
    assert site.browser().opens("/mydata").path == "/signin"


def test_who_has_only_this_browser_can_see_own_data_in_it(site: Site) -> None:
    browser = site.browser().opens("/c/svelvik-ungdom").presses("Sign up")
    assert browser.opens("/mydata").status == 200


def signs_up(browser: Browser) -> Browser:
    return browser.opens("/c/svelvik-ungdom").presses("Sign up")


def test_an_error_keeps_what_was_typed_and_is_tied_to_its_field(site: Site) -> None:
    browser = signs_up(site.browser()).presses("Continue", "Just follow along")
    browser.presses("Continue", name="Maria", reach="maria at example")
    assert browser.status == 422
    assert browser.form("Continue").typed["f-name"] == "Maria"
    assert browser.form("Continue").typed["f-reach"] == "maria at example"
    assert browser.page.refers <= browser.page.ids
    assert 'aria-invalid="true"' in browser.html
    summary = [link for link in browser.page.links.values() if link.startswith("#") and link != "#main"]
    assert [link[1:] in browser.page.ids for link in summary] == [True]
    assert "Something is missing" not in browser.opens(browser.path).page.text


def test_nothing_chosen_is_said_beside_the_choices(site: Site) -> None:
    browser = signs_up(site.browser()).presses("Continue")
    assert browser.status == 422
    assert browser.page.refers <= browser.page.ids


def test_a_citizen_signs_up_without_scripts(site: Site) -> None:
    browser = signs_up(site.browser()).presses("Continue", "Just follow along")
    browser.presses("Continue", name="Maria Test", reach="maria@example.org")
    browser.sees("Nothing is sent yet", "Maria Test", "maria@example.org")
    browser.presses("Change What should we call you?").presses("Continue", name="Maja Test")
    browser.sees("Maja Test").presses("Send my application")
    assert browser.path == "/talk"
    assert site.rows()["application"] == 1
    assert site.ask("SELECT name FROM person") == [("Maja Test",)]


def test_a_page_sent_twice_goes_on_where_the_first_one_led(site: Site) -> None:
    browser = signs_up(site.browser())
    action, sent = browser.fields("Continue", ("Just follow along",))
    for _time in range(2):
        answer = browser.client.post(action, data=dict(sent))
        assert answer.url.path == "/form/signup/1"
        assert "What should we call you?" in answer.text


def test_a_form_of_somebody_elses_committee_is_not_here(site: Site) -> None:
    browser = site.signed_in(site.person("Maria"))
    assert browser.opens("/form/ask/1").status == 410
    assert browser.opens("/form/nothing/1").status == 410
    browser.sees("/status")


def test_a_form_can_be_put_aside_and_gone_on_with(site: Site) -> None:
    browser = signs_up(site.browser()).presses("Continue", "Just follow along").presses("Go on later")
    assert browser.path == "/talk"
    browser.sees("We have kept what you wrote").presses("Go on").sees("What should we call you?")


def test_the_language_of_a_norwegian_committee_holds_on_its_page_and_in_the_form(site: Site) -> None:
    def nynorsk(source: str) -> str:
        return source.replace('key = "svelvik-ungdom"', 'key = "nynorsk"', 1).replace('["nb", "nn"', '["nn", "nb"')

    site.load("svelvik-ungdom", nynorsk)
    browser = site.browser("nb-NO,nb;q=0.9,en;q=0.5").opens("/c/nynorsk")
    assert browser.page.lang == "nn"
    button = next(form for form in browser.page.forms if form.action == "/c/nynorsk/join").buttons[0][0]
    assert browser.presses(button).page.lang == "nn"


def test_a_language_that_was_chosen_stays(site: Site) -> None:
    browser = site.browser("en").opens("/c/svelvik-ungdom").presses("Norsk (nynorsk)")
    assert browser.path == "/c/svelvik-ungdom"
    assert browser.page.lang == "nn"
    button = next(form for form in browser.page.forms if form.action.endswith("/join")).buttons[0][0]
    assert browser.presses(button).page.lang == "nn"
    assert browser.opens("/talk").page.lang == "nn"


def test_open_pages_hear_of_new_messages_and_let_go_at_the_end(site: Site) -> None:
    maria = site.person("Maria")
    cookie = site.signed_in(maria).client.cookies["samskab"]
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/events",
        "raw_path": b"/events",
        "query_string": b"",
        "headers": [(b"host", b"localhost:8000"), (b"cookie", f"samskab={cookie}".encode())],
        "http_version": "1.1",
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 8000),
    }

    async def quiet() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert (b"content-type", b"text/event-stream; charset=utf-8") in message["headers"]
        elif message.get("body"):
            heard.put_nowait(message["body"])

    async def watching() -> None:
        page = asyncio.create_task(site.app(scope, quiet, send))
        async with asyncio.timeout(4):
            assert b"retry" in await heard.get()
            assert await heard.get() == b"data: 0\n\n"
            row = site.tells(maria, Message("A secret sentence"))
            site.web.watch.notify()
            assert await heard.get() == f"data: {row}\n\n".encode()
            site.web.stopping.set()
            await page

    asyncio.run(watching())


def test_other_people_see_nothing_of_a_conversation(site: Site) -> None:
    maria, ola = site.person("Maria", Role.CITIZEN), site.person("Ola", Role.CITIZEN)
    site.tells(maria, Message("For Maria only"))
    site.signed_in(ola).opens("/talk").does_not_see("For Maria only")
    assert site.browser().opens("/talk").path == "/signin"
    assert site.browser().client.get("/events").status_code == 404
