"""Processes forked from one that has imported the service: as real as any other, and there two seconds sooner."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path

SERVER = get_context("forkserver")
# The last is what a child would read again of the test run itself.
SERVER.set_forkserver_preload(["bot.__main__", "bot.process", "bot.platforms.telegram", "tests.serve", "pytest"])


class Forked:
    """What `subprocess.Popen` would be of `python -m module arguments`."""

    def __init__(
        self, module: str, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path
    ) -> None:
        given = (module, list(arguments), str(folder), dict(environment), str(log))
        self._process = SERVER.Process(target=_become, args=given, name=module, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.exitcode

    def wait(self, seconds: float) -> int:
        """Wait until it has ended. Raises subprocess.TimeoutExpired."""
        self._process.join(seconds)
        if (code := self._process.exitcode) is None:
            raise subprocess.TimeoutExpired(self._process.name, seconds)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it without a warning."""
        self.send_signal(signal.SIGKILL)


def _become(module: str, arguments: Sequence[str], folder: str, environment: Mapping[str, str], log: str) -> None:
    """Be a program with a folder, an environment and a log of its own."""
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.setsid()
    sys.argv = [module, *arguments]
    importlib.import_module(module).main()
