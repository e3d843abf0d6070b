"""A PostgreSQL of the laboratory's own, which can be stopped and started again under load."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from tests.postgres import READY_WITHIN, Account, Server, await_ready, first_with_initdb, places

LOCAL = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=200")


class Cluster:
    """A server whose data outlive its process."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.account = Account.of(home)
        self.binaries = first_with_initdb(places())
        if not self.account.can_run(self.binaries / "postgres"):
            self.binaries = self.account.copy(self.binaries)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        url = URL.create("postgresql", "postgres", host="127.0.0.1", port=self.port, database="postgres")
        self.server = Server(url)
        self.process: subprocess.Popen[bytes] | None = None
        self.account.run(self.binaries / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-N",
                         "--no-instructions", "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip

    def start(self) -> None:
        """Serve, and return once it answers."""
        flags = [part for setting in (*LOCAL, f"port={self.port}") for part in ("-c", setting)]
        with (self.home / "log").open("ab") as log:
            self.process = self.account.start(
                log.fileno(), self.binaries / "postgres", "-D", self.home / "data", *flags
            )
        await_ready(self.process, self.server.url, self.home / "log")

    def stop(self) -> None:
        """Stop at once: whoever is connected is thrown out."""
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(READY_WITHIN)
            self.process = None


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server as long as the block lasts."""
    home = Path(tempfile.mkdtemp(prefix="samskab-crash-"))
    found = Cluster(home)
    try:
        found.start()
        yield found
    finally:
        found.stop()
        shutil.rmtree(home, ignore_errors=True)
