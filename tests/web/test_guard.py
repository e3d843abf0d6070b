"""What stands in front of every page: host, size, origin, token, headers, and what a failure says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Mount, Route
from structlog.testing import capture_logs

from bot.chat.messages import Button, Message
from bot.domain.people import Role
from bot.web import guard
from bot.web.server import pages
from storage import prompts
from tests.web.site import Site, client

EXAMPLES = {
    "token": "nonsense",
    "key": "svelvik-ungdom",
    "locale": "da",
    "name": "signup",
    "subject": "1",
    "sha": "0" * 64,
    "prompt": "1",
    "ballot": "1",
    "draw": "1",
    "task": "1",
    "meeting": "1",
    "number": "1",
    "proof": "nonsense",
    "committee": "1",
    "code": "ABC123",
}


def routes(site: Site) -> Iterator[tuple[str, set[str]]]:
    """Every address of the application with an example in each hole, and its methods."""
    for route in pages(site.web).routes:
        if isinstance(route, Mount):
            continue
        assert isinstance(route, Route)
        path = route.path
        for name, value in EXAMPLES.items():
            path = path.replace(f"{{{name}}}", value).replace(f"{{{name}:int}}", value)
        assert "{" not in path, f"give an example for {path}"
        yield path, set(route.methods or ())


FORGED: dict[str, tuple[dict[str, str], bool]] = {
    "another site": ({"origin": "https://evil.example"}, True),
    "no origin": ({}, True),
    "an origin that hides": ({"origin": "null"}, True),
    "a neighbour": ({"sec-fetch-site": "same-site"}, True),
    "no token": ({"origin": "http://localhost:8000"}, False),
}


@pytest.mark.parametrize("case", FORGED)
def test_no_form_is_taken_from_elsewhere_or_without_its_token(site: Site, case: str) -> None:
    headers, with_token = FORGED[case]
    person = site.person("Frida", Role.FACILITATOR, Role.SECRETARIAT)
    with site.db.transaction() as tx:
        prompts.draft(tx, site.committee.id, "questions", person.id, site.now, text={"en": "Benches"})
    own = site.signed_in(person, staff=True, minutes=15)
    token = dict(own.opens("/talk").form("Send").fields)["csrf"]
    thief = client(site, cookies=own.client.cookies, follow_redirects=False)
    before = site.rows()
    tried = 0
    for path, methods in routes(site):
        for method in methods - {"GET", "HEAD"}:
            if path in site.web.doors:
                continue
            data = {"nonce": "n", **({"csrf": token} if with_token else {"csrf": "wrong"})}
            answer = thief.request(method, path, data=data, headers=headers)
            assert answer.status_code == 403, f"{method} {path}"
            assert "set-cookie" not in answer.headers
            tried += 1
    assert tried >= 10
    assert site.rows() == before
    assert own.opens("/talk").status == 200


def test_a_form_of_our_own_is_taken_also_where_the_browser_sends_no_origin(site: Site) -> None:
    own = site.signed_in(site.person("Maria"))
    token = dict(own.opens("/talk").form("Send").fields)["csrf"]
    quiet = client(site, cookies=own.client.cookies)
    data = {"csrf": token, "nonce": "n1", "data": "t-say"}
    assert quiet.post("/press", data=data, headers={"sec-fetch-site": "same-origin"}).status_code == 200


def test_looking_never_writes(site: Site) -> None:
    browser = site.signed_in(site.person("Frida", Role.FACILITATOR), staff=True)
    before = site.rows()
    for path, methods in routes(site):
        if "GET" in methods and path != "/events":
            for method in ("GET", "HEAD"):
                assert browser.client.request(method, path).status_code < 500, path
    assert site.rows() == before


def test_every_page_carries_the_headers(site: Site) -> None:
    browser = site.browser()
    for path in ("/", "/signin", "/c/svelvik-ungdom", "/nowhere", "/login/nonsense", "/static/style.css"):
        headers = browser.client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] in ("no-referrer", "same-origin")
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "permissions-policy" in headers
    assert browser.client.get("/").headers["cache-control"] == "no-store"


def test_pages_need_nothing_inline(site: Site) -> None:
    browser = site.signed_in(site.person("Maria"))
    for path in ("/", "/talk", "/c/svelvik-ungdom", "/sessions", "/signin"):
        html = browser.opens(path).html
        assert "<style" not in html
        assert " style=" not in html
        assert " onclick=" not in html
        assert html.count("<script") == html.count("<script src=")


def test_another_host_is_not_ours(site: Site) -> None:
    stranger = client(site, "http://evil.example")
    assert stranger.get("/").status_code == 421
    assert stranger.get("/health").status_code == 200  # asked by a machine that knows an address only


def test_too_much_is_refused_before_it_is_read(site: Site) -> None:
    browser = site.signed_in(site.person("Maria")).opens("/talk")
    browser.presses("Send", text="x" * 300_000)
    assert browser.status == 413
    browser.sees("That was too much at once")

    def pieces() -> Iterator[bytes]:
        for _number in range(300):
            yield b"x" * 1000

    assert browser.client.post("/talk", content=pieces()).status_code == 413
    assert browser.client.post("/telegram", content=b"x" * 1_000_001).status_code == 413
    assert site.received == []


def test_a_body_that_never_ends_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "WITHIN", 0.01)
    sent: list[Any] = []

    async def never() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/telegram",
        "raw_path": b"/telegram",
        "query_string": b"",
        "headers": [(b"host", b"localhost:8000")],
        "http_version": "1.1",
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 8000),
    }
    asyncio.run(site.app(scope, never, send))
    assert sent[0]["status"] == 408
    assert site.received == []


def test_a_platform_enters_by_its_own_door(site: Site) -> None:
    platform = client(site)
    assert platform.post("/telegram", content=b"{}").status_code == 200
    later = platform.post("/telegram", content=b"later")
    assert later.status_code == 503
    assert later.headers["retry-after"] == "5"
    assert site.received == [b"{}", b"later"]
    assert platform.get("/telegram").status_code == 405


def test_health_says_ok_only(site: Site) -> None:
    anybody = client(site)
    assert anybody.get("/health").text == "ok"
    site.well = False
    assert anybody.get("/health").status_code == 503


def test_a_failure_is_a_friendly_page_and_one_line_of_log_without_content(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = site.signed_in(site.person("Maria")).opens("/talk")

    async def broken(event: Any) -> Any:
        raise RuntimeError("my diagnosis is secret")

    object.__setattr__(site.web, "accept", broken)
    with capture_logs() as logs:
        browser.presses("Send", text="my diagnosis")
    assert browser.status == 500
    browser.sees("Something went wrong with us", "To the front page").does_not_see("diagnosis")
    assert len(logs) == 1
    assert "diagnosis" not in str(logs)
    assert "Maria" not in str(logs)


def test_a_secret_press_that_fails_is_in_no_log(site: Site) -> None:
    maria = site.person("Maria")
    site.tells(maria, Message("Press", ((Button("Now", "t-fails"),),)))
    browser = site.signed_in(maria).opens("/talk")
    with capture_logs() as logs:
        browser.presses("Now")
    browser.sees("this was not counted")
    assert "nobody may read this" not in str(logs)
    assert site.rows()["parked"] == 0
