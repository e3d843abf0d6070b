"""A draw on the web: the page is for everybody, the list for those it concerns, one's own record for oneself."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.people import Person, Role
from storage.database import insert
from storage.tables import Draw, Entrant
from tests.scenarios.test_drawing import unrated
from tests.web.site import Site
from tests.web.test_records import applied

FILE = b"samskab/panels/1\n"


def announced(site: Site, anna: Person) -> None:
    """A draw with one applicant in it, announced."""
    values: dict[str, Any] = {
        "committee_id": site.committee.id,
        "call": 0,
        "number": 1,
        "state": "announced",
        "facts": {"lines": [{"key": "fri", "seats": 1}]},
        "seed_rule": "dice",
        "seed_source": "",
        "seed_at": site.now,
        "frozen_by": anna.id,
        "frozen_at": site.now,
        "announced_at": site.now,
        "void_reason": "",
        "file": FILE,
        "hash": "ab" * 32,
        "result": {},
    }
    with site.db.transaction() as tx:
        tx.execute(insert(tx, Draw).values(**values))
        record = site.house.vault.seal('{"lines":["fri"]}')
        tx.execute(insert(tx, Entrant).values(draw_id=1, pseudonym="P001", application_id=1, record=record))


def test_the_list_of_a_call_with_sensitive_lines_is_for_applicants_and_those_who_fill_them(site: Site) -> None:
    anna = applied(site, "Anna")
    announced(site, anna)
    site.browser().opens("/c/svelvik-ungdom/draws").sees("Draw 1", "ab" * 32, "Those who applied can get the list")
    assert site.browser().opens("/draw/1/file").status == 404
    for role, status in ((Role.SECRETARIAT, 200), (Role.POLITICIAN, 404), (Role.CHAIR, 404), (Role.APPLICANT, 404)):
        someone = site.signed_in(site.person("Somebody", role), staff=role is Role.SECRETARIAT)
        assert someone.opens("/draw/1/file").status == status, role
    assert site.signed_in(anna).client.get("/draw/1/file").content == FILE


def test_the_list_of_any_other_call_is_for_everybody(site: Site) -> None:
    site.load("svelvik-ungdom", lambda source: unrated(source).replace("version = 1", "version = 2"))
    announced(site, applied(site, "Anna"))
    found = site.browser().client.get("/draw/1/file")
    assert found.content == FILE
    assert found.headers["content-disposition"] == 'attachment; filename="draw-1.txt"'


@pytest.mark.parametrize("name", ["Berit", "Sekri"])
def test_nobody_gets_the_record_of_somebody_else(site: Site, name: str) -> None:
    anna = applied(site, "Anna")
    announced(site, anna)
    assert site.browser().opens("/draw/1/record").path == "/signin"
    other = site.person(name, Role.SECRETARIAT if name == "Sekri" else Role.APPLICANT)
    assert site.signed_in(other, staff=name == "Sekri").opens("/draw/1/record").status == 404
    found = site.signed_in(anna).client.get("/draw/1/record")
    assert found.content == b'{"lines":["fri"]}'
    assert found.headers["content-disposition"] == 'attachment; filename="record-1.json"'
