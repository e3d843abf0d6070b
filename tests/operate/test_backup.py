"""A backup is made while the service writes, says nothing to a stranger, and holds no key of a ballot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.domain.backup_keys import PRIVATE, PUBLIC, key_of
from bot.operate import envelope, forgotten, parcel
from bot.operate.backup import KEPT, in_folder, make
from bot.operate.envelope import Broken
from storage import erasure, portable, restored
from storage.database import Database
from storage.tables import Committee, Lease, PersonRow
from tests.operate.life import Past, content
from tests.serve import SECRET
from tests.world import START

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def committee(database: Database, key: str) -> None:
    with database.transaction() as tx:
        tx.execute(insert(Committee).values(key=key, created_at=START))


def test_it_shows_one_moment_and_holds_up_nobody(database: Database, tmp_path: Path) -> None:
    """Somebody writes between two lines of it, into a table that it has not come to."""
    committee(database, "before")
    with portable.snapshot(database) as tx:
        lines = parcel.pack(tx, START)
        first = next(lines)
        committee(database, "meanwhile")
        held = [first, *lines]
    assert parcel.check(held).parts["committee"].rows == 1
    assert b"before" in b"".join(held) and b"meanwhile" not in b"".join(held)
    assert len(content(database)["committee"]) == 2


def test_a_stranger_reads_nothing_and_no_key_of_a_ballot_is_in_it(past: Past, tmp_path: Path) -> None:
    past.restored(url := f"sqlite:///{tmp_path}/r.db", complete=True)
    database, (public, private) = Database(url), envelope.new_pair()
    made = make(database, tmp_path / "backup", key_of(public, PUBLIC), START)
    database.close()
    with made.path.open("rb") as file:
        inside = b"\n".join(envelope.read(file, envelope.opening(key_of(private, PRIVATE))))
    outside = made.path.read_bytes()
    key = (past.keys / "1").read_bytes()
    assert b"Member1" in inside and b"Member1" not in outside
    assert key not in inside and key.hex().encode() not in inside
    assert made.path.stat().st_mode & 0o077 == 0


def test_a_folder_keeps_35_days_and_the_list_of_those_erased(database: Database, tmp_path: Path) -> None:
    folder, now = tmp_path / "backups", datetime(2026, 5, 1, 3, 10, tzinfo=UTC)
    first = in_folder(database, folder, None, now)
    (folder / "notes.txt").write_text("ours")
    with database.transaction() as tx:
        row = insert(PersonRow).values(name="Per", state="active", created_at=now)
        erasure.erase(tx, gone := tx.execute(row.returning(PersonRow.id)).scalar_one(), now)
    assert in_folder(database, folder, None, now + KEPT).removed == ()
    later = in_folder(database, folder, None, now + KEPT + timedelta(seconds=1))
    assert later.removed == (first.path,) == (folder / "samskab-20260501T031000Z.backup",)
    assert {path.name for path in folder.iterdir()} == {
        "samskab-20260605T031000Z.backup", "samskab-20260605T031001Z.backup", "notes.txt", "forgotten.txt",
    }  # fmt: skip
    assert forgotten.read(folder / "forgotten.txt") == [(gone, now)]


def test_what_fails_leaves_no_half_of_a_file(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").write_text("kept")
    with pytest.raises(FileExistsError):
        make(database, tmp_path / "there", None, START)
    monkeypatch.setattr(envelope.os, "urandom", lambda size: b"short")
    with pytest.raises(ValueError):
        make(database, tmp_path / "backup", None, START)
    assert {path.name for path in tmp_path.iterdir() if "samskab.db" not in path.name} == {"there"}


@ON_SQLITE
def test_a_database_that_is_not_whole_is_not_backed_up(database: Database, tmp_path: Path) -> None:
    with database.writer.connect() as tx:
        tx.exec_driver_sql("COMMIT")
        tx.exec_driver_sql("PRAGMA foreign_keys=OFF")
        tx.exec_driver_sql("INSERT INTO second VALUES (7, 7)")
    with pytest.raises(Broken, match="not whole"):
        make(database, tmp_path / "backup", None, START)


def test_the_list_of_those_erased_outlives_the_database(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "forgotten.txt"
    register = forgotten.Register(path)
    register.note(database)
    assert forgotten.read(path) == []
    with database.transaction() as tx:
        for number in (5, 17):
            tx.execute(insert(PersonRow).values(id=number, name="x", state="active", created_at=START))
            erasure.erase(tx, number, START + timedelta(days=number))
        noted = restored.forgotten(tx)
    register.note(database)
    register.note(database)
    forgotten.Register(path).note(database)
    assert forgotten.read(path) == list(noted) == [(5, START + timedelta(days=5)), (17, START + timedelta(days=17))]
    assert path.stat().st_mode & 0o077 == 0


# The commands ---------------------------------------------------------------------------------------------------


class Operator:
    """Somebody at the command line."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.url = f"sqlite:///{folder}/samskab.db"
        self.settings: Mapping[str, Any] = {
            "SAMSKAB_DATABASE_URL": self.url, "SAMSKAB_SECRET_KEY": SECRET, **settings,
        }  # fmt: skip

    def types(self, *words: str, answer: str | None = None, **settings: str) -> Result:
        return CliRunner().invoke(app, list(words), input=answer, env={**self.settings, **settings})


@pytest.fixture
def operator(tmp_path: Path, past: Past, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """At a service that has stopped, in its folder."""
    monkeypatch.chdir(tmp_path)
    past.restored(f"sqlite:///{tmp_path}/samskab.db", complete=True)
    return Operator(tmp_path, SAMSKAB_KEY_DIR=str(past.keys))


def test_a_backup_and_its_restoring_by_command(operator: Operator, tmp_path: Path) -> None:
    public, private = [
        line.split("=")[-1] for line in operator.types("backup", "--new-key").output.splitlines() if "backup-p" in line
    ]
    assert (public.startswith(PUBLIC), private.startswith(PRIVATE)) == (True, True)
    made = operator.types("backup", "b", SAMSKAB_BACKUP_KEY=public)
    assert (made.exit_code, "read back and compared, sealed to SAMSKAB_BACKUP_KEY" in made.output) == (0, True)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "forgotten.txt").write_text("2 2027-01-01T00:00:00+00:00\n")
    refused = operator.types("restore", "b", answer=f"{private}\n")
    assert (refused.exit_code, "add --replace" in refused.output.casefold()) == (1, True)
    wrong = operator.types("restore", "b", "--replace", answer=f"{public}\n")
    assert (wrong.exit_code, "must begin with backup-private-" in wrong.output) == (1, True)
    done = operator.types("restore", "b", "--replace", answer=f"{private}\n")
    assert done.exit_code == 0, done.output
    for said in ("Erased again: 1", "Prioritisations 1 are void", "The old file is now", "1 in all"):
        assert said in done.output
    assert private not in done.output
    restored_one = Database(operator.url)
    with restored_one.reading() as tx:
        assert tx.execute(select(PersonRow.state).where(PersonRow.id == 2)).scalar_one() == "forgotten"
    restored_one.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backup",), "Say where to"),
        (("backup", "b"), "--plain"),
        (("backup", "keys/b", "--plain"), "a backup may not lie in"),
        (("backup", "--folder", ".", "--plain"), "would travel with them"),
        (("backup", "nowhere/b", "--plain"), "nowhere/b: cannot be written"),
        (("restore", "nowhere"), "nowhere: No such file"),
        (("restore", "b"), "Nobody knows who was erased"),
        (("restore", "b", "--nobody-forgotten"), "is there already"),
        (("move", "--to", "sqlite:///x"), "must begin with postgresql+psycopg://"),
        (("move", "--to", "postgresql+psycopg://127.0.0.1:1/x"), "Nothing was moved"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_said_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_file: Database, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "keys").mkdir()
    make(database_file, tmp_path / "b", None, START) if words[0] == "restore" else None
    result = Operator(tmp_path, SAMSKAB_KEY_DIR="keys").types(*words)
    assert (result.exit_code, result.output.count("\n"), said in result.output) == (1, 1, True), result.output


def test_while_the_service_runs_nothing_is_replaced_or_moved(operator: Operator, server_url: str) -> None:
    assert operator.types("backup", "b", "--plain").exit_code == 0
    database = Database(operator.url)
    with database.transaction() as tx:
        values = {"account": "mail", "owner": "somebody", "epoch": 1}
        tx.execute(insert(Lease).values(**values, until=datetime.now(UTC) + timedelta(minutes=1)))
    database.close()
    for words in (("restore", "b", "--replace"), ("move", "--to", server_url)):
        result = operator.types(*words)
        assert (result.exit_code, "The service is running" in result.output) == (1, True), result.output


def test_a_move_by_command_says_what_to_set_next(operator: Operator, server_url: str) -> None:
    result = operator.types("move", "--to", server_url)
    assert result.exit_code == 0, result.output
    assert "person: 8 rows compared" in result.output
    assert "Now set SAMSKAB_DATABASE_URL" in result.output
