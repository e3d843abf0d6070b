"""What was committed without waiting for the disk is made to stay there: by one wait for many transactions."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy import text

from storage.database import Database
from storage.prepared import Prepared
from storage.trouble import NotOnDisk

# Where a system knows it, only what a file holds has to reach the disk, not when it was written.
_sync = getattr(os, "fdatasync", os.fsync)
# A commit that waits for the disk waits for all that was committed before it; this one has a word of its own to write,
# and nobody reads it.
_SAY = Prepared(text("SELECT pg_logical_emit_message(true, 'samskab', '')"))


def harden(database: Database) -> None:
    """Wait until everything that events have committed so far is on the disk.

    Raises NotOnDisk, or the database's own error, where that is not certain.
    """
    if not database.sqlite:
        with database.writer.connect() as connection:
            _SAY.run(connection.execution_options(isolation_level="AUTOCOMMIT"))
    elif database.log is not None:
        with suppress(FileNotFoundError):  # the last connection to close puts it into the database file, and waits
            _sync_file(database.log)


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        _sync(descriptor)
    except OSError as error:
        raise NotOnDisk from error
    finally:
        os.close(descriptor)
