"""A whole season of the libraries' committee, once in Danish and once in Norwegian, read by the test itself.

With SAMSKAB_TRANSCRIPTS=<folder> everything that everybody saw is written there, a file for each language, to be read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import people, recommendations
from storage.database import Tx
from tests.conftest import on_database
from tests.season import reading, words
from tests.season.play import Season
from tests.world import World


@pytest.fixture(params=["da", "nb"])
def season(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Season]:
    """A season that has been played; on SQLite only, as other tests play each of its parts on PostgreSQL, too."""
    with on_database(request, "sqlite") as database:
        world = World(database, tmp_path)
        found = Season(world, request.param)
        try:
            found.played()
        finally:
            if folder := os.environ.get("SAMSKAB_TRANSCRIPTS"):
                (Path(folder) / f"{request.param}.txt").write_text(world.transcripts(world.people), encoding="utf-8")
        yield found


def facts(season: Season) -> dict[str, tuple[str, ...]]:
    """What a notice of a meeting must say, by language."""
    phone = season.world.mandate.contact.phone
    return {locale: (" kl. 17", words.PLACE[locale], "\n1. ", phone) for locale in words.PLACE}


def test_nobody_hears_anything_twice_at_night_in_another_language_in_vain_or_without_its_facts(season: Season) -> None:
    world, municipality = season.world, season.world.mandate.municipality
    unasked = reading.all_of(world, municipality.zone, "prompt", "reminder")
    necessary = reading.all_of(world, municipality.zone, "necessary")
    staff = {one.someone.id for one in (season.frida, season.sekri)}
    to_members = [one for one in unasked if one.person not in staff]
    assert len(to_members) > 200
    assert not reading.at_night(to_members, municipality.country)
    assert not reading.twice([*to_members, *(one for one in necessary if one.person not in staff)])
    assert not reading.reminded_in_vain(world, to_members)
    assert not reading.without_facts(necessary, facts(season))
    everything = reading.all_of(world, municipality.zone, "prompt", "reminder", "necessary", "reply")
    assert not list(reading.foreign(everything, words.by_members()))
    with world.db.reading() as tx:
        politicians = reading.politicians_of(tx, 1)
        assert not reading.too_many(to_members, politicians)
        assert_came_to_an_end(tx, season)


def assert_came_to_an_end(tx: Tx, season: Season) -> None:
    """The recommendation is answered, and everybody has heard the answer with its reason."""
    assert [one.number for one in recommendations.listed(tx, 1)] == [1]
    assert len(people.members(tx, 1)) == len(season.members)
    for one in season.members:
        assert one.own(words.REASON) in one.someone.messages[-1].text
