"""Signing in: a link is used by a press, never by a look; sessions are the person's own to see and end."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.people import Role
from storage import contact, people, retention, sessions
from storage.database import Database
from tests.web.site import START, Site, client


def test_looking_at_a_link_changes_nothing_and_names_nobody(site: Site) -> None:
    path = site.link(site.person("Maria Hemmelig"))
    before = site.rows()
    preview = client(site)
    for _time in range(3):
        answer = preview.get(path)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert "Maria" not in answer.text
        assert '<meta name="robots" content="noindex">' in answer.text
    assert preview.head(path).status_code == 405
    assert site.rows() == before
    assert site.ask("SELECT used_at FROM login") == [(None,)]


def test_continue_uses_the_link_once_and_leads_to_a_clean_address(site: Site) -> None:
    path = site.link(site.person("Maria"), path="/talk")
    maria = site.browser().opens(path).presses("Continue")
    assert maria.path == "/talk"
    other = site.browser().opens(path)
    assert other.status == 410
    other.sees("This link is used up")
    form = client(site, headers={"origin": site.web.base_url})
    token = dict(site.browser().opens("/signin").form("Send me a link").fields)["csrf"]
    assert form.post(path, data={"csrf": token}).status_code == 410
    assert other.opens("/talk").path == "/signin"


def test_a_link_is_not_used_by_a_forged_press(site: Site) -> None:
    path = site.link(site.person("Maria"))
    assert client(site, headers={"origin": "https://evil.example"}).post(path).status_code == 403
    assert site.browser().opens(path).presses("Continue").path == "/talk"


def test_a_link_ends_with_its_time(site: Site) -> None:
    maria = site.person("Maria")
    path = site.link(maria, minutes=15)
    shown = site.browser().opens(path)
    site.now += timedelta(minutes=16)
    assert shown.presses("Continue").status == 410
    assert site.browser().opens(path).status == 410


def test_a_demo_link_works_again(site: Site) -> None:
    path = site.link(site.person("Maria"), reusable=True)
    for _time in range(2):
        assert site.browser().opens(path).presses("Continue").path == "/talk"


def test_signing_in_gives_a_new_session_and_ends_the_old_one(site: Site) -> None:
    browser = site.browser().opens("/").presses("Dansk")
    old = browser.client.cookies["samskab"]
    browser.opens(site.link(site.person("Maria"))).presses("Videre")
    new = browser.client.cookies["samskab"]
    assert new != old
    with site.db.reading() as tx:
        assert sessions.find(tx, old, site.now) is None
        found = sessions.find(tx, new, site.now)
    assert found is not None
    assert site.ask("SELECT hash FROM session") == [(sessions.digest(new),)]


def test_a_person_keeps_one_address_on_the_web(site: Site) -> None:
    maria = site.person("Maria")
    for _time in range(2):
        site.signed_in(maria)
    with site.db.reading() as tx:
        assert [(row.account, row.chat) for row in people.addresses(tx, maria.id)] == [("web", f"p{maria.id}")]


def test_staff_are_signed_in_for_half_a_day_and_others_for_a_month(site: Site) -> None:
    frida = site.person("Frida", Role.FACILITATOR)
    staff = site.signed_in(frida, staff=True, minutes=15)
    citizen = site.signed_in(site.person("Maria"))
    assert staff.opens("/desk").status == 200
    site.now += timedelta(hours=13)
    assert staff.opens("/desk").path == "/signin"
    assert citizen.opens("/talk").path == "/talk"
    site.now += timedelta(days=30)
    assert citizen.opens("/talk").path == "/signin"


def test_a_link_from_a_chat_opens_no_desk(site: Site) -> None:
    frida = site.signed_in(site.person("Frida", Role.FACILITATOR))
    frida.opens("/desk")
    assert frida.status == 404
    frida.does_not_see("Questions before a meeting")


def test_the_cookie_belongs_to_this_host_alone(tmp_path: Path, site: Site) -> None:
    secure = Site(site.db, tmp_path, "https://samskab.example")
    path = secure.link(secure.person("Maria"))
    browser = client(secure, headers={"origin": "https://samskab.example"}, follow_redirects=False)
    token = secure.web.house.vault.hash(f"visitor {secure.now.date()}")
    header = browser.post(path, data={"csrf": token}).headers["set-cookie"]
    assert header.startswith("__Host-samskab=")
    for part in ("; HttpOnly", "; Secure", "; Path=/", "; SameSite=lax", "; Max-Age=2592000"):
        assert part in header
    assert "Domain" not in header
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get("/sessions").text)
    assert csrf is not None
    gone = browser.post("/signout", data={"csrf": csrf[1], "nonce": "n"}).headers["set-cookie"]
    assert gone.startswith('__Host-samskab="";') and "; Secure" in gone, "else the browser keeps the old one"
    assert "; Secure" not in site.browser().client.post("/language/da").headers.get("set-cookie", "")


@pytest.fixture
def known(site: Site) -> str:
    """An e-mail address that is Maria's."""
    maria = site.person("Maria")
    with site.db.transaction() as tx:
        contact.give(tx, site.house.vault, maria.id, "maria@example.org", site.now)
    return "maria@example.org"


def test_asking_for_a_link_says_the_same_to_everybody(site: Site, known: str) -> None:
    asked = site.browser().opens("/signin").presses("Send me a link", email=known)
    stranger = site.browser().opens("/signin").presses("Send me a link", email="nobody@example.org")
    assert asked.status == stranger.status == 200
    assert asked.page.text == stranger.page.text
    assert site.ask("SELECT hash FROM login") == [], "the link is made as the mail is sent"
    ((state, content),) = site.ask("SELECT state, content FROM outbox WHERE account = 'mail'")
    assert state == "ready"
    assert json.loads(content)["secrets"]["login"] == {"kind": "login", "path": "/talk"}


def test_nobody_can_flood_a_mailbox(site: Site, known: str) -> None:
    browser = site.browser()
    for _time in range(5):
        browser.opens("/signin").presses("Send me a link", email=known)
    assert site.rows()["outbox"] == 1


def code_for(site: Site, email: str) -> str:
    """The code as it would be typed, made as the mail to this address is sent."""
    with site.db.transaction() as tx:
        person = contact.find(tx, site.house.vault, email)
        assert person is not None
        return sessions.mint_code(tx, site.house.vault, person.id, site.now, path="/talk", staff=False)


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_code_of_the_mail_signs_in_where_it_was_asked_for(site: Site, known: str) -> None:
    asked = site.browser().opens("/signin").presses("Send me a link", email=known)
    ((content,),) = site.ask("SELECT content FROM outbox WHERE account = 'mail'")
    assert json.loads(content)["secrets"].keys() == {"login", "pin"}
    code = code_for(site, known)
    asked.presses("Sign in with the code", code=wrong(code)).sees("That code is wrong or too old")
    assert asked.presses("Sign in with the code", code=f"{code[:3]} {code[3:]}").path == "/talk"
    again = site.browser().opens("/signin").presses("Send me a link", email=known)
    assert again.presses("Sign in with the code", code=code).status == 422, "a code works once"
    assert code not in str(site.ask("SELECT code FROM login")), "only its keyed hash is stored"


def test_a_wrong_code_says_the_same_to_everybody(site: Site, known: str) -> None:
    code = code_for(site, known)
    answers = set()
    for email in (known, "nobody@example.org"):
        browser = site.browser().opens("/signin").presses("Send me a link", email=email)
        for typed in (wrong(code), "", "12", "x" * 12, "１２３４５６"):
            answers.add(browser.presses("Sign in with the code", code=typed).page.text)
    assert len(answers) == 1


def test_a_code_bears_five_tries_and_a_day_ten(site: Site, known: str) -> None:
    browser = site.browser().opens("/signin").presses("Send me a link", email=known)
    for tries in (5, 5):
        code = code_for(site, known)
        for _time in range(tries):
            browser.presses("Sign in with the code", code=wrong(code))
        assert browser.presses("Sign in with the code", code=code).status == 422
    code = code_for(site, known)
    assert browser.presses("Sign in with the code", code=code).status == 422, "six digits are few"
    assert site.browser().opens(site.link(site.person("Maria"))).presses("Continue").path == "/talk"
    site.now += timedelta(days=2)
    browser.opens("/signin").presses("Send me a link", email=known)
    assert browser.presses("Sign in with the code", code=code_for(site, known)).path == "/talk"


def test_a_code_ends_with_its_time_and_with_the_next_one(site: Site, known: str) -> None:
    browser = site.browser().opens("/signin").presses("Send me a link", email=known)
    old, new = code_for(site, known), code_for(site, known)
    if old != new:
        assert browser.presses("Sign in with the code", code=old).status == 422
    site.now += timedelta(minutes=16)
    assert browser.presses("Sign in with the code", code=new).status == 422


def test_a_wrong_address_is_shown_again_with_what_to_do(site: Site) -> None:
    browser = site.browser().opens("/signin").presses("Send me a link", email="maria at example")
    assert browser.status == 422
    browser.sees("Please check it")
    assert browser.form("Send me a link").typed["email"] == "maria at example"
    assert browser.page.refers <= browser.page.ids


def test_sessions_are_listed_and_ended_by_their_person_alone(site: Site) -> None:
    maria = site.person("Maria")
    phone, table = site.signed_in(maria), site.signed_in(maria)
    phone.opens("/sessions").sees("This device")
    assert phone.html.count("Sign out</button>") == 2
    foreign = sessions.digest(table.client.cookies["samskab"])
    ola = site.signed_in(site.person("Ola")).opens("/sessions")
    token = dict(ola.form("Sign out").fields)["csrf"]
    ola.client.post("/signout", data={"csrf": token, "nonce": "n", "session": foreign})
    assert table.opens("/talk").path == "/talk"
    token = dict(phone.form("Sign out").fields)["csrf"]
    phone.client.post("/signout", data={"csrf": token, "nonce": "n", "session": foreign})
    assert table.opens("/talk").path == "/signin"
    assert phone.opens("/talk").path == "/talk"


def test_signing_out_here_ends_this_session(site: Site) -> None:
    browser = site.signed_in(site.person("Maria")).opens("/sessions").presses("Sign out")
    assert browser.path == "/"
    assert "samskab" not in browser.client.cookies
    assert site.rows()["session"] == 0


def test_who_signed_up_without_a_link_sees_and_ends_the_session_too(site: Site) -> None:
    browser = site.browser().opens("/c/svelvik-ungdom").presses("Sign up").opens("/sessions")
    browser.sees("This device").presses("Sign out")
    assert site.rows()["session"] == 0


def test_links_and_sessions_on_both_databases(database: Database) -> None:
    now = START
    with database.transaction() as tx:
        person = people.add(tx, now, "Maria")
        token = sessions.mint_login(tx, person.id, now, minutes=15)
        assert sessions.live_login(tx, token, now) is not None
        opened = sessions.consume(tx, token, now, None)
        assert opened is not None
        assert sessions.consume(tx, token, now, None) is None
        assert sessions.live_login(tx, token, now) is None
        found = sessions.find(tx, opened.id, now)
        assert found is not None and sessions.fresh(found, now)
        assert not sessions.fresh(found, now + timedelta(minutes=15))
        assert [one.hash for one in sessions.of(tx, person.id, now)] == [sessions.digest(opened.id)]
        retention.clean(tx, now + timedelta(days=38))
        for table in ("login", "session"):
            assert tx.exec_driver_sql(f"SELECT * FROM {table}").first() is None
