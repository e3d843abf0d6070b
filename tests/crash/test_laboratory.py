"""The laboratory itself, with few kills, so that every change meets it; `make crash` is the whole of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crash.cluster import Cluster, cluster
from tests.crash.killing import killing
from tests.crash.trials import database_stopped, stopped_in_order

pytestmark = pytest.mark.alone
KILLS = 3
SEED = 7
STEPS = ("before the commit of event", "after the answer")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    """A server that can be stopped."""
    with cluster() as found:
        yield found


@pytest.mark.parametrize("place", ["sqlite", "postgresql"])
def test_killed_at_any_moment_it_loses_nothing_and_counts_nothing_twice(place: str, postgres: Cluster) -> None:
    lines = killing(postgres if place == "postgresql" else None, KILLS, SEED, STEPS)
    assert [what for line in lines for what in line.wrong] == []


def test_with_the_database_gone_for_a_while_nothing_is_lost(postgres: Cluster) -> None:
    assert database_stopped(postgres, SEED).wrong == []


def test_told_to_stop_under_load_nothing_comes_twice() -> None:
    assert stopped_in_order(SEED).wrong == []
