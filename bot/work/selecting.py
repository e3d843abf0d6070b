"""Panels are computed beside everything else: taken from the database, solved in a process apart, written briefly."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from typing import Any

import structlog

from bot.domain.selection.pool import Pool
from bot.engine.errand import Errand
from bot.engine.receive import Engine
from handlers import drawing
from storage import draws
from storage.database import Database, Tx
from storage.draws import Draw, Trial

log = structlog.get_logger()
SECONDS = 60
Write = Callable[[Callable[[Tx], Any]], Any]
Solve = Callable[[Pool, float], Any]


def apart(pool: Pool, seconds: float) -> Any:
    """Solve in a process of its own: it may take a minute, and nobody waits for it meanwhile."""
    from bot.domain.selection.solving import solve  # numpy and the solver, which an idle service does without

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pools:
        return pools.submit(solve, pool, seconds).result()


def select_now(
    database: Database, write: Write, engine: Engine, owner: str, now: Callable[[], datetime], solve: Solve = apart
) -> int:
    """Compute every trial and draw that waits; how many there were. What a dead process has begun is done again."""
    done = 0
    for model, prepare, settle in (
        (Trial, drawing.pool_of_trial, drawing.settle_trial),
        (Draw, drawing.pool_of_draw, drawing.settle_draw),
    ):
        while (number := write(lambda tx, model=model: draws.claim(tx, model, owner, now()))) is not None:
            with database.reading() as tx:
                pool = prepare(tx, engine.house, number)
            found = solve(pool, SECONDS)
            write(
                lambda tx, number=number, settle=settle, found=found: settle(
                    _errand(engine, tx, now()), number, owner, found
                )
            )
            done += 1
    return done


def _errand(engine: Engine, tx: Tx, now: datetime) -> Errand:
    return Errand(engine.house, engine.router, tx, now)
