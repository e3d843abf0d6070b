"""The key folder: one private key per open ballot, outside the database, its log and its backups.

On a copy-on-write or flash disk overwriting may leave the old bytes elsewhere on the medium, so the folder deserves an
encrypted volume of its own; destroying a key still takes it out of every file.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

KEY_LENGTH = 32
NAME = "folder"


class KeyFolderUnsafe(PermissionError):
    """The key folder or a key in it may be read by others than the user who runs the service."""


class KeyMissing(FileNotFoundError):
    """There is no key folder, or no key of this ballot in it."""


class KeyExists(FileExistsError):
    """The ballot has a key; writing another would make its votes unreadable."""


class KeyBroken(OSError):
    """The file of the key does not hold a key."""


def write(folder: Path, ballot_id: int, private: bytes) -> None:
    """Keep a ballot's private key (32 bytes) for good: when this returns, a power cut does not take it away.

    Makes the folder where there is none. Raises KeyExists, KeyFolderUnsafe, or the OSError of the disk.
    """
    if len(private) != KEY_LENGTH:
        raise ValueError("a private key has 32 bytes")
    _make(folder)
    _require_private(folder)
    path = _path(folder, ballot_id)
    if path.exists():
        raise KeyExists(f"There is already a key of ballot {ballot_id} in {folder}. Destroy it first, or leave it.")
    half_written = path.with_suffix(".new")
    _wipe(half_written)
    _create(half_written, private)
    _gone(folder, ballot_id).unlink(missing_ok=True)  # of an earlier key with this number: this one is not destroyed
    half_written.rename(path)
    _sync(folder)


def name(folder: Path) -> str | None:
    """What tells this folder from an empty one in its place, such as where its volume is not mounted; or None."""
    try:
        return (folder / NAME).read_text()
    except OSError:
        return None


def take(folder: Path) -> str:
    """Make the folder where there is none and give it a name, if it has none; returns the name.

    Raises KeyFolderUnsafe, or the OSError of the disk.
    """
    _make(folder)
    _require_private(folder)
    if name(folder) is None:
        (folder / NAME).unlink(missing_ok=True)
        _create(folder / NAME, secrets.token_hex(8).encode())
        _sync(folder)
    return (folder / NAME).read_text()


def read(folder: Path, ballot_id: int) -> bytes:
    """Return a ballot's private key (32 bytes). Raises KeyMissing, KeyBroken or KeyFolderUnsafe."""
    _require_private(folder)
    path = _path(folder, ballot_id)
    if not path.exists():
        raise KeyMissing(f"The key of ballot {ballot_id} is not in {folder}. Its votes cannot be counted.")
    _require_private(path)
    private = path.read_bytes()
    if len(private) != KEY_LENGTH:
        raise KeyBroken(f"{path} does not hold a key of {KEY_LENGTH} bytes. The votes of the ballot cannot be counted.")
    return private


def exists(folder: Path, ballot_id: int) -> bool:
    """Whether the ballot's key is in this folder."""
    return _path(folder, ballot_id).exists()


def destroy(folder: Path, ballot_id: int) -> None:
    """Overwrite and remove a ballot's key, and leave an empty mark that it was destroyed here.

    May be repeated. Raises KeyMissing where the folder is not there (a volume that is not mounted still has the key),
    KeyFolderUnsafe, or the OSError of the disk, and then the key is not to be taken as gone.
    """
    _require_private(folder)
    path = _path(folder, ballot_id)
    if path.exists():
        # Before the key goes: a crash in between leaves both, which reads as "not destroyed" and is done again.
        _gone(folder, ballot_id).touch(mode=0o600)
        _sync(folder)
    _wipe(path.with_suffix(".new"))
    _wipe(path)
    _sync(folder)


def destroyed(folder: Path, ballot_id: int) -> bool:
    """Whether the ballot's key was in this very folder and is gone; false where it may still be on another machine."""
    return _gone(folder, ballot_id).exists() and not exists(folder, ballot_id)


def _path(folder: Path, ballot_id: int) -> Path:
    return folder / str(ballot_id)


def _gone(folder: Path, ballot_id: int) -> Path:
    return folder / f"{ballot_id}.gone"


def _make(folder: Path) -> None:
    if folder.exists():
        return
    folder.mkdir(mode=0o700, parents=True)
    folder.chmod(0o700)  # a wide or a narrow umask has no say in a folder we have just made
    _sync(folder.parent)


def _require_private(path: Path) -> None:
    """Raise KeyFolderUnsafe if `path` belongs to or is open to anybody else; we do not repair what we did not make."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise KeyMissing(f"There is no {path}. Is the volume of the keys mounted?") from None
    if found.st_uid != os.geteuid():
        raise KeyFolderUnsafe(f"{path} belongs to another user. Give it to the user who runs Samskab.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise KeyFolderUnsafe(f"{path} is open to other users. Close it with: chmod go-rwx {path}")


def _create(path: Path, private: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, 0o600)
        file.write(private)
        file.flush()
        os.fsync(descriptor)


def _wipe(path: Path) -> None:
    """Overwrite a file where it lies and remove it, if it is there."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(os.fstat(descriptor).st_size))
        file.flush()
        os.fsync(descriptor)
    path.unlink()


def _sync(folder: Path) -> None:
    """Make the folder's list of names survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
