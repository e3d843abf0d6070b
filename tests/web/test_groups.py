"""The answers in groups on a page of their own: named, joined and moved without scripts, by facilitators only."""

from __future__ import annotations

import pytest

from bot.domain.people import Person, Role
from storage import answers, contact, ideas, piles, prompts
from tests.web.site import Browser, Site
from tests.web.test_browser import CHROMIUM, chromium, live, sound

__all__ = ["live"]
SAID = {
    "Ola": "Flere busser om aftenen",
    "Kari": "Busserne kører for sjældent",
    "Per": "Lys på stien",
    "Mia": "Kantinen",
}


def grouped(site: Site) -> Person:
    """Four answers to one question, in three groups; their facilitator."""
    frida = site.person("Frida", Role.FACILITATOR)
    people = {name: site.person(name, Role.CITIZEN) for name in SAID}
    with site.db.transaction() as tx:
        values = {"text": {"en": "the evenings"}, "deadline_at": site.now, "sent_at": site.now, "state": "closed"}
        prompt = prompts.draft(tx, site.committee.id, "questions", frida.id, site.now, **values, piling="ready")
        prompts.add_question(tx, prompt.id, "free_text", {"en": "What is missing?"}, {})
        for name, text in SAID.items():
            answers.save(tx, prompt.id, people[name].id, {"q1": text}, site.now)
        numbers = [people[name].id for name in SAID]
        piles.store(tx, prompt, 1, [numbers[:2], numbers[2:3], numbers[3:]])
    return frida


@pytest.fixture
def desk(site: Site) -> Browser:
    return site.signed_in(grouped(site)).opens("/groups/1")


def groups(site: Site) -> list[list[str]]:
    with site.db.reading() as tx:
        return [[str(entry.text) for entry in pile.entries] for pile in piles.listed(tx, 1, 1)]


def chooses(desk: Browser, label: str, data: str) -> Browser:
    """Take something of a list, and press the button beside it."""
    form = next(form for form in desk.page.forms if f'value="{data}"' in desk.html and form.buttons[0][0] == label)
    return desk._took(desk.client.post("/press", data={**dict(form.fields), "data": data}))


def test_groups_stand_side_by_side_and_are_arranged_where_they_stand(site: Site, desk: Browser) -> None:
    desk.sees("the evenings", "1. What is missing?", *SAID.values())
    desk.presses("Name it", name="The canteen").sees("The answers in groups")
    assert desk.path == "/groups/1"
    chooses(desk, "Move it", "pileput:1:2:2").sees("The canteen")
    assert groups(site)[:2] == [[SAID["Ola"]], [SAID["Kari"], SAID["Per"]]]
    chooses(desk, "Join them", "pileinto:1:2")
    chooses(desk, "Move it", "pileown:2:3")
    assert desk.path == "/groups/1"
    assert sorted(len(group) for group in groups(site)) == [1, 1, 2]
    assert sorted(text for group in groups(site) for text in group) == sorted(SAID.values())
    desk.opens("/talk").sees("No messages yet.")


def test_what_was_meant_and_an_idea_are_entered_for_who_is_on_the_phone(site: Site) -> None:
    frida = grouped(site)
    desk = site.signed_in(frida, staff=True).opens("/groups/1")
    assert "Enter what was meant" not in desk.html
    with site.db.transaction() as tx:
        kari = piles.own(tx, 1, 3)[0].person_id
        contact.give(tx, site.web.house.vault, kari, "+47 22 22 22 22", site.now)
        prompts.change(tx, 1, piling="shared")
    desk.opens("/groups/1").presses("Enter what was meant").sees("Whose answer was meant otherwise?", "Kari")
    desk.does_not_see("Ola").presses("Continue", "Kari").does_not_see("Which question was answered?")
    desk.presses("Continue", "By phone", meant="In the evenings").sees("Kari", "By phone", "In the evenings")
    desk.presses("Enter the correction")
    desk.opens("/desk").presses("Enter an idea").presses("Continue", "Kari", "On paper", text="A night bus")
    desk.presses("Enter this idea")
    with site.db.reading() as tx:
        assert [one.correction for one in piles.own(tx, 1, kari)] == ["In the evenings"]
        assert [(one.text, one.entered_by, one.entered_how) for one in ideas.own(tx, kari)] == [
            ("A night bus", frida.id, "paper")
        ]


def test_what_cannot_be_done_on_the_page_is_said_there(site: Site, desk: Browser) -> None:
    form = next(form for form in desk.page.forms if form.buttons[0][0] == "Join them")
    for _twice in range(2):
        nonce = {"nonce": f"n{_twice}"}
        desk._took(desk.client.post("/press", data={**dict(form.fields), **nonce, "data": "pileinto:2:3"}))
    assert desk.path == "/groups/1"
    desk.sees("That is not here any more")


def test_they_are_for_facilitators_of_the_committee_only(site: Site, desk: Browser) -> None:
    assert site.browser().opens("/groups/1").path == "/signin"
    for role in (Role.CITIZEN, Role.POLITICIAN, Role.SECRETARIAT):
        assert site.signed_in(site.person(role.value, role), staff=True).opens("/groups/1").status == 404
    other = site.load("gentofte-biblioteker")
    stranger = site.signed_in(site.person("Stranger"))
    with site.db.transaction() as tx:
        tx.exec_driver_sql(
            f"INSERT INTO role (person_id, committee_id, role, since) SELECT id, {other.id}, 'facilitator', created_at "
            "FROM person WHERE name = 'Stranger'"
        )
    assert stranger.opens("/groups/1").status == 404
    assert desk.opens("/groups/2").status == 404


def test_a_button_leads_back_to_no_other_place(site: Site, desk: Browser) -> None:
    form = next(form for form in desk.page.forms if form.buttons[0][0] == "Join them")
    data = {**dict(form.fields), "data": "pileinto:2:3", "back": "//elsewhere.example.org/groups/1"}
    assert desk._took(desk.client.post("/press", data=data)).path == "/talk"


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
@pytest.mark.parametrize("width", [390, 1280])
def test_an_answer_is_moved_with_a_few_clicks(live: Site, width: int) -> None:
    frida = grouped(live)
    with chromium() as browser:
        page = browser.new_page(viewport={"width": width, "height": 844})
        page.goto(live.web.base_url + live.link(frida, path="/groups/1"))
        page.click("main button.strong")
        sound(page)
        page.get_by_text("Move it").first.click()
        page.get_by_label("Where does it belong?").first.select_option(label="A group of its own")
        sound(page)
        page.get_by_role("button", name="Move it").first.click()
        assert page.url.endswith("/groups/1")
    assert [len(group) for group in groups(live)] == [1, 1, 1, 1]
