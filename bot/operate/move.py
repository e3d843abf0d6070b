"""Moving from a SQLite file to a PostgreSQL server: copied table by table, and every row compared on both sides."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import Table

from bot.operate.restore import Occupied, still_running
from storage import portable, restored
from storage.database import Database, Tx


class NotMoved(Exception):
    """The move was undone, and the target is empty; its text says why."""


def move(source: Database, target: Database, now: datetime, say: Callable[[str], None]) -> int:
    """Copy everything in one transaction of the target; returns the number of rows.

    The source is locked meanwhile, and not changed. Raises Occupied or NotMoved, and then the target is as before.
    """
    # A writing transaction that writes nothing: whoever else would write has to wait, and fails.
    with source.writer.connect() as old, target.writer.begin() as new:
        if accounts := restored.serving(old, now):
            raise still_running(accounts)
        if not portable.empty(new):
            raise Occupied("The target is not empty. Create a new database for it, and try again.")
        if found := portable.faults(old):
            raise NotMoved(f"The SQLite file is not whole: {'; '.join(found)}. Restore the last good backup first.")
        revision = portable.revision(old)
        assert revision is not None
        portable.build(new, revision)
        return _copy_all(old, new, say)


def _copy_all(old: Tx, new: Tx, say: Callable[[str], None]) -> int:
    sources = {table.name: table for table in portable.tables(old)}
    targets = portable.tables(new)
    if sources.keys() != {table.name for table in targets}:
        raise NotMoved("The two databases do not have the same tables. Run samskab migrate on the SQLite file first.")
    for table in targets:
        source = sources[table.name]
        portable.load(new, table, portable.columns(source), portable.rows(old, source))
    portable.set_numbers(new, targets, portable.last_numbers(old, sources.values()))
    return sum(_compare(old, new, sources[table.name], table, say) for table in targets)


def _compare(old: Tx, new: Tx, source: Table, target: Table, say: Callable[[str], None]) -> int:
    """Every row of one table by its hash, in the order of the key; what was compared is said."""
    count, all_of_it = 0, hashlib.sha256()
    with closing(portable.rows(old, source)) as ours, closing(portable.rows(new, target)) as theirs:
        for pair in zip_longest(ours, theirs):
            here, there = (b"" if row is None else hashlib.sha256(row.encode()).digest() for row in pair)
            if here != there:
                raise NotMoved(f"Row {count + 1} of {target.name} is not the same on both sides. Nothing was moved.")
            all_of_it.update(here)
            count += 1
    say(f"{target.name}: {count} rows compared, hash {all_of_it.hexdigest()[:16]}")
    return count
