"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from storage.database import Database
from storage.migrate import upgrade
from tests.postgres import Server, server
from tests.world import World

if TYPE_CHECKING:
    from tests.doors.stage import Stage

NUMBERS = count(1)
settings.register_profile("unhurried", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One real PostgreSQL for the whole run."""
    with server() as running:
        yield running


@pytest.fixture(scope="session")
def template(postgres: Server) -> str:
    """A PostgreSQL database with every table, to be copied."""
    database = Database(postgres.create("template_samskab"))
    upgrade(database, explicit=True)
    database.close()
    return "template_samskab"


@contextmanager
def on_database(request: pytest.FixtureRequest, folder: Path, kind: str) -> Iterator[Database]:
    """An empty database with every table."""
    if kind == "sqlite":
        opened = Database(f"sqlite:///{folder}/samskab.db")
        upgrade(opened)
        yield opened
        opened.close()
        return
    running = request.getfixturevalue("postgres")
    name = f"t{next(NUMBERS)}"
    opened = Database(running.create(name, request.getfixturevalue("template")))
    yield opened
    opened.close()
    running.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with every table, on each engine in turn."""
    with on_database(request, tmp_path, request.param) as opened:
        yield opened


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    """A world to play a scenario in, on SQLite and on PostgreSQL."""
    return World(database, tmp_path)


@contextmanager
def playing(stage: Stage) -> Iterator[Stage]:
    """A stage from its first guest to its last."""
    stage.start()
    try:
        yield stage
    finally:
        stage.stop()


@pytest.fixture(params=["sqlite", "postgresql", "telegram", "slack", "web"])
def everywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A world behind each door in turn: straight in on either database, or through a platform's real client."""
    # The doubles of the platforms take seconds to import, and few tests need them.
    from tests.doors.slack import Slacker
    from tests.doors.stage import APP_TOKEN, BOT_TOKEN, SIGNING, Stage
    from tests.doors.telegram import Telegrammer
    from tests.doors.web import Surfer
    from tests.fakes.slack import SlackFake
    from tests.fakes.telegram import TelegramFake

    door = request.param
    if door in ("sqlite", "postgresql"):
        with on_database(request, tmp_path, door) as found:
            yield World(found, tmp_path)
        return
    with ExitStack() as stack:
        found = stack.enter_context(on_database(request, tmp_path, "sqlite"))
        if door == "telegram":
            fake = stack.enter_context(TelegramFake())
            fake.limits = False
            stage: Stage = Stage(found, tmp_path, telegram=fake, people_are=Telegrammer)
        elif door == "slack":
            workspace = stack.enter_context(SlackFake(BOT_TOKEN, SIGNING, APP_TOKEN))
            workspace.limits = False
            stage = Stage(found, tmp_path, slack=workspace, people_are=Slacker)
        else:
            stage = Stage(found, tmp_path, people_are=Surfer)
        yield stack.enter_context(playing(stage))


@pytest.fixture
def without_telegram(database: Database, tmp_path: Path) -> Iterator[Stage]:
    """A municipality that has switched Telegram off: people come by Slack, or to the web page."""
    from tests.doors.slack import Slacker
    from tests.doors.stage import APP_TOKEN, BOT_TOKEN, SIGNING, Stage
    from tests.fakes.slack import SlackFake

    with SlackFake(BOT_TOKEN, SIGNING, APP_TOKEN) as workspace:
        workspace.limits = False
        with playing(Stage(database, tmp_path, slack=workspace, people_are=Slacker)) as stage:
            yield stage
