"""Hearing: what waited for a person's hour goes, as one message; and a pause until a day."""

from __future__ import annotations

from datetime import timedelta

from bot.engine import merging
from bot.engine.errand import Errand
from bot.engine.router import Router
from storage import hearing, schedules

router = Router()
SOON = timedelta(microseconds=1)


@router.due(hearing.KIND)
def release(errand: Errand, subject: int) -> None:
    """Let go what is held no longer, some people at a time."""
    found = hearing.due(errand.tx, errand.now)
    for person_id in found:
        merging.release(errand.house, errand.tx, person_id, errand.now)
    if len(found) == hearing.BATCH:
        schedules.again(errand.tx, hearing.KIND, 0, errand.now + SOON)
