"""The result on the web: for those who made it at once, for everybody once it is released."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from docx import Document

from bot.domain.people import Role
from bot.domain.recommending import Action
from storage import committees, ledger, people, recommendations, replies, results
from tests.web.site import Site

ACTION = Action("a1", {"en": "Ask the bus company"}, {"en": "The county"}, {"en": "A meeting"}, date(2026, 5, 5))


def recommended(site: Site) -> None:
    """A result with one recommendation behind which the committee stands, one draft, and something that was tried."""
    frida = site.person("Frida", Role.FACILITATOR)
    number, now = site.committee.id, site.now
    with site.db.transaction() as tx:
        one = recommendations.add(tx, number, {"en": "A night bus"}, {"en": "Each hour until midnight."}, frida.id, now)
        recommendations.change(tx, one, actions=[ACTION.stored()])
        recommendations.agree(tx, one.id, 2, frida.id, now)
        recommendations.add(tx, number, {"en": "Benches"}, {"en": "At each stop."}, frida.id, now)
        tried = ({"en": "A bus for a week"}, "The county", date(2026, 2, 1), {"en": "It was full"})
        recommendations.tried(tx, number, None, *tried, frida.id, now)
        results.save(tx, number, summary={"en": "We talked with 40 people."})


def released(site: Site) -> None:
    with site.db.transaction() as tx:
        results.save(tx, site.committee.id, released_at=site.now)


def test_members_read_the_whole_as_a_page_and_as_a_document(site: Site) -> None:
    recommended(site)
    ola = site.signed_in(site.person("Ola", Role.CITIZEN))
    ola.opens(f"/results/{site.committee.id}")
    ola.sees("We talked with 40 people.", "Recommendation 1: A night bus", "The county", "5 May 2026", "It was full")
    ola.sees("Recommendation 2: Benches", "State: a draft.")
    answer = ola.client.get(f"/results/{site.committee.id}/document")
    assert answer.headers["content-disposition"] == 'attachment; filename="svelvik-ungdom-results.docx"'
    opened = Document(BytesIO(answer.content))
    assert {"The case in short", "Recommendation 1: A night bus", "What follows"} <= {
        one.text for one in opened.paragraphs
    }
    cells = {cell.text for table in opened.tables for row in table.rows for cell in row.cells}
    assert {"Ask the bus company", "The county", "A meeting", "5 May 2026", "A bus for a week"} <= cells


def test_nobody_else_reads_it_before_the_release(site: Site) -> None:
    recommended(site)
    path = f"/results/{site.committee.id}"
    assert site.browser().opens(path).path == "/signin"
    for page in (path, f"{path}/document"):
        assert site.signed_in(site.person("Follower", Role.CIRCLE)).opens(page).status == 404
    for page in ("/c/svelvik-ungdom/results", "/c/svelvik-ungdom/results/document", "/c/nowhere/results"):
        assert site.browser().opens(page).status == 404
    site.browser().opens("/c/svelvik-ungdom").does_not_see("What the committee recommends")


def test_once_released_everybody_reads_it_with_the_answers_and_without_drafts(site: Site) -> None:
    recommended(site)
    released(site)
    with site.db.transaction() as tx:
        replies.enter(tx, 1, "changed", {"en": "Until 23."}, date(2026, 3, 1), 1, site.now)
    page = site.browser().opens("/c/svelvik-ungdom")
    page.opens(page.page.links["Read the recommendations, and what was answered"])
    page.sees("Recommendation 1: A night bus").does_not_see("Benches", "State:", "Until 23")
    with site.db.transaction() as tx:
        replies.tell(tx, [1], 1, site.now)
    page.opens("/c/svelvik-ungdom/results").sees("The answer, 1 March 2026: Adopted with changes. Until 23.")
    assert page.client.get("/c/svelvik-ungdom/results/document").status_code == 200


def test_the_ledger_is_a_table_for_the_owner_alone(site: Site) -> None:
    owner = site.person("Odd")
    with site.db.transaction() as tx:
        people.give_role(tx, owner.id, None, Role.OWNER, site.now)
        known = {"before_n": "8", "before_p": "7", "before_h": "33", "after_n": "8", "after_p": "7", "after_h": "8"}
        ledger.enter(
            tx, committees.mandate(tx, site.committee.id).municipality.key, {**known, "minutes": "10"}, 1, site.now
        )
    path = f"/ledger/{site.committee.id}"
    assert site.browser().opens(path).path == "/signin"
    assert site.signed_in(site.person("Frida", Role.FACILITATOR), staff=True).opens(path).status == 404
    answer = site.signed_in(owner, staff=True).client.get(path)
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert rows[0] == "Committees;Group;Hours a year;How it is known"
    assert rows[1:3] == [
        "Standing committees before;Politicians;1848;entered",
        "Standing committees now;Politicians;448;entered",
    ]
    assert "svelvik-ungdom;Administration;not shown;estimated" in rows
