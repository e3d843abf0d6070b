"""The season on the web: from the desk to an approved calendar, and who was at a meeting ticked on a page."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.messages import Button, Message
from bot.domain.people import Role
from storage import attendance, meetings
from tests.web.site import Site


def test_a_facilitator_plans_the_season_from_the_desk(site: Site) -> None:
    site.person("Ola", Role.CITIZEN)
    frida = site.signed_in(site.person("Frida", Role.FACILITATOR), staff=True)
    frida.opens("/desk").presses("Plan the whole season")
    frida.opens("/talk").sees("6 meetings are ahead:").presses("Approve the calendar")
    frida.opens("/talk").sees("6 sets of questions are drafted")
    assert site.ask("SELECT count(*) FROM meeting WHERE state = 'draft'") == [(6,)]


def test_attendance_is_ticked_on_a_page(site: Site) -> None:
    ola, kari = site.person("Ola", Role.CITIZEN), site.person("Kari", Role.CITIZEN)
    person = site.person("Frida", Role.FACILITATOR)
    frida = site.signed_in(person, staff=True)
    with site.db.transaction() as tx:
        at = site.now - timedelta(hours=3)
        made = meetings.add(tx, site.committee.id, at, {"nb": "Sal 2"}, {"nb": "1. Bussen"}, person.id, at)
        meetings.enter(tx, made.id, "announced", "draft")
    site.tells(person, Message("The meeting", ((Button("Who was there?", "there", made.id, 0),),)))
    frida.opens("/talk").presses("Who was there?")
    frida.opens("/talk").presses("Save", "Kari")
    with site.db.reading() as tx:
        found = attendance.of(tx, made.id)
    assert (found[ola.id].there, found[kari.id].there) == (False, True)
