"""Meetings: planned, announced, replied to, moved, cancelled; who was there, the minutes, and whoever missed it."""

from bot.engine.router import Router
from handlers.meetings import announcing, calendar, listing, planning, replying, substitutes

router = Router().include(
    planning.router, listing.router, announcing.router, replying.router, substitutes.router, calendar.router
)

__all__ = ["router"]
