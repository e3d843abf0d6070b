"""From many answers to a few groups: the facilitator names and arranges them, members see and correct them."""

from bot.engine.router import Router
from handlers.collating import arranging, correcting, paper, sharing
from handlers.collating.arranging import settle

__all__ = ["router", "settle"]

router = Router().include(arranging.router, sharing.router, correcting.router, paper.router)
