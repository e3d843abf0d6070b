"""What the documentation gives to be copied works as it stands."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from bot.work.closing import close_now
from storage import ballots, rights
from storage.database import Database
from storage.migrate import fits, upgrade
from tests.locks import ROOT
from tests.operate.life import lived
from tests.postgres import Server, plain
from tests.world import World

DEPLOY = ROOT / "docs" / "deploy"
NAME = "samskab_roles"


def does(server: Server, database: str, statements: str) -> None:
    with psycopg.connect(plain(server.url.set(database=database)), autocommit=True) as connection:
        for statement in statements.split(";"):
            if statement.strip():
                connection.execute(statement.encode())


@pytest.fixture
def as_role(postgres: Server) -> Iterator[dict[str, str]]:
    """The address of a database for each role, made by what the documentation says."""
    script = (DEPLOY / "roles.sql").read_text().replace("DATABASE samskab ", f"DATABASE {NAME} ")
    outside, inside = script.split("\\connect samskab\n")
    does(postgres, "postgres", "".join(line for line in outside.splitlines(True) if not line.startswith("--")))
    does(postgres, NAME, inside)
    yield {
        role: make_url(postgres.dsn(NAME)).set(username=f"samskab_{role}").render_as_string(False)
        for role in ("migrate", "run")
    }
    postgres.drop(NAME)
    does(postgres, "postgres", "DROP ROLE samskab_migrate; DROP ROLE samskab_run")


def test_whoever_runs_does_all_the_service_needs_and_changes_no_table(
    as_role: dict[str, str], postgres: Server, tmp_path: Path
) -> None:
    migrating, running = Database(as_role["migrate"]), Database(as_role["run"])
    assert upgrade(migrating, explicit=True)
    with running.reading() as tx:
        assert not rights.may_tidy(tx)
    does(postgres, NAME, "".join(
        line for line in (DEPLOY / "own-the-roll.sql").read_text().splitlines(True) if not line.startswith("--")
    ))  # fmt: skip
    world = World(running, tmp_path)
    lived(world)
    filed = text("SELECT pg_relation_filenode('voter')")
    with running.reading() as tx:
        assert rights.may_tidy(tx)
        before = tx.execute(filed).scalar_one()
    assert ballots.tidy(running)
    with running.reading() as tx:
        assert tx.execute(filed).scalar_one() != before, "the table was not rewritten"
    assert fits(running) and close_now(running, world.engine, world.now) == []
    with pytest.raises(ProgrammingError, match="permission denied"), running.transaction() as tx:
        tx.execute(text("CREATE TABLE extra (id int)"))
    with migrating.transaction() as tx:
        tx.execute(text("ALTER TABLE voter ADD COLUMN extra int"))
        tx.rollback()
    for database in (migrating, running):
        database.close()


@pytest.mark.parametrize("name", ["samskab.service", "samskab-backup.service", "samskab-backup.timer"])
def test_the_units_are_understood(name: str, tmp_path: Path) -> None:
    """Where there is systemd; the program of the unit is not at its place here."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd here")
    for unit in DEPLOY.glob("samskab*.*"):
        here = unit.read_text().replace("/opt/samskab/.venv/bin/samskab", "/bin/true").replace("=samskab\n", "=root\n")
        (tmp_path / unit.name).write_text(here)
    done = subprocess.run(
        [program, "verify", "--man=no", name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if "samskab" in line]
    assert (done.returncode, said) == (0, [])
