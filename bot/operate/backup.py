"""Backing up: the database while it is in use, sealed to a key that is elsewhere, and read back before it counts."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.operate import envelope, forgotten, parcel
from bot.operate.envelope import Broken
from bot.operate.parcel import Contents
from storage import portable
from storage.database import Database

KEPT = timedelta(days=35)
NAMED = "samskab-{:%Y%m%dT%H%M%SZ}.backup"
NAME = re.compile(r"samskab-(\d{8}T\d{6})Z\.backup")
LIST = "forgotten.txt"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was read back, and what was removed for it."""

    path: Path
    contents: Contents
    removed: tuple[Path, ...] = ()


def make(database: Database, path: Path, public: bytes | None, now: datetime) -> Made:
    """Write a backup beside its final name, read it back from the disk, and only then give it its name.

    Raises Broken where the database or the file is not whole, FileExistsError, or the OSError of the disk.
    """
    if path.exists():
        raise FileExistsError(f"{path} is there already. Give another name.")
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        contents = _write(database, unfinished, public, now)
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync(path.parent)
    return Made(path, contents)


def _write(database: Database, path: Path, public: bytes | None, now: datetime) -> Contents:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w+b") as file, portable.snapshot(database) as tx:
        if found := portable.faults(tx):
            raise Broken(f"The database is not whole: {'; '.join(found)}. Restore the last good backup.")
        key = envelope.write(file, parcel.pack(tx, now), public)
        file.flush()
        os.fsync(descriptor)
        return parcel.check(envelope.read(file, lambda _box: key))


def in_folder(database: Database, folder: Path, public: bytes | None, now: datetime) -> Made:
    """A backup named by its time, with the list of the erased beside it; those older than 35 days are removed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = make(database, folder / NAMED.format(now.astimezone(UTC)), public, now)
    forgotten.Register(folder / LIST).note(database)
    removed = tuple(path for path in sorted(folder.iterdir()) if _too_old(path, now))
    for path in removed:
        path.unlink()
    return Made(made.path, made.contents, removed)


def _too_old(path: Path, now: datetime) -> bool:
    match = NAME.fullmatch(path.name)
    if match is None:
        return False
    return datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) < now - KEPT


def sync(folder: Path) -> None:
    """Make the folder's list of names survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
