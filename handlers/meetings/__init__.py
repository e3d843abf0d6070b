"""Meetings: planned, announced, replied to, moved, cancelled; who was there, the minutes, and whoever missed it."""

from bot.engine.router import Router
from handlers.meetings import (
    announcing,
    before,
    calendar,
    catching_up,
    checking,
    listing,
    minutes,
    planning,
    polling,
    presence,
    replying,
    substitutes,
)

router = Router().include(
    planning.router,
    listing.router,
    announcing.router,
    replying.router,
    substitutes.router,
    calendar.router,
    presence.router,
    minutes.router,
    catching_up.router,
    checking.router,
    polling.router,
    before.router,
)

__all__ = ["router"]
