"""The service under measure: its database, the light Bot API, its processes, and what they cost."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.database import Database
from tests.bench import scene
from tests.bench.load import SECRET, ask
from tests.bench.machine import Running, free_port, running, wait_until
from tests.serve import ROOT

TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
HERE = Path(__file__).parent
SETTLED = 1.0  # seconds: after its start a process still says where updates go, and takes its lease


@dataclass
class Api:
    """The light Bot API as a process."""

    port: int
    process: Running

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def calls(self, *methods: str) -> int:
        """How often these methods were called."""
        counted = ask(self.port, "/calls")
        return sum(counted.get(method, 0) for method in methods)

    def arrived(self) -> list[tuple[int, float]]:
        """Chat and moment of each message."""
        return [(chat, moment) for chat, moment in ask(self.port, "/arrived")]

    def begin_anew(self) -> None:
        """Forget what came so far."""
        ask(self.port, "/reset")


@contextmanager
def bot_api(latency: float = 0.0, limit: int = 0) -> Iterator[Api]:
    """A light Bot API as long as the block lasts."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.telegram", str(port), f"--latency={latency}", f"--limit={limit}"]
    with running(command, {"PYTHONPATH": str(ROOT)}, ROOT) as process:
        yield Api(port, process)


@dataclass
class Service:
    """Our processes on one database."""

    processes: Sequence[Running]
    ports: Sequence[int]
    database: Database

    @property
    def port(self) -> int:
        return self.ports[0]

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        return sum(process.cpu() for process in self.processes)

    def empty(self, seconds: float = 300) -> None:
        """Wait until every message is settled."""
        wait_until(lambda: not scene.left(self.database), "the outbox to empty", seconds)


def environment(folder: Path, url: str, api: str, port: int) -> dict[str, str]:
    """The settings of one process."""
    return {
        "PYTHONPATH": str(ROOT),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "SAMSKAB_BASE_URL": f"http://127.0.0.1:{port}",
        "SAMSKAB_PORT": str(port),
        "SAMSKAB_DATABASE_URL": url,
        "SAMSKAB_SECRET_KEY": "a secret key for benchmarks that is long enough",
        "SAMSKAB_KEY_DIR": str(folder / "keys"),
        "SAMSKAB_TELEGRAM_TOKEN": TOKEN,
        "SAMSKAB_TELEGRAM_API_URL": api,
        "SAMSKAB_TELEGRAM_WEBHOOK_SECRET": SECRET,
    }


@contextmanager
def home(url: str = "") -> Iterator[tuple[Path, str, Database]]:
    """A folder and a database, at `url` or else an SQLite file in the folder; gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="samskab-bench-") as name:
        folder = Path(name)
        (folder / "keys").mkdir(mode=0o700)
        found = url or f"sqlite:///{folder}/samskab.db"
        database = Database(found)
        try:
            yield folder, found, database
        finally:
            database.close()


@contextmanager
def service(
    folder: Path,
    url: str,
    api: Api,
    database: Database,
    *parts: str,
    switches: Sequence[str] = ("--pace=open",),
    settings: Mapping[str, str] | None = None,
) -> Iterator[Service]:
    """One process, or one for each of the `parts` web and work."""
    with ExitStack() as stack:
        processes, ports = [], []
        for part in parts or ("",):
            ports.append(free_port())
            command = [sys.executable, "-m", "tests.bench.serve", *switches, f"--only={part}"]
            known = environment(folder, url, api.url, ports[-1]) | dict(settings or {})
            processes.append(stack.enter_context(running(command, known, folder)))
        time.sleep(SETTLED)
        yield Service(processes, ports, database)
