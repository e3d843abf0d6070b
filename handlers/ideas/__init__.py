"""Ideas between meetings: offered, seconded, changed and withdrawn, by members or on behalf of who is on paper."""

from bot.engine.router import Router
from handlers.ideas import exchanging, paper

__all__ = ["router"]

router = Router().include(exchanging.router, paper.router)
