"""The launcher gives a real server, leaves nothing behind, and says so when there is none."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from tests.postgres import Server, first_with_initdb, plain, server

pytestmark = pytest.mark.alone
KILLED = "from tests.postgres import server\nwith server() as pg: print(pg.dsn('postgres'), flush=True); input()"


@pytest.fixture
def reachable(tmp_path: Path) -> Path:
    """A temporary folder that the server's account can reach, too."""
    for folder in tmp_path, *tmp_path.parents[:2]:
        folder.chmod(0o755)
    return tmp_path


def answers(address: str) -> bool:
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_database_is_copied_from_a_template(postgres: Server) -> None:
    with psycopg.connect(postgres.create("mould").replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE idea AS SELECT 'Flere bænke' AS words")
    copy = postgres.create("copy", template="mould").replace("+psycopg", "")
    with psycopg.connect(copy) as connection:
        assert connection.execute("SELECT upper(words) FROM idea").fetchone() == ("FLERE BÆNKE",)
    postgres.drop("copy")
    postgres.drop("mould")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(copy)


def test_a_server_is_gone_after_its_block(monkeypatch: pytest.MonkeyPatch, reachable: Path) -> None:
    monkeypatch.delenv("TEST_PG_DSN", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(reachable))
    with server(fsync=True) as own:
        assert len(list(reachable.iterdir())) == 1
        with psycopg.connect(plain(own.url)) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
    assert list(reachable.iterdir()) == []
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(plain(own.url))


def test_a_named_server_is_used_and_left_running(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_PG_DSN", postgres.dsn("postgres"))
    with server() as named:
        named.create("guest")
    postgres.drop("guest")
    assert named.url.port == postgres.url.port


def test_a_killed_run_takes_its_server_along(reachable: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(reachable), "TEST_PG_DSN": ""}
    with subprocess.Popen(
        [sys.executable, "-c", KILLED], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        address = run.stdout.readline().strip().replace("+psycopg", "")
        psycopg.connect(address).close()
        run.kill()
    patience = time.monotonic() + 10
    while answers(address) and time.monotonic() < patience:
        time.sleep(0.02)
    assert not answers(address)


def test_no_server_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="make dev, or set TEST_PG_DSN"):
        first_with_initdb([tmp_path])
