"""What stands in a backup, line by line: which version, then each table with its rows, their number and their hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.operate.envelope import Broken
from storage import portable
from storage.database import Tx

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a backup: how many rows, the hash of all of them, the highest number ever given."""

    rows: int
    sha256: str
    last: int = 0


@dataclass(slots=True)
class Contents:
    """What a backup says of itself."""

    revision: str
    made_at: datetime
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows in all."""
        return sum(part.rows for part in self.parts.values())


def pack(tx: Tx, now: datetime) -> Iterator[bytes]:
    """Every line of a backup of the database as this transaction sees it."""
    yield _line({"format": FORMAT, "revision": portable.revision(tx), "made_at": now.isoformat()})
    found = portable.tables(tx)
    numbers = portable.last_numbers(tx, found)
    for table in found:
        yield _line({"table": table.name, "columns": portable.columns(table)})
        count, digest = 0, hashlib.sha256()
        for row in portable.rows(tx, table):
            data = row.encode()
            digest.update(data + b"\n")
            count += 1
            yield data
        yield _line({"rows": count, "sha256": digest.hexdigest(), "last": numbers.get(table.name, 0)})
    yield _line({"tables": len(found)})


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()


def check(lines: Iterable[bytes]) -> Contents:
    """Read a backup to its end without keeping it. Raises Broken where anything in it does not agree."""
    remaining = iter(lines)
    contents = _heading(next(remaining, b"{}"))
    for heading in remaining:
        said = _said(heading)
        if "tables" in said:
            if said["tables"] != len(contents.parts) or next(remaining, None) is not None:
                raise _disagrees()
            return contents
        _columns, rows = _table(said, remaining)
        count, digest = 0, hashlib.sha256()
        for row in rows:
            count += 1
            digest.update(row + b"\n")
        part = Part(count, digest.hexdigest(), rows.end["last"])
        if (part.rows, part.sha256) != (rows.end["rows"], rows.end["sha256"]):
            raise _disagrees()
        contents.parts[said["table"]] = part
    raise _disagrees()


def _heading(line: bytes) -> Contents:
    said = _said(line)
    if said.get("format") != FORMAT:
        raise Broken("This backup was made by another version of Samskab, which writes it otherwise. Use that version.")
    return Contents(str(said["revision"]), datetime.fromisoformat(said["made_at"]))


def _said(line: bytes) -> dict[str, Any]:
    found = json.loads(line)
    if not isinstance(found, dict):
        raise _disagrees()
    return found


class Rows:
    """The rows of one table, up to the line that ends it; `end` is that line, once they have been read."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self.end: dict[str, Any] = {}

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            if not line.startswith(b"["):
                self.end = _said(line)
                return
            yield line
        raise _disagrees()


def _table(said: dict[str, Any], remaining: Iterator[bytes]) -> tuple[list[str], Rows]:
    if "columns" not in said:
        raise _disagrees()
    return said["columns"], Rows(remaining)


def unpack(tx: Tx, lines: Iterable[bytes], *, gap: int = 0) -> None:
    """Put all tables of a checked backup into a database of the same revision, and see that they are there.

    Numbering goes on after `gap`. Raises Broken where what was written does not come out again.
    """
    remaining = iter(lines)
    next(remaining)
    tables = {table.name: table for table in portable.tables(tx)}
    parts: dict[str, Part] = {}
    for heading in remaining:
        said = _said(heading)
        if "tables" in said:
            break
        table = tables[said["table"]]
        columns, rows = _table(said, remaining)
        try:
            portable.load(tx, table, columns, (row.decode() for row in rows))
        except ValueError as error:
            raise Broken(f"This backup does not fit its own version: {error}. Take another one.") from None
        parts[table.name] = Part(rows.end["rows"], rows.end["sha256"], rows.end["last"])
    for name, part in parts.items():
        digest = hashlib.sha256()
        for row in portable.rows(tx, tables[name]):
            digest.update(row.encode() + b"\n")
        if digest.hexdigest() != part.sha256:
            raise Broken(f"The rows of {name} did not arrive as they are in the backup. Nothing was restored.")
    portable.set_numbers(tx, tables.values(), {name: part.last for name, part in parts.items()}, gap)
    if found := portable.faults(tx):
        raise Broken(f"The restored database is not whole: {'; '.join(found)}. Nothing was restored.")


def _disagrees() -> Broken:
    return Broken("This backup does not agree with itself: rows are missing or too many. Take another one.")
