"""Panels are computed beside everything else: taken from the database, solved in a process apart, written briefly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from bot.domain.selection.pool import Pool
from bot.engine.errand import Errand
from bot.engine.house import House
from bot.engine.receive import Engine
from bot.work.apart import apart
from handlers import drawing
from storage import draws
from storage.database import Database, Tx
from storage.draws import Draw, Trial

SECONDS = 60
Write = Callable[[Callable[[Tx], Any]], Any]
Solve = Callable[[Pool, float], Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """What waits to be computed: its table, its pool, and what is done with what was found."""

    model: type[Trial] | type[Draw]
    pool: Callable[[Tx, House, int], Pool]
    settle: Callable[[Errand, int, str, Pool, Any], None]


TRIALS = Kind(Trial, drawing.pool_of_trial, drawing.settle_trial)
DRAWS = Kind(Draw, drawing.pool_of_draw, drawing.settle_draw)


def select_now(
    database: Database, write: Write, engine: Engine, owner: str, now: Callable[[], datetime], solve: Solve = apart
) -> int:
    """Compute every trial and draw that waits; how many there were. What a dead process has begun is done again."""
    with database.reading() as tx:
        if not draws.waits(tx, now()):
            return 0
    done = 0
    for kind in (TRIALS, DRAWS):
        while (number := write(partial(_claim, kind, owner, now))) is not None:
            with database.reading() as tx:
                pool = kind.pool(tx, engine.house, number)
            write(partial(_settle, kind, engine, number, owner, now, pool, solve(pool, SECONDS)))
            done += 1
    return done


def _claim(kind: Kind, owner: str, now: Callable[[], datetime], tx: Tx) -> int | None:
    return draws.claim(tx, kind.model, owner, now())


def _settle(
    kind: Kind, engine: Engine, number: int, owner: str, now: Callable[[], datetime], pool: Pool, found: Any, tx: Tx
) -> None:
    kind.settle(Errand(engine.house, engine.router, tx, now()), number, owner, pool, found)
