"""The pages in a real browser: accessible, fitting a phone, alive with scripts and whole without them."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.chat.messages import Button, Message
from bot.domain.people import Role
from tests.databases import fresh
from tests.web.site import Site
from tests.web.test_posters import a_source

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SMALL = """[...document.querySelectorAll('button, a.button, textarea, input[type=text], label.choice, .top a')]
  .filter(one => one.offsetParent && one.getBoundingClientRect().height < 43.5).map(one => one.outerHTML)"""
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")]


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Site]:
    """A site that listens on a port of its own."""
    database = fresh(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = Site(database, tmp_path, f"http://127.0.0.1:{port}")
    config = uvicorn.Config(site.app, host="127.0.0.1", port=port, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    yield site
    site.web.stopping.set()
    server.should_exit = True
    thread.join(10)
    database.close()


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """The system's browser, perhaps with more flags."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *more])
        yield browser
        browser.close()


def sound(page: Page) -> None:
    """Nothing that an automatic check can find: contrast, names, order, width, and places big enough to touch."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], page.url
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{page.url} is too wide"
    assert page.evaluate(SMALL) == [], page.url


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "light"), (390, "dark")])
def test_pages_are_accessible_on_phone_and_desk(live: Site, width: int, scheme: str) -> None:
    maria = live.person("Maria", Role.CIRCLE, locale="nb")
    live.tells(maria, Message("Hei, Maria.", ((Button("Start", "t-say"), Button("Senere", "t-nod")),)))
    live.tells(maria, live.ballot())
    with chromium() as browser:
        context = browser.new_context(
            viewport={"width": width, "height": 844},
            locale="nb-NO",
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page = context.new_page()
        poster = f"/p/{a_source(live)}/poster/nb"
        for path in ("/", "/c/svelvik-ungdom", poster, "/signin", "/nowhere", live.link(maria)):
            page.goto(live.web.base_url + path)
            sound(page)
        page.click("main button.strong")
        for path in ("/talk", "/mine", "/sessions", "/mydata"):
            page.goto(live.web.base_url + path)
            sound(page)
        page.goto(live.web.base_url + "/c/svelvik-ungdom")
        assert page.evaluate("document.querySelector('.qr').naturalWidth") > 0, "the square code is no picture"
        page.click("main button.strong")
        sound(page)
        page.click("main button.strong")
        assert page.evaluate("document.activeElement.id") == "summary"
        sound(page)


def test_a_new_message_comes_by_itself_and_disturbs_nobody_who_ticks(live: Site) -> None:
    maria = live.person("Maria", Role.CITIZEN)
    live.tells(maria, live.ballot())
    with chromium() as browser:
        page = browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(live.web.base_url + live.link(maria))
        page.click("main button.strong")
        page.get_by_label("Benches").check()
        page.get_by_label("Write here").fill("half a sent")
        live.tells(maria, Message("Something <i>new</i>"))
        page.get_by_text("Something <i>new</i>").wait_for(timeout=9000)
        assert page.locator("li.message").count() == 2
        assert page.locator("#latest").inner_text().startswith("Something")
        assert page.get_by_label("Benches").is_checked()
        assert page.get_by_label("Write here").input_value() == "half a sent"
        assert faults == []


@pytest.mark.parametrize("scripts", [True, False])
def test_what_a_press_says_in_passing_is_in_view_below_a_long_conversation(live: Site, scripts: bool) -> None:
    maria = live.person("Maria", Role.CITIZEN)
    for number in range(20):
        live.tells(maria, Message(f"{number}\n" * 9, ((Button(f"Nod {number}", "t-nod"),),)))
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 390, "height": 600}, java_script_enabled=scripts)
        page = context.new_page()
        page.goto(live.web.base_url + live.link(maria))
        page.click("main button.strong")
        page.get_by_role("button", name="Nod 19").click()
        page.wait_for_url("**/talk#latest")
        expect(page.locator("#latest")).to_be_in_viewport()
        assert page.evaluate("document.querySelector('.flash').getBoundingClientRect().top") >= 0
        if scripts:
            sound(page)


def test_a_citizen_signs_up_with_scripts_switched_off(live: Site) -> None:
    with chromium() as browser:
        page = browser.new_context(java_script_enabled=False, locale="da-DK").new_page()
        page.goto(live.web.base_url + "/c/svelvik-ungdom")
        page.click("main button.strong")
        page.check("input[value=follow]")
        page.click("main button.strong")
        page.fill("[name=f-name]", "Maja Test")
        page.fill("[name=f-reach]", "maja@example.org")
        page.click("main button.strong")
        page.click("main button.strong")
        assert page.url.startswith(live.web.base_url + "/talk")
        assert live.ask("SELECT name FROM person") == [("Maja Test",)]
