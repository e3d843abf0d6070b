"""The processes of one trial behind a load balancer: started, killed, paused and started again."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from storage.database import Database
from storage.tables import Outbox
from tests.crash import hours
from tests.doors.stage import HOOK, free_port
from tests.fakes.telegram import TelegramFake
from tests.forked import Forked
from tests.serve import ROOT, SECRET

WITHIN = 60.0


class Process:
    """One process of the service."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"service-{self.port}.log"
        self._environment = {**environment, "SAMSKAB_PORT": str(self.port)}
        self._running: Forked | None = None
        self._answers = False
        self._began = 0.0
        self.started_in = 0.0

    @property
    def pid(self) -> int:
        assert self._running is not None
        return self._running.pid

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._running is None or self._running.poll() is not None

    def start(self) -> None:
        """Start, and return at once."""
        self._running = Forked("tests.crash.serve", [str(self.folder)], self.folder, self._environment, self.log)
        self._answers = False
        self._began = time.monotonic()

    @property
    def ready(self) -> bool:
        """Whether it has answered since its start."""
        if not self._answers and not self.over:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=1) as answer:
                    self._answers = answer.status == 200
                    self.started_in = time.monotonic() - self._began
            except OSError:
                return False
        return self._answers and not self.over

    def wait_ready(self) -> None:
        """Wait until it answers."""
        wait_until(lambda: self.ready or self.over, f"{self.url} to answer")
        if self.over:
            raise AssertionError(f"the service ended by itself:\n{self.log.read_text()[-3000:]}")

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """End it without a warning, as a power cut would."""
        if self._running is not None:
            self._running.kill()
            self._running.wait(10)

    def stop(self) -> tuple[int, float]:
        """Ask it to stop, as an operator would; its exit code, and the seconds it took."""
        assert self._running is not None
        began = time.monotonic()
        self._running.send_signal(signal.SIGTERM)
        code = self._running.wait(20)
        return code, time.monotonic() - began


class House:
    """The processes that share a database, and the strict Telegram around them."""

    def __init__(self, folder: Path, url: str, fake: TelegramFake, processes: int, pace: str) -> None:
        self.folder, self.url, self.fake = folder, url, fake
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "MPLCONFIGDIR": str(folder / "matplotlib"),
            "PYTHONPATH": str(ROOT),
            "SAMSKAB_BASE_URL": "http://127.0.0.1:8443",  # the balancer's, which the double plays itself
            "SAMSKAB_SECRET_KEY": SECRET,
            "SAMSKAB_DATABASE_URL": url,
            "SAMSKAB_KEY_DIR": str(folder / "keys"),
            "SAMSKAB_LOG_LEVEL": "INFO",
            "SAMSKAB_LEASE_SECONDS": "1",
            "SAMSKAB_TELEGRAM_TOKEN": fake.token,
            "SAMSKAB_TELEGRAM_API_URL": fake.url,
            "SAMSKAB_TELEGRAM_WEBHOOK_SECRET": HOOK,
            "LABORATORY_PACE": pace,
            hours.SECONDS: str(hours.OFF),
        }
        self.processes = [Process(folder, environment) for _number in range(processes)]
        self.database = Database(url)
        fake.balance(*(f"{process.url}/telegram" for process in self.processes))

    def start(self) -> None:
        """Start every process and wait for all of them."""
        for process in self.processes:
            process.start()
        for process in self.processes:
            process.wait_ready()

    def sending(self, pid: int | None = None) -> list[int]:
        """The rows that are being sent just now: by everybody, or by one process."""
        statement = select(Outbox.id, Outbox.owner).where(Outbox.state == "sending")
        with self.database.reading() as tx:
            rows = tx.execute(statement).all()
        return [row.id for row in rows if pid is None or f"-{pid}-" in (row.owner or "")]

    def order(self, *steps: str) -> None:
        """Whoever comes to the first of these steps is to die there, then whoever comes to the next."""
        (self.folder / "step").write_text("\n".join(steps))

    @property
    def ordered(self) -> list[str]:
        """The steps to which nobody has come yet."""
        file = self.folder / "step"
        return file.read_text().split("\n") if file.exists() and file.stat().st_size else []

    def takeovers(self) -> list[list[int]]:
        """For each time the right to send changed hands, the rows that were being sent in that moment."""
        file = self.folder / "takeovers"
        return [json.loads(line)[1:] for line in file.read_text().splitlines()] if file.exists() else []

    def close(self) -> None:
        """End every process, and let go of the database."""
        for process in self.processes:
            process.kill()
        self.database.close()

    def errors(self) -> list[str]:
        """Programming errors in the logs: lines that say that a handler failed or something was not expected."""
        marks = ("handler failed", "Traceback", "update not taken")
        lines = [line for process in self.processes for line in process.log.read_text(errors="replace").splitlines()]
        return [line for line in lines if any(mark in line for mark in marks)]


@contextmanager
def house(folder: Path, url: str, fake: TelegramFake, processes: int = 1, pace: str = "fast") -> Iterator[House]:
    """Processes that run as long as the block lasts."""
    found = House(folder, url, fake, processes, pace)
    try:
        found.start()
        yield found
    finally:
        found.close()


def wait_until(holds: Callable[[], object], what: str, seconds: float = WITHIN, every: float = 0.03) -> None:
    """Wait for another process's work."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(every)
