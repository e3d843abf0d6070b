"""The whole service on a loop of its own, with a clock moved by hand and strict platforms around it."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import func, select

from bot.app import App
from bot.chat.delivery import Pace
from bot.config import Settings, read
from bot.work.fair import Manners
from storage import schedules
from storage.database import Database
from storage.outbox import HOLD
from storage.tables import Outbox, Recording, Schedule
from tests.databases import careless
from tests.fakes.ending import settle
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake
from tests.serve import SECRET
from tests.world import Someone, World

HOOK = "a-webhook-secret-of-more-than-32-characters"
BOT_TOKEN, SIGNING, APP_TOKEN = "xoxb-1-test", "8f742231b10e8888abcd99yyyzzz85a5", "xapp-1-test"
UNHURRIED = Manners(at_once=100_000, waiting=100_000, newcomers=100_000)  # a scenario is played faster than people are
UNLIMITED = Pace(rate=10_000, chat_rate=10_000, chat_burst=10_000)


class PostOffice:
    """A mail server on loopback that keeps what it is given."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail; the name is the library's."""
        content = envelope.content
        assert isinstance(content, bytes)
        found = message_from_bytes(content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.received.append(found)
        return "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://{self._controller.hostname}:{self._controller.port}"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to an address, oldest first."""
        return [mail for mail in self.received if mail["To"] == address]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Stage(World):
    """A world whose events travel through the real service; each platform is on where its fake is given."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        telegram: TelegramFake | None = None,
        slack: SlackFake | None = None,
        people_are: Callable[[Stage, str, str], Someone],
    ) -> None:
        super().__init__(database, folder)
        self.telegram, self.slack = telegram, slack
        self.manners = UNHURRIED
        self.people_are = people_are
        self.post = PostOffice()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, name="service", daemon=True)
        self._up = threading.Event()
        self._failed: BaseException | None = None
        self._folder = folder

    def _settings(self) -> Settings:
        given: dict[str, Any] = {
            "database_url": self.db.url.render_as_string(hide_password=False),
            "port": free_port(),
            "secret_key": SECRET,
            "key_dir": self._folder / "keys",
            "forgotten_list": self._folder / "forgotten.txt",
            "smtp_url": self.post.url,
            "mail_from": "Samskab <post@example.org>",
        }
        if self.telegram:
            given |= {"telegram_token": self.telegram.token, "telegram_api_url": self.telegram.url}
            given |= {"telegram_webhook_secret": HOOK}
        if self.slack:
            given |= {"slack_bot_token": BOT_TOKEN, "slack_signing_secret": SIGNING, "slack_api_url": self.slack.url}
        return read(self._folder / "no.env", **given)

    def start(self) -> None:
        """Open the house and wait until everything in it has started."""
        self.post.start()
        self.thread.start()
        assert self._up.wait(20), "the service did not start"
        if self._failed:
            raise self._failed
        if self.slack:
            self.slack.deliver_to(f"{self.url}/slack")
        wanted = 1 + bool(self.telegram) + bool(self.slack)
        self.wait_until(lambda: len(self.app.senders) == wanted)

    def _run(self) -> None:
        try:
            settings = self._settings()
            self.url = settings.url
            self.app = App(settings, now=lambda: self.now, ready=lambda _app: self._up.set(), manners=self.manners)
            careless(self.app.database)
            for platform in (self.app.mail, self.app.telegram, self.app.slack):
                if platform is not None:
                    platform.pace = UNLIMITED
            asyncio.set_event_loop(self.loop)
            self.loop.run_until_complete(self.app.run())
            self.loop.run_until_complete(settle())
        except BaseException as error:
            self._failed = error
            self._up.set()

    def stop(self) -> None:
        """Send everybody home, and close the house in order."""
        for someone in self.people:
            someone.leaves()
        if self.slack:
            self.slack.wait_idle()
        self.loop.call_soon_threadsafe(self.app.stopping.set)
        self.thread.join(20)
        assert not self.thread.is_alive(), "the service did not stop"
        self.loop.close()
        self.post.stop()
        if self._failed:
            raise self._failed

    def person(self, name: str, locale: str = "en", account: str = "") -> Someone:
        """Somebody nobody has heard of yet, whose platform speaks `locale`."""
        someone = self.people_are(self, name, locale)
        self.locales[someone.address] = locale
        self.people.append(someone)
        return someone

    # Time -----------------------------------------------------------------------------------------------------

    def until(self, moment: datetime) -> None:
        """Let time pass until `moment`; whatever falls due on the way happens at its own moment."""
        self.settle()
        while True:
            with self.db.reading() as tx:
                due = schedules.next_due(tx)
            if due is None or due > moment:
                break
            self.now = max(self.now, due)
            self._tick()
        self.now = max(self.now, moment)
        self._tick()

    def _tick(self) -> None:
        asyncio.run_coroutine_threadsafe(self.app.clock.tick(), self.loop).result(20)
        self.settle()

    def settle(self) -> None:
        """Wait until every update is taken and every message has gone out."""
        if self.telegram:
            self.telegram.wait_idle(quiet=0.005)
        if self.slack:
            self.slack.wait_idle(quiet=0.02)
        self.wait_until(lambda: not self._waiting())
        if self.slack:
            self.slack.wait_idle(quiet=0.02)

    def _waiting(self) -> int:
        """How many messages are on their way, or things due."""
        states = Outbox.state.in_(("ready", "leased", "sending")) & (Outbox.lane < HOLD)
        accounts = Outbox.account.in_([sender.platform.account for sender in self.app.senders])
        due = Outbox.due_at.is_(None) | (Outbox.due_at <= self.now)
        late = (Schedule.state == "waiting", Schedule.due_at <= self.now)
        with self.db.reading() as tx:
            rows = tx.execute(select(func.count()).select_from(Outbox).where(states, accounts, due)).scalar_one()
            lacking = (Recording.state == "waiting", Recording.due_at <= self.now)
            rows += tx.execute(select(func.count()).select_from(Recording).where(*lacking)).scalar_one()
            return rows + tx.execute(select(func.count()).select_from(Schedule).where(*late)).scalar_one()

    @staticmethod
    def wait_until(holds: Callable[[], object], seconds: float = 20) -> None:
        """Wait for another thread's work."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "waited too long"
            time.sleep(0.005)
