"""What is settled about a draw before it is frozen: of which call, by which rules of procedure, with which program."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.selection.seeds import Source


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a draw that stand in the panels file beside the pool's own.

    `call` is the committee's key, `number` counts the draws of this call from 1, `mandate` is the mandate's version;
    `time_limit` is in seconds; `program` and `solver` name their versions, as in "samskab 0.1.0".
    """

    call: str
    number: int
    mandate: int
    source: Source
    time_limit: int
    program: str
    solver: str
