"""Recordings as phones and browsers make them, as short as can be, and files that only call themselves so."""

from __future__ import annotations

import io
import wave

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj trailer <<>>\n" + b" " * 200


def ogg(seconds: int) -> bytes:
    """A voice message of Telegram: Ogg with Opus, of which only the first and the last page are there."""
    head = b"OpusHead\x01\x01\x38\x01" + (48_000).to_bytes(4, "little") + b"\0\0\0"
    return _page(0, 2, head) + _page(seconds * 48_000, 4, b"\xf8\xff\xfe")


def _page(position: int, flags: int, body: bytes) -> bytes:
    head = b"OggS\0" + bytes([flags]) + position.to_bytes(8, "little") + b"\1\0\0\0" + b"\0" * 8
    return head + bytes([1, len(body)]) + body


def wav(seconds: int) -> bytes:
    """Silence, a thousand samples a second."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(1000)
        sound.writeframes(b"\x80" * 1000 * seconds)
    return file.getvalue()


def webm() -> bytes:
    """What a browser records: it does not say how long it is."""
    return b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + b"\0" * 200


def mp4(seconds: int, *, long: bool = False) -> bytes:
    """What Safari records, with either version of the header."""
    wide, version = (8, b"\1\0\0\0") if long else (4, b"\0\0\0\0")
    times = b"\0" * 2 * wide
    header = b"mvhd" + version + times + (1000).to_bytes(4, "big") + (seconds * 1000).to_bytes(wide, "big")
    return b"\0\0\0\x18ftypM4A \0\0\0\0M4A isom" + b"\0\0\0\x6cmoov\0\0\0\x6c" + header + b"\0" * 80
