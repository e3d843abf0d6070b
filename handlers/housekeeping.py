"""What is cleaned up every night: whatever has been kept as long as it may."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.schedule import at_local
from bot.engine.errand import Errand
from bot.engine.router import Router
from storage import retention, schedules
from storage.database import Tx

router = Router()
NIGHT = time(3, 10)


def plan(tx: Tx, now: datetime, zone: str) -> None:
    """Have the next night cleaned up; asked at every start, it is still done once."""
    tomorrow = (now.astimezone(ZoneInfo(zone)) + timedelta(days=1)).date()
    schedules.plan(tx, "clean", 0, at_local(tomorrow, NIGHT, zone))


@router.due("clean")
def clean(errand: Errand, subject: int) -> None:
    """Apply every rule of keeping, then do so again the next night."""
    retention.clean(errand.tx, errand.now, errand.house.recordings)
    plan(errand.tx, errand.now, errand.house.zone)
