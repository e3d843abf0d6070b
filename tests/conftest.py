"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from storage.database import Database
from storage.migrate import upgrade
from tests.databases import borrowed_file, borrowed_place, careless
from tests.postgres import Server, server
from tests.world import World

if TYPE_CHECKING:
    from tests.doors.stage import Stage

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


@pytest.fixture(scope="session")
def lasting_file(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The SQLite database that tests borrow after each other."""
    return careless(Database(f"sqlite:///{tmp_path_factory.mktemp('lent')}/samskab.db"))


@pytest.fixture(scope="session")
def lasting_place(postgres: Server, template: str) -> Iterator[Database]:
    """The PostgreSQL database that tests borrow after each other."""
    database = Database(postgres.create("lent", template))
    yield database
    database.close()


@contextmanager
def on_database(request: pytest.FixtureRequest, kind: str) -> Iterator[Database]:
    """An empty database with every table."""
    if kind == "sqlite":
        with borrowed_file(request.getfixturevalue("lasting_file")) as opened:
            yield opened
        return
    with borrowed_place(request.getfixturevalue("lasting_place")) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database with every table, on each engine in turn."""
    with on_database(request, request.param) as opened:
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
        with on_database(request, door) as found:
            yield World(found, tmp_path)
        return
    with ExitStack() as stack:
        found = stack.enter_context(on_database(request, "sqlite"))
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
