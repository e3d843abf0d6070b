"""Voice answers by their bytes: what they are, how long they take, and what is refused."""

from __future__ import annotations

import pytest

from bot.domain import voice
from bot.domain.errors import Refusal
from bot.domain.questions import FreeText
from bot.i18n import say
from tests import sounds


@pytest.mark.parametrize(
    ("sound", "kind", "seconds"),
    [
        (sounds.ogg(42), "audio/ogg", 42),
        (sounds.wav(7), "audio/wav", 7),
        (sounds.mp4(65), "audio/mp4", 65),
        (sounds.mp4(65, long=True), "audio/mp4", 65),
        (sounds.webm(), "audio/webm", 0),
        (b"ID3\x04" + b"\0" * 60, "audio/mpeg", 0),
        (b"\xff\xfb\x90\x00" + b"\0" * 60, "audio/mpeg", 0),
    ],
)
def test_a_recording_is_known_by_its_bytes(sound: bytes, kind: str, seconds: int) -> None:
    assert voice.kind_of(sound) == kind
    assert voice.seconds_of(sound, kind) == seconds


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"Og",
        sounds.PDF,
        b"OggS" + b"\0" * 90,
        sounds.webm().replace(b"webm", b"film"),
        b"<html><script>",
        b"RIFF\0\0\0\0AVI ",
    ],
)
def test_anything_else_is_none_whatever_it_is_called(other: bytes) -> None:
    assert voice.kind_of(other) is None


@pytest.mark.parametrize("kind", ["audio/ogg", "audio/wav", "audio/mp4", "audio/webm"])
def test_half_a_recording_does_no_harm(kind: str) -> None:
    for whole in (sounds.ogg(3), sounds.wav(3), sounds.mp4(3)):
        for end in range(0, len(whole), 7):
            assert voice.seconds_of(whole[:end], kind) >= 0


def test_three_minutes_and_five_megabytes_are_the_most() -> None:
    voice.require_short(180, 5_000_000)
    for seconds, size in ((181, 1), (1, 5_000_001)):
        with pytest.raises(Refusal) as refused:
            voice.require_short(seconds, size)
        assert "room for 3 minutes" in say(refused.value.text, "en")


def test_a_spoken_answer_is_said_by_its_length_and_a_written_one_by_its_words() -> None:
    question = FreeText(key="q1", text="", spoken=True)
    spoken = voice.Spoken(17, 42)
    assert voice.spoken(spoken.value()) == spoken
    assert say(question.show(spoken.value()), "en") == "A voice answer, 0:42"
    assert say(question.show(voice.Spoken(17, 0).value()), "en") == "A voice answer"
    assert say(question.show("Bussen"), "en") == "Bussen"
    assert [voice.spoken(value) for value in ("17", None, ["a", "b"], ["1"], 3)] == [None] * 5
