"""Drawing a panel: trying, freezing, announcing, the public seed, and the panel that people then appoint."""

from bot.engine.router import Router
from handlers.drawing import announcing, computing, freezing, overview, seeding, voiding
from handlers.drawing.computing import pool_of_draw, pool_of_trial, settle_draw, settle_trial

router = Router().include(
    overview.router, freezing.router, announcing.router, seeding.router, voiding.router, computing.router
)

__all__ = ["pool_of_draw", "pool_of_trial", "router", "settle_draw", "settle_trial"]
