"""The letter to somebody without e-mail: one page to print with a slip, for those who look after the committee only."""

from __future__ import annotations

from bot.domain.people import Person, Role
from bot.engine.errand import Errand
from bot.text import _
from storage import contact
from tests.web.site import Site


def called(site: Site) -> Person:
    """A member with an address for letters, to whom something was to be sent."""
    kari = site.person("Kari", Role.CITIZEN, locale="da")
    with site.db.transaction() as tx:
        contact.give_letter(tx, site.house.vault, kari.id, "Storgata 1, 3060 Svelvik", site.now)
        errand = Errand(site.house, site.engine.router, tx, site.now)
        errand.about(site.committee.id)
        errand.tell(kari, "Nothing changes.", notice=_("a message for you"), kind="necessary", dedupe="k")
    return kari


def test_the_letter_is_in_the_members_language_with_the_address(site: Site) -> None:
    called(site)
    ((task,),) = site.ask("SELECT id FROM outbox WHERE account = 'paper'")
    frida = site.signed_in(site.person("Frida", Role.FACILITATOR), staff=True)
    frida.opens("/desk").sees("1 person without e-mail is to be called or written to.", "See whom to call")
    frida.opens(f"/letter/{task}").sees("Kari", "Storgata 1, 3060 Svelvik", "00 00 00 00")
    assert 'lang="da"' in frida.html
    frida.opens("/letter/99999")
    assert frida.status == 404


def test_others_get_no_letter(site: Site) -> None:
    called(site)
    ((task,),) = site.ask("SELECT id FROM outbox WHERE account = 'paper'")
    for role in (Role.CITIZEN, Role.APPLICANT):
        browser = site.signed_in(site.person(f"Ola {role}", role)).opens(f"/letter/{task}")
        assert browser.status == 404
        browser.does_not_see("Storgata")
