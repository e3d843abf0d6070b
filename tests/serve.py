"""The service as a real process that is composed for a test: `python -m tests.serve`, settings from the environment.

`--clock FILE` holds a moment, and whoever drives the test writes it; `--migrations FOLDER` holds the revisions that the
program knows. People may write as fast as they like, for they are played by a program, unless TEST_MANNERS is set. The
product itself has no such switches.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from tests.forked import Forked

ROOT = Path(__file__).parent.parent
SECRET = "a secret key for tests that is long enough"


@dataclass
class Service:
    """A running service, and the handles to stop or kill it."""

    process: subprocess.Popen[bytes] | Forked
    url: str
    log: Path

    def kill(self) -> None:
        """End it without a warning, as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """Ask it to stop, as an operator would; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)


@contextmanager
def service(
    folder: Path,
    port: int,
    clock: Path | None,
    settings: Mapping[str, str],
    *,
    ready: float = 20,
    only: str = "",
    composed: Mapping[str, object] | None = None,
    anew: bool = False,
) -> Iterator[Service]:
    """Start the service, or `only` a part of it, in a process of its own and wait until it answers.

    Without a clock, and with nothing `composed` otherwise, it is `samskab run`. The process is forked from one that
    has imported it, unless it is to start `anew`, as an operator's does.
    """
    url = f"http://127.0.0.1:{port}"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "SAMSKAB_PORT": str(port),
        "SAMSKAB_BASE_URL": url,
        "SAMSKAB_SECRET_KEY": SECRET,
        "SAMSKAB_DATABASE_URL": f"sqlite:///{folder}/samskab.db",
        "SAMSKAB_KEY_DIR": str(folder / "keys"),
        "SAMSKAB_LOG_LEVEL": "DEBUG",
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    log = folder / f"service{port if only else ''}.log"
    given = {**({"clock": clock} if clock else {}), **(composed or {})}
    switches = [f"--{name}={value}" for name, value in given.items()] + ([f"--only={only}"] if only else [])
    module, arguments = ("tests.serve", switches) if given else ("bot.__main__", ["run", *switches])
    process: subprocess.Popen[bytes] | Forked
    if anew:
        command = [sys.executable, "-m", module, *arguments]
        with log.open("ab") as out:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)
    else:
        process = Forked(module, arguments, folder, environment, log)
    try:
        wait_for(url, process, log, ready)
        yield Service(process, url, log)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)


def wait_for(url: str, process: subprocess.Popen[bytes] | Forked, log: Path, seconds: float) -> None:
    """Wait until /health answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"the service ended with {process.returncode}:\n{log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the service did not answer within {seconds} s:\n{log.read_text()[-3000:]}")


def main() -> None:
    """Run the service as it is composed."""
    given = argparse.ArgumentParser()
    given.add_argument("--clock", type=Path)
    given.add_argument("--migrations", type=Path)
    given.add_argument("--only", default="")
    how = given.parse_args()
    from bot.app import App
    from bot.config import read
    from bot.logs import configure
    from bot.work.fair import Manners
    from storage import migrate

    migrate.FOLDER = how.migrations or migrate.FOLDER
    os.umask(0o077)
    settings = read()
    configure(settings.log_level)

    def now() -> datetime:
        return datetime.fromisoformat(how.clock.read_text().strip()) if how.clock else datetime.now(UTC)

    async def run() -> None:
        unhurried = Manners(at_once=100_000, waiting=100_000, newcomers=100_000)
        manners = None if "TEST_MANNERS" in os.environ else unhurried
        app = App(settings, now=now, only=how.only, manners=manners)
        app.stop_on_signals()
        await app.run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


if __name__ == "__main__":
    main()
