"""What a burglar carries away from either database: its files, its backups, its rows with their hidden columns."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg

from storage.database import Database

SAID = "SELECT person_id FROM outbox WHERE CAST(content AS TEXT) LIKE '%Stemmen din er mottatt%' ORDER BY id"
USED = "SELECT person_id FROM address ORDER BY used_at, id"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the roll or a paper; `stamp` is the hidden number of the transaction that wrote it, where there is one.

    `what` is the box of a voter, or the choice on a paper; `who` the voter, or nobody.
    """

    who: int
    what: Any
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything that could be taken at one moment. Files are named kind:name, such as wal:samskab.db-wal."""

    name: str
    voters: tuple[Row, ...]
    papers: tuple[Row, ...]
    clocks: Mapping[str, tuple[int, ...]]
    files: Mapping[str, bytes] = field(default_factory=dict)


class Burglar(Protocol):
    """Takes what there is; `files` also the raw files, which are large."""

    def take(self, name: str, *, files: bool = False, beside: Iterable[Path] = ()) -> Moment:
        """Everything in reach now, and the files `beside` the database."""


def last_of_each(persons: Iterable[int]) -> tuple[int, ...]:
    """Persons in the order in which each comes last."""
    return tuple(dict.fromkeys(reversed(list(persons))))[::-1]


def kept(paths: Iterable[Path]) -> dict[str, bytes]:
    """Files as they stand, named by what they are."""
    return {f"{path.parent.name}:{path.name}": path.read_bytes() for path in paths if path.is_file()}


@dataclass(frozen=True)
class SQLiteBurglar:
    """Has the file, its log, its shared memory, and a backup made the official way."""

    database: Database
    folder: Path

    def take(self, name: str, *, files: bool = False, beside: Iterable[Path] = ()) -> Moment:
        assert self.database.url.database is not None
        file = Path(self.database.url.database)
        backup = self.folder / "backup.db"
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM INTO ?", (str(backup),))
        with closing(sqlite3.connect(backup)) as connection:
            voters = connection.execute("SELECT person_id, box FROM voter").fetchall()
            papers = connection.execute("SELECT choice FROM paper").fetchall()
            clocks = {
                "said": last_of_each(row[0] for row in connection.execute(SAID)),
                "used": last_of_each(row[0] for row in connection.execute(USED)),
            }
        taken = {"backup:backup.db": backup.read_bytes(), **kept(beside)}
        backup.unlink()
        if files:
            kinds = {"": "db", "-wal": "wal", "-shm": "shm"}
            for suffix, kind in kinds.items():
                path = file.with_name(file.name + suffix)
                if path.exists():
                    taken[f"{kind}:{path.name}"] = path.read_bytes()
        return Moment(name, tuple(Row(*row) for row in voters), tuple(Row(0, row[0]) for row in papers), clocks, taken)


@dataclass(frozen=True)
class PostgresBurglar:
    """Has a dump, the files of the cluster with its log, and may ask for the hidden columns."""

    dsn: str
    binaries: Path
    log: Path

    def take(self, name: str, *, files: bool = False, beside: Iterable[Path] = ()) -> Moment:
        taken = {"backup:dump.sql": self._dump(), "log:server": self.log.read_bytes(), **kept(beside)}
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            voters = connection.execute("SELECT person_id, box, xmin::text FROM voter ORDER BY ctid").fetchall()
            papers = connection.execute("SELECT 0, choice, xmin::text FROM paper ORDER BY ctid").fetchall()
            by_stamp = connection.execute("SELECT person_id FROM voter ORDER BY xmin::text::bigint, ctid").fetchall()
            clocks = {
                "said": last_of_each(row[0] for row in connection.execute(SAID)),
                "used": last_of_each(row[0] for row in connection.execute(USED)),
                "stamp": tuple(row[0] for row in by_stamp),
            }
            if files:
                taken |= self._cluster(connection)
        return Moment(name, tuple(Row(*row) for row in voters), tuple(Row(*row) for row in papers), clocks, taken)

    def _dump(self) -> bytes:
        environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
        command = [str(self.binaries / "pg_dump"), "--dbname", self.dsn]
        return subprocess.run(command, check=True, capture_output=True, env=environment).stdout

    @staticmethod
    def _cluster(connection: psycopg.Connection[Any]) -> dict[str, bytes]:
        """The pages of this database and the log of all; a checkpoint first, for memory is not what is stolen."""
        connection.execute("CHECKPOINT")
        found = connection.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        assert found is not None
        data = Path(found[0])
        heap = {f"heap:{path.name}": path.read_bytes() for path in (data / "base" / str(found[1])).iterdir()}
        wal = sorted(path for path in (data / "pg_wal").iterdir() if path.is_file())
        return heap | {"wal:all": b"".join(path.read_bytes() for path in wal)}
