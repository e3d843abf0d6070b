"""Parked events: sealed and restored without loss, seen at the command line, handled again once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.events import Address, Command, Event, Press, Reached, Said, Spoke, Submitted, Unsupported
from bot.engine import sealed
from bot.engine.receive import Engine
from bot.replay import Replay
from handlers import router
from storage import ideas, parked
from storage.vault import Vault
from tests.attacks.test_bad_input import samskab
from tests.databases import fresh
from tests.world import START, Someone, World

words = st.text(st.characters(), max_size=20)  # halves of characters, too
kinds = st.one_of(
    st.builds(Command, words, words),
    st.builds(Press, words, st.lists(words).map(tuple), st.none() | words),
    st.builds(Said, words, st.none() | words),
    st.builds(Submitted, words, st.integers(), st.dictionaries(words, st.lists(words).map(tuple))),
    st.builds(Unsupported, words),
    st.builds(Spoke, words, st.integers(0, 300), st.integers(0, 9_000_000), words),
    st.builds(Reached, st.booleans()),
)


@given(st.builds(Event, words, st.builds(Address, words, words), kinds, words))
def test_an_event_comes_out_of_its_seal_as_it_went_in(event: Event) -> None:
    vault = Vault("a secret key for tests that is long enough")
    restored = sealed.unpack(vault.open(vault.seal(sealed.pack(event))), event.id)
    assert restored == event and not restored.fresh_sign_in


def test_an_old_seal_without_a_language_opens() -> None:
    values = {"address": ["direct", "ola"], "what": "Said", "text": "Hello", "reply_to": None}
    assert sealed.unpack(values, "x") == Event("x", Address("direct", "ola"), Said("Hello"))


def park(world: World, someone: Someone, what: Any) -> int:
    """As the writer does with an event that failed."""
    event = Event(f"broken-{next(world.ids)}", someone.address, what, "en")
    engine = Engine(router, world.engine.house)
    with world.db.transaction() as tx:
        engine.set_aside(tx, event, RuntimeError(), world.now, told=True)
    world._deliver()
    with world.db.reading() as tx:
        return parked.listed(tx)[-1].id


def offered(world: World, someone: Someone) -> list[str]:
    with world.db.reading() as tx:
        return [one.text for one in ideas.own(tx, someone.id)]


def test_what_failed_is_handled_later_and_once(world: World) -> None:
    ola = world.member("Ola")
    number = park(world, ola, Command("idea", "A night bus"))
    ola.hears("Something went wrong with us")
    assert offered(world, ola) == []
    replay = Replay(world.db, world.engine.house)
    assert replay.do(number, world.now) is None
    world._deliver()
    ola.hears("Your idea is on the list")
    assert "nothing is parked" in str(replay.do(number, world.now))
    assert offered(world, ola) == ["A night bus"]


def test_what_fails_again_stays_parked_and_can_be_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ola = world.member("Ola")
    number = park(world, ola, Command("idea", "A night bus"))

    def broken(chat: Any, argument: str) -> None:
        chat.say("never read")
        raise RuntimeError

    before = len(ola.messages)
    replay = Replay(world.db, world.engine.house)
    with monkeypatch.context() as patch:
        patch.setitem(router.commands, "idea", replace(router.commands["idea"], handler=broken))
        for _time in range(2):
            assert "failed again (RuntimeError)" in str(replay.do(number, world.now))
    with world.db.reading() as tx:
        assert [row.id for row in parked.listed(tx)] == [number]
    world._deliver()
    assert len(ola.messages) == before, "nobody is told a second time that something went wrong"
    assert replay.do(number, world.now) is None
    assert offered(world, ola) == ["A night bus"]


def test_with_another_key_it_stays_parked(world: World) -> None:
    number = park(world, world.member("Ola"), Command("idea", "A night bus"))
    other = replace(world.engine.house, vault=Vault("another secret key that is long enough too"))
    assert "sealed with another SAMSKAB_SECRET_KEY" in str(Replay(world.db, other).do(number, world.now))
    with world.db.reading() as tx:
        assert parked.count(tx) == 1


def test_at_the_command_line(tmp_path: Path) -> None:
    database = fresh(tmp_path, "s.db")
    world = World(database, tmp_path)
    world.engine = type(world.engine)(router, replace(world.engine.house, vault=Vault("k" * 40)))
    ola = world.member("Ola")
    one, two = (park(world, ola, Command("idea", text)) for text in ("A night bus", "My diagnosis"))
    code, told = samskab(tmp_path, "parked", "list")
    assert (code, "2 parked." in told, "diagnosis" in told) == (0, True, False)
    assert f"{one}  {START:%Y-%m-%d %H:%M}  direct  command idea  RuntimeError" in told
    assert samskab(tmp_path, "parked", "replay") == (
        1,
        "Give one number, or --all. `samskab parked list` shows the numbers.\n",
    )
    assert samskab(tmp_path, "parked", "drop", str(two)) == (0, f"{two}: dropped.\n")
    assert samskab(tmp_path, "parked", "drop", str(two))[0] == 1
    assert samskab(tmp_path, "parked", "replay", "--all") == (0, f"{one}: handled.\n")
    code, told = samskab(tmp_path, "parked", "replay", str(one))
    assert (code, "nothing is parked under this number" in told) == (1, True)
    assert samskab(tmp_path, "parked", "list") == (0, "Nothing is parked.\n")
    assert offered(world, ola) == ["A night bus"]
    database.close()
