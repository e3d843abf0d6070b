"""The season: a calendar proposed from the mandate, changed and approved by the facilitator, and what it then does."""

from bot.engine.router import Router
from handlers.season import approving, changing, nudging, proposing, survey

router = Router().include(
    proposing.router,
    changing.router,
    approving.router,
    nudging.router,
    survey.router,
)

__all__ = ["router"]
