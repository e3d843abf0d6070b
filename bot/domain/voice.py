"""Voice answers: how a spoken answer stands among written ones, and what is known of a recording by its bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.errors import Refusal
from bot.text import Lines, Words, _, n_

LONGEST = 180  # seconds
LARGEST = 5_000_000  # bytes: three minutes in any format that a phone or a browser records in
MOST_A_DAY = 20


@dataclass(frozen=True, slots=True)
class Spoken:
    """An answer that is not written down yet: the number of its recording, and how many seconds it takes (0: unknown).

    Once it is written down, the words alone are the answer, and everything else treats it as any other text.
    """

    recording: int
    seconds: int

    def value(self) -> list[str]:
        """As it is stored among a form's answers."""
        return [str(self.recording), str(self.seconds)]


def spoken(value: object) -> Spoken | None:
    """Read what `Spoken.value` wrote; None for what is written, or skipped."""
    if isinstance(value, list) and len(value) == 2 and all(str(part).isdigit() for part in value):
        return Spoken(int(value[0]), int(value[1]))
    return None


def said(seconds: int) -> Words:
    """A voice answer by its length; 0 where that is not known."""
    if not seconds:
        return _("A voice answer")
    return _("A voice answer, {length}", length=f"{seconds // 60}:{seconds % 60:02}")


def too_long(seconds: int, size: int) -> bool:
    """Whether a recording of so many seconds and bytes is more than we keep."""
    return seconds > LONGEST or size > LARGEST


def room() -> Words:
    """How much there is room for."""
    count = LONGEST // 60
    return n_(
        "That recording is too long: there is room for {count} minute.",
        "That recording is too long: there is room for {count} minutes.",
        count,
    )


def require_short(seconds: int, size: int) -> None:
    """A recording is neither too long nor too large. Raises Refusal."""
    if too_long(seconds, size):
        raise Refusal(Lines((room(), _("Please record a shorter one, or write your answer.")), " "))


def kind_of(sound: bytes) -> str | None:
    """The media type of a recording by its first bytes, whatever it calls itself; None for what is no sound.

    Ogg: RFC 3533 and RFC 7845. WebM: RFC 8794 (EBML). MP4: ISO/IEC 14496-12, 4.3. WAVE: RIFF, 1991. MP3: ID3v2 or
    the frame sync of ISO/IEC 11172-3.
    """
    if sound[:4] == b"OggS" and any(codec in sound[:100] for codec in (b"OpusHead", b"\x01vorbis", b"\x7fFLAC")):
        return "audio/ogg"
    if sound[:4] == b"\x1aE\xdf\xa3" and b"webm" in sound[:64]:
        return "audio/webm"
    if sound[4:8] == b"ftyp":
        return "audio/mp4"
    if sound[:4] == b"RIFF" and sound[8:12] == b"WAVE":
        return "audio/wav"
    frame = len(sound) > 3 and sound[0] == 0xFF and sound[1] & 0xE6 == 0xE2  # layer III, of any version
    return "audio/mpeg" if frame or sound[:3] == b"ID3" else None


def seconds_of(sound: bytes, kind: str) -> int:
    """How long a recording says it takes, in whole seconds, at least 1; 0 where its format does not say."""
    measure = MEASURES.get(kind)
    try:
        found = measure(sound) if measure else 0.0
    except (IndexError, ZeroDivisionError):
        return 0
    return max(1, round(found)) if found > 0 else 0


def _ogg(sound: bytes) -> float:
    """The last page's position: Opus always counts 48,000 samples a second (RFC 7845, section 4)."""
    last = sound.rfind(b"OggS")
    return _little(sound[last + 6 : last + 14]) / 48_000 if b"OpusHead" in sound[:100] else 0.0


def _wav(sound: bytes) -> float:
    """The data behind the header, over its bytes a second."""
    return (len(sound) - 44) / _little(sound[28:32])


def _mp4(sound: bytes) -> float:
    """The movie header's length over its scale (ISO/IEC 14496-12, 8.2.2)."""
    box = sound.find(b"mvhd") + 4
    if box < 4:
        return 0.0
    at, wide = (20, 8) if sound[box] == 1 else (12, 4)  # its second version counts in eight bytes
    scale, length = sound[box + at : box + at + 4], sound[box + at + 4 : box + at + 4 + wide]
    return _big(length) / _big(scale)


def _little(part: bytes) -> int:
    return int.from_bytes(part, "little")


def _big(part: bytes) -> int:
    return int.from_bytes(part, "big")


MEASURES: Mapping[str, Callable[[bytes], float]] = {"audio/ogg": _ogg, "audio/wav": _wav, "audio/mp4": _mp4}
