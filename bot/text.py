"""Translatable text as a value: it is rendered later, in the language of the person who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence with holes; `plural` and `count` choose between two forms."""

    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Day:
    """A moment of which only the date is said: "Tuesday 5 May"."""

    at: datetime | date


@dataclass(frozen=True, slots=True)
class Many:
    """Several texts said as one list: "a, b and c"."""

    items: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Several texts, each a paragraph (or a line) of its own."""

    items: tuple[Words, ...]
    between: str = "\n\n"


@dataclass(frozen=True, slots=True)
class Short:
    """A text said on one line in at most so many letters, cut after a word: for a label of what is shown elsewhere."""

    words: Words
    longest: int = 36


# What may be said to a person: our own text, or somebody's words, perhaps in several languages.
Words = Text | Day | Many | Lines | Short | str | Mapping[str, str]


def _(message: str, /, **params: object) -> Text:
    """Return `message` as a translatable text with its holes filled by `params`."""
    return Text(message, params)


def n_(singular: str, plural: str, count: int, /, **params: object) -> Text:
    """Return the form of a translatable text that fits `count`, which also fills `{count}`."""
    return Text(singular, {"count": count, **params}, plural, count)
