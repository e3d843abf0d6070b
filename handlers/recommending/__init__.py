"""The end of a season: recommendations, what was tried, handing over, and what the council answers."""

from bot.engine.router import Router
from handlers.recommending import (
    acting,
    agreeing,
    answering,
    delivering,
    drafting,
    inquiring,
    overview,
    releasing,
    sourcing,
    telling,
    trying,
)

router = Router().include(
    overview.router,
    drafting.router,
    acting.router,
    sourcing.router,
    trying.router,
    agreeing.router,
    delivering.router,
    releasing.router,
    answering.router,
    telling.router,
    inquiring.router,
)
