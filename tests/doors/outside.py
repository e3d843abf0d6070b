"""The service as a process of its own that can be killed at any moment; people are outside, on Telegram."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import func, select

from bot.work.sender import LEASE
from storage import ballots
from storage.outbox import HOLD
from storage.tables import Outbox, Schedule
from tests.databases import fresh
from tests.doors.stage import HOOK, Stage, free_port
from tests.doors.telegram import Telegrammer
from tests.fakes.telegram import TelegramFake
from tests.serve import Service, service
from tests.world import World


class Outside(Stage):
    """A world whose service runs elsewhere: `kill` ends it as a power cut would, and starts it again."""

    def __init__(self, folder: Path, fake: TelegramFake) -> None:
        database = fresh(folder)
        World.__init__(self, database, folder)
        self.telegram, self.slack, self.people_are = fake, None, Telegrammer
        self.app = SimpleNamespace(telegram=SimpleNamespace(account=f"telegram:{fake.token.partition(':')[0]}"))  # type: ignore[assignment]
        self.folder, self.port = folder, free_port()
        self.clock = folder / "clock"
        self.kills = 0
        self._stack = ExitStack()
        self._starts()

    def _starts(self) -> None:
        assert self.telegram is not None
        self.clock.write_text(self.now.isoformat())
        settings = {
            "SAMSKAB_TELEGRAM_TOKEN": self.telegram.token,
            "SAMSKAB_TELEGRAM_API_URL": self.telegram.url,
            "SAMSKAB_TELEGRAM_WEBHOOK_SECRET": HOOK,
        }
        self.service: Service = self._stack.enter_context(service(self.folder, self.port, self.clock, settings))

    def kill(self) -> None:
        """A power cut, and power again once the dead process's right to send has run out."""
        self.kills += 1
        self.now += timedelta(seconds=LEASE + 1)
        self.service.kill()
        self._starts()

    def until(self, moment: datetime) -> None:
        """Time passes while the service is off; it finds out when it starts."""
        self.settle()
        self.now = moment
        self.kill()
        self.settle()

    def _waiting(self) -> int:
        accounts = Outbox.account == self.app.telegram.account
        going = Outbox.state.in_(("ready", "leased", "sending")) & (Outbox.expires_at > self.now) & (Outbox.lane < HOLD)
        late = (Schedule.state == "waiting", Schedule.due_at <= self.now)
        with self.db.reading() as tx:
            rows: int = tx.execute(select(func.count()).select_from(Outbox).where(accounts, going)).scalar_one()
            due: int = tx.execute(select(func.count()).select_from(Schedule).where(*late)).scalar_one()
            closing = [one for one in ballots.under_way(tx) if ballots.get(tx, one).closes_at <= self.now]
        return rows + due + len(closing)

    def ends(self) -> None:
        self._stack.close()
        self.db.close()


@contextmanager
def outside(folder: Path) -> Iterator[Outside]:
    """A service that can be killed, with a strict Telegram around it."""
    with TelegramFake() as fake:
        fake.limits = False
        found = Outside(folder, fake)
        try:
            yield found
        finally:
            found.ends()
