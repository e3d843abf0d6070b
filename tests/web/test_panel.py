"""The panel on a phone: each button says which seat it is about, and none of them looks advised."""

from __future__ import annotations

import pytest

from bot.chat.messages import Button, Message
from bot.domain.people import Role
from storage import applications
from storage.database import insert
from storage.tables import Draw
from tests.web.site import Site
from tests.web.test_browser import CHROMIUM, chromium, live, sound
from tests.web.test_records import applied

__all__ = ["live"]
SEATS = ("fri", "lag", "verv", "verv", "vgs", "vgs", "vgs")


def proposed(site: Site) -> None:
    """A drawn panel of seven; the other seats are empty."""
    everybody = [applied(site, name) for name in ("Anna", "Bo", "Cecilie", "Dag", "Eva", "Finn", "Gro")]
    facts = {"mandate": 1, "lines": [{"key": "fri", "seats": 1}], "quotas": [], "threshold": 2, "slack": None}
    values = {"committee_id": 1, "call": 0, "number": 1, "state": "drawn", "facts": facts, "result": {"reasons": {}}}
    with site.db.transaction() as tx:
        tx.execute(insert(tx, Draw).values(**values, frozen_by=everybody[0].id, frozen_at=site.now))
        applications.propose(tx, 1, 1, dict(enumerate(SEATS, 1)), "drawn", everybody[0].id, site.now)


def test_a_list_of_equals_has_no_first_among_them_and_an_action_has(site: Site) -> None:
    maria = site.person("Maria", Role.CITIZEN)
    rows = ((Button("Apples", "t-say"),), (Button("Pears", "t-nod"),))
    site.tells(maria, Message("Which?", rows, equals=True))
    page = site.signed_in(maria).opens("/talk")
    talk = page.html.partition('<ol class="talk"')[2].partition("</ol>")[0]
    assert "Apples" in talk and "button strong" not in talk
    site.tells(maria, Message("Do it now.", rows))
    talk = page.opens("/talk").html.partition('<ol class="talk"')[2].partition("</ol>")[0]
    assert talk.count("button strong") == 1


def test_the_buttons_below_the_panel_carry_the_number_and_the_name_of_the_seat(site: Site) -> None:
    proposed(site)
    page = site.signed_in(site.person("Sekri", Role.SECRETARIAT), staff=True).opens("/desk").presses("The panel")
    page.sees("4. A young person who knows what goes…", "7. Students in upper secondary school…")
    talk = page.html.partition('<ol class="talk"')[2].partition("</ol>")[0]
    assert "Change seat" not in talk and "button strong" not in talk


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
def test_the_panel_fits_a_phone(live: Site) -> None:
    proposed(live)
    sekri = live.person("Sekri", Role.SECRETARIAT, locale="nb")
    with chromium() as browser:
        page = browser.new_context(viewport={"width": 390, "height": 844}, locale="nb-NO").new_page()
        page.goto(live.web.base_url + live.link(sekri, staff=True))
        page.click("main button.strong")
        page.goto(live.web.base_url + "/desk")
        page.get_by_role("button", name="Utvalget, plass for plass").click()
        page.get_by_role("button", name="Oppnevn").wait_for()
        sound(page)


def test_the_desk_warns_of_seats_without_a_reserve_until_somebody_settles_it(site: Site) -> None:
    proposed(site)
    sekri = site.signed_in(site.person("Sekri", Role.SECRETARIAT), staff=True).opens("/desk")
    sekri.sees("Nobody could take over these seats if they fall empty")
    sekri.presses("Yes, go on without a reserve").sees("If such a seat falls empty")
    assert "Nobody could take over" not in sekri.opens("/desk").html
