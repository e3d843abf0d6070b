"""Killed between any two steps, the service goes on where it was: nothing is lost, and no vote counts twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import applications, ballots
from tests.doors.outside import Outside, outside
from tests.scenarios.test_everywhere import FRI, SEAT, only
from tests.world import Someone

STEPS: tuple[tuple[str, Callable[[Someone], object]], ...] = (
    ("the task is shown", lambda anna: anna.starts("svelvik-ungdom").hears("Dette ligger fast")),
    ("the sign-up begins", lambda anna: anna.presses("Meld interesse")),
    ("she wants a seat", lambda anna: anna.fills({"Hvordan vil du være med?": SEAT})),
    ("her age", lambda anna: anna.fills({"Hvor gammel er du": "15 til 17 år"})),
    ("her sex", lambda anna: anna.fills({"Hvilket kjønn er du?": "Kvinne"})),
    ("what fits", lambda anna: anna.fills({"Hvem vi ser etter": (FRI,)})),
    ("why", lambda anna: anna.fills({"Hvorfor vil du være med": "Jeg vil ha et sted å være"})),
    ("her name", lambda anna: anna.fills({"Hva skal vi kalle deg?": "Anna"})),
    ("no address", lambda anna: anna.fills({"kan vi nå deg?": None})),
    ("what she wrote is all there", lambda anna: anna.hears("Jeg vil ha et sted å være", "15 til 17 år")),
    ("it is sent", lambda anna: anna.presses("Send søknaden min").hears("Takk, Anna. Vi har søknaden din.")),
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Outside]:
    with outside(tmp_path) as found:
        yield found


def test_a_sign_up_survives_a_kill_after_every_step(world: Outside) -> None:
    world.load("svelvik-ungdom", only("nb"))
    anna = world.person("Anna", "nb")
    for _name, step in STEPS:
        step(anna)
        world.kill()
    with world.db.reading() as tx:
        found = applications.listed(tx, 1)
    assert [one.answers["why"] for one in found] == ["Jeg vil ha et sted å være"]
    assert world.kills == len(STEPS)


def test_what_is_under_way_when_the_power_goes_is_not_lost(world: Outside) -> None:
    """The person writes or presses, and in that moment the service dies: Telegram brings it again."""
    world.load("svelvik-ungdom", only("nb"))
    ola, frida = world.member("Ola", locale="nb"), world.facilitator("Frida", locale="nb")
    others = [world.member(name, locale="nb") for name in ("Kari", "Per", "Pål", "Eva")]
    settle, world.settle = world.settle, lambda: None  # type: ignore[method-assign]

    def cut() -> None:
        world.kill()
        settle()

    for idea in ("Flere benker", "En nattbuss"):
        ola.says(f"/idea {idea}")
        cut()
        ola.hears("Ideen din står på lista, uten navnet ditt")
    world.settle = settle  # type: ignore[method-assign]
    frida.says("/ballot").fills(
        {
            "Hva skal prioriteringen hete?": "Hva vi tar først",
            "Hvilke ideer er valgt ut?": ("Flere benker", "En nattbuss"),
            "Når åpner den?": "Så snart jeg sender den",
            "Når lukker den?": "2026-03-06 12:00",
            "Hva ser utvalget når det er talt opp?": None,
        }
    )
    frida.presses("Se hvordan den blir")
    world.settle = lambda: None  # type: ignore[method-assign]
    frida.presses("Åpne den")
    cut()
    for someone in (ola, *others):
        world.settle = settle  # type: ignore[method-assign]
        someone.ticks("En nattbuss")
        world.settle = lambda: None  # type: ignore[method-assign]
        someone.presses("Send stemmen min")
        cut()
        someone.hears("Stemmen din er mottatt")
    world.settle = settle  # type: ignore[method-assign]
    world.until(datetime(2026, 3, 6, 12, tzinfo=UTC))
    ola.hears("5 av 5 medlemmer var med", "Ideen din fikk 5 stemmer: En nattbuss")
    with world.db.reading() as tx:
        assert len(ballots.papers(tx, 1)) == 5
        tally = ballots.get(tx, 1).tally
    assert tally is not None
    assert tally["turnout"] == 5
