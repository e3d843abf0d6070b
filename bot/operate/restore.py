"""Restoring: a checked backup becomes a database in which nobody erased is back and nothing is sent a second time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.ballots import State, fits
from bot.engine.errand import Errand
from bot.engine.house import House
from bot.operate import envelope, parcel
from bot.operate.backup import sync
from bot.operate.envelope import Broken
from bot.operate.forgotten import Erased
from bot.operate.parcel import Contents
from handlers import router
from handlers.prioritising import tell_void
from storage import ballots, keys, portable, restored
from storage.database import Database, Tx

# Numbers given after the backup are never given again: an old button, or a message at a platform, would hit a new row.
GAP = 1_000_000


class Occupied(Exception):
    """The target is in use or holds something; its text says what to do."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How to restore: `complete` means that nothing happened after the backup, `replace` that a file may be swapped."""

    erased: Sequence[Erased]
    now: datetime
    complete: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it."""

    contents: Contents
    forgotten: int
    void: tuple[int, ...]
    uncertain: int
    overdue: int
    beside: Path | None = None


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that has been read to its end, and can be read again."""

    file: BinaryIO
    unseal: Callable[[bytes], bytes]
    contents: Contents


def look(file: BinaryIO, unseal: Callable[[bytes], bytes]) -> Backup:
    """Check everything that can be checked without a database. Raises Broken."""
    contents = parcel.check(envelope.read(file, unseal))
    if not portable.known(contents.revision):
        raise Broken("This backup was made by a newer version of Samskab. Install that version, then restore.")
    return Backup(file, unseal, contents)


def restore(backup: Backup, url: str, house: Callable[[Tx], House], wish: Wish) -> Restored:
    """Make a database of a backup. Raises Occupied or Broken, and then the target is as it was before."""
    if not url.startswith("sqlite"):
        return _into_server(backup, url, house, wish)
    return _into_file(backup, url, house, wish)


def _into_server(backup: Backup, url: str, house: Callable[[Tx], House], wish: Wish) -> Restored:
    target = Database(url)
    try:
        with target.writer.begin() as tx:
            if not portable.empty(tx):
                raise Occupied(
                    "The database is not empty. Create a new one, set SAMSKAB_DATABASE_URL to it, and restore again."
                )
            return _fill(tx, backup, house, wish)
    finally:
        target.close()


def _into_file(backup: Backup, url: str, house: Callable[[Tx], House], wish: Wish) -> Restored:
    final = Path(make_url(url).database or "")
    taken = final.exists() and final.stat().st_size > 0
    if taken and not wish.replace:
        raise Occupied(f"{final} is there already. Add --replace to put the backup in its place; the old file is kept.")
    if taken:
        _require_stopped(url, wish.now)
    fresh = final.with_name(f"{final.name}.restoring")
    _remove(fresh)
    target = Database(f"sqlite:///{fresh}")
    try:
        with target.writer.begin() as tx:
            done = _fill(tx, backup, house, wish)
    except BaseException:
        target.close()
        _remove(fresh)
        raise
    target.close()
    beside = _set_aside(final, wish.now) if taken else None
    fresh.rename(final)
    sync(final.parent)
    return replace(done, beside=beside)


def _files(path: Path) -> list[Path]:
    """A SQLite file with its log and its shared memory."""
    return [path.with_name(f"{path.name}{suffix}") for suffix in ("", "-wal", "-shm")]


def _remove(path: Path) -> None:
    for part in _files(path):
        part.unlink(missing_ok=True)


def _set_aside(path: Path, now: datetime) -> Path:
    aside = path.with_name(f"{path.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    for old, new in zip(_files(path), _files(aside), strict=True):
        if old.exists():
            old.rename(new)
    return aside


def _require_stopped(url: str, now: datetime) -> None:
    """Raise Occupied while a service uses the database; one that cannot be read is in nobody's use."""
    old = Database(url)
    try:
        with suppress(SQLAlchemyError), old.reading() as tx:
            if accounts := restored.serving(tx, now):
                raise still_running(accounts)
    finally:
        old.close()


def still_running(accounts: Sequence[str]) -> Occupied:
    """What to say while a service runs."""
    return Occupied(
        f"The service is running (it sends for {', '.join(accounts)}), or was killed a moment ago. "
        "Stop it, wait ten seconds, and try again."
    )


def _fill(tx: Tx, backup: Backup, house: Callable[[Tx], House], wish: Wish) -> Restored:
    """Everything in one transaction: as it was, then up to date, then put right."""
    portable.build(tx, backup.contents.revision)
    lines = envelope.read(backup.file, backup.unseal)
    parcel.unpack(tx, lines, gap=0 if wish.complete else GAP)
    portable.build(tx, "head")
    ours = house(tx)
    try:
        ours.vault.open(restored.sealed_sample(tx))
    except ValueError:
        raise Broken(
            "This backup was made with another SAMSKAB_SECRET_KEY, so nobody's address could be read. "
            "Set the key of that time, and restore again."
        ) from None
    uncertain = restored.hold_messages(tx, all_of_them=not wish.complete)
    restored.end_leases(tx, wish.now)
    restored.sign_out(tx)
    again = restored.forget(tx, wish.erased)
    void = _not_to_count(tx, ours, wish)
    for ballot_id in void:
        _make_void(tx, ours, ballot_id, wish.now)
    return Restored(backup.contents, again, void, uncertain, restored.overdue(tx, wish.now))


def _not_to_count(tx: Tx, house: House, wish: Wish) -> tuple[int, ...]:
    """The ballots in which votes sent since the backup are missing, or whose votes do not open any more."""
    open_now = [one for one in ballots.states(tx) if one[1] in (State.OPEN, State.CLOSING)]
    return tuple(
        number
        for number, state in open_now
        if (state == State.OPEN and not wish.complete) or not _countable(tx, house, number)
    )


def _countable(tx: Tx, house: House, ballot_id: int) -> bool:
    """Whether its boxes will open: by the chair's code, or with a key that is in the folder and fits."""
    ballot = ballots.get(tx, ballot_id)
    if ballots.by_chair(ballot):
        return True
    try:
        return ballot.public_key is not None and fits(keys.read(house.keys, ballot_id), bytes(ballot.public_key))
    except OSError:
        return False


def _make_void(tx: Tx, house: House, ballot_id: int, now: datetime) -> None:
    """A count without some of the votes would be false: everybody is told, and it is run again."""
    ballots.void(tx, ballot_id)
    errand = Errand(house, router, tx, now)
    errand.about(ballots.get(tx, ballot_id).committee_id)
    tell_void(errand, ballot_id)
