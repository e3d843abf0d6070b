"""The list of those who were erased, in a file of its own: it outlives the database, and is applied at each restore."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from storage import restored
from storage.database import Database

Erased = tuple[int, datetime]


class BrokenList(Exception):
    """A list that cannot be read; its text says where."""


def read(path: Path) -> list[Erased]:
    """Everybody on a list. Raises BrokenList, or the OSError of the disk."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        person, _space, at = line.partition(" ")
        try:
            found.append((int(person), datetime.fromisoformat(at)))
        except ValueError:
            raise BrokenList(f"{path}:{number}: is not a number and a time. Mend or remove the line.") from None
    return found


def add(path: Path, erased: Iterable[Erased]) -> None:
    """Add to a list, which is made where there is none; when this returns, a power cut does not take it away."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{person} {at.isoformat()}\n" for person, at in erased)
        file.flush()
        os.fsync(descriptor)


class Register:
    """Keeps the list up to date with the database."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._noted: set[Erased] | None = None

    def note(self, database: Database) -> None:
        """Add whoever was erased since; done at every tick of the clock, it mostly has nothing to do."""
        if self._noted is None:
            self._noted = set(read(self._path)) if self._path.exists() else set()
        with database.reading() as tx:
            new = [one for one in restored.forgotten(tx) if one not in self._noted]
        if new or not self._path.exists():
            add(self._path, new)
            self._noted.update(new)
