"""Every vote without a name: for those on the roll, once it is counted, and only where that was settled before."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.people import Person, Role
from bot.work.closing import close_now
from storage import ballots, ideas
from tests.web.site import Site


def counted(site: Site, votes: tuple[int, ...], *, shown: bool) -> list[Person]:
    """A prioritisation of three ideas in which so many members have voted, closed and counted."""
    members = [site.person(f"Member{number}", Role.CITIZEN) for number in range(7)]
    with site.db.transaction() as tx:
        texts = ("Benches", "=A bus", "A hall")
        offered = [ideas.add(tx, site.committee.id, members[0].id, text, site.now) for text in texts]
        ballot = ballots.draft(
            tx,
            site.committee.id,
            members[0].id,
            site.now,
            title={"en": "What first"},
            options=[{"idea": idea.id, "text": idea.text} for idea in offered],
            opens_at=site.now,
            closes_at=site.now + timedelta(days=1),
            meeting_id=None,
            papers_shown=shown,
        )
        ballots.open_now(tx, site.house.keys, ballot.id, site.now)
        for member, vote in zip(members, votes, strict=False):
            ballots.cast(tx, ballot.id, member.id, vote, site.now)
    assert site.signed_in(members[0]).opens(f"/ballot/{ballot.id}/votes").status == 404, "not before it is counted"
    site.now += timedelta(days=1, minutes=1)
    assert close_now(site.db, site.engine, site.now) == [ballot.id]
    return members


def test_whoever_could_vote_sees_every_vote_and_can_count_again(site: Site) -> None:
    members = counted(site, (1, 6, 1, 0, 1), shown=True)
    page = site.signed_in(members[6]).opens("/ballot/1/votes")
    page.sees("These are all 5 votes, without names", "A blank vote", "A hall").does_not_see("Member")
    rows = page.client.get("/ballot/1/votes.csv").content.decode("utf-8-sig").split("\r\n")
    assert rows[0] == "Vote;Benches;'=A bus;A hall"
    assert sorted(row.partition(";")[2] for row in rows[1:-1]) == ["0;0;0", "0;1;1", "1;0;0", "1;0;0", "1;0;0"]
    assert site.signed_in(site.person("Frida", Role.FACILITATOR)).opens("/ballot/1/votes").status == 200


def test_nobody_else_sees_them(site: Site) -> None:
    counted(site, (1, 6, 1, 0, 1), shown=True)
    late = site.signed_in(site.person("Late", Role.CITIZEN))
    for browser in (late, site.signed_in(site.person("Guest")), site.browser()):
        for path in ("/ballot/1/votes", "/ballot/1/votes.csv", "/ballot/9/votes"):
            assert browser.opens(path).status == 404


def test_not_where_only_numbers_were_settled(site: Site) -> None:
    members = counted(site, (1, 6, 1, 0, 1), shown=False)
    assert site.signed_in(members[0]).opens("/ballot/1/votes").status == 404


def test_not_where_too_few_voted(site: Site) -> None:
    members = counted(site, (1, 6, 1, 0), shown=True)
    assert site.signed_in(members[0]).opens("/ballot/1/votes").status == 404
