"""Killed at each step of fetching recordings, with two processes at it: each is kept, and its speaker told, once."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import func, select

from bot.chat.delivery import Fetched
from bot.work.fetcher import TAKEN, settle, take
from storage import recordings
from storage.database import Database
from storage.tables import Recording, Sound
from tests import sounds
from tests.scenarios.test_voice import asks, given
from tests.world import ACCOUNT, LoudEngine, World

NAMES = ("Ola", "Kari", "Per", "Mia", "Eva", "Liv")
ROUNDS = 20  # one is killed in each until all steps are through
STEPS = ("taken", "taken and known", "fetched", "kept", "kept and known")


class Kills:
    """Each step kills the first process that comes to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def at(self, step: str) -> None:
        try:
            (self.folder / step).touch(exist_ok=False)
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


def process(world: World, url: str, kills: Kills, now: datetime) -> NoReturn:
    """One process of the service: it fetches until nothing is to be fetched at this moment."""
    engine, database = LoudEngine(world.engine.router, world.engine.house), Database(url)
    try:
        while True:
            with database.transaction() as tx:
                rows = take(tx, ACCOUNT, now)
                kills.at("taken")
            kills.at("taken and known")
            if not rows:
                os._exit(0)
            for row in rows:
                kills.at("fetched")
                with database.transaction() as tx:
                    settle(engine, row, Fetched(sounds.ogg(row.seconds)), now, tx)
                    kills.at("kept")
                kills.at("kept and known")
    finally:  # whatever goes wrong here must not come back into the test
        os._exit(1)


def waiting(world: World) -> int:
    with world.db.reading() as tx:
        here = select(func.count()).select_from(Recording).where(Recording.state == "waiting")
        return tx.execute(here).scalar_one()


def fetched(world: World, url: str, folder: Path) -> int:
    """Two processes fetch; for each that is killed another begins, as long after as what it took is taken for."""
    killed, now = 0, world.now
    for _round in range(ROUNDS):
        if not waiting(world):
            break
        for _other in range(2):
            if os.fork() == 0:
                process(world, url, Kills(folder), now)
        for _other in range(2):
            code = os.waitstatus_to_exitcode(os.wait()[1])
            assert code in (0, -signal.SIGKILL)
            killed += code != 0
        now += TAKEN + timedelta(seconds=1)
    return killed


@pytest.mark.alone
def test_killed_at_each_step_every_recording_is_kept_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _frida, members = asks(world, "", *NAMES)
    monkeypatch.setattr(World, "fetch", lambda self: None)  # the processes do it
    for seconds, one in enumerate(members, 20):
        one.presses("Start").speaks(sounds.ogg(seconds), seconds)
    assert waiting(world) == len(NAMES)
    folder = tmp_path / "steps"
    folder.mkdir()
    killed = fetched(world, world.db.url.render_as_string(hide_password=False), folder)
    assert {one.name for one in folder.iterdir()} == set(STEPS)
    assert killed == len(STEPS)
    with world.db.reading() as tx:
        kept = tx.execute(select(Recording.id, Recording.person_id, Recording.state, Recording.seconds)).all()
        sizes = tx.execute(select(Sound.recording_id)).scalars().all()
        heard = {row.id: recordings.sound(tx, row.id) for row in kept}
    assert {row.state for row in kept} == {"kept"}
    assert sorted(sizes) == sorted(row.id for row in kept)
    assert all(heard[row.id] == sounds.ogg(row.seconds) for row in kept)
    assert all(given(world, one) == [str(row.id), str(row.seconds)] for one, row in zip(members, kept, strict=True))
    world.wait(timedelta(seconds=1))
    assert [sum("Your recording is kept" in seen.text for seen in one.messages) for one in members] == [1] * len(NAMES)
