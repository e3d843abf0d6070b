"""The two keys of the backups as text, told apart by how they begin: a backup sealed to the wrong one is lost."""

from __future__ import annotations

import base64

PUBLIC, PRIVATE = "backup-public-", "backup-private-"
LENGTH = 32


def as_text(kind: str, key: bytes) -> str:
    """A key (32 bytes) as a line."""
    return kind + base64.urlsafe_b64encode(key).decode().rstrip("=")


def key_of(text: str, kind: str) -> bytes:
    """The key (32 bytes) in a line. Raises ValueError, also where it is the other one of the pair."""
    if not text.startswith(kind):
        raise ValueError(f"must begin with {kind}")
    try:
        key = base64.urlsafe_b64decode(text.removeprefix(kind) + "=")
    except ValueError:
        key = b""
    if len(key) != LENGTH:
        raise ValueError("is not whole: copy the line as `samskab backup --new-key` printed it")
    return key
