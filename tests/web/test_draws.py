"""Draws on the web: found from the committee's page, the file for those it concerns, and a politician's way in."""

from __future__ import annotations

from bot.domain.people import Person, Role
from storage import applications
from storage.database import insert
from storage.tables import Draw, Entrant
from tests.web.site import Site


def a_draw(site: Site, entrant: Person) -> None:
    """A draw was announced to one person."""
    with site.db.transaction() as tx:
        given = {"age": "15-17", "profiles": ["fri"]}
        saved = applications.save(
            tx, entrant.id, 1, door="seat", answers=given, special=None, mandate_version=1, now=site.now
        )
        values = {"committee_id": 1, "call": 0, "number": 1, "state": "announced", "frozen_by": entrant.id}
        facts = {"lines": [{"key": "fri", "seats": 1}]}
        seed = {"seed_rule": "dice", "seed_source": "", "seed_at": site.now, "void_reason": ""}
        at = {"frozen_at": site.now, "announced_at": site.now}
        tx.execute(insert(tx, Draw).values(**values, facts=facts, file=b"P001", hash="f00d", **seed, **at))
        tx.execute(insert(tx, Entrant).values(draw_id=1, pseudonym="P001", application_id=saved.id))


def test_the_draws_are_found_from_the_page_and_the_file_by_whoever_it_concerns(site: Site) -> None:
    anna = site.person("Anna", Role.APPLICANT)
    assert "See every draw, and check it yourself" not in site.browser().opens("/c/svelvik-ungdom").page.links
    a_draw(site, anna)
    guest = site.browser().opens("/c/svelvik-ungdom")
    assert guest.page.links["See every draw, and check it yourself"] == "/c/svelvik-ungdom/draws"
    guest.opens("/c/svelvik-ungdom/draws").sees("f00d", "Those who applied can get the list itself.")
    assert guest.opens("/draw/1/file").status == 404
    for role in (Role.SECRETARIAT, Role.POLITICIAN, Role.CITIZEN):
        somebody = site.signed_in(site.person("Somebody", role), staff=role is Role.SECRETARIAT)
        somebody.opens("/c/svelvik-ungdom/draws")
        assert ("The list as a file" in somebody.page.links) is (role is Role.SECRETARIAT)
    mine = site.signed_in(anna).opens("/c/svelvik-ungdom/draws")
    assert mine.opens(mine.page.links["The list as a file"]).status == 200 and mine.html == "P001"


def test_politicians_who_choose_find_their_work_beside_the_conversation(site: Site) -> None:
    per, klara = site.person("Per", Role.POLITICIAN), site.person("Klara", Role.CHAIR)
    site.signed_in(per).opens("/talk").does_not_see("See the applications", "All about the draw")
    change = "version = 2\n", '\n[selection]\nby = "politicians"\n'
    site.load("svelvik-ungdom", lambda source: source.replace("version = 1\n", change[0]) + change[1])
    site.signed_in(per).opens("/talk").does_not_see("All about the draw").presses("See the applications").sees(
        "0 applications for 10 seats."
    )
    site.signed_in(klara).opens("/talk").presses("All about the draw").sees("0 people can be drawn")


def test_what_explains_a_question_stands_in_plainer_letters(site: Site) -> None:
    visitor = site.browser().opens("/c/svelvik-ungdom").presses("Sign up")
    visitor.presses("Continue", "A seat in the committee (about 6 meetings)").presses("Continue", "15 to 17 years")
    visitor.presses("Continue", "Woman", "Show me the other seats too")
    assert 'A young person with a disability<span class="explains">This seat says' in visitor.html
