"""A document as values: titled parts of paragraphs and tables, in words that are translated when it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.text import Words

Row = Sequence[Words | datetime]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; each row has as many cells as the head."""

    head: Sequence[Words]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a document."""

    title: Words
    paragraphs: Sequence[Words] = ()
    tables: Sequence[Table] = field(default=())


@dataclass(frozen=True, slots=True)
class Record:
    """A document: what it is, about what, when it was made, and its parts."""

    title: Words
    about: Words
    made_at: datetime
    parts: Sequence[Part]
