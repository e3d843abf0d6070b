"""What every voting method returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the ranking, counted from 1, and the options (numbered from 0) that share it."""

    number: int
    options: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """`counts` has one number per option, `ranking` every option once, `turnout` the number of papers."""

    counts: tuple[int, ...]
    ranking: tuple[Place, ...]
    turnout: int


Method = Callable[[Iterable[int], int], Tally]
