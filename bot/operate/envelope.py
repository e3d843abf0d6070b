"""A file of lines that only one key opens, and that does not open at all once a byte of it is changed or missing.

Each file has a key of its own, sealed to the public key of the backups (libsodium's sealed boxes); the lines are
compressed in chunks and encrypted as a stream (libsodium's secretstream: XChaCha20-Poly1305), whose last chunk says
that it is the last. A plain file is the same with its key beside it.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from bot.domain.backup_keys import PRIVATE, PUBLIC, as_text

MAGIC = b"samskab backup 1\n"
PLAIN, SEALED = b"p", b"s"
KEY_LENGTH = sodium.crypto_secretstream_xchacha20poly1305_KEYBYTES
LENGTHS = {PLAIN: KEY_LENGTH, SEALED: KEY_LENGTH + sodium.crypto_box_SEALBYTES}
LAST = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
MORE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
FRAME = struct.Struct(">I")
CHUNK = 1 << 18
LARGEST = 1 << 26


class Broken(Exception):
    """A file that cannot be used; its text says why and what to do."""


def new_pair() -> tuple[str, str]:
    """A new pair of keys as text: the public one seals backups, the private one opens them."""
    private = PrivateKey.generate()
    return as_text(PUBLIC, bytes(private.public_key)), as_text(PRIVATE, bytes(private))


def write(file: BinaryIO, lines: Iterable[bytes], public: bytes | None) -> bytes:
    """Write all lines, none of which is empty or broken; returns the file's own key, for reading it back."""
    key = os.urandom(KEY_LENGTH)
    head = MAGIC + (PLAIN + key if public is None else SEALED + SealedBox(PublicKey(public)).encrypt(key))
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    file.write(head + sodium.crypto_secretstream_xchacha20poly1305_init_push(state, key))

    def push(chunk: bytes, tag: int) -> None:
        if len(chunk) > LARGEST:
            raise ValueError("a line is longer than a backup can hold")
        pushed = sodium.crypto_secretstream_xchacha20poly1305_push(state, zlib.compress(chunk), head, tag)
        file.write(FRAME.pack(len(pushed)) + pushed)

    held, size = [], 0
    for line in lines:
        held.append(line)
        size += len(line) + 1
        if size >= CHUNK:
            push(b"\n".join(held), MORE)
            held, size = [], 0
    push(b"\n".join(held), LAST)
    return key


def sealed(file: BinaryIO) -> bool:
    """Whether a private key is needed. Raises Broken for a file that is no backup. Leaves the file at its beginning."""
    file.seek(0)
    start = file.read(len(MAGIC) + 1)
    file.seek(0)
    if start[: len(MAGIC)] != MAGIC or start[len(MAGIC) :] not in LENGTHS:
        raise Broken("This is not a backup of Samskab, or its beginning was altered. Take another one.")
    return start[len(MAGIC) :] == SEALED


def opening(private: bytes) -> Callable[[bytes], bytes]:
    """What takes a file's own key out of its beginning."""

    def unseal(box: bytes) -> bytes:
        try:
            return SealedBox(PrivateKey(private)).decrypt(box)
        except CryptoError:
            raise Broken(
                "This key does not open the backup: it was sealed to another one, or its beginning was altered. "
                "Look for the private key of that time."
            ) from None

    return unseal


def read(file: BinaryIO, unseal: Callable[[bytes], bytes]) -> Iterator[bytes]:
    """Every line, from the beginning. Raises Broken where a byte is not as it was written."""
    kind = SEALED if sealed(file) else PLAIN
    head = file.read(len(MAGIC) + 1 + LENGTHS[kind])
    box = head[len(MAGIC) + 1 :]
    if len(box) != LENGTHS[kind]:
        raise _cut_off()
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    start = file.read(sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
    if len(start) != sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES:
        raise _cut_off()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, start, box if kind == PLAIN else unseal(box))
    tag = MORE
    while tag != LAST:
        chunk, tag = _pull(file, state, head)
        yield from chunk.split(b"\n") if chunk else ()
    if file.read(1):
        raise Broken("Something was added to the end of this backup. Take another one.")


def _pull(file: BinaryIO, state: sodium.crypto_secretstream_xchacha20poly1305_state, head: bytes) -> tuple[bytes, int]:
    size = file.read(FRAME.size)
    if len(size) != FRAME.size:
        raise _cut_off()
    (length,) = FRAME.unpack(size)
    pushed = file.read(min(length, LARGEST))
    if len(pushed) != length:
        raise _cut_off()
    try:
        packed, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, pushed, head)
    except (RuntimeError, CryptoError):
        raise Broken("This backup was altered, or the disk has lost a part of it. Take another one.") from None
    return zlib.decompressobj().decompress(packed, LARGEST), tag


def _cut_off() -> Broken:
    return Broken("This backup is cut off: its end is missing. Copy it again, or take another one.")
