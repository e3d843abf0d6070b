"""The service as a process: what it refuses to start with, whom it waits for, and how it stops."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from bot.chat.events import Address
from storage import marks, people, sessions
from storage.database import Database
from storage.migrate import upgrade
from tests.attacks.test_bad_input import samskab
from tests.databases import fresh
from tests.doors.slack import Slacker
from tests.doors.stage import APP_TOKEN, BOT_TOKEN, HOOK, SIGNING, Stage, free_port
from tests.doors.telegram import Telegrammer
from tests.doors.web import Online
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake
from tests.locks import ROOT
from tests.serve import Service, service

NAMES = ("Ola Oppdiktet", "Kari Oppdiktet", "Per Oppdiktet")


@pytest.fixture
def fake() -> Iterator[TelegramFake]:
    with TelegramFake() as telegram:
        telegram.limits = False
        yield telegram


def started(
    folder: Path, port: int, fake: TelegramFake, settings: Mapping[str, str], *, anew: bool = False
) -> AbstractContextManager[Service]:
    """`samskab run` with Telegram."""
    telegram = {"SAMSKAB_TELEGRAM_TOKEN": fake.token, "SAMSKAB_TELEGRAM_API_URL": fake.url}
    return service(folder, port, None, telegram | settings, anew=anew)


def signed_in(folder: Path, url: str) -> Online:
    """A browser of somebody who takes part on the web."""
    database, now = Database(f"sqlite:///{folder}/samskab.db"), datetime.now(UTC)
    with database.transaction() as tx:
        person = people.add(tx, now, "Astrid Oppdiktet", "en")
        people.give_address(tx, person.id, Address("web", f"p{person.id}"), now)
        token = sessions.mint_login(tx, person.id, now)
    database.close()
    browser = Online(url, "en")
    browser.opens(f"/login/{token}").presses("Continue")
    return browser


def listening(url: str) -> bool:
    """Whether anybody takes a connection there."""
    address = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((address.hostname or "", address.port or 0)) == 0


@pytest.mark.parametrize("settings", [{}, {"SAMSKAB_TELEGRAM_WEBHOOK_SECRET": HOOK}], ids=["polling", "webhook"])
def test_told_to_stop_it_ends_in_order_and_everybody_is_answered_once(
    tmp_path: Path, fake: TelegramFake, settings: dict[str, str]
) -> None:
    """A page with server-sent events is open, answers are on their way, and texts come in that moment."""
    port, phones = free_port(), [fake.user(name, language_code="en") for name in NAMES]

    def answers(words: str) -> list[int]:
        return [sum(words in (message.text or "") for message in phone.messages) for phone in phones]

    with ExitStack() as stack:
        running = stack.enter_context(started(tmp_path, port, fake, settings, anew=True))
        page = stack.enter_context(signed_in(tmp_path, running.url).client.stream("GET", "/events"))
        lines = page.iter_lines()
        assert next(lines) == "retry: 3000"
        fake.slow("sendMessage", 1, times=2)
        for phone in phones:
            phone.says("/help")
        Stage.wait_until(lambda: 1 in answers("/mydata"))
        for phone in phones:
            phone.says("/status")
        began = time.monotonic()
        assert running.stop() == 0
        assert time.monotonic() - began < 10
        assert all(line == "" or line.startswith(("data: ", ":")) for line in lines)
    with started(tmp_path, port, fake, settings) as running:
        Stage.wait_until(lambda: all(answers("/mydata")) and all(len(phone.messages) == 2 for phone in phones))
        fake.wait_idle()
        assert running.stop() == 0
    assert answers("/mydata") == [1, 1, 1]
    assert [len(phone.messages) for phone in phones] == [2, 2, 2]


def test_with_nothing_to_do_it_does_nothing(tmp_path: Path, fake: TelegramFake) -> None:
    """It stands on small machines for months: a loop that wakes itself would take a whole core."""
    with started(tmp_path, free_port(), fake, {"SAMSKAB_TELEGRAM_WEBHOOK_SECRET": HOOK}) as running:
        fake.user(NAMES[0], language_code="en").says("/help")
        fake.wait_idle()
        clock = os.sysconf("SC_CLK_TCK")

        def used() -> float:
            return sum(map(int, Path(f"/proc/{running.process.pid}/stat").read_text().split()[13:15])) / clock

        time.sleep(1)  # the start is over
        before = used()
        time.sleep(3)
        assert used() - before < 1


def test_a_second_signal_ends_it_at_once(tmp_path: Path, fake: TelegramFake) -> None:
    """It would wait for an answer of Telegram that takes its time."""
    ola = fake.user(NAMES[0], language_code="en")
    with started(tmp_path, free_port(), fake, {"SAMSKAB_TELEGRAM_WEBHOOK_SECRET": HOOK}) as running:
        fake.slow("sendMessage", 6)
        ola.says("/help")
        Stage.wait_until(lambda: ola.messages)
        running.process.send_signal(signal.SIGTERM)
        Stage.wait_until(lambda: not listening(running.url))
        assert running.process.poll() is None
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(2) == 1
    fake.wait_idle()


@pytest.mark.parametrize("platform", ["telegram", "slack"])
def test_a_platform_that_is_down_at_the_start_comes_later_and_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr("bot.app.RETRY", 0.2)
    database = fresh(tmp_path)
    with ExitStack() as stack:
        stack.callback(database.close)
        if platform == "telegram":
            telegram = stack.enter_context(TelegramFake())
            telegram.down(refuse=True)
            stage, up = Stage(database, tmp_path, telegram=telegram, people_are=Telegrammer), telegram.up
        else:
            slack = stack.enter_context(SlackFake(BOT_TOKEN, SIGNING, APP_TOKEN))
            slack.down()
            stage, up = Stage(database, tmp_path, slack=slack, people_are=Slacker), slack.up
        stage.post.start()
        stage.thread.start()
        stack.callback(stage.stop)
        stage.wait_until(lambda: hasattr(stage, "url") and listening(stage.url))
        assert httpx.get(f"{stage.url}/health").status_code == 200
        assert [sender.platform.account for sender in stage.app.senders] == ["mail"]
        up()
        if stage.slack:
            stage.slack.deliver_to(f"{stage.url}/slack")
        stage.wait_until(lambda: len(stage.app.senders) == 2)
        stage.person("Ola", "en").says("/help").hears("mydata - See what we know")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SAMSKAB_SECRET_KEY": ""}, "SAMSKAB_SECRET_KEY: at least 32 characters are needed"),
        ({"SAMSKAB_LOG_LEVEL": "LOUD"}, "must be DEBUG, INFO, WARNING or ERROR"),
        ({"SAMSKAB_DATABASE_URL": "nonsense"}, "SAMSKAB_DATABASE_URL: the database cannot be opened"),
        (
            {"SAMSKAB_TELEGRAM_TOKEN": "1:made-up", "SAMSKAB_TELEGRAM_WEBHOOK_SECRET": "short"},
            "SAMSKAB_TELEGRAM_WEBHOOK_SECRET: must be 32 to 256 letters, digits, - or _",
        ),
    ],
    ids=["no key", "log level", "database", "webhook secret"],
)
def test_what_cannot_be_used_is_said_in_one_line(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    code, line = samskab(tmp_path, "run", **settings)
    assert (code, line.count("\n"), said in line) == (1, 1, True), line


def test_a_database_is_either_a_demos_or_real(tmp_path: Path) -> None:
    real, demo = (f"sqlite:///{tmp_path}/{name}.db" for name in ("real", "demo"))
    mandate = str(ROOT / "docs" / "demo" / "svelvik-ungdom.toml")
    assert samskab(tmp_path, "mandate", "load", mandate, SAMSKAB_DATABASE_URL=real)[0] == 0
    database = Database(demo)
    upgrade(database)
    with database.transaction() as tx:
        marks.put(tx, "demo", "yes")
    database.close()
    for command, url, said in (("run", demo, "This is a demo's database"), ("demo", real, "This is no demo's")):
        code, line = samskab(tmp_path, command, SAMSKAB_DATABASE_URL=url)
        assert (code, line.count("\n"), said in line) == (1, 1, True), line


def test_a_demo_whose_database_cannot_be_opened_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, line = samskab(tmp_path, "demo", SAMSKAB_DATABASE_URL=f"sqlite:///{tmp_path}/file/s.db")
    assert (code, line.count("\n"), "SAMSKAB_DATABASE_URL" in line) == (1, 1, True), line
