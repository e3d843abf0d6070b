"""Sources and the calls after the first: what counts, what is kept how long, and what stands in nobody's way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.domain.mandate import parse
from bot.domain.people import Role
from storage import applications, calls, committees, erasure, links, nominations, people, retention, sources
from storage.database import Database, Tx
from storage.tables import Appointment, Arrival

DEMO = Path(__file__).parent.parent.parent / "docs" / "demo" / "svelvik-ungdom.toml"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_committee(tx: Tx) -> int:
    """A committee that looks for people."""
    source = DEMO.read_text(encoding="utf-8")
    return committees.load_mandate(tx, parse(source, NOW.date()), source, NOW.date(), NOW)[0].id


def applies(tx: Tx, committee: int, person: int) -> applications.Application:
    """An application sent in the newest call."""
    saved = applications.save(
        tx, person, committee, door="seat", answers={"profiles": ["fri"]}, special=None, mandate_version=1, now=NOW
    )
    calls.took(tx, saved.id)
    found = applications.of(tx, person, committee)
    assert found is not None
    return found


def reopens(tx: Tx, committee: int, by: int) -> int:
    """Call a line again."""
    closes, answered = NOW + timedelta(days=20), NOW + timedelta(days=30)
    return calls.open_again(tx, committee, ["fri"], NOW, closes, answered, "Nobody came", by, NOW)


def test_an_arrival_is_kept_ninety_days_and_goes_with_the_person(database: Database) -> None:
    with database.transaction() as tx:
        committee = a_committee(tx)
        anna, berit = people.add(tx, NOW, "Anna"), people.add(tx, NOW, "Berit")
        source = sources.add(tx, committee, "The library", anna.id, NOW)
        for person in (anna, berit):
            sources.arrived(tx, person.id, source, NOW)
        erasure.erase(tx, berit.id, NOW)
        assert [one.begun for one in sources.listed(tx, committee)] == [1]
        retention.clean(tx, NOW + timedelta(days=89))
        assert sources.brought(tx, anna.id, committee) == source.id
        retention.clean(tx, NOW + timedelta(days=91))
        assert tx.execute(select(func.count()).select_from(Arrival)).scalar_one() == 0


def test_a_code_is_found_however_it_is_typed_and_only_in_its_committee(database: Database) -> None:
    with database.transaction() as tx:
        committee = a_committee(tx)
        source = sources.add(tx, committee, "The library", people.add(tx, NOW).id, NOW)
        assert sources.by_code(tx, f" {source.code.lower()[:3]}-{source.code[3:]} ") == source
        assert sources.of_committee(tx, source.code, committee + 1) is None
        assert sources.of_committee(tx, "", committee) is None


@pytest.mark.parametrize(("outcome", "told", "stands"), [
    ("not_appointed", True, False),
    ("not_appointed", False, True),
    ("appointed", True, True),
])  # fmt: skip
def test_only_a_told_no_of_an_earlier_call_is_out_of_the_way(
    database: Database, outcome: str, told: bool, stands: bool
) -> None:
    with database.transaction() as tx:
        committee = a_committee(tx)
        anna, siri = people.add(tx, NOW, "Anna"), people.add(tx, NOW, "Siri")
        first = applies(tx, committee, anna.id)
        seat = "fri" if outcome == "appointed" else None
        applications.decide(tx, first, outcome, seat, "profile", siri.id, NOW)
        decided = applications.decision(tx, first.id)
        assert decided is not None
        if told:
            applications.announced(tx, decided, NOW)
        applies(tx, committee, anna.id)
        assert tx.execute(select(func.count()).select_from(Appointment)).scalar_one() == 1, "the same call"
        reopens(tx, committee, siri.id)
        again = applies(tx, committee, anna.id)
        assert (again.id, again.call, again.state) == (first.id, 1, "sent")
        assert tx.execute(select(func.count()).select_from(Appointment)).scalar_one() == int(stands)


def test_who_is_named_stands_for_something_until_the_answer(database: Database) -> None:
    with database.transaction() as tx:
        committee = a_committee(tx)
        nora = people.add(tx, NOW, "Nora")
        named = nominations.add(tx, committee, "verv", "The youth council", nora.id, nora.id, NOW)
        assert links.stands_for_something(tx, nora.id)
        erasure.erase(tx, nora.id, NOW)
        found = nominations.find(tx, named.id)
        assert found is not None and found.state == "declined"
        assert not links.stands_for_something(tx, nora.id)
        assert Role.APPLICANT not in people.roles(tx, nora.id).get(committee, frozenset())
