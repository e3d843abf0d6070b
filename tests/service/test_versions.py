"""Two versions of the program on one database: what they may do side by side, and what each refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from storage import migrate
from storage.database import Database
from tests.doors.stage import Stage
from tests.service.fleet import Fleet

wait_until = Stage.wait_until


def neighbour(tmp_path: Path, phase: str, name: str = "9001", after: str = "") -> Path:
    """The folder of revisions as the next version of the program has it."""
    folder = tmp_path / f"migrations{name}"
    shutil.copytree(migrate.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    before = after or migrate._newest().revision
    (folder / "versions" / f"{name}_made_up.py").write_text(
        f'"""Made up."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
        f'revision = "{name}"\ndown_revision = "{before}"\nphase = "{phase}"\n\n\n'
        f"def upgrade() -> None:\n"
        f'    op.add_column("idea", sa.Column("made_up_{name}", sa.String(20), nullable=False, server_default="new"))\n'
    )
    return folder


def test_old_and_new_processes_work_side_by_side_on_an_expanded_database(
    town: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ola, folder = town.member("Ola"), neighbour(tmp_path, "expand")
    before = town.starts("web")
    monkeypatch.setattr(migrate, "FOLDER", folder)
    assert migrate.upgrade(town.db, explicit=True)
    town.starts("work", migrations=folder)
    ola.says("/idea One")
    wait_until(lambda: len(ola.messages) == 1)
    assert before.stop() == 0
    town.starts("web")
    ola.says("/idea Two")
    wait_until(lambda: len(ola.messages) == 2)
    with town.db.reading() as tx:
        assert tx.execute(text("SELECT made_up_9001 FROM idea")).scalars().all() == ["new"] * 2


def test_a_program_refuses_what_it_cannot_work_with(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = migrate.FOLDER
    one = neighbour(tmp_path, "expand")

    def on(folder: Path) -> bool:
        monkeypatch.setattr(migrate, "FOLDER", folder)
        return migrate.upgrade(db)

    with pytest.raises(migrate.OldDatabaseError, match="samskab migrate"):
        on(one)
    assert migrate.upgrade(db, explicit=True)
    assert not on(old), "an addition is no obstacle"
    monkeypatch.setattr(migrate, "FOLDER", one)
    two = neighbour(tmp_path, "expand", "9002")
    monkeypatch.setattr(migrate, "FOLDER", two)
    assert migrate.upgrade(db, explicit=True)
    assert not on(one)
    with pytest.raises(migrate.NewDatabaseError, match=r"revision 9002 and this program knows"):
        on(old)


def test_what_is_taken_away_goes_when_every_program_is_new(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = migrate.FOLDER, neighbour(tmp_path, "contract")
    monkeypatch.setattr(migrate, "FOLDER", new)
    assert not migrate.upgrade(db), "the new program does not need what is there still"
    assert migrate.pending(db) and migrate.upgrade(db, explicit=True)
    monkeypatch.setattr(migrate, "FOLDER", old)
    with pytest.raises(migrate.NewDatabaseError):
        migrate.upgrade(db)


def test_every_revision_after_the_first_says_its_phase_and_each_file_its_revision() -> None:
    scripts = list(ScriptDirectory.from_config(migrate.config()).walk_revisions())
    assert [script.revision for script in scripts] == migrate.revisions()
    said = {script.revision: migrate._phase(script) for script in scripts if script.down_revision}
    assert set(said.values()) <= {"expand", "contract"}, said
