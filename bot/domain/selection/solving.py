"""What is found out about a pool, in plain values: its lottery and who has no chance, or what would have to give."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.selection.advice import advice, causes
from bot.domain.selection.chances import without_chance
from bot.domain.selection.feasible import Infeasible
from bot.domain.selection.limit import OutOfTime
from bot.domain.selection.pool import Pool, Selection
from bot.domain.selection.relaxing import Relaxation
from bot.domain.selection.selecting import select

EXPLAINING = 30.0


@dataclass(frozen=True, slots=True)
class Barred:
    """People (ids) of one kind whom no panel has, and the least that would have to give for one with one of them.

    `causes` are empty where there was no time to find them.
    """

    people: tuple[str, ...]
    causes: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True)
class Solved:
    """A pool's lottery with those who have no chance in it; None, and what to relax, where no panel keeps all rules.

    `advice` are alternatives, the smallest first. People who fit no line are not among the barred.
    """

    selection: Selection | None
    advice: tuple[tuple[Relaxation, ...], ...] = ()
    barred: tuple[Barred, ...] = ()


def solve(pool: Pool, limit_seconds: float, explain_seconds: float = EXPLAINING) -> Solved:
    """Find the lottery of a pool, then explain it for at most so long. In a module that a process apart can run."""
    try:
        selection = select(pool, limit_seconds=limit_seconds)
    except Infeasible:
        return Solved(None, advice=_advised(pool, explain_seconds))
    return Solved(selection, barred=tuple(barred(pool, selection, explain_seconds)))


def _advised(pool: Pool, seconds: float) -> tuple[tuple[Relaxation, ...], ...]:
    try:
        return tuple(map(tuple, advice(pool, limit_seconds=seconds)))
    except OutOfTime:
        return ()


def barred(pool: Pool, selection: Selection, seconds: float) -> Iterator[Barred]:
    """Who fits a line and sits on no panel of a lottery, kind by kind; causes are looked for at most so long."""
    end = time.monotonic() + seconds
    for kind in without_chance(selection, pool):
        people = tuple(one.id for one in pool.kinds[kind])
        try:
            yield Barred(people, tuple(causes(pool, kind, limit_seconds=max(0.0, end - time.monotonic()))))
        except OutOfTime:
            yield Barred(people)
